"""Harm that somebody has from another: "died at the hands of her husband", "what I've had from my son"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["AT_HANDS"]

LENGTH: Final = 4
"""How many words "at the hands of" has."""


def find(site: Site) -> Event | None:
    """Return at whose hands who suffers."""
    cast, words = site.cast, site.cast.words
    if words.length_of(site.at, "at-hands") != LENGTH:
        return None
    agent = cast.at(site.at + LENGTH)
    patient = site.subject.mention
    if agent is None or agent.person == CALLER or (patient is not None and patient.last > site.at):
        return None
    if patient is not None and not between_two(cast, agent, patient, part=False):
        return None
    done = site.by(agent)
    return event_at(done, agent.last, "strike", AT_HANDS.name, patient)


AT_HANDS: Final = Frame(
    name="at_hands",
    looks_for="somebody suffers at the hands of somebody else",
    find=find,
    cue="at",
    examples=(
        Told("she suffered at the hands of her husband", "her husband strike she"),
        Told("I've been through hell at the hands of my ex", "my ex strike i've"),
    ),
    counter_examples=(
        "he looked at the hands of the clock",
        "I was treated at the hospital",
        "she died at the hands of the surgeon",
    ),
)
