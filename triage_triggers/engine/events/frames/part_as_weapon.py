"""A limb or a thing against a part of somebody: "his elbow in my ear", "a knife to my throat"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at, own_part, owner_of
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.frames.frame import Frame, Told, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Mention
    from triage_triggers.engine.events.clause import Object
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["PART_AS_WEAPON"]

MOST_ADVERBS: Final = 2
CLAP: Final = 4
"""Within how many words before a limb it is told with what force it comes."""
NEAR: Final = 8
"""Within how many words before the limb its owner belongs to the event's own words."""
OF: Final = 4
"""Within how many words of "in" stands "of": "in the middle of my back"."""


def find(site: Site) -> Event | None:
    """Return whose limb, or who with which thing, is in, on or round a part of whom."""
    cast, words = site.cast, site.cast.words
    way = site.behind
    for _ in range(MOST_ADVERBS):
        way += words.close(way) and words.said(way, "part-adverb")
    if not (words.close(way) and words.said(way, "part-way")):
        return None
    way = _inside(site, way)
    way += words.length_of(way + 1, "some-of")
    target = own_part(cast, way + 1) or object_at(cast, way + 1)
    agent = _agent(site)
    if agent is None or target is None or not target.part or not is_hurt(site, target, agent=agent):
        return None
    does = _does(site, way, target, caller=agent.person == CALLER)
    if does is None:
        return None
    first = agent.first if 0 <= site.at - agent.first <= NEAR and site.holds(agent) else site.at
    tie = cast.tie(agent, target.patient)
    return Event(first, target.last, does, PART_AS_WEAPON.name, agent, target.patient, tie, site.at)


def _inside(site: Site, way: int) -> int:
    """Return the place of "of" in "in the middle of my back", or the preposition's own."""
    words = site.cast.words
    for of in range(way + 1, min(len(words) - 1, way + OF)):
        if not words.close(of):
            break
        if words.said(of, "inside-of"):
            return of
    return way


def _agent(site: Site) -> Mention | None:
    """Return whose limb it is, or who wields a thing."""
    words, at = site.cast.words, site.at
    owner = words.has(at - 1, "owner") if at else None
    if owner is None or site.tag.sense.is_ == "weapon":
        return site.subject.mention
    return owner_of(site.cast, at - 1, owner.sense.sex)


def _does(site: Site, way: int, target: Object, *, caller: bool) -> str | None:
    """Return what a limb or a thing does to a part: most lie there without harm, and callers help."""
    words, thing = site.cast.words, site.tag.sense
    weapon = thing.is_ == "weapon"
    ligature = any(tag.sense.kind == "ligature" for tag in words.tags(site.at))
    if target.kind == "neck":
        return "strike" if weapon and not ligature else "throttle"
    breath, mouth = words.said(target.last - 1, "breath"), words.said(target.last - 1, "mouth")
    over = words.said(way, "over")
    if caller and (weapon or not mouth):
        return None
    if weapon:
        lies = words.said(way, "lies-near") and not (breath and (ligature or over))
    else:
        lies = words.said(way, "lies-on") and not (breath and (over or mouth)) and not _presses(site, target)
    if lies:
        return None
    chokes = breath and (ligature or not weapon) and words.said(way, "over-or-on")
    return "throttle" if chokes else "strike"


def _presses(site: Site, target: Object) -> bool:
    """Tell whether a knee or boot on a chest or head, or hands clapped on ears, is more than a touch."""
    words = site.cast.words
    if words.said(site.at, "hard-limb"):
        return words.said(target.last - 1, "pressed-part")
    return words.find("claps", max(words.sentence(site.at)[0], site.at - CLAP), site.at) is not None


PART_AS_WEAPON: Final = Frame(
    name="part_as_weapon",
    looks_for="a limb of somebody, or a thing they have, against a part of somebody else",
    find=find,
    roles=("limb", "weapon"),
    examples=(
        Told("I had his elbow in my ear", "his strike my"),
        Told("his hands round my throat", "his throttle my"),
        Told("she held a knife to my throat", "she strike my"),
        Told("he had a pillow over her face", "he throttle her"),
        Told("his fist in the middle of my back", "his strike my"),
        Told("she had her knee on my chest", "her strike my"),
        Told("he slapped both hands on my cheeks", "he strike my"),
        Told("she jabbed her thumbs in both my eyes", "her strike my"),
    ),
    counter_examples=(
        "he had his hand on my arm",
        "I put my hand on her back",
        "he put a blanket over her legs",
        "a plate on her knee",
        "he had his hands on his throat",
    ),
)
