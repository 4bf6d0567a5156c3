"""Work shared between processes, with results in the order of the tasks and few of either in memory."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

from triage_triggers.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

__all__ = ["TASKS_AHEAD", "in_order"]

Task = TypeVar("Task")
Result = TypeVar("Result")

TASKS_AHEAD: Final = 3
"""How many tasks for each worker are read, under way or waiting to be fetched at any time."""


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], *, workers: int) -> Iterator[Result]:
    """Yield ``work(task)`` for every task, lazily and in order.

    Args:
        work: Sent to every process once. It must pickle, and so must the tasks and their results.
        tasks: Read no more than ``TASKS_AHEAD`` a worker before the results are taken.
        workers: How many processes. One means this very process, without any pickling.

    Raises:
        WorkerError: A process ended unasked. What was yielded before stands.
        ValueError: ``workers`` is less than one.

    >>> list(in_order(str.upper, ["a", "b"], workers=1))
    ['A', 'B']
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
