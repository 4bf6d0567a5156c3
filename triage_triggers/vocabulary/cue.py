"""A cue: words that the code asks for by the name of their class, and never by how they are spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["SILENT", "Cue"]


class Cue:
    """Words and set expressions that tell one thing. Immutable.

    ``words`` are the single ones, ``first_words`` what it may begin with; ``endings`` are ends of words.

    >>> accident = Cue([("accidentally",), ("by", "mistake")])
    >>> said = ["i", "did", "it", "by", "mistake"]
    >>> list(accident.found_in(said, {word: [at] for at, word in enumerate(said)}))
    [(3, 5)]
    """

    __slots__ = ("_expressions", "endings", "first_words", "words")

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
        self.first_words = self.words | expressions.keys()
        self._expressions: Mapping[str, tuple[tuple[str, ...], ...]] = {
            first: tuple(of) for first, of in expressions.items()
        }

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def length_at(self, spelled: Sequence[str], at: int) -> int:
        """Return how many words of the cue stand at a word, 0 for none."""
        word = spelled[at]
        for expression in self._expressions.get(word, ()):
            if tuple(spelled[at : at + len(expression)]) == expression:
                return len(expression)
        return 1 if word in self.words else 0

    def found_in(self, spelled: Sequence[str], where: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int]]:
        """Yield the half-open range of words of each place at which it is said; ``where`` has those of each word."""
        for at in sorted(at for word in where.keys() & self.first_words for at in where[word]):
            length = self.length_at(spelled, at)
            if length:
                yield at, at + length


SILENT: Final = Cue(())
"""What a vocabulary without some class of cues says of it: nothing."""
