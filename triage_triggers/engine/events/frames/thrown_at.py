"""A thing is thrown at somebody or poured over them: "chucked the remote at me", "poured the kettle over her"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at, own_body
from triage_triggers.engine.events.words import COMMA

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["THROWN_AT"]

REACH: Final = 7
"""Within how many words of the verb it is told at whom."""


def find(site: Site) -> Event | None:
    """Return what somebody throws at or pours over somebody else."""
    cast, words, agent = site.cast, site.cast.words, site.subject.mention
    if site.subject.blocked or agent is None:
        return None
    for step in range(site.behind, min(len(words) - 1, site.behind + REACH)):
        if words.breaks[step] > COMMA:
            return None
        if not words.said(step, "thrown-way"):
            continue
        target = object_at(cast, step + 1)
        if target is None or target.patient is None:
            continue
        if words.said(step, "into-part") and not target.part and not _poured(site, step):
            continue
        if own_body(agent, target) or not between_two(cast, agent, target.patient, part=target.part):
            return None
        return event_at(site, target.last, "throw_at", THROWN_AT.name, target.patient)
    return None


def _poured(site: Site, way: int) -> bool:
    words = site.cast.words
    things = range(site.behind, way)
    return words.said(way, "poured-on") and any(words.has(at, "weapon") or words.said(at, "it-thing") for at in things)


THROWN_AT: Final = Frame(
    name="thrown_at",
    looks_for="somebody, a verb of throwing or pouring, a thing, and at whom",
    find=find,
    does=frozenset({"pour"}),
    examples=(
        Told("he chucked the remote at me", "he throw_at me"),
        Told("she poured the kettle over him", "she throw_at him"),
        Told("my fella emptied the pan on me", "my fella throw_at me"),
    ),
    counter_examples=("I threw water on my face", "he threw the ball at the wall", "he poured the tea in my cup"),
)
