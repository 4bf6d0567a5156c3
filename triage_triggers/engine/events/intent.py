"""Whether an event was meant: harm, or an accident, treatment, illness, play, or a figure of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Why
from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.enquiries import is_patient, named_lately
from triage_triggers.engine.events.words import COMMA

if TYPE_CHECKING:
    from triage_triggers.assessment import Intent
    from triage_triggers.engine.events.cast import Cast
    from triage_triggers.engine.events.event import Event

__all__ = ["Intended", "intent_of"]

NEAR: Final = 14
"""How many words before and behind an event may tell how it was meant."""


class Intended(NamedTuple):
    """How an event was meant, why we think so, and the words that tell: ``first:last``, half-open."""

    intent: Intent
    why: Why
    first: int
    last: int


class _Cues(NamedTuple):
    intent: Intent
    why: Why
    words: frozenset[str]


_ACCIDENT: Final = (("by", "accident"), ("by", "mistake"), ("accidentally",), ("never", "saw", "me"), ("didn't", "see", "me"), ("didnt", "see", "me"), ("didn't", "see", "her"), ("didn't", "know", "i", "was"), ("backed", "into"), ("reversed", "into"), ("reversed", "over"))
_FIGURE: Final = (("feels", "like"), ("felt", "like"), ("it's", "like"), ("its", "like"), ("like", "he'd", "been"), ("like", "someone"), ("like", "somebody"), ("as", "if"), ("i", "could"), ("going", "to", "kill", "me"))
_PLAY: Final = frozenset({"football", "rugby", "tackle", "tackled", "match", "pitch", "scrum", "boxing", "sparring", "karate", "judo", "wrestling", "trampoline", "playing", "game", "training", "shinty", "hurling", "hockey", "netball", "cricket", "messing"})
_ILL: Final = frozenset(
    "fit fits fitting seizure seizures epilepsy epileptic dementia alzheimer's alzheimers delirious delirium confused confusion hypo sugar sugars diabetic stroke sundowning uti sepsis contraction contractions labour pushing waters midwife nightmare sleepwalking asleep hallucinating ketamine drunk intoxicated concussed concussion postictal autistic autism hospice lucozade glucose".split()
)
_CHOKING: Final = frozenset({"choking", "choked", "choke", "stuck", "cough", "coughing", "back", "blades", "heimlich", "thrusts", "cpr", "compressions"})
_HELPED: Final = frozenset({"fell", "fallen", "collapsed", "lift", "lifted", "unconscious", "breathing", "pulse", "stiff", "hanging", "trapped", "stuck"})
_ROUGH: Final = frozenset("shove shoved shoving shoves launch launched fling flung hurl hurled throw threw throwing slam slammed drag dragged yank yanked shake shook knock knocked kick kicked".split())
_CHOKES: Final = frozenset({"choking", "choked", "heimlich", "coughing", "stuck", "swallowed", "blades", "thrusts", "blows"})
_HELD: Final = frozenset({"grab", "throw", "confine"})


def intent_of(cast: Cast, event: Event) -> Intended | None:
    """Return how an event was meant, where it was not meant as harm."""
    words = cast.words
    low, high = max(0, event.first - NEAR), min(len(words), event.last + NEAR)
    figure = _phrase(words.spelled, _FIGURE, max(0, event.first - 6), event.verb + 1)
    if figure is not None:
        return Intended("figurative", Why.FIGURE, *figure)
    supposed = _supposed(cast, event)
    if supposed is not None:
        return supposed
    accident = _phrase(words.spelled, _ACCIDENT, low, high)
    if accident is not None:
        return Intended("accident", Why.BY_ACCIDENT, *accident)
    first, last = words.sentence(event.verb)
    played = _word(words.spelled, _PLAY, max(first, low), min(last, high))
    if played is not None:
        return Intended("play", Why.PLAYED, *played)
    helped = _rescued(cast, event)
    if helped is not None:
        return helped
    if event.agent is None:
        return _treated(cast, event)
    if event.agent.person == CALLER or event.agent.role != "pronoun":
        treated = _treated(cast, event)
        if treated is not None:
            return treated
    fits = event.agent.role == "pronoun" and event.agent.sex == cast.patient_sex and not named_lately(cast, event.agent)
    if (fits or is_patient(cast, event.agent)) and event.agent.person != CALLER:
        ill = _word(words.spelled, _ILL, 0, len(words))
        if ill is not None:
            return Intended("illness", Why.ILL, *ill)
    return None


def _supposed(cast: Cast, event: Event) -> Intended | None:
    """Return a reading where somebody only thinks that they killed, or a relative "will batter" somebody."""
    spelled = cast.words.spelled
    if event.does == "kill" and {"thinks", "think", "thought"} & set(spelled[max(0, event.verb - 4) : event.verb]):
        return Intended("figurative", Why.FIGURE, max(0, event.verb - 1), event.verb)
    if event.agent is not None and event.agent.role == "person" and event.patient is not None and event.patient.sex != "self":
        before = spelled[max(0, event.verb - 2) : event.verb]
        if {"will", "would", "gonna"} & set(before) or (event.verb and spelled[event.verb - 1].endswith("'ll")):
            return Intended("figurative", Why.FIGURE, event.verb - 1, event.verb)
    return None


def _rescued(cast: Cast, event: Event) -> Intended | None:
    """Return a reading where the patient chokes and is being slapped, or somebody had to be grabbed."""
    words = cast.words
    if event.does in _HELD | {"strike"} and words.spelled[max(0, event.verb - 2) : event.verb] == ["had", "to"]:
        return Intended("treatment", Why.TREATED, event.verb - 2, event.verb)
    if event.does not in {"strike", "grab"} or event.patient is None or not is_patient(cast, event.patient) or event.patient.person == CALLER:
        return None
    choking = _word(words.spelled, _CHOKES, 0, len(words))
    going_on = words.spelled[event.verb].endswith("ing") or "back" in words.spelled[event.verb : event.last + 4] or event.does == "grab"
    return Intended("treatment", Why.TREATED, *choking) if choking is not None and going_on else None


def _treated(cast: Cast, event: Event) -> Intended | None:
    """Return a reading where somebody slaps a choking back or holds down who has a fit."""
    words = cast.words
    said = words.spelled[event.first : event.last + 1]
    if "back" in said and event.does == "strike":
        choking = _word(words.spelled, _CHOKING - {"back"}, 0, len(words))
        if choking is not None:
            return Intended("treatment", Why.TREATED, *choking)
    if event.does in {"break", "grab"} and event.agent is not None and event.agent.person == CALLER:
        helped = _word(words.spelled, _CHOKING | _ILL | _HELPED, 0, len(words))
        if helped is not None:
            return Intended("treatment", Why.TREATED, *helped)
    if event.does in _HELD and words.spelled[event.verb] not in _ROUGH and event.agent is not None and event.agent.person == CALLER:
        ill = _word(words.spelled, _ILL, 0, len(words))
        if ill is not None and event.patient is not None and is_patient(cast, event.patient):
            return Intended("treatment", Why.TREATED, *ill)
    return None


def _word(spelled: list[str], cues: frozenset[str], first: int, last: int) -> tuple[int, int] | None:
    return next(((at, at + 1) for at in range(first, last) if spelled[at] in cues), None)


def _phrase(spelled: list[str], cues: tuple[tuple[str, ...], ...], first: int, last: int) -> tuple[int, int] | None:
    for at in range(first, last):
        for cue in cues:
            if spelled[at] == cue[0] and tuple(spelled[at : at + len(cue)]) == cue:
                return at, at + len(cue)
    return None
