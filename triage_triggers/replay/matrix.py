"""Several calls under several rulesets: what would have been suggested when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.replay.unfolding import Step, first_flagged, first_suggested, unfold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator

__all__ = ["Cell", "judge_under"]


class Cell(NamedTuple):
    """A call under one ruleset. ``flagged`` and ``suggested`` are when, as the call went on; ``None`` for never."""

    assessment: Assessment
    flagged: Step | None
    suggested: Step | None

    def to_dict(self) -> dict[str, Any]:
        """Return the cell as plain data, without anything that was said."""
        return {
            "ruleset": self.assessment.ruleset._asdict(),
            "flagged": self.assessment.flagged,
            "suggested_code": self.assessment.suggested_code,
            "policies": list(self.assessment.policies),
            "first_flagged": _step(self.flagged),
            "first_suggested": _step(self.suggested),
        }


def judge_under(call: Call, evaluators: Sequence[Evaluator]) -> Iterator[Cell]:
    """Yield one cell for each evaluator.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> (cell,) = judge_under(Call.from_text("He strangled me."), [Evaluator(load_ruleset("uk-ambulance"))])
    >>> cell.assessment.suggested_code, cell.suggested.utterance
    ('C2', 0)
    """
    for evaluator in evaluators:
        assessment = evaluator.evaluate(call)
        steps = unfold(evaluator, call)
        yield Cell(assessment, first_flagged(steps), first_suggested(steps, assessment.suggested_code))


def _step(step: Step | None) -> dict[str, Any] | None:
    return None if step is None else {"utterance": step.utterance, "time": step.time}
