"""How the suggestion for a call would have unfolded while it went on, utterance by utterance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator

__all__ = ["Step", "first_flagged", "first_suggested", "unfold"]


class Step(NamedTuple):
    """The assessment after an utterance at which it changed.

    ``utterance`` counts from 0; ``time`` is when that utterance ended (else began), in seconds from the start of the
    call, ``None`` where the call has no times.
    """

    utterance: int
    time: float | None
    assessment: Assessment


def unfold(evaluator: Evaluator, call: Call) -> tuple[Step, ...]:
    """Return each step at which flag, suggestion, advice or policies changed, as a live call would have shown them.

    The last step, or no step, is what evaluating the whole call gives: an answer, or a denial, may take back what a
    step before suggested.

    >>> from triage_triggers import Call, Evaluator, Utterance, load_ruleset
    >>> said = [Utterance("Has he strangled you?", "call_taker", 1, 2), Utterance("Yeah.", "caller", 3, 4)]
    >>> steps = unfold(Evaluator(load_ruleset("uk-ambulance")), Call("C-1", said, current_code="C3"))
    >>> [(step.utterance, step.time, step.assessment.suggested_code) for step in steps]
    [(1, 4, 'C2')]
    """
    live = evaluator.open_call(call.call_id, current_code=call.current_code, code_system=call.code_system)
    last = live.assessment()
    steps = []
    for number, utterance in enumerate(call.utterances):
        assessment = live.add(utterance).assessment
        if _outcome(assessment) != _outcome(last):
            steps.append(Step(number, utterance.time, assessment))
            last = assessment
    return tuple(steps)


def first_flagged(steps: tuple[Step, ...]) -> Step | None:
    """Return the first step at which the call was flagged."""
    return next((step for step in steps if step.assessment.flagged), None)


def first_suggested(steps: tuple[Step, ...], code: str | None) -> Step | None:
    """Return the first step at which a code was suggested; ``None`` also for no code."""
    return next((step for step in steps if code is not None and step.assessment.suggested_code == code), None)


def _outcome(assessment: Assessment) -> tuple[object, ...]:
    return assessment.flagged, assessment.suggested_code, assessment.policies, assessment.advice
