"""YAML as policy officers write it: text stays the text they typed, and everything in it knows its line and column.

Only data is read. Anchors, aliases, tags and directives are refused (lists are for sharing), so nothing explodes and
nothing runs. The parser's events are built into data by :mod:`.yaml_tree` rather than by PyYAML's constructor, for
four reasons: ``no``, ``12:30`` and ``1.0`` stay text (the model that wants a number, a day or a yes/no converts it,
and nothing else needs to know which key wants what); duplicate keys are seen; nesting is bounded without recursion;
and every fault of a file is found, not only the first.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import yaml

from triage_triggers.documents.syntax import explain
from triage_triggers.documents.tree import Node, UnreadableError, build_tree
from triage_triggers.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_FILE_BYTES", "Place", "SourceFile", "parse_yaml", "read_yaml"]

MAX_FILE_BYTES: Final = 2_000_000
_MOST_SYNTAX_FAULTS: Final = 20
Place: TypeAlias = tuple[str | int, ...]

_UNPRINTABLE: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODINGS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SourceFile(NamedTuple):
    r"""One YAML file, read: its ``data`` (dicts, lists, text, ``None`` where nothing stands) and where each part is.

    A *place* is the way from the top, ``("rules", 0, "id")``.

    >>> source = parse_yaml("rules:\n  - id: demo.knife\n", "demo.yaml", [])
    >>> source.data, source.position(("rules", 0, "id"))
    ({'rules': [{'id': 'demo.knife'}]}, (2, 9))
    """

    file: str
    text: str
    root: Node

    @property
    def data(self) -> Any:  # noqa: ANN401  whatever was written
        """What stands in the file."""
        return self.root.value

    def position(self, place: Place, *, key: bool = False) -> tuple[int, int]:
        """Return line and column, from 1, of a part, or of the nearest part around it; ``key``: of its key."""
        mark = self._nearest(place, key=key).start
        return mark.line + 1, mark.column + 1

    def holds(self, place: Place, line: int, column: int) -> bool:
        """Return whether a part reaches over a line and column."""
        node = self._nearest(place)
        start, end = node.start, node.end
        return (start.line, start.column) <= (line - 1, column - 1) < (end.line, end.column)

    def is_reported(self, place: Place) -> bool:
        """Return whether reading already reported what stands there, so that nobody reports it again."""
        return self._nearest(place).reported

    def fault(
        self, place: Place, message: str, *, rule: str | None = None, key: bool = False, offset: int | None = None
    ) -> Fault:
        """Return a fault at a part of the file.

        With ``offset``, at that code point of its text, if the file shows the text as it is; where it is escaped,
        folded or broken over lines, the fault stands at its start and the message counts.
        """
        line, column = self.position(place, key=key)
        if offset is not None:
            node = self._nearest(place)
            raw = self.text[node.start.index : node.end.index]
            if raw == node.value:
                column += offset
            elif raw[1:-1] == node.value:
                column += offset + 1
            else:
                message = f"{message} (at character {offset + 1})"
        return Fault(self.file, line, column, rule, message)

    def _nearest(self, place: Place, *, key: bool = False) -> Node:
        node = self.root
        for number, step in enumerate(place, start=1):
            child = node.child(step, key=key and number == len(place))
            if child is None:
                break
            node = child
        return node


def read_yaml(path: Path, faults: list[Fault]) -> SourceFile | None:
    """Read a YAML file; add what is wrong with it to ``faults``; return ``None`` if nothing can be read."""
    file = str(path)
    try:
        if path.exists() and not path.is_file():  # a pipe would wait for ever
            faults.append(Fault(file, 1, 1, None, "this is not a file"))
            return None
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no file name"
        faults.append(Fault(file, 1, 1, None, f"the file can't be read: {reason}"))
        return None
    if len(content) > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES:,} bytes"
        faults.append(Fault(file, 1, 1, None, f"the file is larger than {limit}; split it into several rules/*.yaml"))
        return None
    encoding = next((name for mark, name in _ENCODINGS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        faults.append(_at(file, before, len(before), "this is not UTF-8 text; save the file with the encoding UTF-8"))
        return None
    return parse_yaml(text, file, faults)


def parse_yaml(text: str, file: str, faults: list[Fault]) -> SourceFile | None:
    r"""Parse YAML text; add what is wrong with it to ``faults``; return ``None`` if nothing can be read.

    >>> faults = []
    >>> parse_yaml("a: no\na: 1.0\n", "demo.yaml", faults).data
    {'a': 'no'}
    >>> print(faults[0])
    demo.yaml:2:1: 'a' stands here twice; it is already on line 1
    """
    if unprintable := _UNPRINTABLE.search(text):
        code = f"U+{ord(unprintable[0]):04X}"
        message = f"the character {code} can't stand in a ruleset; the file may be damaged, or no text at all"
        faults.append(_at(file, text, unprintable.start(), message))
        return None
    mended: dict[int, Fault] = {}
    shown = text
    while True:
        found: list[Fault] = []
        root: Node | None = None
        try:
            root = build_tree(shown, file, found, patched=mended)
        except UnreadableError as error:
            found.append(_at(file, text, error.index, error.message))
            # Nothing behind it is read; the parser may have looked ahead and stumbled there.
            mended = {at: fault for at, fault in mended.items() if at < error.index}
        except yaml.MarkedYAMLError as error:
            fault = explain(error, shown)
            if fault.mended is not None and fault.at not in mended and len(mended) < _MOST_SYNTAX_FAULTS:
                mended[fault.at] = _at(file, text, fault.at, fault.message)
                shown = fault.mended
                continue
            found.append(_at(file, text, fault.at, fault.message))
        else:
            if root is None:
                found.append(Fault(file, 1, 1, None, "the file is empty"))
        faults.extend(sorted([*found, *mended.values()], key=lambda fault: (fault.line, fault.column)))
        return None if root is None else SourceFile(file, shown, root)


def _at(file: str, text: str, index: int, message: str) -> Fault:
    lines = text[:index].splitlines(keepends=True) or [""]
    if lines[-1].endswith(("\n", "\r", "\x85", "\u2028", "\u2029")):
        lines.append("")
    return Fault(file, len(lines), len(lines[-1]) + 1, None, message)
