"""A progress bar for long input, where there is someone to see it."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress

__all__ = ["progress_bar"]

_PATIENCE_SECONDS: Final = 1.0


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
    try:
        yield bar.advance
    finally:
        bar.stop()


class _LateBar:
    """Imports Rich only when the input turns out to be long."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._due = time.monotonic() + _PATIENCE_SECONDS
        self._progress: Progress | None = None

    def advance(self, size: int) -> None:
        self._done += size
        if self._progress is None and time.monotonic() >= self._due:
            from rich.console import Console  # noqa: PLC0415  short input needs no Rich
            from rich.progress import Progress  # noqa: PLC0415

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.add_task("Reading calls", total=self._total or None)
            self._progress.start()
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=self._done)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
