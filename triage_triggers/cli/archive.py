"""``triage-triggers evaluate`` on archives: several processes, results in a file, progress on standard error."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from triage_triggers.archive.run import evaluate_files, json_lines
from triage_triggers.archive.work import Totals
from triage_triggers.cli.say import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

    from triage_triggers.archive.work import ChunkResult
    from triage_triggers.calls.source import ReadingOptions
    from triage_triggers.evaluator import Evaluator

__all__ = ["Pace", "print_json_lines", "write_file"]

_MINUTE: Final = 60
_HOUR: Final = 3600
_SECONDS_BETWEEN_LINES: Final = 30.0
_SECONDS_BETWEEN_UPDATES: Final = 0.2


def print_json_lines(
    evaluator: Evaluator,
    calls: list[str],
    *,
    workers: int,
    options: ReadingOptions,
    current_code: str | None,
    with_text: bool,
) -> Totals:
    """Print a line a call on standard output, evaluated in several processes."""
    totals = Totals()
    results = json_lines(
        evaluator, calls, workers=workers, options=options, current_code=current_code, with_text=with_text
    )
    for result in results:
        _say_errors(result)
        if result.data:
            typer.echo(result.data, nl=False)
        totals = totals.plus(result.totals)
    return totals


def write_file(
    evaluator: Evaluator,
    calls: list[str],
    output: Path,
    *,
    workers: int,
    resume: bool,
    options: ReadingOptions,
    current_code: str | None,
    with_text: bool,
) -> Totals:
    """Write results to a file, show how it goes on, and say in the end what there is."""
    shown = _Shown(sum(Path(path).stat().st_size for path in calls if path != "-"))
    try:
        totals = evaluate_files(
            evaluator,
            calls,
            output,
            workers=workers,
            resume=resume,
            options=options,
            current_code=current_code,
            with_text=with_text,
            on_result=shown.update,
        )
    finally:
        shown.stop()
    say(
        f"{output}: {totals.evaluated:,} calls, {totals.flagged:,} flagged, "
        f"a more urgent code suggested for {totals.escalated:,}"
    )
    if totals.failed:
        say(f"{output}: {totals.failed:,} calls could not be read or evaluated; each has its reason in 'error'")
    return totals


class Pace:
    """Says how far and how fast work goes on, and how long it may take yet.

    Args:
        total: Bytes to read altogether; 0 where nobody knows.
        clock: Seconds.

    >>> seconds = iter([0.0, 10.0]).__next__
    >>> pace = Pace(2_000_000, seconds)
    >>> pace.begin(Totals())
    >>> pace.said(Totals(evaluated=5_000, read=500_000))
    '25 %, 5,000 calls, 500 a second, about 30 s left'
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self._clock = total, clock
        self._began, self._before = 0.0, Totals()

    def begin(self, before: Totals) -> None:
        """Start the clock; ``before`` may be of an earlier run, and says nothing of the pace of this one."""
        self._began, self._before = self._clock(), before

    def said(self, totals: Totals) -> str:
        """Return the state in words."""
        seconds = max(self._clock() - self._began, 1e-9)
        rate = (totals.calls - self._before.calls) / seconds
        words = f"{totals.calls:,} calls, {rate:,.0f} a second"
        read = totals.read - self._before.read
        if not self.total or not read:
            return words
        left = max(0, self.total - totals.read) * seconds / read
        return f"{min(100, totals.read * 100 // self.total)} %, {words}, about {_duration(left)} left"


class _Shown:
    """Progress as a bar where somebody looks on, and elsewhere as a line every half a minute."""

    def __init__(self, total: int) -> None:
        self._pace = Pace(total)
        self._due: float | None = None
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415  nobody looks on elsewhere
            from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

            self._bar = Progress(
                BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True
            )

    def update(self, result: ChunkResult, totals: Totals) -> None:
        now = time.monotonic()
        if self._due is None:
            self._pace.begin(totals)
            self._due = now + (_SECONDS_BETWEEN_LINES if self._bar is None else 0)
            if self._bar is not None:
                self._bar.add_task("", total=self._pace.total or None)
                self._bar.start()
        _say_errors(result)
        if now < self._due:
            return
        said = self._pace.said(totals)
        if self._bar is None:
            say(f"triage-triggers: {said}", err=True)
            self._due = now + _SECONDS_BETWEEN_LINES
        else:
            self._bar.update(self._bar.task_ids[0], completed=totals.read, description=said)
            self._due = now + _SECONDS_BETWEEN_UPDATES

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def _say_errors(result: ChunkResult) -> None:
    for error in result.errors:
        say(f"triage-triggers: {error}", err=True)


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min"
