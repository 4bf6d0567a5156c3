"""``Evaluator.evaluate_many`` in several processes."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from triage_triggers.archive.chunks import bundled
from triage_triggers.archive.pool import in_order
from triage_triggers.archive.work import each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.engine.engine import HasEngine

__all__ = ["evaluate_many"]


def evaluate_many(evaluator: HasEngine, calls: Iterable[str | Call], *, workers: int) -> Iterator[Assessment]:
    """Evaluate calls in several processes, lazily and in order; what ``Evaluator.evaluate_many(workers=…)`` does.

    Where a call can't be evaluated, the iterator raises that call's own error in its place and goes on with the next
    call at the next ``next()``, as ``map`` does. Each process compiles the ruleset once; a few hundred calls at most
    are in memory at a time. Calls already in files are read several times faster by ``archive.run``, which parses
    them in the workers.

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
