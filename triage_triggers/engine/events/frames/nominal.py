"""A blow as a noun, and whose it is: "a slap off my dad", "a beating by ptnr"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, Mention
from triage_triggers.engine.events.clause import owner_of
from triage_triggers.engine.events.elided import unspoken
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
        length = words.length_of(step, "owed-to") or words.said(step, "done-by")
        if not length:
            continue
        agent = cast.at(step + length) if words.close(step + length) else None
        patient = site.subject.mention or _bearer(site)
        if agent is None or (agent.role == "pronoun" and agent.person == CALLER):
            return None
        if patient is not None and not between_two(cast, agent, patient, part=False):
            return None
        does = site.tag.sense.does or "strike"
        return Event(site.at, agent.last, does, NOMINAL.name, agent, patient, cast.tie(agent, patient), site.at)
    return None


def _bearer(site: Site) -> Mention | None:
    """Return whose a bruise is ("my black eye is from ..."), or who is left unsaid ("got a slap off ...")."""
    cast, words, at = site.cast, site.cast.words, site.at
    owner = words.has(at - 1, "owner") if at and words.close(at) else None
    if owner is not None:
        return owner_of(cast, at - 1, owner.sense.sex)
    return unspoken(cast, at, passive=True)


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
        Told("my black eye is from my uncle", "my uncle strike my"),
        Told("this fat lip is thanks to my ex", "my ex strike -"),
    ),
    counter_examples=("a knock from the door", "he needs a push", "a kick from me"),
)
