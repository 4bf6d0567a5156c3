"""Somebody is given a blow: "gave me a slap", "gies her a doing", "caught me one"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["GIVEN"]

REACH: Final = 5
"""Within how many words behind the one who is hit the blow stands."""


def find(site: Site) -> Event | None:
    """Return who gives whom a blow."""
    words, target = site.cast.words, object_at(site.cast, site.behind)
    if target is None or target.part or not is_hurt(site, target):
        return None
    for step in range(target.last, min(len(words), target.last + REACH)):
        if not words.close(step):
            break
        if words.has(step, "blow") is not None or (step == target.last and words.said(step, "one-blow")):
            return event_at(site, step + 1, "strike", GIVEN.name, target.patient)
    return None


GIVEN: Final = Frame(
    name="given",
    looks_for="somebody gives or lands somebody else a blow",
    find=find,
    does=frozenset({"give"}),
    examples=(
        Told("he gave me a slap", "he strike me"),
        Told("my brother gies her a doing", "my brother strike her"),
        Told("she caught me one", "she strike me"),
    ),
    counter_examples=("he gave me a lift", "she gave herself a slap", "he gave me the phone", "it gave me a knock"),
)
