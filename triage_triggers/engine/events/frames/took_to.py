"""A thing is taken to somebody: "she took a poker to me", "he's using a bat on her car"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at, owner_of
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["TOOK_TO"]

REACH: Final = 6
"""Within how many words of the verb it is told to whom."""


def find(site: Site) -> Event | None:
    """Return who takes a weapon to whom, or to what is theirs."""
    cast, words, agent = site.cast, site.cast.words, site.agent
    if agent is None or agent.person == CALLER:
        return None
    armed = False
    for step in range(site.at + 1, min(len(words) - 1, site.at + REACH)):
        if not words.close(step):
            return None
        armed = armed or words.has(step, "weapon") is not None
        if not armed or not words.said(step, "upon"):
            continue
        target = object_at(cast, step + 1)
        if target is not None and target.patient is not None:
            if not between_two(cast, agent, target.patient, part=target.part):
                return None
            return event_at(site, target.last, "strike", TOOK_TO.name, target.patient)
        owner = words.has(step + 1, "owner")
        if owner is None:
            return None
        patient = owner_of(cast, step + 1, owner.sense.sex)
        if not between_two(cast, agent, patient, part=True) or words.speaker(site.at) == "call_taker":
            return None
        return event_at(site, step + 2, "take", TOOK_TO.name, patient)
    return None


TOOK_TO: Final = Frame(
    name="took_to",
    looks_for="somebody takes or uses a thing as a weapon on somebody, or on what is theirs",
    find=find,
    cue="takes-up",
    examples=(
        Told("my wife took a poker to him", "my wife strike him"),
        Told("he used the belt on me", "he strike me"),
        Told("my uncle is using a bat on my car", "my uncle take my"),
    ),
    counter_examples=(
        "he took the soup to his room",
        "I used the belt on her leg",
        "he took the phone to bed",
        "he took the brush to his own shoes",
    ),
)
