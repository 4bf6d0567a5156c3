"""Threats that are told: "he said if I leave he'll burn it down", "she texted that I would be in my grave"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.patient import is_patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.suspects import Suspects

__all__ = ["threats"]

REACH: Final = 22
"""How many words behind "said" may tell what."""
WHO: Final = 3
"""Within how many words before "said" stands who said it."""
CONDITION: Final = 4
"""Within how many words behind "if" stands whom it is said to."""
_NOBODY: Final = frozenset({"self", "you", "some"})


def threats(cast: Cast, suspects: Suspects) -> Iterator[Event]:
    """Yield what somebody close, or who may have done something, said that they would do.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.scene import read_scene
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call.from_text("My husband said if I leave I'll go out in a box.")
    >>> scene = read_scene(Document(call), load_vocabulary("en"))
    >>> [event.does for event in scene.events if event.frame == "said"]
    ['promise_harm', 'promise_death']
    """
    words = cast.words
    for at in words.all_said("says-threat"):
        if words.speaker(at) == "call_taker":
            continue
        who = _who(cast, at, suspects)
        if who is None:
            continue
        stop = min(words.next_turn(at), at + REACH)
        for does, found in (("promise_death", _death(cast, at, stop)), ("promise_harm", _harm(cast, at, stop))):
            if found is not None:
                first = min(who.first, at)
                yield Event(first, found, does, "said", who, None, cast.tie(who, None), at)


def _who(cast: Cast, at: int, suspects: Suspects) -> Mention | None:
    """Return who says it: somebody close or a suspect, neither the patient nor a helper."""
    for mention in cast.before(at):
        if at - mention.last >= WHO:
            break
        person = cast.person(mention)
        if mention.sex in _NOBODY or mention.person == CALLER:
            return None
        if person is not None and (person.helper or person.child):
            return None
        if not mention.subject:
            continue
        if mention in suspects:
            return mention
        if is_patient(cast, mention):
            return None
        return mention if person is not None and person.close is not None else None
    return None


def _death(cast: Cast, at: int, stop: int) -> int | None:
    found = cast.words.find("death-promised", at, stop)
    return None if found is None else found[1]


def _harm(cast: Cast, at: int, stop: int) -> int | None:
    """Return the end of a condition put to somebody, or of a harm that is promised."""
    words = cast.words
    promised = words.find("harm-promised", at, stop)
    if promised is not None:
        return promised[1]
    for step in range(at, stop):
        if words.said(step, "if"):
            for near in range(step + 1, min(stop, step + CONDITION)):
                mention = cast.at(near)
                if mention is not None and mention.subject and mention.sex in {"self", "you", "f", "m", "many"}:
                    return mention.last
    return None
