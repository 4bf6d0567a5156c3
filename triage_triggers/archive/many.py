"""``Evaluator.evaluate_many`` in several processes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from triage_triggers.archive.chunks import Sent, bundled
from triage_triggers.archive.packing import pack, unpack
from triage_triggers.archive.pool import in_order
from triage_triggers.assessment import Assessment
from triage_triggers.calls.call import Call
from triage_triggers.errors import TriageTriggersError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from triage_triggers.evaluator import Evaluator

__all__ = ["each", "evaluate_many"]


def evaluate_many(evaluator: Evaluator, calls: Iterable[str | Call], *, workers: int) -> Iterator[Assessment]:
    """Evaluate calls in several processes, lazily and in order; what ``Evaluator.evaluate_many(workers=…)`` does.

    Where a call can't be evaluated, the iterator raises that call's own error in its place and goes on with the next
    call at the next ``next()``, as ``map`` does. Each process compiles the ruleset once, which takes about a second;
    a few hundred calls at most are in memory at a time. Calls already in files are read several times faster by
    ``archive.run``, which parses them in the workers.

    Raises:
        WorkerError: A process ended unasked.
        ValueError: ``workers`` is less than one.
    """
    return _Assessments(evaluator, calls, workers)


class _Assessments(Iterator[Assessment]):
    """No generator, for a generator would end at the first error."""

    def __init__(self, evaluator: Evaluator, calls: Iterable[str | Call], workers: int) -> None:
        self._failure: BaseException | None = None
        self._parts = in_order(partial(_prepare, evaluator), bundled(self._sent(calls)), workers=workers)
        self._ready: Iterator[Assessment | TriageTriggersError] = iter(())

    def __next__(self) -> Assessment:
        for assessment in self._ready:
            if isinstance(assessment, TriageTriggersError):
                raise assessment
            return assessment
        for part in self._parts:
            self._ready = iter(part)
            return next(self)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        raise StopIteration

    def _sent(self, calls: Iterable[str | Call]) -> Iterator[Sent]:
        try:
            for call in calls:
                yield pack(call) if isinstance(call, Call) else call
        except Exception as failure:  # noqa: BLE001  raised again, after the calls that came before it
            self._failure = failure


def each(evaluator: Evaluator, calls: Sequence[str | Call]) -> list[Assessment | TriageTriggersError]:
    """Evaluate a list of calls; in the place of one that can't be evaluated stands its error.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> demo = Evaluator(load_ruleset("uk-ambulance"))
    >>> good, bad = each(demo, ["He strangled me.", Call.from_text("He strangled me.", "C-2", current_code="A1")])
    >>> good.flagged, type(bad).__name__
    (True, 'CodeError')
    """
    results = evaluator.evaluate_many(calls)
    found: list[Assessment | TriageTriggersError] = []
    for _ in calls:
        try:
            found.append(next(results))
        except TriageTriggersError as error:
            found.append(error)
    return found


def _prepare(evaluator: Evaluator) -> Callable[[list[Sent]], list[Assessment | TriageTriggersError]]:
    return partial(_evaluate, evaluator)


def _evaluate(evaluator: Evaluator, task: list[Sent]) -> list[Assessment | TriageTriggersError]:
    return each(evaluator, [sent if isinstance(sent, str) else unpack(sent) for sent in task])
