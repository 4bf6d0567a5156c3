"""YAML as policy officers write it: text stays the text they typed, and everything in it knows its line and column.

Only data is read. Anchors, aliases, tags and directives are refused (lists are for sharing), so nothing explodes and
nothing runs. The parser's events are built into data by :mod:`.tree` rather than by PyYAML's constructor: ``no``,
``12:30`` and ``1.0`` stay text, which the model that wants a number, a day or a yes/no converts; duplicate keys are
seen; nesting is bounded without recursion; and every fault of a file is found, not only the first.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import yaml

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

# An item or value, up to the first character of it, where that is one that YAML takes for its own.
_SPECIAL_START: Final = re.compile(r"[ ]*(?:- +)*(?:[\w-]+: +)?([\[{*&!%@`|>\"'])")


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
            fault = _explain(error, shown)
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


class _SyntaxFault(NamedTuple):
    """Where the mistake is (an index in the text), what it is, and, to go on behind it, the text without it."""

    at: int
    message: str
    mended: str | None = None


def _explain(error: yaml.MarkedYAMLError, text: str) -> _SyntaxFault:
    """Return what a YAML syntax error means, for people who have never heard of tokens."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    index = min(mark.index, len(text)) if mark else 0
    opened = error.context_mark.index if error.context_mark else index
    if text[index : index + 1] == "\t":
        return _SyntaxFault(index, "a tab stands here; indent with spaces")
    if "quoted scalar" in context:
        if "end of stream" in problem or "document" in problem:
            return _SyntaxFault(opened, "a quotation mark is opened here and never closed")
        message = "in double quotes a backslash means something special; use single quotes, or leave it out"
        return _SyntaxFault(index, message)
    if "expected ':'" in problem:
        return _SyntaxFault(opened, "a ':' is missing behind this, or '- ' before it, or quotes around it")
    if "flow" in context:
        message = "a '[' or '{' is opened here and not closed, or a ',' is missing; text needs quotes"
        return _SyntaxFault(opened, message, _without_rest_of_line(text, opened))
    special = _special_start(text, index)
    if special is not None:
        message = f"text that starts with {text[special]} must stand in quotes, all of it"
        if text[special] in "\"'":
            message = "text goes on behind its closing quotation mark; put all of it in one pair of quotes"
        return _SyntaxFault(special, message, _without_rest_of_line(text, special))
    if "mapping values are not allowed" in problem:
        message = "a ':' can't stand here; put text that has a ':' in it in quotes, and check the indentation"
        return _SyntaxFault(index, message, f"{text[:index]}x{text[index + 1 :]}")
    return _SyntaxFault(index, "the indentation does not fit what is above, or a ':' or '-' is missing near here")


def _special_start(text: str, index: int) -> int | None:
    """Return where text that needs quotes starts, on the line of the error or the one before; ``None`` if none does."""
    line = _line_start(text, index)
    for start in (line, _line_start(text, max(line - 1, 0))):
        match = _SPECIAL_START.match(text, start)
        if match and match.start(1) <= index:
            return match.start(1)
    return None


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _without_rest_of_line(text: str, index: int) -> str:
    """Return the text with the rest of a line made plain words, every other place staying where it was."""
    end = min((at for sign in "\r\n" if (at := text.find(sign, index)) >= 0), default=len(text))
    return f"{text[:index]}{'x' * (end - index)}{text[end:]}"
