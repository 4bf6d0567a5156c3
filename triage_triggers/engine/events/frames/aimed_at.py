"""A weapon is held to or aimed at somebody: "pointed the shotgun at me", "he's got a blade to her"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["AIMED_AT"]

REACH: Final = 6
"""Within how many words of the verb it is told at whom."""


def find(site: Site) -> Event | None:
    """Return who holds or aims a weapon at whom."""
    cast, words, agent = site.cast, site.cast.words, site.agent
    if agent is None or agent.person == CALLER:
        return None
    armed = False
    for step in range(site.at + 1, min(len(words) - 1, site.at + REACH)):
        if not words.close(step):
            return None
        armed = armed or words.said(step, "aimed-weapon")
        target = object_at(cast, step + 1) if armed and words.said(step, "aimed-way") else None
        if target is None:
            continue
        if target.part or not is_hurt(site, target):
            return None
        return event_at(site, target.last, "threaten", AIMED_AT.name, target.patient)
    return None


AIMED_AT: Final = Frame(
    name="aimed_at",
    looks_for="somebody holds or aims a weapon at somebody else",
    find=find,
    cue="aims",
    examples=(
        Told("my husband pointed the shotgun at me", "my husband threaten me"),
        Told("he held a knife to her", "he threaten her"),
        Told("my wife pointed an axe at him", "my wife threaten him"),
    ),
    counter_examples=("he pointed the remote at me", "I held a knife to him", "he pointed the gun at the wall"),
)
