"""Which of its words a phrase shares with others: told from a few ways to say each, in which every word stands once."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.folding import GAP, STOP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage_triggers.phrases.pattern import Element, Segment
    from triage_triggers.ruleset.compiling import CompiledRule

__all__ = ["Meeting", "Owner", "meetings", "ways_to_say"]

_BETWEEN: Final = STOP + GAP


class Owner(NamedTuple):
    """A phrase of a rule, by numbers."""

    rule: int
    phrase: int


class Meeting(NamedTuple):
    """A phrase that is found in ``said``, a way to say some of another phrase; ``same``: in all of it."""

    owner: Owner
    other: Owner
    said: str
    same: bool


def ways_to_say(segment: Segment) -> Iterator[str]:
    """Yield ways to say a part of a phrase, each word and each alternative in one of them at least.

    >>> from triage_triggers.phrases.pattern import Vocabulary
    >>> list(ways_to_say(Vocabulary({}).segments_of("[then] (hit|lashed into) me")[0]))
    ['hit me', 'then hit me', 'lashed into me']
    """
    return map(" ".join, _said(segment))


def _said(segment: Segment) -> Iterator[list[str]]:
    ways = [list(_ways(element)) for element in segment]
    yield list(chain.from_iterable(way[0] for way in ways))
    for place, own in enumerate(ways):
        for other in own[1:]:
            chosen = (other if at == place else way[0] for at, way in enumerate(ways))
            yield list(chain.from_iterable(chosen))


def _ways(element: Element) -> Iterator[list[str]]:
    if element.optional:
        yield []
    for word in sorted(element.words - element.respelled):
        yield [word]
    for longer in element.ways:
        yield from _said(longer)


def meetings(compiled: Sequence[CompiledRule]) -> list[Meeting]:
    """Return where one phrase without ``...`` is found in a way to say another, or in a part of it between ``...``."""
    owners = [Owner(rule, phrase) for rule, entry in enumerate(compiled) for phrase in range(len(entry.phrases))]
    segments = {owner: compiled[owner.rule].phrases[owner.phrase].segments for owner in owners}
    matcher = Matcher(
        Pattern(number, idiom=False, parts=segments[owner])
        for number, owner in enumerate(owners)
        if len(segments[owner]) == 1
    )
    said = [(owner, way) for owner in owners for part in segments[owner] for way in ways_to_say(part)]
    starts = list(accumulate((len(way) + len(_BETWEEN) for _, way in said), initial=0))
    found = []
    for start, end, number, _ in matcher.scan(_BETWEEN.join(way for _, way in said)):
        at = bisect_right(starts, start) - 1
        other, way = said[at]
        same = (start, end) == (starts[at], starts[at] + len(way)) and len(segments[other]) == 1
        if other != owners[number]:
            found.append(Meeting(owners[number], other, way, same))
    return found
