"""Where a phrase is looked for: at the one of its elements that is likely to be said least often, its anchor.

So that "he ... strangled me" costs nothing where nobody is strangled, however often "he" is said.
"""

from __future__ import annotations

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
    """Estimate how often an element is said by its letters: short words often."""
    ways = sum(min(_cost(inner) for inner in way if not inner.optional) for way in element.ways)
    return ways + sum(1 / len(word) ** 3 for word in element.words)
