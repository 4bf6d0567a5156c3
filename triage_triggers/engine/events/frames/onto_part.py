"""A thing or a piece comes onto, out of or from under somebody: "bit a chunk out of my ear", "stubbed it out on me"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt, own_body

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["ONTO_PART"]

REACH: Final = 6
"""Within how many words of the verb it is told onto or out of whom."""


def find(site: Site) -> Event | None:
    """Return who does it to a part of whom, or pulls what they rest on from under whom."""
    cast, words, agent = site.cast, site.cast.words, site.agent
    if agent is None:
        return None
    for step in range(site.at + 1, min(len(words) - 1, site.at + REACH)):
        if not words.close(step):
            return None
        length = words.length_of(step, "onto-or-off")
        target = object_at(cast, step + length) if length else None
        if target is None or not (target.part or words.length_of(step, "from-under")):
            continue
        if own_body(agent, target) or not is_hurt(site, target):
            return None
        return event_at(site, target.last, "strike", ONTO_PART.name, target.patient)
    return None


ONTO_PART: Final = Frame(
    name="onto_part",
    looks_for="somebody, a verb of biting or breaking, a thing or a piece, and a part of somebody else",
    find=find,
    cue="bites-or-breaks",
    examples=(
        Told("my ex bit a chunk out of my ear", "my ex strike my"),
        Told("he stubbed his fag out on my arm", "he strike my"),
        Told("my daughter kicked the stool from under me", "my daughter strike me"),
    ),
    counter_examples=(
        "he bit a chunk out of his tongue",
        "I stubbed it out on my arm",
        "the dog bit a bit out of my leg",
    ),
)
