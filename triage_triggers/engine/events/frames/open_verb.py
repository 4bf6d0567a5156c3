"""A verb that need not be known: somebody, any verb, somebody, and a goal that nobody is helped to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt
from triage_triggers.engine.events.frames.goal import Goal, goal_at

if TYPE_CHECKING:
    from triage_triggers.engine.events.clause import Object
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["OPEN_VERB"]


def find(site: Site) -> Event | None:
    """Return "bounced me off the radiator", "had me by the hair"; a kind verb needs a harder goal."""
    target = object_at(site.cast, site.behind) if site.tag.sense.hard else None
    agent = None if target is None else site.agent
    if target is None or agent is None or not is_hurt(site, target):
        return None
    kind = any(tag.sense.name == "kind-verb" for tag in site.cast.words.tags(site.at))
    goal = goal_at(site.cast, target.last, rough=not kind, known=site.tag.sense.does != "unknown", part=target.part)
    if goal is None:
        goal = _some_way(site, target)
    if goal is None or (kind and agent.person == CALLER):
        return None
    return event_at(site, goal.last, goal.does, OPEN_VERB.name, target.patient)


def _some_way(site: Site, target: Object) -> Goal | None:
    """Return where "along the passage" begins, which says enough of whom somebody dragged."""
    words, way = site.cast.words, target.last
    if site.agent is None or site.agent.person == CALLER or not words.said(site.at, "drags"):
        return None
    way += words.close(way) and words.said(way, "goal-adverb")
    led = words.close(way) and words.said(way, "dragged-way") and words.close(way + 1)
    return Goal(way + 1, "throw") if led else None


OPEN_VERB: Final = Frame(
    name="open_verb",
    looks_for="somebody, any verb, somebody or a part of them, and a hard goal",
    find=find,
    does=frozenset({"throw", "unknown"}),
    examples=(
        Told("he bounced me off the radiator", "he throw me"),
        Told("he had me by the throat", "he throttle me"),
        Told("my brother skelfed me against the fence", "my brother throw me"),
        Told("he trapped her fingers in the gate", "he throw her"),
        Told("he pulled me out of bed", "he throw me"),
        Told("my uncle hauled me along the passage", "my uncle throw me"),
        Told("she put her hands round and got him round the neck", "she throttle him"),
    ),
    counter_examples=(
        "he put me onto the bed",
        "I got him down the stairs",
        "he bounced the ball off the radiator",
        "he lifted her into the car",
        "the door swung me into the wall",
        "he drove me to the hospital",
    ),
)
