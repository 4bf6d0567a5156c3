"""A measurement as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.lab.tables import (
    UNKNOWN,
    Column,
    Table,
    clock,
    counted,
    decimal,
    of,
    per_thousand,
    probability,
    rate,
    span,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.lab.figures import Proportion
    from triage_triggers.lab.measurement import Breakdown, Group, Measurement
    from triage_triggers.lab.observation import Observation

__all__ = ["measure_tables", "summary"]

_PREVALENCE = (
    "PPV and NPV hold only where positive calls are as common as here. Intervals are Wilson's, 95 %; they say how far"
    " chance goes, not whether these calls are like yours."
)
_RULES = (
    "Counts in: calls in which the rule counts. Precision: of the labelled ones, the positive. Overlap: another rule"
    " counts too. Conflict: its theme is also denied in the call. Set aside only: found, and never counted."
)
_LOST = (
    "Each call judged again without the rule. Lost: calls that nothing else flags, by their label. Other code, other"
    " advice: calls that stay flagged with another suggestion. Gained: calls that only the rule keeps from being"
    " flagged. All other rules change no call here."
)
_TRADE_OFF = (
    "Rules switched off one after the other, each time the one that costs the fewest true alerts for each false one it"
    " spares. It shows which rules these calls speak for or against; it is no advice to switch one off."
)
_BREAKDOWN = (
    "p: Fisher's exact test against all the other calls. With many groups some p below 0.05 are chance; with few"
    " positive calls no difference can be seen."
)


def summary(measurement: Measurement) -> str:
    """Return in a sentence which calls were measured."""
    labels = measurement.labels
    decided = labels["positive"] + labels["negative"]
    if not decided:
        unknown = "None has a label of yes or no, so sensitivity and specificity are not known; see --label."
        return f"{counted(measurement.overall.calls, 'call')}. {unknown}"
    text = (
        f"{counted(measurement.overall.calls, 'call')}: {decided:,} labelled ({labels['positive']:,} positive,"
        f" {labels['negative']:,} negative)"
    )
    if labels["ignored"]:
        text += f", {labels['ignored']:,} looked at and not decided"
    if labels["none"]:
        text += f", {labels['none']:,} without a label"
    return f"{text}."


def measure_tables(measurement: Measurement, *, calls_per_day: float | None = None) -> dict[str, Table]:
    """Return the tables of a measurement by name, in the order to show them; empty ones are left out.

    Args:
        measurement: The measurement.
        calls_per_day: How many calls a day a service takes, to say how many alerts that makes.
    """
    tables = {
        "figures": _figures(measurement, calls_per_day),
        "until_flag": _until_flag(measurement.overall),
        "suggested": _suggested(measurement),
        **{f"by {breakdown.column}": _breakdown(breakdown) for breakdown in measurement.breakdowns},
        "policies": _policies(measurement),
        "rules": _rules(measurement),
        "lost": _lost(measurement),
        "quiet_rules": _quiet_rules(measurement),
        "trade_off": _trade_off(measurement),
        "missed": _calls("Missed: positive calls that were not flagged", measurement.missed),
        "false_alarms": _calls("False alarms: negative calls that were flagged", measurement.false_alarms),
    }
    return {name: table for name, table in tables.items() if table.rows}


def _figures(measurement: Measurement, calls_per_day: float | None) -> Table:
    overall = measurement.overall
    confusion = overall.confusion
    rows = [
        ("Sensitivity: positive calls flagged", *_proportion(confusion.sensitivity)),
        ("Specificity: negative calls left alone", *_proportion(confusion.specificity)),
        ("PPV: flagged calls that are positive", *_proportion(confusion.ppv)),
        ("NPV: calls left alone that are negative", *_proportion(confusion.npv)),
        ("Undecided calls flagged", *_proportion(measurement.undecided_alerts)),
    ]
    rows = [row for row in rows if row[1] != UNKNOWN]
    rows.append(("Alerts per 1,000 calls", *_thousand(overall.alerts)))
    if overall.escalations.whole:
        rows.append(("Escalations per 1,000 calls with a code", *_thousand(overall.escalations)))
    if calls_per_day is not None and overall.alerts.interval is not None:
        low, high = overall.alerts.interval
        a_day = f"{low * calls_per_day:,.1f}–{high * calls_per_day:,.1f}"
        value = overall.alerts.part * calls_per_day / overall.alerts.whole
        rows.append((f"Alerts a day, of {calls_per_day:,g} calls", f"{value:,.1f}", a_day, of(overall.alerts)))
    columns = (Column("figure"), *_numbers("value", "95 % interval", "calls"))
    return Table("Figures", columns, tuple(rows), _PREVALENCE if confusion.positives else "")


def _proportion(figure: Proportion) -> tuple[str, str, str]:
    return rate(figure), span(figure), of(figure)


def _thousand(figure: Proportion) -> tuple[str, str, str]:
    return per_thousand(figure), span(figure, 1000), of(figure)


def _until_flag(group: Group) -> Table:
    rows = []
    if group.share.size:
        share = group.share
        rows.append(("Share of the call said", decimal(share.median), decimal(share.ninetieth), f"{share.size:,}"))
    if group.seconds.size:
        seconds = group.seconds
        rows.append(
            ("Minutes and seconds", clock(seconds.median), clock(seconds.ninetieth), f"{seconds.size:,}"),
        )
    columns = (Column("until the flag"), *_numbers("half by", "nine in ten by", "calls"))
    return Table("How soon calls are flagged", columns, tuple(rows))


def _suggested(measurement: Measurement) -> Table:
    calls = measurement.overall.calls
    rows = tuple((code, f"{count:,}", f"{count * 1000 / calls:,.0f}") for code, count in measurement.suggested.items())
    return Table("Codes suggested", (Column("code"), *_numbers("calls", "per 1,000 calls")), rows)


def _breakdown(breakdown: Breakdown) -> Table:
    columns = (
        Column(breakdown.column),
        *_numbers("calls", "positive", "sensitivity", "sens. 95 %", "sens. p"),
        *_numbers("negative", "specificity", "spec. 95 %", "spec. p", "alerts per 1,000", "share until flag"),
    )
    rows = tuple(
        (
            group.name,
            f"{group.calls:,}",
            f"{group.confusion.positives:,}",
            rate(group.confusion.sensitivity),
            span(group.confusion.sensitivity),
            probability(group.unlike_sensitivity),
            f"{group.confusion.negatives:,}",
            rate(group.confusion.specificity),
            span(group.confusion.specificity),
            probability(group.unlike_specificity),
            per_thousand(group.alerts),
            decimal(group.share.median),
        )
        for group in breakdown.groups
    )
    return Table(f"By {breakdown.column}", columns, rows, _BREAKDOWN)


def _policies(measurement: Measurement) -> Table:
    rows = tuple(
        (
            figures.policy,
            figures.suggest or UNKNOWN,
            f"{figures.coverage.part:,}",
            rate(figures.precision),
            f"{figures.alone:,}",
        )
        for figures in measurement.policies
        if figures.coverage.part
    )
    columns = (Column("policy"), Column("suggests"), *_numbers("holds in", "precision", "alone in"))
    silent = sum(not figures.coverage.part for figures in measurement.policies)
    return Table("Policies", columns, rows, f"{silent:,} more hold for no call." if silent else "")


def _rules(measurement: Measurement) -> Table:
    columns = (Column("rule"), *_numbers("counts in", "precision", "overlap", "conflict", "set aside only"))
    rows = tuple(
        (
            rule.rule,
            f"{rule.coverage.part:,}",
            rate(rule.precision),
            rate(rule.overlap),
            rate(rule.conflict),
            f"{rule.only_set_aside:,}",
        )
        for rule in measurement.rules
        if rule.coverage.part
    )
    return Table("Rules that count in some call", columns, rows, _RULES)


def _lost(measurement: Measurement) -> Table:
    columns = (
        Column("rule"),
        *_numbers("lost positive", "lost negative", "lost other", "other code", "other advice", "gained"),
    )
    rows = tuple(
        (
            rule.rule,
            f"{rule.lost_positive:,}",
            f"{rule.lost_negative:,}",
            f"{rule.lost_other:,}",
            f"{rule.other_code:,}",
            f"{rule.other_advice:,}",
            f"{rule.gained:,}",
        )
        for rule in measurement.rules
        if not rule.changes_nothing
    )
    return Table("What would be lost without a rule", columns, rows, _LOST)


def _quiet_rules(measurement: Measurement) -> Table:
    quiet: dict[str, tuple[list[str], list[str]]] = {}
    for rule in measurement.rules:
        if not rule.coverage.part:
            never, aside = quiet.setdefault(rule.theme, ([], []))
            if rule.never_found:
                never.append(rule.rule)
            else:
                aside.append(f"{rule.rule} (in {rule.only_set_aside:,})")
    rows = tuple(
        (theme, ", ".join(never) or UNKNOWN, ", ".join(aside) or UNKNOWN) for theme, (never, aside) in quiet.items()
    )
    columns = (Column("theme"), Column("never found"), Column("set aside every time"))
    return Table("Rules that count in no call", columns, rows)


def _trade_off(measurement: Measurement) -> Table:
    if len(measurement.trade_off) == 1:
        return Table("", (), ())
    rows = tuple(
        (
            point.rule or "(none)",
            f"{point.alerts * 1000 / point.calls:,.0f}",
            rate(point.confusion.sensitivity),
            rate(point.confusion.specificity),
            f"{point.confusion.false_positive:,}",
        )
        for point in measurement.trade_off
    )
    columns = (
        Column("switched off as well"),
        *_numbers("alerts per 1,000", "sensitivity", "specificity", "false alarms"),
    )
    return Table("Alerts against sensitivity, rules switched off", columns, rows, _TRADE_OFF)


def _calls(title: str, items: Iterable[Observation]) -> Table:
    rows = tuple(
        (
            item.call.call_id,
            item.assessment.suggested_code or UNKNOWN,
            ", ".join(item.assessment.policies) or UNKNOWN,
            ", ".join(sorted(item.counted)) or UNKNOWN,
        )
        for item in items
    )
    return Table(title, (Column("call"), Column("suggested"), Column("policies"), Column("rules that count")), rows)


def _numbers(*headings: str) -> tuple[Column, ...]:
    return tuple(Column(heading, is_number=True) for heading in headings)
