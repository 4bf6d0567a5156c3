"""Harm that is promised: "he says he'll put me through the window", "she said she'd burn me out"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["PROMISED"]

SAID: Final = 12
"""Within how many words before "he'll" it stands that it was said."""
_NOBODY: Final = frozenset({"you", "who", "some", "self"})
"""Who promises nothing as it is told: "you said you'd"."""


def find(site: Site) -> Event | None:
    """Return who said that they would do what harm to whom."""
    cast, words = site.cast, site.cast.words
    agent = cast.ending(site.at + 1) or cast.ending(site.at)
    if agent is None or agent.person == CALLER or agent.sex in _NOBODY:
        return None
    if not (words.said(site.at, "would") or words.ends_in(site.at, "would-ending")):
        return None
    start = max(words.sentence(site.at)[0], agent.first - SAID)
    if not words.any_said(start, agent.first, "threat-said"):
        return None
    verb = site.at + 1
    verb += words.close(verb) and words.said(verb, "then-small")
    if not words.close(verb):
        return None
    target = object_at(cast, verb + 1)
    harm = any(tag.sense.is_ == "verb" and tag.sense.does in HARM for tag in words.tags(verb))
    phrase = words.length_of(verb, "promised-harm")
    if not phrase and (not harm or target is None or target.patient is None):
        return None
    patient = None if target is None else target.patient
    if patient is not None and not between_two(cast, agent, patient, part=True):
        return None
    last = verb + phrase if phrase else target.last if target is not None else verb + 1
    threat = site.by(agent)
    return event_at(threat, last, "threaten", PROMISED.name, patient)


HARM: Final = frozenset({"strike", "throttle", "cut", "shoot", "burn", "rape", "break"})


PROMISED: Final = Frame(
    name="promised",
    looks_for="somebody says that they will harm somebody",
    find=find,
    cue="wills",
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
