"""It is done to somebody: "I got leathered by our kid", "punched x2 to face by bf"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.frames.frame import Frame, Told, target_of
from triage_triggers.engine.events.frames.known_verb import HARMS
from triage_triggers.engine.events.words import SENTENCE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Mention
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["PASSIVE"]

REACH: Final = 8
"""Within how many words behind the verb it is told by whom."""
ONE_OF: Final = 5
"""Within how many words of "by" somebody is named: "by one of the agency carers"."""
NEAR: Final = 5
"""Within how many words before the verb its patient belongs to the event's own words."""
_BY_SOMEBODY: Final = frozenset({"break", "cut", "burn", "follow", "confine", "throw", "grab", "threaten", "demean"})
"""What may have happened without anybody's doing, so that it must be told by whom."""


def find(site: Site) -> Event | None:
    """Return what is done to somebody, where the verb's form can say so and nobody stands behind it as its object."""
    cast, words, does = site.cast, site.cast.words, site.tag.sense.does or ""
    if site.tag.sense.hard or not (words.ends_in(site.at, "participle-ending") or words.said(site.at, "participle")):
        return None
    subject = site.subject
    if subject.blocked and not subject.passive:
        return None
    agent, last = _by_whom(site)
    if target_of(site) is not None and (agent is None or not subject.passive):
        return None
    if agent is not None and subject.mention is not None and not (subject.passive or _surely_by(site, agent)):
        return None  # "I've taken the scissors off her"
    if agent is None:
        if last is None or not subject.passive or subject.mention is None or subject.blocked:
            return None
        if (does in _BY_SOMEBODY and not words.said(site.at, "surely-done")) or words.said(site.at, "not-done"):
            return None
        patient: Mention | None = subject.mention
    else:
        patient = subject.mention
        helper, hurt = cast.person(agent), cast.person(patient)
        if helper is not None and (helper.helper or helper is hurt):
            return None
        if cast.words.said(agent.last - 1, "animal"):
            return None
    near = patient is not None and site.at - patient.last <= NEAR and site.holds(patient)
    first = patient.first if patient is not None and near else site.at
    tie = cast.tie(agent, patient) if agent is not None else "nobody"
    return Event(first, last or site.behind, does, PASSIVE.name, agent, patient, tie, site.at)


def _by_whom(site: Site) -> tuple[Mention | None, int | None]:
    """Return the agent behind "by", and where that ends; no end where it is done by a thing."""
    words, behind = site.cast.words, site.behind
    for step in range(behind, min(len(words) - 1, behind + REACH)):
        if words.breaks[step] >= SENTENCE:
            break
        if words.said(step, "done-by"):
            surely = words.said(step, "surely-by")
            for near in range(step + 1, min(len(words), step + (ONE_OF if surely else 2))):
                if words.breaks[near] >= SENTENCE:
                    break
                agent = site.cast.at(near)
                if agent is not None:
                    return agent, agent.last
            if surely:
                return None, None
    return None, behind


def _surely_by(site: Site, agent: Mention) -> bool:
    """Tell whether "by" stands before an agent, which no verb takes that somebody does to a thing."""
    words = site.cast.words
    return any(words.said(at, "surely-by") for at in range(max(site.behind, agent.first - ONE_OF), agent.first))


PASSIVE: Final = Frame(
    name="passive",
    looks_for="somebody, a verb of harm in the form that tells what was done to them, and perhaps by whom",
    find=find,
    does=HARMS | {"threaten", "follow", "demean", "confine"},
    examples=(
        Told("I got leathered by our Kev", "our kev strike i"),
        Told("she was attacked", "- strike she"),
        Told("punched x2 to face by bf", "bf strike -"),
        Told("my mum's been strangled by her fella", "her fella throttle my mum's"),
        Told("I've been beaten by my husband", "my husband strike i've"),
    ),
    counter_examples=(
        "I was hit by a car",
        "he was hurt",
        "she was bitten by the paramedic",
        "he was knocked down",
        "I've taken it off her",
    ),
)
