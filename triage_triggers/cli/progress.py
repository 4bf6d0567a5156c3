"""How far work has come, where there is someone to see it."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from triage_triggers.cli.say import complain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress

    from triage_triggers.archive.work import Totals

__all__ = ["PaceShown", "pace", "progress_bar"]

_PATIENCE_SECONDS: Final = 1.0
_SECONDS_BETWEEN_LINES: Final = 30.0
_MINUTE: Final = 60
_HOUR: Final = 3600


@contextmanager
def progress_bar(paths: Iterable[str], *, prints_at_the_end: bool = False) -> Iterator[Callable[[int], object] | None]:
    """Give a function to tell of bytes read, which draws a bar on standard error once a second has passed.

    Gives ``None`` where nobody would see the bar, or where it would run into the results on the same screen: with
    ``prints_at_the_end`` there are none before the bar is gone.
    """
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not prints_at_the_end):
        yield None
        return
    bar = _LateBar(sum(Path(path).stat().st_size for path in paths if Path(path).is_file()))
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        done += size
        bar.show(done, "Reading calls")

    try:
        yield advance
    finally:
        bar.stop()


class _LateBar:
    """Imports Rich only when the work turns out to be long."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._due = time.monotonic() + _PATIENCE_SECONDS
        self._progress: Progress | None = None

    def show(self, done: int, words: str) -> None:
        if self._progress is None and time.monotonic() >= self._due:
            from rich.console import Console  # noqa: PLC0415  short input needs no Rich
            from rich.progress import Progress  # noqa: PLC0415

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.add_task(words, total=self._total or None)
            self._progress.start()
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=done, description=words)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


class PaceShown:
    """The pace of much work: as a bar where somebody looks on, and elsewhere as a line every half a minute."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._before: Totals | None = None  # an earlier run's; they say nothing of the pace of this one
        self._began = self._due = 0.0
        self._bar = _LateBar(size) if sys.stderr.isatty() else None

    def update(self, totals: Totals) -> None:
        """Show how far the work has come."""
        now = time.monotonic()
        if self._before is None:
            self._before, self._began, self._due = totals, now, now + _SECONDS_BETWEEN_LINES
        said = pace(totals, self._before, now - self._began, self._size)
        if self._bar is not None:
            self._bar.show(totals.read, said)
        elif now >= self._due:
            complain(said)
            self._due = now + _SECONDS_BETWEEN_LINES

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def pace(totals: Totals, before: Totals, seconds: float, size: int) -> str:
    """Return how far and how fast work has come since ``before``, of ``size`` bytes, and how long it may take yet.

    >>> from triage_triggers.archive.work import Totals
    >>> pace(Totals(evaluated=5_000, read=500_000), Totals(), 10, 2_000_000)
    '25 %, 5,000 calls, 500 a second, about 30 s left'
    """
    seconds = max(seconds, 1e-9)
    words = f"{totals.calls:,} calls, {(totals.calls - before.calls) / seconds:,.0f} a second"
    read = totals.read - before.read
    if not size or not read:
        return words
    left = max(0, size - totals.read) * seconds / read
    return f"{min(100, totals.read * 100 // size)} %, {words}, about {_duration(left)} left"


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min"
