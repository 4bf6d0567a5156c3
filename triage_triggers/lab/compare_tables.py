"""A comparison as tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.tables import decimal, of, per_thousand, probability, rate, span, table
from triage_triggers.legible import counted

if TYPE_CHECKING:
    from triage_triggers.lab.comparison import ChangedCall, Comparison
    from triage_triggers.lab.figures import Proportion
    from triage_triggers.lab.tables import Cell, Table

__all__ = ["compare_tables", "flag_in_words", "headline"]

_NO_CODE = "no code"
_TESTS = (
    "p: McNemar's exact test of the calls that only one of the two gets right, two-sided. Intervals are Wilson's, 95 %."
)
_WORKLOAD = (
    "If every suggestion were accepted. Per 1,000 and a day: only as far as these calls are like those of the service,"
    " in kind and in number."
)
_CAUSES = (
    "A rule stands here where it alone makes the difference in a call; where several do, or a sign, all that differ"
    " there."
)


def headline(comparison: Comparison) -> str:
    """Return in a sentence how much changes."""
    newly = sum(change.newly_flagged for change in comparison.changes)
    no_longer = sum(change.no_longer_flagged for change in comparison.changes)
    moved = sum(change.moves for change in comparison.changes)
    return (
        f"{len(comparison.changes):,} of {counted(comparison.before.calls, 'call')} come out otherwise:"
        f" {newly:,} newly flagged, {no_longer:,} no longer flagged, {moved:,} with another category."
    )


def compare_tables(comparison: Comparison, *, calls_per_day: float | None = None) -> dict[str, Table]:
    """Return the tables of a comparison by name, in the order to show them; empty ones are left out.

    ``calls_per_day`` is how many calls a service takes, to say what the change means for its workload.
    """
    tables = {
        "figures": _figures(comparison),
        "flips": _flips(comparison),
        "workload": _workload(comparison, calls_per_day),
        "moves": _moves(comparison, calls_per_day),
        "causes": table("What is behind it", ["rule or sign"], ["calls"], comparison.causes, _CAUSES),
        "ruleset": _ruleset(comparison),
        "changes": _changes(comparison),
    }
    return {name: table for name, table in tables.items() if table.rows}


def _figures(comparison: Comparison) -> Table:
    before, after = comparison.before, comparison.after
    one, other = before.confusion, after.confusion
    tested = (
        ("Sensitivity", one.sensitivity, other.sensitivity, comparison.sensitivity),
        ("Specificity", one.specificity, other.specificity, comparison.specificity),
        ("Labelled calls right", one.right, other.right, comparison.all_right),
    )
    rows: list[tuple[Cell, ...]] = [
        (name, _with_span(first), _with_span(second), test.only_first, test.only_second, probability(test.p))
        for name, first, second, test in tested
        if first.whole
    ]
    note = _TESTS if rows else ""
    untested = [
        ("PPV", _with_span(one.ppv), _with_span(other.ppv)),
        ("NPV", _with_span(one.npv), _with_span(other.npv)),
    ]
    alerts = (f"{per_thousand(part)} ({span(part, 1000)})" for part in (before.alerts, after.alerts))
    shares = (decimal(share.median) for share in (before.share, after.share))
    always = [("Alerts per 1,000 calls", *alerts), ("Share of the call until the flag, median", *shares)]
    rows += [(*row, None, None, None) for row in (untested if rows else []) + always]
    headings = ("first", "second", "only first right", "only second right", "p")
    return table("Figures", ["figure"], headings, rows, note)


def _with_span(figure: Proportion) -> str | None:
    return None if figure.value is None else f"{rate(figure)} ({span(figure)}; {of(figure)})"


def _flips(comparison: Comparison) -> Table:
    newly = Counter(change.before.label for change in comparison.changes if change.newly_flagged)
    no_longer = Counter(change.before.label for change in comparison.changes if change.no_longer_flagged)
    rows = [(name, newly[it], no_longer[it]) for it, name in IN_WORDS.items() if newly[it] or no_longer[it]]
    return table("Calls whose flag turns", ["label"], ["newly flagged", "no longer flagged"], rows)


def _workload(comparison: Comparison, calls_per_day: float | None) -> Table:
    workload = comparison.workload
    rows: list[tuple[Cell, ...]] = [
        (
            load.category or _NO_CODE,
            *load[1:],
            *_scaled(comparison, load.after - load.before, calls_per_day, signed=True),
        )
        for load in (workload.categories if workload.moved else ())
    ]
    headings = ["before", "after", "moved in", "moved out", "change per 1,000", *_a_day("change a day", calls_per_day)]
    return table("Workload", ["category"], headings, rows, _WORKLOAD)


def _moves(comparison: Comparison, calls_per_day: float | None) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (f"{before or _NO_CODE} → {after or _NO_CODE}", count, *_scaled(comparison, count, calls_per_day))
        for (before, after), count in comparison.workload.moved.items()
    ]
    headings = ["calls", "per 1,000", *_a_day("a day", calls_per_day)]
    return table("Calls moved between categories", ["from → to"], headings, rows)


def _a_day(heading: str, calls_per_day: float | None) -> list[str]:
    return [] if calls_per_day is None else [f"{heading}, of {calls_per_day:,g}"]


def _scaled(comparison: Comparison, count: int, calls_per_day: float | None, *, signed: bool = False) -> list[str]:
    """Return a count per 1,000 calls and, where it is known how many there are, a day."""
    scales = [1000] if calls_per_day is None else [1000, calls_per_day]
    return [decimal(comparison.workload.per(calls, count), 1, signed=signed) for calls in scales]


def _ruleset(comparison: Comparison) -> Table:
    rows = [
        (name, kind, done)
        for kind, changes in comparison.differences.items()
        for done, names in (("added", changes.added), ("removed", changes.removed), ("changed", changes.altered))
        for name in names
    ]
    return table("What differs between the rulesets", ["id", "kind", "what"], [], rows)


def _changes(comparison: Comparison) -> Table:
    rows = [
        (
            change.before.call.call_id,
            IN_WORDS[change.before.label],
            flag_in_words(change),
            " → ".join(item.assessment.suggested_code or "none" for item in (change.before, change.after)),
            ", ".join(change.causes),
        )
        for change in comparison.changes
    ]
    return table("Calls that come out otherwise", ["call", "label", "flag", "suggested code", "because of"], [], rows)


def flag_in_words(change: ChangedCall) -> str:
    """Return what becomes of a call's flag."""
    if change.newly_flagged:
        return "newly flagged"
    if change.no_longer_flagged:
        return "no longer flagged"
    return "stays flagged" if change.moves else "stays flagged, other advice"
