"""Somebody sends another flying: "sent me flying", "he sent her down the steps", "put him on his back"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["SENT_FLYING"]


def find(site: Site) -> Event | None:
    """Return who sends whom flying, or knocks them out cold."""
    words, agent = site.cast.words, site.agent
    target = object_at(site.cast, site.at + 1)
    if agent is None or agent.person == CALLER or target is None or target.part or not is_hurt(site, target):
        return None
    length = words.length_of(target.last, "flying") if words.close(target.last) else 0
    return event_at(site, target.last + length, "throw", SENT_FLYING.name, target.patient) if length else None


SENT_FLYING: Final = Frame(
    name="sent_flying",
    looks_for="somebody sends or knocks somebody else flying, over or out",
    find=find,
    cue="sends",
    examples=(
        Told("he sent me flying", "he throw me"),
        Told("my son knocked him out cold", "my son throw him"),
        Told("my wife laid me out", "my wife throw me"),
    ),
    counter_examples=(
        "he sent me a text",
        "the car sent me flying",
        "I sent him flying lessons",
        "she laid him on the bed",
    ),
)
