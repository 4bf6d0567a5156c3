"""Whether an event was meant: harm, or an accident, treatment, illness, play, or a figure of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Why
from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.patient import is_patient, named_lately

if TYPE_CHECKING:
    from triage_triggers.assessment import Intent
    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.event import Event

__all__ = ["Intended", "intent_of"]

NEAR: Final = 14
"""How many words before and behind an event may tell how it was meant."""
FIGURE: Final = 6
"""How many words before an event may make a figure of speech of it."""
BACK: Final = 4
"""Within how many words behind a slap stands where it went."""
_HELD: Final = frozenset({"grab", "throw", "confine"})


class Intended(NamedTuple):
    """How an event was meant, why we think so, and the words that tell: ``first:last``, half-open."""

    intent: Intent
    why: Why
    first: int
    last: int


def intent_of(cast: Cast, event: Event) -> Intended | None:
    """Return how an event was meant, where it was not meant as harm."""
    words, agent = cast.words, event.agent
    low, high = event.first - NEAR, event.last + NEAR
    figure = words.find("figure", event.first - FIGURE, event.verb + 1) if event.does != "threaten" else None
    if figure is not None:
        return Intended("figurative", Why.FIGURE, *figure)
    supposed = _supposed(cast, event)
    if supposed is not None:
        return Intended("figurative", Why.FIGURE, *supposed)
    accident = words.find("accident", low, high)
    if accident is not None:
        return Intended("accident", Why.BY_ACCIDENT, *accident)
    first, last = words.sentence(event.verb)
    played = words.find("play", max(first, low), min(last, high))
    if played is not None and not _watched(cast, played[0]):
        return Intended("play", Why.PLAYED, *played)
    treated = _treatment(cast, event)
    if treated is not None:
        return Intended("treatment", Why.TREATED, *treated)
    if agent is not None and agent.person != CALLER and (agent.sex == "you" or _is_the_ill_one(cast, agent)):
        ill = words.somewhere("illness")
        if ill is not None:
            return Intended("illness", Why.ILL, *ill)
    return None


def _watched(cast: Cast, at: int) -> bool:
    """Tell whether a game is somebody's or watched, and nothing that two play: "I laughed at his game"."""
    words = cast.words
    return words.said(at, "spectated") and words.close(at) and words.said(at - 1, "watched")


def _is_the_ill_one(cast: Cast, agent: Mention) -> bool:
    """Tell whether somebody is the patient, or "he" or "she" that fits the patient and nobody named just before."""
    if is_patient(cast, agent):
        return True
    return agent.role == "pronoun" and agent.sex == cast.patient_sex and not named_lately(cast, agent)


def _supposed(cast: Cast, event: Event) -> tuple[int, int] | None:
    """Return the words that tell that somebody only thinks they killed, or that a relative "will batter" somebody."""
    words, agent, patient = cast.words, event.agent, event.patient
    if event.does == "killed":
        would_have = words.length_of(event.verb - 1, "have") and (
            words.said(event.verb - 2, "will") or words.ends_in(event.verb - 2, "would-ending")
        )
        if would_have:
            return event.verb - 2, event.verb  # "she'd have murdered him"
        return words.find("supposes", event.verb - BACK, event.verb)
    if agent is None or agent.role != "person" or patient is None or patient.sex == "self":
        return None
    will = words.find("will", event.verb - 2, event.verb)
    return (event.verb - 1, event.verb) if will is None and words.ends_in(event.verb - 1, "will-ending") else will


def _treatment(cast: Cast, event: Event) -> tuple[int, int] | None:
    """Return the words that tell of treatment or rescue."""
    words, agent = cast.words, event.agent
    if event.does in _HELD | {"strike"} and words.length_of(event.verb - 2, "had-to"):
        return event.verb - 2, event.verb
    caller = agent is not None and agent.person == CALLER
    if event.does == "cut":
        return words.somewhere("adrenaline")
    if event.does in {"strike", "grab", "throw", "break"}:
        told = words.somewhere("back-blows")
        if told is not None:
            return told
    choked = _choked(cast, event) if event.does in {"strike", "grab"} else None
    if choked is not None:
        return choked
    if event.does == "strike":
        slapped_back = words.any_said(event.first, event.last + 1, "back")
        named = agent is None or caller or agent.role != "pronoun"
        return words.somewhere("choking") if slapped_back and named else None
    if not caller:
        return None
    if event.does in {"break", "grab"}:
        said = [words.somewhere(cue) for cue in ("choking", "illness", "helped")]
        said.append(words.find("back", event.first - NEAR, event.last + NEAR))
        helped = min(filter(None, said), default=None)
        if helped is not None:
            return helped
    calm = event.does in _HELD and not words.said(event.verb, "rough")
    return (
        words.somewhere("illness") if calm and event.patient is not None and is_patient(cast, event.patient) else None
    )


def _choked(cast: Cast, event: Event) -> tuple[int, int] | None:
    """Return what tells that the patient chokes and is being slapped."""
    words, patient = cast.words, event.patient
    if patient is None or patient.person == CALLER or not is_patient(cast, patient):
        return None
    slapped = event.does == "grab" or words.ends_in(event.verb, "going-on-now")
    slapped = slapped or words.any_said(event.verb, event.last + BACK, "back")
    return words.somewhere("chokes") if slapped else None
