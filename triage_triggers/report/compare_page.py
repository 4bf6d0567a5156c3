"""The page of a comparison: what changes from one ruleset to another, in figures, plots, tables and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.lab.compare_tables import compare_tables, flag_in_words, headline
from triage_triggers.report.charts import bars, intervals
from triage_triggers.report.lab_page import render_lab_page

if TYPE_CHECKING:
    from triage_triggers.lab.comparison import ChangedCall, Comparison
    from triage_triggers.lab.observation import Observation
    from triage_triggers.report.charts import Bars, Intervals

__all__ = ["compare_page"]

_MOST_BARS: Final = 15


def compare_page(comparison: Comparison, *, calls_per_day: float | None = None, with_text: bool = False) -> str:
    """Return a comparison as one self-contained HTML page.

    Args:
        comparison: The comparison.
        calls_per_day: How many calls a day a service takes, to say what the change means for its workload.
        with_text: Show the calls that come out otherwise in full, with the words marked that the second ruleset finds,
            or the first where only that one flags the call. Without it the page quotes nothing that was said.

    Raises:
        MissingExtraError: The ``report`` extra is not installed.
    """
    first, second = comparison.first, comparison.second
    changed = [_seen_by_whichever_flags(change) for change in comparison.changes]
    return render_lab_page(
        "compare.html",
        title=f"From {first.id} {first.version} to {second.id} {second.version}",
        calls=changed,
        with_text=with_text,
        first=first,
        second=second,
        summary=headline(comparison),
        tables=compare_tables(comparison, calls_per_day=calls_per_day),
        figures=_figures(comparison),
        flips=_flips(comparison),
        moves=_moves(comparison),
        causes=_causes(comparison),
    )


def _seen_by_whichever_flags(change: ChangedCall) -> tuple[Observation, str]:
    """Return a call as the second ruleset sees it, or as the first does where only that one flags it; and a remark."""
    item, name = (change.before, "first") if change.no_longer_flagged else (change.after, "second")
    because = ", ".join(change.causes) or "a sign"
    return item, f"{flag_in_words(change).capitalize()} because of {because}. Marked: what the {name} ruleset finds."


def _figures(comparison: Comparison) -> Intervals | None:
    before, after = comparison.before.confusion, comparison.after.confusion
    return intervals(
        "Before and after",
        "Circles are the first ruleset, squares the second; lines are 95 % intervals. The calls are the same, so the"
        " test in the table says more than the lines' overlap.",
        [
            ("Sensitivity, first", before.sensitivity, "circle"),
            ("Sensitivity, second", after.sensitivity, "square"),
            ("Specificity, first", before.specificity, "circle"),
            ("Specificity, second", after.specificity, "square"),
        ],
    )


def _flips(comparison: Comparison) -> Bars | None:
    rows = [
        (name, [len(comparison.flips(label, newly=newly)) for label in ("positive", "negative")] + [others])
        for name, newly in (("newly flagged", True), ("no longer flagged", False))
        for others in (sum(len(comparison.flips(label, newly=newly)) for label in ("ignored", "none")),)
    ]
    return bars(
        "Calls whose flag turns",
        "Behind each bar: positive, negative and other calls.",
        rows,
        [("positive", "positive calls"), ("negative", "negative calls"), ("other", "others")],
    )


def _moves(comparison: Comparison) -> Bars | None:
    moved = comparison.workload.moved.items()
    rows = [(f"{before or 'no code'} → {after or 'no code'}", (count,)) for (before, after), count in moved]
    return bars(
        "Calls moved between categories", "If every suggestion were accepted.", rows, [("positive", "calls moved")]
    )


def _causes(comparison: Comparison) -> Bars | None:
    rows = [(cause, (count,)) for cause, count in comparison.causes]
    return bars(
        "What is behind it",
        "Calls by rule or sign.",
        rows[:_MOST_BARS],
        [("positive", "calls that come out otherwise")],
    )
