"""The calls of first contact, how a ruleset fares on calls, and the tables that scripts keep fresh in a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers import Call
from triage_triggers.calls.reading import read_calls
from triage_triggers.lab.figures import Confusion
from triage_triggers.lab.labels import LabelColumn, column_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.engine.engine import Engine
    from triage_triggers.lab.figures import Proportion
    from triage_triggers.lab.labels import Label

__all__ = ["DOCS", "Labelled", "cell", "confusion", "fill", "labelled", "markdown", "rounds"]

DOCS: Final = Path(__file__).parents[1] / "docs"
_LABELS: Final = (LabelColumn("expect.da"), LabelColumn("label.da"), LabelColumn("da"))


class Labelled(NamedTuple):
    """A call, what it is, and its file's name. One that nobody labelled is ordinary talk: negative."""

    call: Call
    label: Label
    source: str


def labelled(*paths: Path) -> list[Labelled]:
    """Return the calls of files with their labels, wherever they stand; those marked as of no use are left out."""
    calls = [(call, path.stem) for path in paths for call in read_calls(path) if isinstance(call, Call)]
    usable = [(call, source) for call, source in calls if column_value(call, "label.usable") != "false"]
    return [Labelled(call, _label(call), source) for call, source in usable]


def _label(call: Call) -> Label:
    found = [label for column in _LABELS if (label := column.read(call)) != "none"]
    return found[0] if found else "negative"


def rounds() -> list[Labelled]:
    """Return the calls of all rounds of first contact."""
    return labelled(*sorted((DOCS / "first-contact").glob("round-*.jsonl")))


def confusion(engine: Engine, calls: Iterable[Labelled]) -> Confusion:
    """Return how calls fare."""
    return Confusion.of((label, engine.assess(call).flagged) for call, label, _ in calls)


def cell(figure: Proportion) -> str:
    """Return a proportion with its interval, for a table.

    >>> from triage_triggers.lab.figures import Proportion
    >>> cell(Proportion(3, 4)), cell(Proportion(0, 0))
    ('3/4 = 0.75 (0.30–0.95)', '–')
    """
    if figure.value is None or figure.interval is None:
        return "–"
    low, high = figure.interval
    return f"{figure.part}/{figure.whole} = {figure.value:.2f} ({low:.2f}–{high:.2f})"


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    ruled = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def fill(page: Path, name: str, text: str) -> None:
    """Put a table between the comments ``<!-- NAME -->`` and ``<!-- /NAME -->`` of a page.

    Raises:
        ValueError: The page has no such place.
    """
    before = page.read_text(encoding="utf-8")
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not place.search(before):
        raise ValueError(f"{page.name} has no place for '{name}'")
    page.write_text(place.sub(lambda found: f"{found[1]}{text}\n{found[2]}", before), encoding="utf-8")
