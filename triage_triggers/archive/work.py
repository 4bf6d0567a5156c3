"""What one process does with a chunk of calls, and how calls are shared between several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage_triggers.archive.chunks import bundled
from triage_triggers.archive.pool import in_order
from triage_triggers.calls.call import Call
from triage_triggers.errors import TriageTriggersError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from triage_triggers.archive.chunks import Chunk
    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.engine import HasEngine
    from triage_triggers.errors import CallError

__all__ = ["ChunkResult", "Encode", "Judged", "Totals", "Work", "each", "evaluate_many", "reason_of"]

Judged: TypeAlias = "tuple[Call | CallError, Assessment | Exception]"
"""A call with its assessment, or with what went wrong in evaluating or in reading it."""
Encode: TypeAlias = "Callable[[Sequence[Judged]], bytes]"
"""How results are written."""


class Totals(NamedTuple):
    """How many calls were evaluated, of these flagged and given a more urgent code; how many could not be evaluated.

    ``read`` is how many bytes of input they took.
    """

    evaluated: int = 0
    flagged: int = 0
    escalated: int = 0
    failed: int = 0
    read: int = 0

    @property
    def calls(self) -> int:
        """How many calls there were, evaluated or not."""
        return self.evaluated + self.failed

    def plus(self, more: Totals) -> Totals:
        """Return both together."""
        return Totals(*map(int.__add__, self, more))

    def plus_call(self, flagged: bool | None, escalates: bool | None) -> Totals:  # noqa: FBT001  as rows hold them
        """Return these and one call more; neither flagged nor not if it could not be evaluated."""
        return self.plus(Totals(failed=1) if flagged is None else Totals(1, flagged, escalates is True))


class ChunkResult(NamedTuple):
    """The results of a chunk, encoded; what to say of calls without one; totals."""

    data: bytes
    errors: tuple[str, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class Work:
    """Evaluates chunks of calls; ``current_code`` is the code of calls that don't give their own."""

    evaluator: HasEngine
    encode: Encode
    current_code: str | None = None

    def __call__(self, chunk: Chunk) -> ChunkResult:
        """Evaluate a chunk."""
        calls = [
            replace(call, current_code=call.current_code or self.current_code) if isinstance(call, Call) else call
            for call in chunk.read()
        ]
        judged = list(zip(calls, each(self.evaluator, calls), strict=True))
        errors: list[str] = []
        totals = Totals(read=chunk.size)
        for call, result in judged:
            if isinstance(result, Exception):
                errors.append(f"call {call.call_id!r}: {reason_of(result)}" if isinstance(call, Call) else str(call))
                totals = totals.plus_call(None, None)
            else:
                totals = totals.plus_call(result.flagged, result.escalates)
        return ChunkResult(self.encode(judged), tuple(errors), totals)


def each(evaluator: HasEngine, calls: Sequence[str | Call | CallError]) -> list[Assessment | Exception]:
    """Evaluate a list of calls; in the place of one that can't be evaluated, or couldn't be read, stands its error.

    A fault of ours in one call must not cost an archive of millions, but its own row only.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> demo = Evaluator(load_ruleset("uk-ambulance"))
    >>> good, bad = each(
    ...     demo, ["My husband strangled me.", Call.from_text("My husband strangled me.", "C-2", current_code="A1")]
    ... )
    >>> good.flagged, type(bad).__name__
    (True, 'CodeError')
    """
    try:
        results = evaluator.engine.assess_many([call for call in calls if not isinstance(call, Exception)])
        return [call if isinstance(call, Exception) else _next(results) for call in calls]
    except Exception as error:  # noqa: BLE001
        return [error] if len(calls) == 1 else [result for call in calls for result in each(evaluator, [call])]


def _next(results: Iterator[Assessment]) -> Assessment | TriageTriggersError:
    try:
        return next(results)
    except TriageTriggersError as error:
        return error


def reason_of(error: Exception) -> str:
    """Return why a call has no result; an error that isn't ours may quote the call, so it is only named."""
    return str(error) if isinstance(error, TriageTriggersError) else f"unexpected: {type(error).__name__}"


def evaluate_many(evaluator: HasEngine, calls: Iterable[str | Call], *, workers: int) -> Iterator[Assessment]:
    """Evaluate calls in several processes, lazily and in order; what ``Evaluator.evaluate_many(workers=…)`` does.

    Where a call can't be evaluated, the iterator raises that call's own error in its place and goes on with the next
    call at the next ``next()``, as ``map`` does. Each process compiles the ruleset once; a few hundred calls at most
    are in memory at a time.

    Raises:
        WorkerError: A process ended unasked.
        ValueError: ``workers`` is less than one.
    """
    broken: list[Exception] = []

    def until_broken() -> Iterator[str | Call]:
        try:
            yield from calls
        except Exception as error:  # noqa: BLE001  raised below, after the calls that came before it
            broken.append(error)

    parts = in_order(partial(each, evaluator), bundled(until_broken()), workers=workers)
    return map(_result, chain(chain.from_iterable(parts), broken))


def _result(result: Assessment | Exception) -> Assessment:
    if isinstance(result, Exception):
        raise result
    return result
