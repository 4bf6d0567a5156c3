"""How the suggestion for a call would have unfolded while it went on, utterance by utterance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator

__all__ = ["Step", "Unfolding", "unfold"]


class Step(NamedTuple):
    """The assessment after an utterance at which it changed.

    ``utterance`` counts from 0; ``time`` is when that utterance ended (else began), in seconds from the start of the
    call, ``None`` where the call has no times.
    """

    utterance: int
    time: float | None
    assessment: Assessment


class Unfolding(NamedTuple):
    """What a call comes to, and each step at which flag, suggestion, advice or policies changed on the way."""

    assessment: Assessment
    steps: tuple[Step, ...]

    @property
    def flagged(self) -> Step | None:
        """The first step at which the call was flagged."""
        return next((step for step in self.steps if step.assessment.flagged), None)

    @property
    def suggested(self) -> Step | None:
        """The first step at which the code was suggested that is suggested in the end; ``None`` also for no code."""
        code = self.assessment.suggested_code
        return next((step for step in self.steps if code is not None and step.assessment.suggested_code == code), None)

    def to_dict(self) -> dict[str, Any]:
        """Return what was made of the call and when, as plain data without anything that was said."""
        return {
            "ruleset": self.assessment.ruleset._asdict(),
            "flagged": self.assessment.flagged,
            "suggested_code": self.assessment.suggested_code,
            "policies": list(self.assessment.policies),
            "first_flagged": _when(self.flagged),
            "first_suggested": _when(self.suggested),
        }


def unfold(evaluator: Evaluator, call: Call) -> Unfolding:
    """Return how a call unfolds, as a live call would have shown it.

    The last step, or no step, is what evaluating the whole call gives: an answer, or a denial, may take back what a
    step before suggested.

    Raises:
        CodeError: As for ``evaluate``.

    >>> from triage_triggers import Call, Evaluator, Utterance, load_ruleset
    >>> said = [Utterance("Has your husband strangled you?", "call_taker", 1, 2), Utterance("Yeah.", "caller", 3, 4)]
    >>> unfolding = unfold(Evaluator(load_ruleset("uk-ambulance")), Call("C-1", said, current_code="C3"))
    >>> [(step.utterance, step.time, step.assessment.suggested_code) for step in unfolding.steps]
    [(1, 4, 'C2')]
    """
    live = evaluator.open_call(call.call_id, current_code=call.current_code, code_system=call.code_system)
    last = live.assessment()
    steps = []
    for number, utterance in enumerate(call.utterances):
        now = live.add(utterance).assessment
        if _outcome(now) != _outcome(last):
            steps.append(Step(number, utterance.time, now))
        last = now
    return Unfolding(last, tuple(steps))


def _outcome(assessment: Assessment) -> tuple[object, ...]:
    return assessment.flagged, assessment.suggested_code, assessment.policies, assessment.advice


def _when(step: Step | None) -> dict[str, Any] | None:
    return None if step is None else {"utterance": step.utterance, "time": step.time}
