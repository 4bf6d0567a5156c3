"""A verb that says by itself that somebody is harmed: "he clocked me", "she was choking him"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at, target_of

if TYPE_CHECKING:
    from triage_triggers.engine.events.clause import Object
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["HARMS", "KNOWN_VERB", "done_to"]

HARMS: Final = frozenset({"strike", "throw", "grab", "throttle", "cut", "shoot", "burn", "rape", "break"})
_OF_PARTS: Final = frozenset({"cut", "confine"})
"""What is done to a part of somebody as to the whole."""
_CHOKES_BY_NECK: Final = frozenset({"grab", "strike", "break"})


def find(site: Site) -> Event | None:
    """Return "he hit me", "battered her", "went for my mam"."""
    return None if site.tag.sense.takes == "part" else done_to(site, KNOWN_VERB.name)


def done_to(site: Site, frame: str) -> Event | None:
    """Return what is done to the person, or the part of one, that stands behind a verb."""
    sense, cast = site.tag.sense, site.cast
    target = None if sense.hard else target_of(site)
    if target is None or _fits_not(site, target):
        return None
    subject = site.subject
    if subject.blocked and not subject.passive:
        return None
    agent = subject.mention
    if agent is None and (not target.part or (subject.passive and not cast.words.ends_in(site.at, "going-on"))):
        return None
    if not between_two(cast, agent, target.patient, part=target.part) or _may_be_own(site, target):
        return None
    if target.patient is None and agent is not None and agent.person == CALLER:
        return None
    does = sense.does or ""
    by_neck = target.kind == "neck" and does in _CHOKES_BY_NECK and not cast.words.said(site.at, "hurting")
    return event_at(site, target.last, "throttle" if by_neck else does, frame, target.patient)


def _may_be_own(site: Site, target: Object) -> bool:
    """Tell whether a part is the agent's where nobody else is known whose it may be: "my carer smacked her lips"."""
    agent, owner = site.subject.mention, target.patient
    if agent is None or owner is None or not target.part or agent.role != "person" or agent.sex is not None:
        return False
    return owner.person is None and owner.sex in ONE and owner.sex != site.cast.patient_sex


def _fits_not(site: Site, target: Object) -> bool:
    """Tell whether a verb can't be meant of what stands behind it: "cracked my back", "pushed her out"."""
    words, sense, part = site.cast.words, site.tag.sense, target.last - 1
    if target.part:
        led_away = words.said(part, "hand-or-arm") and words.said(target.last, "away")
        held = sense.does == "grab" and words.said(part, "hand")
        taken_whole = sense.takes == "person" and sense.does not in _OF_PARTS and site.tag.length == 1
        return led_away or held or taken_whole
    if words.said(target.last, "away-from-them"):
        return True  # "she's pushing me away"
    return sense.does == "throw" and _sent_away(site, target.last)


def _sent_away(site: Site, at: int) -> bool:
    """Tell whether "out" stands behind and leads nowhere: who is thrown out has been sent away."""
    words = site.cast.words
    return words.said(at, "sent-out") and not (words.close(at + 1) and words.said(at + 1, "leads-on"))


KNOWN_VERB: Final = Frame(
    name="known_verb",
    looks_for="somebody, a verb of harm, and somebody else or a part of them",
    find=find,
    does=HARMS,
    examples=(
        Told("he hit me", "he strike me"),
        Told("my bloke went for my mam", "my bloke strike my mam"),
        Told("she's been battering him for years", "she's strike him"),
        Told("he turned round and clocked me", "he strike me"),
        Told("he shoved me", "he throw me"),
        Told("the lad stabbed my brother", "the lad cut my brother"),
        Told("he grabbed me by mistake", "he grab me"),
        Told("my mum shoved me off bottom stair", "my mum throw me"),
        Told("bf punched face", "bf strike -"),
    ),
    counter_examples=(
        "a car hit her",
        "I hit myself",
        "he hurt himself",
        "the door caught him",
        "he pushed the door",
        "he threw me out",
        "the paramedic pushed him",
        "a panic attack",
        "son hit head",
    ),
)
