"""Somebody is made to: "made her sleep on the floor", "forced me to sign"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.frames.frame import Frame, Told
from triage_triggers.engine.events.frames.not_let import ruled_over, told

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["MADE_TO"]


def find(site: Site) -> Event | None:
    """Return who makes whom do what nobody likes to do."""
    target = ruled_over(site)
    if target is None or not site.cast.words.said(target.last, "made-to"):
        return None
    return told(site, target, MADE_TO.name)


MADE_TO: Final = Frame(
    name="made_to",
    looks_for="somebody makes or forces somebody to do something",
    find=find,
    does=frozenset({"coerce"}),
    examples=(
        Told("he made her sleep on the floor", "he coerce her"),
        Told("my ex forced me to sign", "my ex coerce me"),
        Told("she makes him beg", "she coerce him"),
    ),
    counter_examples=("he made me a tea", "he makes me laugh", "it made me sit", "I made him sit"),
)
