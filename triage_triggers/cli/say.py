"""What the commands say to people, line by line, and how far work has come; tables are in ``cli.screen``."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import typer

from triage_triggers.legible import legible

if TYPE_CHECKING:
    from rich.progress import Progress

    from triage_triggers.archive.work import Totals

__all__ = ["PaceShown", "complain", "pace", "say"]

_SECONDS_BEFORE_A_BAR: Final = 1.0
_SECONDS_BETWEEN_LINES: Final = 30.0
_MINUTE: Final = 60
_HOUR: Final = 3600


def say(text: object = "", *, err: bool = False) -> None:
    """Print text for people, in which nothing steers a terminal or a CI server."""
    typer.echo(legible(str(text)), err=err)


def complain(what: object) -> None:
    """Say on standard error what is wrong, or worth knowing."""
    say(f"triage-triggers: {what}", err=True)


class PaceShown:
    """The pace of much work: as a bar where somebody looks on, and elsewhere as a line every half a minute."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._before: Totals | None = None  # an earlier run's; they say nothing of the pace of this one
        self._began = self._due = 0.0
        self._bar: Progress | None = None

    def update(self, totals: Totals) -> None:
        """Show how far the work has come."""
        now, watched = time.monotonic(), sys.stderr.isatty()
        if self._before is None:
            self._before, self._began = totals, now
            self._due = now + (_SECONDS_BEFORE_A_BAR if watched else _SECONDS_BETWEEN_LINES)
        if now < self._due:
            return
        said = pace(totals, self._before, now - self._began, self._size)
        if not watched:
            complain(said)
            self._due = now + _SECONDS_BETWEEN_LINES
            return
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415  short work needs no Rich
            from rich.progress import Progress  # noqa: PLC0415

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.add_task(said, total=self._size or None)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=totals.read, description=said)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def pace(totals: Totals, before: Totals, seconds: float, size: int) -> str:
    """Return how far and how fast work has come since ``before``, of ``size`` bytes, and how long it may take yet."""
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
