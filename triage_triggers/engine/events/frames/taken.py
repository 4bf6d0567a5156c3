"""Somebody takes or keeps what another needs: "took my phone", "has her card", "keeps his tablets"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import owner_of
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["TAKEN"]

REACH: Final = 5
"""Within how many words behind the verb the thing stands."""
_NOBODY: Final = frozenset({"you", "many", "who", "some"})
_BETWEEN: Final = frozenset({"owner", "adjective", "article", "skip", "goal"})


def find(site: Site) -> Event | None:
    """Return who has whose phone, money, keys or tablets."""
    cast, words, agent = site.cast, site.cast.words, site.subject.mention
    if agent is None or site.subject.blocked or agent.person == CALLER or agent.sex in _NOBODY:
        return None
    owner = None
    for step in range(site.behind, site.behind + REACH):
        if not words.close(step):
            return None
        for tag in words.tags(step):
            if tag.sense.is_ == "owner":
                owner = owner_of(cast, step, tag.sense.sex)
        need = words.has(step, "need")
        if need is not None:
            if owner is None or not between_two(cast, agent, owner, part=True):
                return None
            return event_at(site, step + need.length, "take", TAKEN.name, owner)
        if not any(tag.sense.is_ in _BETWEEN for tag in words.tags(step)):
            return None
    return None


TAKEN: Final = Frame(
    name="taken",
    looks_for="somebody takes, keeps or breaks what another needs",
    find=find,
    does=frozenset({"take"}),
    examples=(
        Told("he took my phone", "he take my"),
        Told("my son keeps her pension card", "my son take her"),
        Told("she's got my car keys", "she's take my"),
        Told("he smashed my mobile", "he take my"),
    ),
    counter_examples=("he took his tablets", "I took her phone", "he took the bus", "he has a phone"),
)
