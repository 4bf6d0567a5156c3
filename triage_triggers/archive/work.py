"""What one process does with a chunk: read its calls, evaluate them, encode the results."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.archive.chunks import Chunk, Position, read_chunk
from triage_triggers.archive.many import each
from triage_triggers.errors import CallError, TriageTriggersError

if TYPE_CHECKING:
    from triage_triggers.archive.output import Format
    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator

__all__ = ["Outcome", "Totals", "Work"]


class Totals(NamedTuple):
    """How many calls were evaluated, of these flagged and given a more urgent code; how many could not be evaluated.

    ``read`` is how many bytes of input they took.
    """

    evaluated: int = 0
    flagged: int = 0
    escalated: int = 0
    failed: int = 0
    read: int = 0

    def plus(self, more: Totals) -> Totals:
        """Return both together."""
        return Totals(*map(int.__add__, self, more))


class Outcome(NamedTuple):
    """The results of a chunk, encoded; the reasons for calls without one; totals; the position after the chunk."""

    data: bytes
    errors: tuple[str, ...]
    totals: Totals
    after: Position


class Work:
    """Evaluates chunks. Pickles as its evaluator does: as the ruleset, to be compiled again.

    Args:
        evaluator: The evaluator.
        form: How results are encoded.
        current_code: The code of calls that don't give their own.
    """

    def __init__(self, evaluator: Evaluator, form: Format, current_code: str | None = None) -> None:
        self._evaluator, self._format, self._current_code = evaluator, form, current_code

    def prepare(self) -> Work:
        """Return the work itself: what a process of ``in_order`` starts with."""
        return self

    def __call__(self, chunk: Chunk) -> Outcome:
        """Evaluate a chunk."""
        calls = [call if isinstance(call, CallError) else self._with_code(call) for call in read_chunk(chunk.content)]
        good = [call for call in calls if not isinstance(call, CallError)]
        results = iter(each(self._evaluator, good))
        found: list[tuple[Assessment, Call]] = []
        errors: list[str] = []
        for call in calls:
            if isinstance(call, CallError):
                errors.append(str(call))
            elif isinstance(result := next(results), TriageTriggersError):
                errors.append(f"call {call.call_id!r}: {result}")
            else:
                found.append((result, call))
        flagged = sum(assessment.flagged for assessment, _ in found)
        escalated = sum(assessment.escalates is True for assessment, _ in found)
        totals = Totals(len(found), flagged, escalated, len(errors), chunk.size)
        return Outcome(self._format.encode(found), tuple(errors), totals, chunk.after)

    def _with_code(self, call: Call) -> Call:
        return call if call.current_code or not self._current_code else replace(call, current_code=self._current_code)
