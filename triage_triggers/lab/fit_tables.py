"""A fit as tables, and as a draft overlay for a person to read and sign."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from triage_triggers.lab.tables import decimal, of, per_thousand, rate, span, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.lab.fit import Fit
    from triage_triggers.lab.tables import Table
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["draft", "fit_tables", "summary"]

_LINES = (
    "With it: labelled calls in which the line counts. A line keeps the sign it is written with; one that no call has"
    " keeps its points. Learnt from these calls, and no more than a proposal: read each line before you agree."
)
_CURVE = (
    "Each call has points learnt without its group. Alone: by points only. Recall, specificity and alerts: by that many"
    " points or a sign. Intervals are Wilson's, 95 %. Words and signs were not left out: if their author knew these"
    " calls, calls nobody knew will do worse. Alerts are of these calls, where abuse may be more common than in yours."
)
_GROUPS = "AUC: how often a positive call of the group has more points than a negative one, learnt from the others."


def summary(fit: Fit) -> str:
    """Return in a sentence or two what the fit would change."""
    before, after = fit.as_written, fit.chosen.flagged
    return (
        f"{before.positives:,} positive and {before.negatives:,} negative calls in {len(fit.groups):,} groups."
        f" As written: recall {rate(before.sensitivity)}, specificity {rate(before.specificity)}."
        f" Fitted without the group, flagged from {fit.flag} points: recall {rate(after.sensitivity)},"
        f" specificity {rate(after.specificity)}; AUC {decimal(fit.auc)}."
    )


def fit_tables(fit: Fit) -> tuple[Table, ...]:
    """Return a fit as tables: its lines, its curve, its groups."""
    lines = [
        (line.id, decimal(line.before, 0), decimal(line.after, 0), of(line.positive), of(line.negative))
        for line in fit.lines
    ]
    curve = [
        (
            f"{point.threshold}{_level(fit, point.threshold)}",
            point.by_points.sensitivity,
            point.by_points.specificity,
            point.flagged.sensitivity,
            span(point.flagged.sensitivity),
            point.flagged.specificity,
            span(point.flagged.specificity),
            per_thousand(point.alerts),
        )
        for point in fit.curve
    ]
    groups = [(group.name, group.positives, group.negatives, decimal(group.auc)) for group in fit.groups]
    with_it = ["points", "fitted", "positive with it", "negative with it"]
    alone = ["recall alone", "specificity alone"]
    flagged = ["recall", "recall, 95 %", "specificity", "specificity, 95 %", "alerts per 1,000"]
    return (
        table("The tally's lines", ["line"], with_it, lines, _LINES),
        table("Thresholds, on calls held out", ["from points"], [*alone, *flagged], curve, _CURVE),
        table("Groups, each held out", ["group"], ["positive", "negative", "AUC"], groups, _GROUPS),
    )


def _level(fit: Fit, threshold: int) -> str:
    levels = [name for name, at in (("look again", fit.look_again), ("flag", fit.flag)) if at == threshold]
    return f" ({', '.join(levels)})" if levels else ""


def draft(fit: Fit, ruleset: Ruleset, extends: str) -> str:
    """Return a draft overlay of the ruleset, in YAML: nothing but points and thresholds."""
    title = json.dumps(f"{ruleset.title}, with fitted points"[:200], ensure_ascii=False)
    head: Sequence[str] = (
        "# A draft made by `triage-triggers fit`. Read every line, correct it, and sign it; then delete this line.",
        f"# {summary(fit)}",
        "format: 1",
        f"id: {ruleset.id}-fitted",
        "version: 0.1.0",
        f"title: {title}",
        f"language: {ruleset.language}",
        "status: draft",
        f"code_system: {ruleset.code_system}",
        f"extends: {json.dumps(extends, ensure_ascii=False)}",
        "tally:",
        f"  look_again: {fit.look_again}",
        f"  flag: {fit.flag}",
        "  lines:",
    )
    lines = [
        f"    - {{id: {line.id}, points: {line.after}}}  # was {line.before}; in {of(line.positive)} positive calls,"
        f" {of(line.negative)} negative"
        for line in fit.lines
    ]
    return "\n".join([*head, *lines, ""])
