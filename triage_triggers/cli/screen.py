"""What the commands print with: Rich, set so that what was said can't change how the screen behaves."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table

from triage_triggers.legible import legible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType

__all__ = ["Screen", "columns"]

_WIDTH_WITHOUT_TERMINAL: Final = 120


class Screen(Console):
    """A console on standard output: colours on a terminal only, and none with NO_COLOR; no markup, no emoji codes."""

    def __init__(self) -> None:
        to_terminal = sys.stdout.isatty() or "COLUMNS" in os.environ
        width = None if to_terminal else _WIDTH_WITHOUT_TERMINAL
        super().__init__(width=width, markup=False, emoji=False, highlight=False)

    def show(self, what: RenderableType, *, indent: int = 0) -> None:
        """Print something; without the spaces that fill a terminal's lines where there is no terminal."""
        padded = Padding(what, (0, 0, 0, indent))
        if self.is_terminal:
            self.print(padded)
            return
        with self.capture() as captured:
            self.print(padded)
        self.file.writelines(f"{line.rstrip()}\n" for line in captured.get().removesuffix("\n").split("\n"))
        self.file.flush()

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed; what Rich itself steers the terminal with is a matter of styles, and stays."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else legible(text), style, control)

    def on_broken_pipe(self) -> NoReturn:
        """Leave a closed pipe to the command line's own handling, as Rich would end with another exit status."""
        raise BrokenPipeError


def columns(*headings: str, count: int = 2) -> Table:
    """Return a table without lines, under headings or else with ``count`` columns, of which the last may wrap."""
    table = Table(box=None, show_header=bool(headings), pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    names = headings or ("",) * count
    for name in names[:-1]:
        table.add_column(name, no_wrap=True)
    table.add_column(names[-1], overflow="fold")
    return table
