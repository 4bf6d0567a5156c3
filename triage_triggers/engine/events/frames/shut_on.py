"""A thing is put onto somebody with force: "shut the door on her hand", "rammed the car door on her"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import bare_part, object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at, own_body

if TYPE_CHECKING:
    from triage_triggers.engine.events.clause import Object
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["SHUT_ON"]

REACH: Final = 8
"""Within how many words of the verb it is told on whom."""


def find(site: Site) -> Event | None:
    """Return which door, drawer or iron comes onto whom."""
    cast, words, agent = site.cast, site.cast.words, site.subject.mention
    thing = False
    for step in range(site.at + 1, min(len(words) - 1, site.at + REACH)):
        thing = thing or (words.close(step) and _is_thing(site, step))
        if not words.close(step) or (cast.at(step) is not None and not thing):
            return None
        target = _onto(site, step) if thing else None
        if target is None or (target.patient is None and (agent is None or agent.role != "person")):
            continue
        if agent is None or own_body(agent, target):
            return None
        if not between_two(cast, agent, target.patient, part=target.part):
            return None
        return event_at(site, target.last, "throw_at", SHUT_ON.name, target.patient)
    return None


def _is_thing(site: Site, at: int) -> bool:
    words = site.cast.words
    if any(tag.sense.is_ in {"surface", "weapon"} and tag.sense.kind != "ligature" for tag in words.tags(at)):
        return True
    if at == site.at + 1:
        return words.said(at, "it-thing")
    return (
        words.said(site.at, "slams")
        and words.has(site.at + 1, "article") is not None
        and words.said(at + 1, "onto-part")
    )


def _onto(site: Site, way: int) -> Object | None:
    words = site.cast.words
    if not words.said(way, "shut-way"):
        return None
    target = object_at(site.cast, way + 1) or bare_part(site.cast, way + 1)
    return None if target is not None and not target.part and words.said(way, "to-part") else target


SHUT_ON: Final = Frame(
    name="shut_on",
    looks_for="somebody, a verb of shutting or pressing, a thing, and whom or what part it comes onto",
    find=find,
    cue="shuts",
    examples=(
        Told("he shut the door on her hand", "he throw_at her"),
        Told("he rammed the car door on her", "he throw_at her"),
        Told("she brought it down on my head", "she throw_at my"),
        Told("he's bringing it down on my arm", "he's throw_at my"),
        Told("my husband slammed the bonnet lid on my fingers", "my husband throw_at my"),
        Told("she heated it and pressed it on my leg", "she throw_at my"),
    ),
    counter_examples=("I shut the door on my hand", "he shut the door on his finger", "he put the plate on the table"),
)
