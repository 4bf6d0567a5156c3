"""Cues in a list of words: where they are, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["CueIndex", "Found", "Phrase"]

Phrase = tuple[str, ...]
"""A cue: its words, lower case, apostrophes kept."""


class Found(NamedTuple):
    """A cue in a list of words: its class and the half-open range of its words."""

    kind: str
    first: int
    last: int


class _Node(dict[str, "_Node"]):
    """A word of a cue, the words that may follow it, and the classes of the cues that end with it."""

    __slots__ = ("kinds",)

    def __init__(self) -> None:
        self.kinds: tuple[str, ...] = ()


class CueIndex:
    """The cues of some classes, word by word.

    ``first_words`` and ``last_words`` are what they begin and end with.
    """

    def __init__(self, classes: Iterable[tuple[str, frozenset[Phrase]]]) -> None:
        self._root = _Node()
        last_words: set[str] = set()
        for kind, phrases in classes:
            for phrase in phrases:
                node = self._root
                for word in phrase:
                    node = node.setdefault(word, _Node())
                node.kinds += (kind,)
                last_words.add(phrase[-1])
        self.first_words, self.last_words = frozenset(self._root), frozenset(last_words)

    def may_occur(self, vocabulary: frozenset[str]) -> bool:
        """Tell quickly whether a sentence of these words can hold a cue: one's first word and one's last are there."""
        return not (self.first_words.isdisjoint(vocabulary) or self.last_words.isdisjoint(vocabulary))

    def find(self, words: Sequence[str], first: int, last: int) -> list[Found]:
        """Return the cues within ``words[first:last]``, left to right, the longest at each place, none overlapping."""
        found: list[Found] = []
        end = first
        for at in self._places(words, first, last):
            if at >= end:
                kinds, end = self._longest(words, at, last)
                found += [Found(kind, at, end) for kind in kinds]
        return found

    def occurs(self, words: Sequence[str], vocabulary: frozenset[str]) -> bool:
        """Tell whether there is a cue anywhere in these words."""
        last = len(words)
        return self.may_occur(vocabulary) and any(
            self._longest(words, at, last)[0] for at in self._places(words, 0, last)
        )

    def at(self, words: Sequence[str], first: int) -> Found | None:
        """Return the longest cue that starts exactly at ``first``."""
        kinds, end = self._longest(words, first, len(words)) if first < len(words) else ((), first)
        return Found(kinds[0], first, end) if kinds else None

    def _places(self, words: Sequence[str], first: int, last: int) -> list[int]:
        """Return where a cue may begin, told quickly from two words: most that begin like one are none."""
        beginning = [(at, self._root[words[at]]) for at in range(first, last) if words[at] in self._root]
        return [at for at, node in beginning if node.kinds or (at + 1 < last and words[at + 1] in node)]

    def _longest(self, words: Sequence[str], at: int, last: int) -> tuple[tuple[str, ...], int]:
        """Return the classes of the longest cue at ``at`` and where it ends; no classes and the next word if none."""
        kinds: tuple[str, ...] = ()
        end, node = at + 1, self._root
        for number in range(at, last):
            following = node.get(words[number])
            if following is None:
                break
            node = following
            if node.kinds:
                kinds, end = node.kinds, number + 1
        return kinds, end
