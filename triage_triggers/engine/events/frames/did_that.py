"""A deed that is only pointed at: "her husband did that to her", "what he done to my mum"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.clause import object_at, owner_of
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt, someone_close

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["DID_THAT"]

HURT: Final = 24
"""Within how many words before "did it" an injury is told."""
REACH: Final = 4
"""Within how many words before "broken" stands whose part it is."""


def find(site: Site) -> Event | None:
    """Return who did "that" to whom, or who did "it" where an injury was told just before."""
    words, at = site.cast.words, site.at + 1
    at += words.close(at) and words.said(at, "pointed-at")
    if not words.close(at) or not words.said(at, "to-somebody"):
        return _hurt_before(site, at) if at == site.at + 2 else None
    target = object_at(site.cast, at + 1)
    if target is None or not is_hurt(site, target):
        return None
    return event_at(site, target.last, "strike", DID_THAT.name, target.patient)


def _hurt_before(site: Site, at: int) -> Event | None:
    """Return who "did it" where that ends what is said, a few words behind an injury of somebody."""
    words, agent = site.cast.words, site.agent
    if agent is None or agent.person in {None, CALLER} or site.cast.person(agent) is None:
        return None
    if agent.role == "pronoun" or words.speaker(site.at) == "call_taker":
        return None
    if words.close(at) and words.said(at, "with-thing"):
        return _with_what(site, at)
    if words.close(at) and not words.said(at, "on-purpose"):
        return None
    for step in range(site.at, max(0, site.at - HURT), -1):
        owner = words.has(step, "owner")
        if words.said(step, "injured") and owner is None:
            part = next((near for near in range(step - REACH, step) if near >= 0 and words.has(near, "owner")), None)
            patient = None if part is None else owner_of(site.cast, part, _sex(site, part))
            return event_at(site, at, "strike", DID_THAT.name, patient)
    return None


def _with_what(site: Site, at: int) -> Event | None:
    """Return who "did it with" a limb of theirs, or a thing that hurts: "my dad did it with the door"."""
    words = site.cast.words
    if someone_close(site) is None:
        return None
    for step in range(at + 1, min(len(words), at + REACH)):
        if words.close(step) and any(tag.sense.is_ in {"weapon", "surface", "limb"} for tag in words.tags(step)):
            return event_at(site, step + 1, "strike", DID_THAT.name, None)
    return None


def _sex(site: Site, at: int) -> str | None:
    owner = site.cast.words.has(at, "owner")
    return None if owner is None else owner.sense.sex


DID_THAT: Final = Frame(
    name="did_that",
    looks_for="somebody did that, this, it or things to somebody",
    find=find,
    cue="did-something",
    examples=(
        Told("her husband did that to her", "her husband strike her"),
        Told("what he done to my mum", "he strike my mum"),
        Told("my arm is broken, my husband did it", "my husband strike my"),
        Told("my dad did it with the door", "my dad strike -"),
    ),
    counter_examples=("she did it to herself", "who did this", "he did that on Monday", "my dad did it with my nan"),
)
