"""Whether an event was meant: harm, or an accident, treatment, illness, play, or a figure of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Why
from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.patient import is_patient

if TYPE_CHECKING:
    from triage_triggers.assessment import Intent
    from triage_triggers.engine.events.cast import Cast
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
    figure = words.find("figure", event.first - FIGURE, event.verb + 1)
    if figure is not None:
        return Intended("figurative", Why.FIGURE, *figure)
    accident = words.find("accident", low, high)
    if accident is not None:
        return Intended("accident", Why.BY_ACCIDENT, *accident)
    first, last = words.sentence(event.verb)
    played = words.find("play", max(first, low), min(last, high))
    if played is not None:
        return Intended("play", Why.PLAYED, *played)
    treated = _treatment(cast, event)
    if treated is not None:
        return Intended("treatment", Why.TREATED, *treated)
    if agent is not None and agent.person != CALLER and is_patient(cast, agent):
        ill = words.somewhere("illness")
        if ill is not None:
            return Intended("illness", Why.ILL, *ill)
    return None


def _treatment(cast: Cast, event: Event) -> tuple[int, int] | None:
    """Return the words that tell of treatment or rescue."""
    words, agent = cast.words, event.agent
    if event.does in _HELD | {"strike"} and words.length_of(event.verb - 2, "had-to"):
        return event.verb - 2, event.verb
    caller = agent is not None and agent.person == CALLER
    if event.does == "strike":
        choked = _choked(cast, event)
        if choked is not None:
            return choked
        slapped_back = words.any_said(event.first, event.last + 1, "back")
        named = agent is None or caller or agent.role != "pronoun"
        return words.somewhere("choking") if slapped_back and named else None
    if not caller:
        return None
    if event.does in {"break", "grab"}:
        said = [words.somewhere(cue) for cue in ("choking", "back", "illness", "helped")]
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
    slapped = words.ends_in(event.verb, "going-on-now") or words.any_said(event.verb, event.last + BACK, "back")
    return words.somewhere("chokes") if slapped else None
