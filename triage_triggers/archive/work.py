"""What one process does with a chunk of calls, and how work is shared between several, in order and a bit at a time."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeVar

from triage_triggers.archive.chunks import bundled
from triage_triggers.calls.call import Call
from triage_triggers.errors import TriageTriggersError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from triage_triggers.archive.chunks import Chunk
    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.engine import HasEngine
    from triage_triggers.errors import CallError

__all__ = [
    "TASKS_AHEAD",
    "ChunkResult",
    "Encode",
    "Judged",
    "Totals",
    "Work",
    "each",
    "evaluate_many",
    "in_order",
    "reason_of",
]

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
        calls = [self._with_code(call) for call in chunk.read()]
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

    def _with_code(self, call: Call | CallError) -> Call | CallError:
        if not isinstance(call, Call) or call.current_code or not self.current_code:
            return call
        return replace(call, current_code=self.current_code)


def each(evaluator: HasEngine, calls: Sequence[str | Call | CallError]) -> list[Assessment | Exception]:
    """Evaluate a list of calls; in the place of one that can't be evaluated, or couldn't be read, stands its error.

    A fault of ours in one call must not cost an archive of millions, but its own row only.
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


Task = TypeVar("Task")
Result = TypeVar("Result")

TASKS_AHEAD: Final = 3
"""How many tasks for each worker are read, under way or waiting to be fetched at any time."""


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], *, workers: int) -> Iterator[Result]:
    """Yield ``work(task)`` for every task, lazily and in order, with no more than ``TASKS_AHEAD`` read for each worker.

    One worker means this very process; others are sent ``work`` once, which must pickle, as must tasks and results.

    Raises:
        WorkerError: A process ended unasked. What was yielded before stands.
        ValueError: ``workers`` is less than one.
    """
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, not {workers}")
    return map(work, tasks) if workers == 1 else _shared(work, tasks, workers)


def _shared(work: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Iterator[Result]:
    # Spawned on every platform: a fork would copy the locks of whatever threads the caller has.
    executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(work,))
    pending: deque[Future[Any]] = deque()
    try:
        for task in tasks:
            with _interrupts_held():
                pending.append(executor.submit(_run, task))
            while pending and (len(pending) >= workers * TASKS_AHEAD or pending[0].done()):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    except BrokenProcessPool:
        raise WorkerError(
            "a worker process was lost: it was killed, ran out of memory, or was started by a script that does not "
            "keep its work under: if __name__ == '__main__'"
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes deaf to Ctrl-C: it is for the parent, which then ends them without a word on the screen."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover  Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# What follows runs in a worker process, which does this work and no other.

_work: Callable[[Any], Any] | None = None


def _begin(work: Callable[[Any], Any]) -> None:  # pragma: no cover  in another process
    global _work  # noqa: PLW0603  the only place that an executor's processes can keep their work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _work = work


def _end_with_parent() -> None:  # pragma: no cover  in another process
    """Leave no orphan behind: an executor's processes wait for ever once their parent has been killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(task: object) -> object:  # pragma: no cover  in another process
    assert _work is not None  # noqa: S101  _begin came first
    return _work(task)
