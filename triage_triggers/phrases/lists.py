"""A ruleset's lists: read once, every fault found, in an order in which each comes after the lists it uses."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage_triggers.errors import PhraseError, near
from triage_triggers.phrases.syntax import MAX_DEPTH, ListRef, Sequence, parse_phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from triage_triggers.phrases.syntax import Phrase

__all__ = ["ListFault", "Lists", "read_lists"]


class ListFault(NamedTuple):
    """Something wrong in entry number ``entry`` (from 0) of the list ``name``; ``error`` points into that entry."""

    name: str
    entry: int
    error: PhraseError


class Lists(NamedTuple):
    """What was read: the faultless lists' entries, each list after those it uses, and the faults of the others.

    ``broken`` says of every list that can't be used what is wrong with it or with a list it uses.
    """

    entries: Mapping[str, tuple[Sequence, ...]]
    broken: Mapping[str, str]
    faults: tuple[ListFault, ...]


_Uses: TypeAlias = "dict[str, dict[str, tuple[int, ListRef]]]"
"""For each list the lists it uses, each with the first entry that does and where in it."""


def read_lists(lists: Mapping[str, Iterable[str]], check: Callable[[Phrase], None]) -> Lists:
    """Read ``lists`` (name to entries, which are phrases); ``check`` raises PhraseError for an entry's own faults.

    >>> lists = read_lists({"baby": ["my {child}"], "child": ["(son|daughter"]}, lambda phrase: None)
    >>> print(lists.faults[0].name, lists.faults[0].error.message, lists.broken["baby"], sep="; ")
    child; this '(' is never closed: add ')'; the list {child} has a fault
    """
    return _ListReader(lists, check).read()


class _ListReader:
    def __init__(self, lists: Mapping[str, Iterable[str]], check: Callable[[Phrase], None]) -> None:
        self._sources = {name: tuple(entries) for name, entries in lists.items()}
        self._check = check
        self._entries: dict[str, tuple[Sequence, ...]] = {}
        self._uses: _Uses = {}
        self._broken: dict[str, str] = {}
        self._faults: list[ListFault] = []

    def read(self) -> Lists:
        for name, sources in self._sources.items():
            self._uses[name] = {}
            read: list[Sequence] = []
            for number, source in enumerate(sources):
                try:
                    read.append(self._read_entry(name, number, source))
                except PhraseError as error:
                    self._fault(name, number, error.message, error.offset)
            self._entries[name] = tuple(read)
            if not sources:
                self._broken[name] = "it is empty"
        order = self._order()
        self._spread(order)
        places = {name: number for number, name in enumerate(self._sources)}
        faults = sorted(self._faults, key=lambda fault: (places[fault.name], fault.entry))
        entries = {name: self._entries[name] for name in order if name not in self._broken}
        return Lists(entries, self._broken, tuple(faults))

    def _read_entry(self, name: str, number: int, source: str) -> Sequence:
        phrase = parse_phrase(source)
        if len(phrase.segments) > 1:
            message = "'...' can't stand in a list's entry: write it in the phrases that use the list"
            raise PhraseError(message, source, phrase.segments[1].offset)
        self._check(phrase)
        for item in phrase.walk():
            if isinstance(item, ListRef):
                if item.name not in self._sources:
                    message = f"there is no list {{{item.name}}}: {near(item.name, self._sources)}"
                    raise PhraseError(message, source, item.offset)
                self._uses[name].setdefault(item.name, (number, item))
        return phrase.segments[0]

    def _order(self) -> tuple[str, ...]:
        """Return the lists, each after those it uses; report each circle once, where its first list closes it."""
        while True:
            try:
                return tuple(TopologicalSorter(self._uses).static_order())
            except CycleError as error:
                circle = list(reversed(error.args[1]))[1:]
                first = min(range(len(circle)), key=lambda at: list(self._uses).index(circle[at]))
                circle = [*circle[first:], *circle[:first]]
                number, ref = self._uses[circle[0]][circle[1 % len(circle)]]
                self._uses[circle[0]] = {}
                path = " → ".join([*circle, circle[0]])
                self._fault(circle[0], number, f"the list {{{circle[0]}}} contains itself: {path}", ref.offset)

    def _spread(self, order: tuple[str, ...]) -> None:
        """Mark the lists that use a broken one, and those that stand too deep."""
        depths: dict[str, int] = {}
        for name in order:
            uses = self._uses[name]
            depths[name] = 1 + max((depths[used] for used in uses), default=0)
            if depths[name] > MAX_DEPTH:
                depths[name] = 0
                deepest = max(uses, key=lambda used: depths[used])
                number, ref = uses[deepest]
                self._fault(name, number, f"lists stand more than {MAX_DEPTH} deep inside lists here", ref.offset)
            for used in uses:
                if used in self._broken:
                    self._broken.setdefault(name, f"the list {{{used}}} has a fault")

    def _fault(self, name: str, number: int, message: str, offset: int) -> None:
        self._broken.setdefault(name, message)
        self._faults.append(ListFault(name, number, PhraseError(message, self._sources[name][number], offset)))
