"""A measurement as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.lab.tables import clock, decimal, of, per_thousand, probability, rate, span, table
from triage_triggers.legible import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.lab.figures import Group, Proportion
    from triage_triggers.lab.measurement import Breakdown, Measurement
    from triage_triggers.lab.observation import Observation
    from triage_triggers.lab.tables import Table

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

    ``calls_per_day`` is how many calls a service takes, to say how many alerts that makes.
    """
    tables = {
        "figures": _figures(measurement, calls_per_day),
        "until_flag": _until_flag(measurement.overall),
        "suggested": _suggested(measurement),
        **{f"by {breakdown.column}": _breakdown(breakdown) for breakdown in measurement.breakdowns},
        "signs": _signs(measurement),
        "rules": _rules(measurement),
        "lost": _lost(measurement),
        "quiet_rules": _quiet_rules(measurement),
        "trade_off": _trade_off(measurement),
        "missed": _calls("Missed: positive calls that were not flagged", measurement.missed),
        "false_alarms": _calls("False alarms: negative calls that were flagged", measurement.false_alarms),
    }
    return {name: table for name, table in tables.items() if table.rows}


def _figures(measurement: Measurement, calls_per_day: float | None) -> Table:
    overall, confusion = measurement.overall, measurement.overall.confusion
    proportions = (
        ("Sensitivity: positive calls flagged", confusion.sensitivity),
        ("Specificity: negative calls left alone", confusion.specificity),
        ("PPV: flagged calls that are positive", confusion.ppv),
        ("NPV: calls left alone that are negative", confusion.npv),
        ("Undecided calls flagged", measurement.undecided_alerts),
    )
    rows = [(name, rate(figure), span(figure), of(figure)) for name, figure in proportions if figure.whole]
    rows.append(("Alerts per 1,000 calls", *_thousand(overall.alerts)))
    if overall.escalations.whole:
        rows.append(("Escalations per 1,000 calls with a code", *_thousand(overall.escalations)))
    if calls_per_day is not None and overall.alerts.interval is not None:
        low, high = overall.alerts.interval
        a_day = f"{low * calls_per_day:,.1f}–{high * calls_per_day:,.1f}"
        value = overall.alerts.part * calls_per_day / overall.alerts.whole
        rows.append((f"Alerts a day, of {calls_per_day:,g} calls", f"{value:,.1f}", a_day, of(overall.alerts)))
    note = _PREVALENCE if confusion.positives else ""
    return table("Figures", ["figure"], ["value", "95 % interval", "calls"], rows, note)


def _thousand(figure: Proportion) -> tuple[str, str, str]:
    return per_thousand(figure), span(figure, 1000), of(figure)


def _until_flag(group: Group) -> Table:
    share, seconds = group.share, group.seconds
    rows = (
        ("Share of the call said", decimal(share.median), decimal(share.ninetieth), share.size),
        ("Minutes and seconds", clock(seconds.median), clock(seconds.ninetieth), seconds.size),
    )
    known = [row for row in rows if row[-1]]
    return table("How soon calls are flagged", ["until the flag"], ["half by", "nine in ten by", "calls"], known)


def _suggested(measurement: Measurement) -> Table:
    calls = measurement.overall.calls
    rows = [(code, count, f"{count * 1000 / calls:,.0f}") for code, count in measurement.suggested.items()]
    return table("Codes suggested", ["code"], ["calls", "per 1,000 calls"], rows)


def _breakdown(breakdown: Breakdown) -> Table:
    headings = (
        *("calls", "positive", "sensitivity", "sens. 95 %", "sens. p"),
        *("negative", "specificity", "spec. 95 %", "spec. p", "alerts per 1,000", "share until flag"),
    )
    rows = [
        (
            group.name,
            group.calls,
            *(group.confusion.positives, group.confusion.sensitivity, span(group.confusion.sensitivity)),
            probability(group.unlike_sensitivity),
            *(group.confusion.negatives, group.confusion.specificity, span(group.confusion.specificity)),
            probability(group.unlike_specificity),
            per_thousand(group.alerts),
            decimal(group.share.median),
        )
        for group in breakdown.groups
    ]
    return table(f"By {breakdown.column}", [breakdown.column], headings, rows, _BREAKDOWN)


def _signs(measurement: Measurement) -> Table:
    holding = [sign for sign in measurement.signs if sign.coverage.part]
    rows = [(each.sign, each.coverage.part, each.precision, each.alone) for each in holding]
    silent = len(measurement.signs) - len(holding)
    note = f"{silent:,} more hold for no call." if silent else ""
    return table("Signs", ["sign"], ["holds in", "precision", "alone in"], rows, note)


def _rules(measurement: Measurement) -> Table:
    rows = [
        (rule.rule, rule.coverage.part, rule.precision, rule.overlap, rule.conflict, rule.only_set_aside)
        for rule in measurement.rules
        if rule.coverage.part
    ]
    headings = ("counts in", "precision", "overlap", "conflict", "set aside only")
    return table("Rules that count in some call", ["rule"], headings, rows, _RULES)


def _lost(measurement: Measurement) -> Table:
    rows = [
        (
            rule.rule,
            *(rule.lost_positive, rule.lost_negative, rule.lost_other),
            *(rule.other_code, rule.other_advice, rule.gained),
        )
        for rule in measurement.rules
        if not rule.changes_nothing
    ]
    headings = ("lost positive", "lost negative", "lost other", "other code", "other advice", "gained")
    return table("What would be lost without a rule", ["rule"], headings, rows, _LOST)


def _quiet_rules(measurement: Measurement) -> Table:
    quiet: dict[str, tuple[list[str], list[str]]] = {}
    for rule in measurement.rules:
        if not rule.coverage.part:
            never, aside = quiet.setdefault(rule.theme, ([], []))
            if rule.never_found:
                never.append(rule.rule)
            else:
                aside.append(f"{rule.rule} (in {rule.only_set_aside:,})")
    rows = [(theme, ", ".join(never), ", ".join(aside)) for theme, (never, aside) in quiet.items()]
    return table("Rules that count in no call", ["theme", "never found", "set aside every time"], [], rows)


def _trade_off(measurement: Measurement) -> Table:
    rows = [
        (
            point.rule or "(none)",
            per_thousand(point.alerts),
            *(point.confusion.sensitivity, point.confusion.specificity, point.confusion.false_positive),
        )
        for point in measurement.trade_off
    ]
    title, headings = "Alerts against sensitivity, rules switched off", ("sensitivity", "specificity", "false alarms")
    rows = rows if len(rows) > 1 else []
    return table(title, ["switched off as well"], ["alerts per 1,000", *headings], rows, _TRADE_OFF)


def _calls(title: str, items: Iterable[Observation]) -> Table:
    rows = [
        (
            item.call.call_id,
            item.assessment.suggested_code,
            ", ".join(item.assessment.policies),
            ", ".join(sorted(item.counted)),
        )
        for item in items
    ]
    return table(title, ["call", "suggested", "signs", "rules that count"], [], rows)
