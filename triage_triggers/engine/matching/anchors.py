"""Where a phrase is looked for: at the one of its elements that is likely to be said least often, its anchor.

So that "he ... strangled me" costs nothing where nobody is strangled, however often "he" is said.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.phrases.pattern import beginnings, endings, may_be_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.phrases.pattern import Element, Segment

__all__ = ["MAX_GAP_WORDS", "Anchored", "Part", "anchored_by", "longest"]

MAX_GAP_WORDS: Final = 4
"""How many words ``...`` may stand for, at most."""


class Part(NamedTuple):
    """A part of a phrase beyond a gap, and the words that it may begin with, from the anchor's side."""

    segment: Segment
    edge: frozenset[str]


class Anchored(NamedTuple):
    """A phrase around an anchor: what stands on either side in its own part, and the other parts, nearest first.

    All that stands before the anchor is reversed, to be read from there. ``beside_before`` and
    ``beside_after`` are the words that may stand next to the anchor, ``None`` where any may.
    """

    number: int
    before: Segment
    after: Segment
    parts_before: tuple[Part, ...]
    parts_after: tuple[Part, ...]
    beside_before: frozenset[str] | None
    beside_after: frozenset[str] | None


def anchored_by(number: int, parts: tuple[Segment, ...]) -> Iterator[tuple[frozenset[str], Anchored]]:
    """Yield a phrase around each of its anchors, one of which is in every way to say it, with the anchor's words.

    >>> from triage_triggers.phrases.pattern import Vocabulary
    >>> ((words, phrase),) = anchored_by(0, Vocabulary({}).segments_of("he ... (strangled|throttled) me"))
    >>> sorted(words), len(phrase.before), len(phrase.after), len(phrase.parts_before)
    (['strangled', 'throttled'], 0, 1, 1)
    """
    _, part, place = min(
        (_cost(element), part, place)
        for part, segment in enumerate(parts)
        for place, element in enumerate(segment)
        if not element.optional
    )
    parts_before = tuple(Part(other[::-1], endings(other)) for other in reversed(parts[:part]))
    parts_after = tuple(Part(other, beginnings(other)) for other in parts[part + 1 :])
    segment = parts[part]
    for words, before, after in _anchors_in(segment[place], segment[:place][::-1], segment[place + 1 :]):
        beside_before = None if may_be_empty(before) else endings(before[::-1])
        beside_after = None if may_be_empty(after) else beginnings(after)
        yield words, Anchored(number, before, after, parts_before, parts_after, beside_before, beside_after)


def _anchors_in(element: Element, before: Segment, after: Segment) -> Iterator[tuple[frozenset[str], Segment, Segment]]:
    """Yield the words of an element, and those of one element of each longer way of saying it, with what is around."""
    if element.words:
        yield element.words, before, after
    for way in element.ways:
        _, place = min((_cost(inner), place) for place, inner in enumerate(way) if not inner.optional)
        yield from _anchors_in(way[place], way[:place][::-1] + before, way[place + 1 :] + after)


def longest(segment: Segment) -> int:
    """Return how many words a part of a phrase may take up."""
    return sum(element.longest for element in segment)


def _cost(element: Element) -> float:
    """Estimate how often an element is said: common words often, others by their letters."""
    cost = _cost_of(element.words)
    if element.ways:
        cost += sum(min(_cost(inner) for inner in way if not inner.optional) for way in element.ways)
    return cost


@lru_cache(maxsize=4_096)  # lists stand in many phrases
def _cost_of(words: frozenset[str]) -> float:
    return sum(_COMMON.get(word) or _BY_LETTERS[min(len(word), len(_BY_LETTERS) - 1)] for word in words)


_BY_LETTERS: Final = (10.0, 10.0, 5.0, 3.0, 2.0, 1.0, 0.8, 0.6)
# The words said most often, the commonest first. Only speed depends on these: which word of a phrase is looked for, and
# which are looked for around it.
_COMMON: Final = {
    word: 3_000 / (rank + 8)
    for rank, word in enumerate(
        """
        i the you and to a it that of in is was yeah they have he so my on but for know not do me its dont just like
        what this with be we your there she oh if at all thats im up are out one no get her about or go here well can
        had got him really right when were think did because now how some see then then as them been would people from
        time has good okay ok his lot who things going back said want where mean want think will didnt more little say
        come down very theyre something thing much our too look kind hes let other pretty us by kids went over take an
        tell sure way into ive could why need their two only never youre work cant than really years off doing any
        still put school home house make years year around shes day always even another car big old every hes first
        guess doesnt after before ill wasnt isnt should told money probably maybe again which bit done give these took
        wont whats does try better trying theres gonna anything call keep man phone came getting started few many those
        night used being next place wanted weve through thought run last long made must am bad three live three family
        talk feel job left room most bad gets wife husband baby children goes nothing hear saw says stop police hell
        outside head mum dad door someone please help turn may shed shell id hurt gone looking hit son cos hold round
        everything away called minute minutes might such week morning since eyes whos stay wrong found hand side street
        """.split()  # noqa: SIM905  a list of words is read as words
    )
}
