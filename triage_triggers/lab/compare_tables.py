"""A comparison as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.tables import (
    UNKNOWN,
    Column,
    Table,
    counted,
    decimal,
    of,
    per_thousand,
    probability,
    rate,
    span,
)

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.lab.comparison import Change, Comparison
    from triage_triggers.lab.figures import Proportion

__all__ = ["compare_tables", "flag_in_words", "headline"]

_TESTS = (
    "p: McNemar's exact test of the calls that only one of the two gets right, two-sided. Intervals are Wilson's, 95 %."
)
_WORKLOAD = (
    "If every suggestion were accepted. Per 1,000 and a day: only as far as these calls are like those of the service,"
    " in kind and in number."
)
_CAUSES = (
    "A rule stands here where it alone makes the difference in a call; where several do, or a policy, all that differ"
    " there."
)


def headline(comparison: Comparison) -> str:
    """Return in a sentence how much changes."""
    newly = sum(change.newly_flagged for change in comparison.changes)
    no_longer = sum(change.no_longer_flagged for change in comparison.changes)
    moved = sum(change.moves for change in comparison.changes)
    return (
        f"{len(comparison.changes):,} of {counted(comparison.calls, 'call')} come out otherwise:"
        f" {newly:,} newly flagged, {no_longer:,} no longer flagged, {moved:,} with another category."
    )


def compare_tables(comparison: Comparison, *, calls_per_day: float | None = None) -> dict[str, Table]:
    """Return the tables of a comparison by name, in the order to show them; empty ones are left out.

    Args:
        comparison: The comparison.
        calls_per_day: How many calls a day a service takes, to say what the change means for its workload.
    """
    tables = {
        "figures": _figures(comparison),
        "flips": _flips(comparison),
        "workload": _workload(comparison, calls_per_day),
        "moves": _moves(comparison, calls_per_day),
        "causes": _causes(comparison),
        "ruleset": _ruleset(comparison),
        "changes": _changes(comparison),
    }
    return {name: table for name, table in tables.items() if table.rows}


def _figures(comparison: Comparison) -> Table:
    before, after = comparison.confusions
    tested = (
        ("Sensitivity", before.sensitivity, after.sensitivity, comparison.sensitivity),
        ("Specificity", before.specificity, after.specificity, comparison.specificity),
        ("Labelled calls right", before.right, after.right, comparison.all_right),
    )
    rows: list[tuple[str, ...]] = [
        (name, _with_span(one), _with_span(other), f"{test.only_first:,}", f"{test.only_second:,}", probability(test.p))
        for name, one, other, test in tested
        if one.whole
    ]
    labelled = bool(rows)
    if labelled:
        rows += [
            (name, _with_span(one), _with_span(other), UNKNOWN, UNKNOWN, UNKNOWN)
            for name, one, other in (("PPV", before.ppv, after.ppv), ("NPV", before.npv, after.npv))
        ]
    alerts = (f"{per_thousand(part)} ({span(part, 1000)})" for part in comparison.alerts)
    rows.append(("Alerts per 1,000 calls", *alerts, UNKNOWN, UNKNOWN, UNKNOWN))
    shares = (decimal(share.median) for share in comparison.shares)
    rows.append(("Share of the call until the flag, median", *shares, UNKNOWN, UNKNOWN, UNKNOWN))
    columns = (
        Column("figure"),
        *(Column(heading, is_number=True) for heading in ("first", "second")),
        *(Column(heading, is_number=True) for heading in ("only first right", "only second right", "p")),
    )
    return Table("Figures", columns, tuple(rows), _TESTS if labelled else "")


def _with_span(figure: Proportion) -> str:
    return UNKNOWN if figure.value is None else f"{rate(figure)} ({span(figure)}; {of(figure)})"


def _flips(comparison: Comparison) -> Table:
    rows = []
    for label, name in IN_WORDS.items():
        newly, no_longer = comparison.flips(label, newly=True), comparison.flips(label, newly=False)
        if newly or no_longer:
            rows.append((name, f"{len(newly):,}", f"{len(no_longer):,}"))
    columns = (Column("label"), Column("newly flagged", is_number=True), Column("no longer flagged", is_number=True))
    return Table("Calls whose flag turns", columns, tuple(rows))


def _workload(comparison: Comparison, calls_per_day: float | None) -> Table:
    workload = comparison.workload
    if not workload.moved:
        return Table("", (), ())
    headings = ["before", "after", "moved in", "moved out", "change per 1,000"]
    if calls_per_day is not None:
        headings.append(f"change a day, of {calls_per_day:,g}")
    rows = []
    for load in workload.categories:
        change = load.after - load.before
        row = [load.category or "no code", *(f"{count:,}" for count in load[1:])]
        row.append(decimal(workload.per(1000, change), 1, signed=True))
        if calls_per_day is not None:
            row.append(decimal(workload.per(calls_per_day, change), 1, signed=True))
        rows.append(tuple(row))
    columns = (Column("category"), *(Column(heading, is_number=True) for heading in headings))
    return Table("Workload", columns, tuple(rows), _WORKLOAD)


def _moves(comparison: Comparison, calls_per_day: float | None) -> Table:
    workload = comparison.workload
    headings = ["calls", "per 1,000"] + ([] if calls_per_day is None else [f"a day, of {calls_per_day:,g}"])
    rows = []
    for (before, after), count in workload.moved.items():
        row = [f"{before or 'no code'} → {after or 'no code'}", f"{count:,}", decimal(workload.per(1000, count), 1)]
        if calls_per_day is not None:
            row.append(decimal(workload.per(calls_per_day, count), 1))
        rows.append(tuple(row))
    columns = (Column("from → to"), *(Column(heading, is_number=True) for heading in headings))
    return Table("Calls moved between categories", columns, tuple(rows))


def _causes(comparison: Comparison) -> Table:
    rows = tuple((cause, f"{count:,}") for cause, count in comparison.causes)
    return Table("What is behind it", (Column("rule or policy"), Column("calls", is_number=True)), rows, _CAUSES)


def _ruleset(comparison: Comparison) -> Table:
    rows = [
        (name, kind, done)
        for kind, changes in comparison.differences.items()
        for done, names in (("added", changes.added), ("removed", changes.removed), ("changed", changes.altered))
        for name in names
    ]
    return Table("What differs between the rulesets", (Column("id"), Column("kind"), Column("what")), tuple(rows))


def _changes(comparison: Comparison) -> Table:
    rows = tuple(
        (
            change.before.call.call_id,
            IN_WORDS[change.before.label],
            flag_in_words(change),
            f"{_code(change.before.assessment)} → {_code(change.after.assessment)}",
            ", ".join(change.causes) or UNKNOWN,
        )
        for change in comparison.changes
    )
    columns = (Column("call"), Column("label"), Column("flag"), Column("suggested code"), Column("because of"))
    return Table("Calls that come out otherwise", columns, rows)


def flag_in_words(change: Change) -> str:
    """Return what becomes of a call's flag."""
    if change.newly_flagged:
        return "newly flagged"
    if change.no_longer_flagged:
        return "no longer flagged"
    return "stays flagged" if change.moves else "stays flagged, other advice"


def _code(assessment: Assessment) -> str:
    return assessment.suggested_code or "none"
