"""YAML's events, built into data that remembers where each part stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

from triage_triggers.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["MAX_DEPTH", "Node", "UnreadableError", "build_tree"]

MAX_DEPTH: Final = 40
_LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INSTEAD: Final = "write it out, or make it a list; if it is a phrase, put it in quotes"
_Event: TypeAlias = Any
"""PyYAML is untyped; every event and mark of its."""


class Node:
    """A part of a file: its data, where it starts and ends, and, of a mapping or list, its parts.

    ``reported``: something was found wrong in it, so that nobody else needs to say what it lacks.
    """

    __slots__ = ("children", "end", "flow", "keys", "pending", "reported", "start", "value")

    def __init__(self, event: _Event, value: Any, *, reported: bool = False) -> None:  # noqa: ANN401  any data
        self.start, self.end, self.value, self.reported = event.start_mark, event.end_mark, value, reported
        self.keys: dict[Any, Node] = {}
        self.children: Any = None
        self.flow = False  # whether in brackets
        self.pending: Node | None = None  # while it is read: a key without its value

    def child(self, step: str | int, *, key: bool = False) -> Node | None:
        """Return the part behind a key or index, or the key itself; ``None`` if there is none."""
        if isinstance(self.value, dict):
            parts: dict[Any, Node] = self.keys if key else self.children
            return parts.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.children):
            return self.children[step]  # type: ignore[no-any-return]
        return None


class UnreadableError(Exception):
    """Reading must stop: ``index``, in the text, and why."""

    def __init__(self, index: int, message: str) -> None:
        self.index, self.message = index, message
        super().__init__(index, message)


def build_tree(text: str, file: str, faults: list[Fault], *, patched: Collection[int] = ()) -> Node | None:
    """Build a file's text, without recursion; ``None`` if it holds nothing.

    What is wrong but does not stop the reading goes to ``faults``. Text that starts at one of ``patched`` has a fault
    that is known already.

    Raises:
        UnreadableError: The text is nested too deep or holds several documents.
        yaml.MarkedYAMLError: The text is no YAML.
    """
    builder = _Builder(file, faults, patched)
    for event in yaml.parse(text, Loader=_LOADER):
        builder.take(event)
    return builder.root


class _Builder:
    def __init__(self, file: str, faults: list[Fault], patched: Collection[int]) -> None:
        self._file, self._faults, self._patched = file, faults, patched
        self._open: list[Node] = []
        self.root: Node | None = None

    def take(self, event: _Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            nothing = not event.value and event.implicit[0]  # plain and empty
            self._check_plain(event)
            self._close(Node(event, None if nothing else event.value))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check_plain(event)
            self._enter(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = self._open.pop()
            node.end = event.end_mark
            self._report_empty(node)
            self._close(node)
        elif isinstance(event, yaml.AliasEvent):
            self._fault(event, f"'*{event.anchor}' refers to another part of the file, which can't be done; {_INSTEAD}")
            self._close(Node(event, None, reported=True))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event)

    def _start_document(self, event: _Event) -> None:
        if self.root is not None:
            message = "a second YAML document starts here; keep one in a file, with '---' at its top or nowhere"
            raise UnreadableError(event.start_mark.index, message)
        if event.version or event.tags:
            self._fault(event, "a line that starts with '%' can't be used; remove it")

    def _enter(self, event: _Event) -> None:
        if len(self._open) == MAX_DEPTH:
            raise UnreadableError(event.start_mark.index, f"this is nested more than {MAX_DEPTH} deep")
        kind = dict if isinstance(event, yaml.MappingStartEvent) else list
        node = Node(event, kind())
        node.children, node.flow = kind(), event.flow_style
        self._open.append(node)

    def _close(self, node: Node) -> None:
        """Hand a finished part to the one it belongs in."""
        node.reported = node.reported or node.start.index in self._patched
        if not self._open:
            self.root = None if node.value is None and not node.reported else node
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            if node.value is None and not node.reported:
                node.reported = True
                self._fault(node, "this item of the list is empty; remove it, or write something")
            parent.children.append(node)
            parent.value.append(node.value)
        elif parent.pending is None:
            parent.pending = node
        else:
            key, parent.pending = parent.pending, None
            self._put(parent, key, node)

    def _put(self, parent: Node, key: Node, node: Node) -> None:
        name = key.value
        if not isinstance(name, str):
            parent.reported = True
            if not key.reported:
                self._fault(key, "before a ':' only plain words can stand; put the text in quotes")
        elif name in parent.value:
            first = parent.keys[name].start.line + 1
            self._fault(key, f"'{_short(name)}' stands here twice; it is already on line {first}")
        else:
            parent.keys[name], parent.children[name], parent.value[name] = key, node, node.value

    def _report_empty(self, node: Node) -> None:
        """Report the keys that have nothing after them."""
        empty = [name for name in node.keys if node.value[name] is None and not node.children[name].reported]
        for name in empty:
            node.children[name].reported = True
        if node.flow and empty and len(empty) == len(node.keys):
            node.reported = True
            self._fault(node, "text that starts with '{' must stand in quotes")
            return
        for name in empty:
            self._fault(node.keys[name], f"'{_short(name)}' has nothing after it; remove the line, or write something")

    def _check_plain(self, event: _Event) -> None:
        if event.anchor is not None:
            self._fault(event, f"'&{event.anchor}' names a part of the file, which can't be done; {_INSTEAD}")
        if event.tag is not None and event.tag != "!":
            self._fault(event, "text that starts with '!' must stand in quotes, all of it; YAML tags can't be used")

    def _fault(self, at: _Event, message: str) -> None:
        mark = getattr(at, "start_mark", None) or at.start
        self._faults.append(Fault(self._file, mark.line + 1, mark.column + 1, None, message))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004  about a line's worth
