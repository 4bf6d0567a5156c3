"""What the commands print with: Rich, set so that nothing that was said steers the screen; tables of figures."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final, Literal, NoReturn

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from triage_triggers.legible import legible, on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import ConsoleOptions, RenderableType

    from triage_triggers.lab.tables import Table as Figures

__all__ = ["Screen", "code", "columns", "markdown", "show_tables"]

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

    def show_titled(self, title: str, what: RenderableType) -> None:
        """Print something below a title."""
        self.show(Text(title, style="bold"))
        self.show(what)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed; what Rich itself steers the terminal with is a matter of styles, and stays."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else legible(text), style, control)

    def on_broken_pipe(self) -> NoReturn:
        """Leave a closed pipe to the command line's own handling, as Rich would end with another exit status."""
        raise BrokenPipeError


def columns(*headings: str, count: int = 2, rows: Iterable[Sequence[RenderableType]] = ()) -> Table:
    """Return a table without lines, under headings or else with ``count`` columns, of which the last may wrap."""
    table = Table(box=None, show_header=bool(headings), pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    names = headings or ("",) * count
    for name in names[:-1]:
        table.add_column(name, no_wrap=True)
    table.add_column(names[-1], overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


_TICKS: Final = re.compile("`+")
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")


def show_tables(screen: Screen, tables: Iterable[Figures]) -> None:
    """Print tables one below the other, each with its title above and how to read it below."""
    for table in tables:
        screen.show(Text(f"\n{on_one_line(table.title)}", style="bold"))
        shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        for column in table.columns:
            justify: Literal["left", "right"] = "right" if column.is_number else "left"
            heading = on_one_line(column.heading)
            widest = max(map(len, heading.split()))
            shown.add_column(heading, justify=justify, overflow="fold", min_width=widest)
        for row in table.rows:
            shown.add_row(*(Text(on_one_line(cell)) for cell in row))
        screen.show(Padding(shown, (0, 0, 0, 2)))
        if table.note:
            screen.show(Text(table.note, style="dim"), indent=2)


def markdown(title: str, lede: Iterable[str], tables: Iterable[Figures]) -> str:
    """Return a heading, some paragraphs and tables as GitHub's Markdown.

    Words are escaped, and what may come from a file stands in code spans, where nothing is a link, a mention or HTML.
    """
    parts = [f"## {_escaped(title)}", *map(_escaped, lede)]
    for table in tables:
        lines = [
            _row(_escaped(column.heading) for column in table.columns),
            _row("---:" if column.is_number else "---" for column in table.columns),
        ]
        for row in table.rows:
            cells = zip(row, table.columns, strict=True)
            lines.append(_row(_escaped(cell) if column.is_number else code(cell) for cell, column in cells))
        parts += [f"### {_escaped(table.title)}", "\n".join(lines)]
        if table.note:
            parts.append(f"<sub>{_escaped(table.note)}</sub>")
    return "\n\n".join(parts) + "\n"


def code(text: str) -> str:
    r"""Return text as a code span that can stand in a cell of a table.

    >>> code("a|b`c")
    '``a\\|b`c``'
    """
    said = on_one_line(text).strip() or " "
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(said)), default=0))
    padding = " " if said.startswith("`") or said.endswith("`") else ""
    return f"{fence}{padding}{said}{padding}{fence}".replace("|", r"\|")


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", on_one_line(text))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
