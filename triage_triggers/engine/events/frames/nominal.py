"""A blow as a noun, and whose it is: "a slap off my dad", "a beating by ptnr"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two

if TYPE_CHECKING:
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["NOMINAL"]

REACH: Final = 6
"""Within how many words behind the blow it is told whose it is."""


def find(site: Site) -> Event | None:
    """Return from whom a blow came, and to whom, where somebody stands before it."""
    cast, words = site.cast, site.cast.words
    for step in range(site.behind, site.behind + REACH):
        if not words.close(step):
            return None
        if not words.said(step, "done-by"):
            continue
        agent = cast.at(step + 1) if words.close(step + 1) else None
        patient = site.subject.mention
        if agent is None or (agent.role == "pronoun" and agent.person == CALLER):
            return None
        if patient is not None and not between_two(cast, agent, patient, part=False):
            return None
        does = site.tag.sense.does or "strike"
        return Event(site.at, agent.last, does, NOMINAL.name, agent, patient, cast.tie(agent, patient), site.at)
    return None


NOMINAL: Final = Frame(
    name="nominal",
    looks_for="a blow, and from whom it came",
    find=find,
    roles=("blow",),
    cue="harm-noun",
    examples=(
        Told("I got a slap off my dad", "my dad strike i"),
        Told("she took a kick from him", "him strike she"),
        Told("a beating by ptnr", "ptnr strike -"),
    ),
    counter_examples=("a knock from the door", "he needs a push", "a kick from me"),
)
