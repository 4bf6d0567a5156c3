"""Literal and gapped phrases in one automaton, searched for in a folded text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import ahocorasick

from triage_triggers.engine.matching.boundaries import whole_words
from triage_triggers.engine.matching.gaps import Gapped, Surroundings
from triage_triggers.folding import GAP, MARK, SEPARATORS, STOP, TURN

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Hits", "PhraseSearch"]

Hits: TypeAlias = list[tuple[int, tuple[tuple[str, int, tuple[int, ...], tuple[int, ...]], ...]]]
"""Where letters end that spell phrases: per hit, each phrase, its length, what it stands for, and what it anchors."""

REACH_BEYOND: Final = 20
"""How many code points more than its letters a phrase may take up, in spacing and hesitations."""
GAP_LETTERS: Final = 120
"""How many the gaps of a phrase, and its parts beyond the anchor, may take up."""
_APART: Final = frozenset((GAP, STOP, MARK, TURN))
"""What parts two words beyond doubt; an apostrophe or a joiner needs a closer look."""


class PhraseSearch:
    """Phrases, each with the number of what it stands for. Frozen once made; safe to share between threads.

    Phrases are stored without their spaces and searched with white space ignored, so any spacing, punctuation and
    line break inside a phrase is the same to the automaton and offsets stay exact; each hit is then checked for
    whole words and sentence ends. Several numbers may share a phrase, and several phrases their letters. A phrase is
    given as its ``...``-separated parts, each a tuple of folded spellings; ``barred`` are words that no gap may hold.
    ``reach`` is how far from any of its letters a phrase is taken to begin or end, in code points.

    >>> search = PhraseSearch([(0, (("got a knife",),)), (1, (("he", "she"), ("hit me",)))])
    >>> text = "hes got a knife she went and hit me"
    >>> search.spans(text, search.hits(text))
    {0: [(4, 15)], 1: [(16, 35)]}
    """

    __slots__ = ("_gapped", "automaton", "literals", "reach")

    def __init__(
        self, phrases: Iterable[tuple[int, tuple[tuple[str, ...], ...]]], barred: frozenset[str] = frozenset()
    ) -> None:
        self._gapped: list[tuple[int, Gapped]] = []
        whole: dict[str, tuple[int, ...]] = {}
        anchored: dict[str, tuple[int, ...]] = {}
        for number, parts in phrases:
            if len(parts) == 1:
                _enter(whole, parts[0], number)
            else:
                gapped = Gapped(parts, barred)
                _enter(anchored, parts[gapped.anchor], len(self._gapped))
                self._gapped.append((number, gapped))
        spellings = whole.keys() | anchored.keys()
        self.literals = len(spellings)
        by_letters: dict[str, tuple[tuple[str, int, tuple[int, ...], tuple[int, ...]], ...]] = {}
        for phrase in spellings:
            target = (phrase, len(phrase), whole.get(phrase, ()), anchored.get(phrase, ()))
            letters = phrase.replace(" ", "")
            by_letters[letters] = (*by_letters.get(letters, ()), target)
        self.reach = REACH_BEYOND + max(map(len, spellings), default=0) + GAP_LETTERS * bool(self._gapped)
        self.automaton = ahocorasick.Automaton()
        for letters, targets in by_letters.items():
            self.automaton.add_word(letters, targets)
        self.automaton.make_automaton()

    def hits(self, folded: str, start: int = 0, end: int | None = None) -> Hits:
        """Return what the automaton finds, not yet checked for whole words, that ends between ``start`` and ``end``."""
        if not self.literals:  # an empty automaton would raise
            return []
        if end is None and not start:
            return list(self.automaton.iter(folded, ignore_white_space=True))
        # A slice, for the automaton would copy the whole text each time it is asked about a part.
        found = self.automaton.iter(folded[start:end], ignore_white_space=True)
        return [(start + last, targets) for last, targets in found]

    def spans(self, folded: str, hits: Hits) -> dict[int, list[tuple[int, int]]]:
        """Return, for each number found by hits, the spans of its phrases, those that overlap too, in no order."""
        found: dict[int, list[tuple[int, int]]] = {}
        length = len(folded)
        for last, targets in hits:
            behind = last + 1
            if behind < length and folded[behind] not in SEPARATORS:
                continue  # the word goes on
            for phrase, size, whole, anchored in targets:
                first = behind - size
                if (
                    folded.startswith(phrase, first)
                    and (first == 0 or folded[first - 1] in _APART)
                    and (behind == length or folded[behind] in _APART)
                ):
                    span = (first, behind)  # the plain case, without a call
                else:
                    checked = whole_words(folded, last, phrase)
                    if checked is None:
                        continue
                    span = checked
                for number in whole:
                    found.setdefault(number, []).append(span)
                if anchored:
                    self._join(folded, span, anchored, found)
        return found

    def _join(
        self,
        folded: str,
        span: tuple[int, int],
        anchored: tuple[int, ...],
        found: dict[int, list[tuple[int, int]]],
    ) -> None:
        if len(anchored) == 1 and self._gapped[anchored[0]][1].stands_alone(folded, *span):
            return
        near = Surroundings(folded, *span)
        for index in anchored:
            number, gapped = self._gapped[index]
            if spans := gapped.spans(near):
                found.setdefault(number, []).extend(spans)


def _enter(index: dict[str, tuple[int, ...]], phrases: tuple[str, ...], number: int) -> None:
    for phrase in phrases:
        numbers = index.get(phrase)
        if numbers is None:
            index[phrase] = (number,)
        elif numbers[-1] != number:
            index[phrase] = (*numbers, number)
