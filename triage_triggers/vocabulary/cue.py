"""A cue: words that the code asks for by the name of their class, and never by how they are spelled."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["SILENT", "Cue"]


class Cue:
    """Words and set expressions that tell one thing. ``endings`` are ends of words. Immutable.

    >>> accident = Cue([("accidentally",), ("by", "mistake")])
    >>> accident.find(["i", "did", "it", "by", "mistake"], 0, 5)
    (3, 5)
    """

    __slots__ = ("_expressions", "endings", "words")

    def __init__(self, spelled: Iterable[tuple[str, ...]], endings: tuple[str, ...] = ()) -> None:
        self.endings = endings
        words: set[str] = set()
        expressions: dict[str, list[tuple[str, ...]]] = {}
        for first, *rest in spelled:
            if rest:
                expressions.setdefault(first, []).append((first, *rest))
            else:
                words.add(first)
        self.words: frozenset[str] = frozenset(words)
        self._expressions: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
            {first: tuple(of) for first, of in expressions.items()}
        )

    def __contains__(self, word: str) -> bool:
        return word in self.words

    @property
    def first_words(self) -> frozenset[str]:
        """The words that it may begin with."""
        return self.words | self._expressions.keys()

    def length_at(self, spelled: Sequence[str], at: int) -> int:
        """Return how many words of the cue stand at a word, 0 for none."""
        word = spelled[at]
        for expression in self._expressions.get(word, ()):
            if tuple(spelled[at : at + len(expression)]) == expression:
                return len(expression)
        return 1 if word in self.words else 0

    def find(self, spelled: Sequence[str], first: int, last: int) -> tuple[int, int] | None:
        """Return the half-open place of the first that begins within ``first:last``."""
        for at in range(first, last):
            length = self.length_at(spelled, at)
            if length:
                return at, at + length
        return None


SILENT: Final = Cue(())
"""What a vocabulary without some class of cues says of it: nothing."""
