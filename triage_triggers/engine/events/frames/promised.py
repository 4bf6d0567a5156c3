"""Harm that is promised: "he says he'll put me through the window", "she said she'd burn me out"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Site, Told, between_two, event_at

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.event import Event

__all__ = ["PROMISED"]

SAID: Final = 12
"""Within how many words behind "said" stands "he'll"."""
HARM: Final = frozenset({"strike", "throttle", "cut", "shoot", "burn", "rape", "break"})
_NOBODY: Final = frozenset({"you", "who", "some", "self"})
"""Who promises nothing as it is told: "you said you'd"."""


def find(site: Site) -> Event | None:
    """Return who said that they would do what harm to whom."""
    words = site.cast.words
    for at in range(site.at + 1, min(words.sentence(site.at)[1], site.at + SAID)):
        agent = _who_will(site.cast, at)
        if agent is not None:
            return _harm(site, agent, at + 1)
    return None


def _who_will(cast: Cast, at: int) -> Mention | None:
    """Return who will do something: "he'll" is one word, "he would" are two."""
    words = cast.words
    agent = cast.ending(at + 1) if words.ends_in(at, "would-ending") else None
    if agent is None and words.said(at, "would"):
        agent = cast.ending(at)
    return None if agent is None or agent.person == CALLER or agent.sex in _NOBODY else agent


def _harm(site: Site, agent: Mention, verb: int) -> Event | None:
    cast, words = site.cast, site.cast.words
    verb += words.close(verb) and words.said(verb, "then-small")
    if not words.close(verb):
        return None
    target, phrase = object_at(cast, verb + 1), words.length_of(verb, "promised-harm")
    harm = any(tag.sense.is_ == "verb" and tag.sense.does in HARM for tag in words.tags(verb))
    if not phrase and (not harm or target is None or target.patient is None):
        return None
    patient = None if target is None else target.patient
    if patient is not None and not between_two(cast, agent, patient, part=False):
        return None
    last = max(verb + phrase, verb + 1 if target is None else target.last)
    return event_at(Site(cast, verb, site.tag, {}).by(agent), last, "threaten", PROMISED.name, patient)


PROMISED: Final = Frame(
    name="promised",
    looks_for="somebody says that they will harm somebody",
    find=find,
    cue="threat-said",
    examples=(
        Told("he says he'll slap me", "he'll threaten me"),
        Told("my ex texted that he'll set fire to the house", "he'll threaten -"),
        Told("she told him she would cut him", "she threaten him"),
    ),
    counter_examples=(
        "he said he'll help me",
        "the doctor said it would hurt me",
        "he'll be here soon",
        "you said you'd hit me up later",
    ),
)
