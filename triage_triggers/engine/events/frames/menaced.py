"""Somebody is threatened, followed or run down: "he threatened me", "she follows him", "he screams at me"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import owner_of
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at
from triage_triggers.engine.events.frames.known_verb import done_to

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["MENACED"]


def find(site: Site) -> Event | None:
    """Return "threatened me", "turned up at my"."""
    event = done_to(site, MENACED.name)
    words, agent = site.cast.words, site.agent
    owner = words.has(site.behind, "owner") if words.close(site.behind) else None
    if event is not None or agent is None or owner is None or site.tag.sense.does != "follow" or site.tag.length == 1:
        return event
    patient = owner_of(site.cast, site.behind, owner.sense.sex)
    if not between_two(site.cast, agent, patient, part=True):
        return None
    return event_at(site, site.behind + 1, "follow", MENACED.name, patient)  # "turned up at my work"


MENACED: Final = Frame(
    name="menaced",
    looks_for="somebody threatens, follows or belittles somebody",
    find=find,
    does=frozenset({"threaten", "follow", "demean"}),
    examples=(
        Told("he threatened me", "he threaten me"),
        Told("my ex keeps following me", "my ex follow me"),
        Told("he screams at me", "he demean me"),
    ),
    counter_examples=("the dog followed her", "he frightened himself", "it scared me"),
)
