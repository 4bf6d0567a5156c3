"""Who is near: somebody who may have done it is said to be in a place, or to be heard or seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.words import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.suspects import Suspects
    from triage_triggers.engine.events.words import Words

__all__ = ["nearby"]

REACH: Final = 9
"""How many words behind somebody tell where they are."""
PLACE: Final = 4
"""Within how many words behind "in" a place is named."""
_NOBODY: Final = frozenset({"self", "you", "some", "who"})


def nearby(cast: Cast, suspects: Suspects) -> Iterator[Event]:
    """Yield where it is said that somebody who may have done it is near.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.scene import read_scene
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call.from_text("My husband hit me. He's sat in the kitchen.")
    >>> [event.does for event in read_scene(Document(call), load_vocabulary("en")).events]
    ['strike', 'here']
    """
    if not suspects:
        return
    words = cast.words
    for mention in cast.mentions:
        if mention.sex in _NOBODY or mention.person == CALLER or mention not in suspects:
            continue
        if words.speaker(mention.first) == "call_taker":
            continue
        last = _heard(words, mention) or (_placed(words, mention) if mention.subject else None)
        if last is not None:
            yield Event(mention.first, last, "here", "presence", mention, None, cast.tie(mention, None), mention.first)


def _heard(words: Words, mention: Mention) -> int | None:
    """Return the end of "I can hear him", "I can see his feet"."""
    return mention.last if words.length_of(mention.first - 2, "can-hear") == 2 else None  # noqa: PLR2004


def _placed(words: Words, mention: Mention) -> int | None:
    """Return the end of "he's still upstairs", "hub pacing in porch", "my son is sat in the car"."""
    at, stop = mention.last, min(words.sentence(mention.first)[1], mention.last + REACH)
    is_said = words.ends_in(at - 1, "is-ending") or words.possessive(at - 1)
    while at < stop and words.said(at, "is-now"):
        is_said, at = True, at + 1
    if at >= stop or words.breaks[at] >= SENTENCE:
        return None
    if words.said(at, "stays"):
        is_said, at = True, at + 1
    if not is_said and len(words.document.utterances) > 1:
        return None
    for step in range(at, stop):
        if words.breaks[step] and step > at:
            return None
        found = _place(words, step, stop)
        if found is not None:
            return found
        if not words.said(step, "stays") and not words.said(step, "is-now"):
            return None
    return None


def _place(words: Words, at: int, stop: int) -> int | None:
    """Return the end of a place that is told from a word on: "upstairs", "in the kitchen"."""
    length = words.length_of(at, "near-at")
    if length or (words.said(at, "in") and not words.close(at + 1)):
        return at + max(1, length)
    if not words.said(at, "place-in"):
        return None
    behind = range(at + 1, min(stop, at + 1 + PLACE))
    found = next((near for near in behind if words.said(near, "near-place")), None)
    return None if found is None or words.any_said(at, found, "not-here") else found + 1
