"""Somebody takes or keeps what another needs: "took my phone", "has her card", "keeps his tablets"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, Mention
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
    if words.speaker(site.at) == "call_taker":
        return None  # "keep your phone for that"
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
            return _of_whom(site, step, need.length, owner)
        roles = {tag.sense.is_ for tag in words.tags(step)}
        if roles.isdisjoint(_BETWEEN) or (owner is not None and "goal" in roles and "adjective" not in roles):
            return None  # "lifted her into the car"
    return None


def _of_whom(site: Site, step: int, length: int, owner: Mention | None) -> Event | None:
    """Return the event of a thing that is needed, which stands at a word: its owner's, or whoever tells of it."""
    cast, words, agent = site.cast, site.cast.words, site.subject.mention
    if words.close(step + length) and words.said(step + length, "covers"):
        return None  # "he has his coat over her"
    if owner is None and words.said(site.at, "surely-takes") and words.has(step - 1, "article"):
        caller = words.speaker(site.at) == "caller"
        implied = Mention(site.at, site.at, CALLER, "self", "pronoun", subject=False) if caller else None
        return event_at(site, step + length, "take", TAKEN.name, implied)
    if owner is None or not between_two(cast, agent, owner, part=True):
        return None
    return event_at(site, step + length, "take", TAKEN.name, owner)


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
        Told("my mum hides the front door key", "my mum take -"),
    ),
    counter_examples=(
        "he took his tablets",
        "I took her phone",
        "he took the bus",
        "he has a phone",
        "he has his coat over her",
    ),
)
