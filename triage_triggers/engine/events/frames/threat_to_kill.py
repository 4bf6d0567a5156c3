"""A death that is promised: "he said he'd kill me", "she's threatening to finish him off"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["THREAT_TO_KILL"]

SAID: Final = 8
"""Within how many words before the verb it stands that it was said."""


def find(site: Site) -> Event | None:
    """Return who said that they would kill whom."""
    words, target = site.cast.words, object_at(site.cast, site.behind)
    first = max(words.sentence(site.at)[0], site.at - SAID)
    if target is None or not words.any_said(first, site.at, "threat-said") or not is_hurt(site, target):
        return None
    return event_at(site, target.last, "threaten", THREAT_TO_KILL.name, target.patient)


THREAT_TO_KILL: Final = Frame(
    name="threat_to_kill",
    looks_for="somebody says that they will kill somebody",
    find=find,
    does=frozenset({"kill"}),
    examples=(
        Told("he said he'd kill me", "he'd threaten me"),
        Told("my ex threatened to kill her", "my ex threaten her"),
        Told("she keeps saying she'll murder him", "she'll threaten him"),
    ),
    counter_examples=("this pain is killing me", "he said it would kill him", "I said I'd kill myself"),
)
