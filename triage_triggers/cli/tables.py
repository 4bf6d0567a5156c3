"""Tables of figures on a terminal, and in Markdown fit for a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from rich import box
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from triage_triggers.legible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.cli.screen import Screen
    from triage_triggers.lab.tables import Table

__all__ = ["code", "markdown", "show_tables"]

_TICKS: Final = re.compile("`+")
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")


def show_tables(screen: Screen, tables: Iterable[Table]) -> None:
    """Print tables one below the other, each with its title above and how to read it below."""
    for table in tables:
        screen.show(Text(f"\n{on_one_line(table.title)}", style="bold"))
        shown = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
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


def markdown(title: str, lede: Iterable[str], tables: Iterable[Table]) -> str:
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
