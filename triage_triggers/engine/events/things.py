"""Things in the hands of somebody who may have done it: a weapon that is held or used, and what is smashed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import subject_of
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.words import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.suspects import Suspects

__all__ = ["damage", "weapons"]

REACH: Final = 9
"""Within how many words behind a blow, or behind "has got", a weapon is named."""
THING: Final = 5
"""Within how many words behind "smashed" stands what."""
_HARMS: Final = frozenset({"strike", "throw", "throw_at", "break", "cut", "burn", "shoot", "throttle", "killed"})


def weapons(cast: Cast, deeds: Iterable[Event], suspects: Suspects) -> Iterator[Event]:
    """Yield each weapon that somebody is hit with, or that one who may have done it holds.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.scene import read_scene
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call.from_text("My husband hit me with the poker. He smashed the telly.")
    >>> scene = read_scene(Document(call), load_vocabulary("en"))
    >>> sorted({event.does for event in scene.events if event.frame == "thing"})
    ['armed', 'damage']
    """
    words = cast.words
    for event in deeds:
        if event.does not in _HARMS or event.agent is None:
            continue
        stop = min(words.sentence(event.verb)[1], event.last + REACH)
        for at in range(event.verb, stop):
            if words.said(at, "with-thing") or words.said(at, "took-up"):
                last = _weapon(cast, at + 1, stop, "sure-weapon")
                if last is not None:
                    yield event._replace(last=max(last, event.last), does="armed", frame="thing")
                    break
    yield from _held(cast, suspects)


def _held(cast: Cast, suspects: Suspects) -> Iterator[Event]:
    words = cast.words
    for at, agent in _of_suspects(cast, suspects, "took-up"):
        last = _weapon(cast, at + 1, min(words.sentence(at)[1], at + THING), "held-weapon")
        if last is not None:
            yield Event(agent.first, last, "armed", "thing", agent, None, cast.tie(agent, None), at)


def _of_suspects(cast: Cast, suspects: Suspects, cue: str) -> Iterator[tuple[int, Mention]]:
    """Yield the words of a cue that tell what somebody who may have done it does, and who that is."""
    for at in cast.words.all_said(cue):
        agent = None if cast.words.speaker(at) == "call_taker" else subject_of(cast, at).mention
        if agent is not None and agent.person != CALLER and agent in suspects:
            yield at, agent


def _weapon(cast: Cast, first: int, stop: int, cue: str) -> int | None:
    words = cast.words
    for at in range(first, stop):
        if words.said(at, cue):
            return at + 1
        if cast.at(at) is not None or words.breaks[at] >= SENTENCE:
            return None
    return None


def damage(cast: Cast, suspects: Suspects) -> Iterator[Event]:
    """Yield what somebody who may have done it smashes, kicks in or throws through a window."""
    words = cast.words
    for at, agent in _of_suspects(cast, suspects, "smashes"):
        for step in range(at + 1, min(words.sentence(at)[1], at + 1 + THING)):
            if words.said(step, "of-the-house"):
                yield Event(agent.first, step + 1, "damage", "thing", agent, None, cast.tie(agent, None), at)
                break
            person = cast.at(step)
            if person is not None and person.role != "pronoun":
                break
