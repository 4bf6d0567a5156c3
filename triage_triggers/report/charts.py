"""Plots as plain SVG: where everything stands on them, worked out here; how it looks, in ``charts.css``.

Every plot is drawn for the width of a telephone and grows with the page. Series differ by pattern or shape and by the
numbers written beside them, never by colour alone; and each plot's figures also stand in a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.lab.figures import Proportion

__all__ = ["WIDTH", "Bars", "Intervals", "Series", "Steps", "bars", "intervals", "steps"]

WIDTH: Final = 360
"""How wide every plot is, in its own units; at this size its text is 12 px high."""
_LEFT: Final = 36
_RIGHT: Final = 12
_ROW: Final = 38
_PLOT_HEIGHT: Final = 200
_AXIS: Final = 34
_TOP: Final = 12
_NUMBER_SPACE: Final = 70

Series: TypeAlias = Literal["positive", "negative", "other"]


@dataclass(frozen=True, slots=True)
class Plot:
    """What every plot has: a title, how to read it, and how high it is."""

    title: str
    description: str
    height: float


class Bar(NamedTuple):
    """A piece of a bar."""

    series: Series
    x: float
    width: float


class BarRow(NamedTuple):
    """A label, the bar below it, and the numbers behind the bar."""

    label: str
    y: float
    pieces: tuple[Bar, ...]
    numbers: str
    numbers_x: float


@dataclass(frozen=True, slots=True)
class Bars(Plot):
    """Horizontal bars."""

    rows: tuple[BarRow, ...]
    series: tuple[tuple[Series, str], ...]


class IntervalRow(NamedTuple):
    """A figure with its interval: a mark on a line, and the numbers."""

    label: str
    y: float
    x: float
    low: float
    high: float
    shape: Literal["circle", "square"]
    numbers: str


@dataclass(frozen=True, slots=True)
class Intervals(Plot):
    """Proportions with their intervals, one below the other, on an axis from 0 to 1."""

    rows: tuple[IntervalRow, ...]
    ticks: tuple[tuple[float, str], ...]


class Point(NamedTuple):
    """A point on a plot, with what is written beside it."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Steps(Plot):
    """A line through points."""

    line: str
    points: tuple[Point, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_name: str
    y_name: str


def bars(
    title: str,
    description: str,
    rows: Sequence[tuple[str, Sequence[int]]],
    series: Sequence[tuple[Series, str]],
) -> Bars | None:
    """Return horizontal bars, each of one piece a series, on one scale; ``None`` where there is nothing to draw.

    >>> plot = bars("Rules", "Calls by rule.", [("weapon.knife", (2, 1))], [("positive", "yes"), ("negative", "no")])
    >>> plot.rows[0].numbers, [piece.series for piece in plot.rows[0].pieces]
    ('2 + 1', ['positive', 'negative'])
    """
    longest = max((sum(counts) for _, counts in rows), default=0)
    if not longest:
        return None
    scale = (WIDTH - _NUMBER_SPACE) / longest
    drawn = []
    for number, (label, counts) in enumerate(rows):
        pieces, x = [], 0.0
        for (name, _), count in zip(series, counts, strict=True):
            if count:
                pieces.append(Bar(name, round(x, 1), round(count * scale, 1)))
                x += count * scale
        numbers = " + ".join(f"{count:,}" for count in counts)
        drawn.append(BarRow(label, number * _ROW, tuple(pieces), numbers, round(x + 6, 1)))
    return Bars(title, description, len(rows) * _ROW + 4, tuple(drawn), tuple(series))


def intervals(
    title: str, description: str, rows: Sequence[tuple[str, Proportion, Literal["circle", "square"]]]
) -> Intervals | None:
    """Return proportions with their intervals; those of no calls are left out; ``None`` where all are.

    >>> from triage_triggers.lab.figures import Proportion
    >>> rows = [("north", Proportion(1, 2), "circle"), ("south", Proportion(0, 0), "circle")]
    >>> [row.numbers for row in intervals("By trust", "", rows).rows]
    ['0.50 (1 of 2)']
    """
    drawn: list[IntervalRow] = []
    for label, figure, shape in rows:
        if figure.value is None or figure.interval is None:
            continue
        x, low, high = (round(_across(value, 1.0, _RIGHT), 1) for value in (figure.value, *figure.interval))
        numbers = f"{figure.value:.2f} ({figure.part:,} of {figure.whole:,})"
        drawn.append(IntervalRow(label, len(drawn) * _ROW, x, low, high, shape, numbers))
    if not drawn:
        return None
    ticks = tuple((round(_across(tick / 4, 1.0, _RIGHT), 1), f"{tick / 4:.2f}") for tick in range(5))
    return Intervals(title, description, len(drawn) * _ROW + _AXIS, tuple(drawn), ticks)


def steps(
    title: str,
    description: str,
    points: Sequence[tuple[float, float, str]],
    *,
    x_name: str,
    y_name: str,
    x_most: float = 1.0,
    stairs: bool = False,
) -> Steps:
    """Return a line through points given as x (from 0 to ``x_most``), y (from 0 to 1) and what to write beside them.

    With ``stairs`` the line keeps its height until the next point.
    """
    most = x_most or 1.0
    placed = [Point(round(_across(x, most), 1), round(_up(float(y)), 1), label) for x, y, label in points]
    corners: list[tuple[float, float]] = []
    for point in placed:
        if stairs and corners:
            corners.append((point.x, corners[-1][1]))
        corners.append((point.x, point.y))
    return Steps(
        title=title,
        description=description,
        height=_PLOT_HEIGHT + _TOP + _AXIS + 14,
        line=" ".join(f"{x},{y}" for x, y in corners),
        points=tuple(placed),
        x_ticks=tuple((round(_across(most * tick / 4, most), 1), _tick(most * tick / 4, most)) for tick in range(5)),
        y_ticks=tuple((round(_up(tick / 4), 1), f"{tick / 4:.2f}") for tick in range(5)),
        x_name=x_name,
        y_name=y_name,
    )


def _across(value: float, most: float, left: float = _LEFT) -> float:
    return left + value / most * (WIDTH - left - _RIGHT)


def _up(value: float) -> float:
    return _TOP + (1.0 - value) * _PLOT_HEIGHT


def _tick(value: float, most: float) -> str:
    return f"{value:.2f}" if most <= 1 else f"{value:,.0f}"
