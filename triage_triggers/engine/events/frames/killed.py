"""Somebody killed somebody, or tried to: "I've killed my wife", "he tried to kill her"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["KILLED"]


def find(site: Site) -> Event | None:
    """Return who killed whom; who tells of their own death lives, unless it was only tried."""
    target = object_at(site.cast, site.behind)
    if target is None or target.part or not is_hurt(site, target):
        return None
    alive = target.patient is not None and target.patient.sex == "self"
    if alive and site.tag.length == 1:
        return None
    return event_at(site, target.last, "killed", KILLED.name, target.patient)


KILLED: Final = Frame(
    name="killed",
    looks_for="somebody killed somebody, or tried to",
    find=find,
    does=frozenset({"killed"}),
    examples=(
        Told("I've killed my wife", "i've killed my wife"),
        Told("he tried to kill me", "he killed me"),
        Told("my nephew murdered her", "my nephew killed her"),
    ),
    counter_examples=("the stairs killed me", "it killed him", "my back nearly killed me"),
)
