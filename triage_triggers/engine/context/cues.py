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


class _Node:
    """A word of a cue: the classes of the cues that end with it, and the words that may follow."""

    __slots__ = ("following", "kinds")

    def __init__(self) -> None:
        self.kinds: tuple[str, ...] = ()
        self.following: dict[str, _Node] = {}

    def goes_on_with(self, word: str) -> bool:
        """Tell quickly whether a cue may be here, where this is the next word: most begin like one and are none."""
        return bool(self.kinds) or word in self.following


class CueIndex:
    """Cues word by word."""

    __slots__ = ("_root", "first_words", "last_words")

    def __init__(self, classes: Iterable[tuple[str, frozenset[Phrase]]]) -> None:
        self._root = _Node()
        last_words: set[str] = set()
        for kind, phrases in classes:
            for phrase in phrases:
                node = self._root
                for word in phrase:
                    node = node.following.setdefault(word, _Node())
                node.kinds += (kind,)
                last_words.add(phrase[-1])
        self.first_words = frozenset(self._root.following)
        self.last_words = frozenset(last_words)

    def may_occur(self, vocabulary: frozenset[str]) -> bool:
        """Tell quickly whether a sentence of these words can hold a cue: one's first word and one's last are there."""
        return not (self.first_words.isdisjoint(vocabulary) or self.last_words.isdisjoint(vocabulary))

    def find(self, words: Sequence[str], first: int, last: int) -> list[Found]:
        """Return the cues within ``words[first:last]``, left to right, the longest at each place, none overlapping."""
        found: list[Found] = []
        following = self._root.following
        end = first
        for at in [at for at in range(first, last) if words[at] in following]:
            if at >= end and (at + 1 == last or following[words[at]].goes_on_with(words[at + 1])):
                kinds, end = self._longest(words, at, last)
                found += [Found(kind, at, end) for kind in kinds]
        return found

    def occurs(self, words: Sequence[str], vocabulary: frozenset[str]) -> bool:
        """Tell whether there is a cue anywhere in these words."""
        if not self.may_occur(vocabulary):
            return False
        following, last = self._root.following, len(words)
        for at, word in enumerate(words):
            if word in following and (at + 1 == last or following[word].goes_on_with(words[at + 1])):
                kinds, _ = self._longest(words, at, last)
                if kinds:
                    return True
        return False

    def at(self, words: Sequence[str], first: int) -> Found | None:
        """Return the longest cue that starts exactly at ``first``."""
        if first >= len(words) or words[first] not in self._root.following:
            return None
        kinds, end = self._longest(words, first, len(words))
        return Found(kinds[0], first, end) if kinds else None

    def _longest(self, words: Sequence[str], at: int, last: int) -> tuple[tuple[str, ...], int]:
        """Return the classes of the longest cue at ``at`` and where it ends; no classes and the next word if none."""
        kinds: tuple[str, ...] = ()
        end = at + 1
        node = self._root
        while at < last:
            following = node.following.get(words[at])
            if following is None:
                break
            node = following
            at += 1
            if node.kinds:
                kinds, end = node.kinds, at
        return kinds, end
