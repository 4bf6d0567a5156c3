"""Somebody has another do or bear something: "he has him sleeping under the stairs", "had me pinned to the wall"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.frames.frame import Frame, Told, event_at
from triage_triggers.engine.events.frames.not_let import ruled_over

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["HAD_DOING"]

NECK: Final = 5
"""Within how many words behind "pinned" stands by what somebody is held."""


def find(site: Site) -> Event | None:
    """Return who has whom sleeping, kneeling, pinned or locked in."""
    target = ruled_over(site)
    words = site.cast.words
    if target is None or not words.close(target.last):
        return None
    if words.said(target.last, "made-to-bear"):
        return event_at(site, target.last + 1, "coerce", HAD_DOING.name, target.patient)
    if not words.said(target.last, "held-fast"):
        return None
    neck = words.any_said(target.last + 1, target.last + NECK, "held-by-neck")
    return event_at(site, target.last + 1, "throttle" if neck else "grab", HAD_DOING.name, target.patient)


HAD_DOING: Final = Frame(
    name="had_doing",
    looks_for="somebody has somebody else do or bear what nobody likes to",
    find=find,
    cue="has-somebody",
    examples=(
        Told("he has him sleeping under the stairs", "he coerce him"),
        Told("my son had me pinned to the wall", "my son grab me"),
        Told("he's had me kneeling on the tiles", "he's coerce me"),
        Told("he had me pinned by the throat", "he throttle me"),
    ),
    counter_examples=(
        "I've got her lying on her side",
        "the nurse had her sleeping on her side",
        "she had me laughing",
        "he had his leg pinned",
    ),
)
