"""Tables of figures, the same ones for a terminal, a pull request and a page: numbers as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage_triggers.lab.figures import Proportion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.lab.observation import Observation

__all__ = [
    "UNKNOWN",
    "Column",
    "Table",
    "clock",
    "decimal",
    "of",
    "per_thousand",
    "probability",
    "rate",
    "span",
    "table",
    "verdict",
]

UNKNOWN = "–"
"""What stands where a figure is not known."""
_SMALLEST_P = 0.001
_MINUS = "\N{MINUS SIGN}"


class Column(NamedTuple):
    """A column's heading, and whether its cells are numbers, to be set to the right."""

    heading: str
    is_number: bool = False


class Table(NamedTuple):
    """A table: rows of text whose first cell names the row.

    ``note`` says how to read it. Cells may hold what stands in a policy team's files (ids, values of columns), so
    whoever shows a table escapes them.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


Cell: TypeAlias = str | int | Proportion | None
"""What a table is made of: text, a count, a proportion to be shown as a rate, or what is not known."""


def table(
    title: str, text: Sequence[str], numbers: Sequence[str], rows: Iterable[Sequence[Cell]], note: str = ""
) -> Table:
    """Return a table whose first columns hold text, the others numbers; what is empty or not known becomes a dash."""
    columns = [*(Column(heading) for heading in text), *(Column(heading, is_number=True) for heading in numbers)]
    return Table(title, tuple(columns), tuple(tuple(map(_shown, row)) for row in rows), note)


def _shown(cell: Cell) -> str:
    if isinstance(cell, Proportion):
        return rate(cell)
    return f"{cell:,}" if isinstance(cell, int) else cell or UNKNOWN


def rate(figure: Proportion) -> str:
    """Return a proportion with two decimals."""
    return UNKNOWN if figure.value is None else f"{figure.value:.2f}"


def span(figure: Proportion, per: int = 1) -> str:
    """Return a proportion's interval, of so many calls."""
    if figure.interval is None:
        return UNKNOWN
    low, high = figure.interval
    return f"{low:.2f}–{high:.2f}" if per == 1 else f"{low * per:,.0f}–{high * per:,.0f}"


def of(figure: Proportion) -> str:
    """Return a proportion as counts: "25 of 27"."""
    return f"{figure.part:,} of {figure.whole:,}"


def per_thousand(figure: Proportion) -> str:
    """Return how many in 1,000 calls, to the whole call."""
    value = figure.per(1000)
    return UNKNOWN if value is None else f"{value:,.0f}"


def decimal(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """Return a number with so many decimals."""
    if value is None:
        return UNKNOWN
    sign = "+" if signed and round(value, digits) > 0 else ""
    return f"{sign}{value:,.{digits}f}".replace("-", _MINUS)


def probability(p: float | None) -> str:
    """Return a p-value, which is never shown as nought."""
    if p is None:
        return UNKNOWN
    return "<0.001" if p < _SMALLEST_P else f"{p:.3f}"


def clock(seconds: float | None) -> str:
    """Return seconds as minutes and seconds."""
    if seconds is None:
        return UNKNOWN
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def verdict(item: Observation) -> str:
    """Return in a few words what the ruleset makes of a call."""
    assessment = item.assessment
    if not assessment.flagged:
        return "not flagged"
    return f"flagged, {assessment.suggested_code} suggested" if assessment.suggested_code else "flagged, no code"
