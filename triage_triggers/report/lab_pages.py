"""The pages of the lab: a measurement, and a comparison of two rulesets, in figures, plots, tables and calls."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.lab.compare_tables import compare_tables, flag_in_words, headline
from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.measure_tables import measure_tables, summary
from triage_triggers.lab.tables import verdict
from triage_triggers.report.charts import bars, intervals, steps
from triage_triggers.report.marking import lay_out, shown
from triage_triggers.report.page import PRIVACY, render_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.lab.comparison import ChangedCall, Comparison
    from triage_triggers.lab.measurement import Measurement
    from triage_triggers.lab.observation import Observation
    from triage_triggers.report.charts import Bars, Intervals, Steps
    from triage_triggers.report.marking import TranscriptLine

__all__ = ["LONGEST_SHOWN", "MOST_CALLS", "compare_page", "measure_page"]

MOST_CALLS: Final = 200
"""How many calls a page shows; it is to be read by people."""
LONGEST_SHOWN: Final = 50_000
"""Up to how many characters a call is shown."""


class CallSection(NamedTuple):
    """A call: its id, what the ruleset makes of it, its lines (``None`` where it is too long) and its findings."""

    anchor: str
    name: str
    verdict: str
    length: int
    lines: tuple[TranscriptLine, ...] | None
    findings: Sequence[Finding]


def render_lab_page(
    template: str, *, title: str, calls: Sequence[tuple[Observation, str]], with_text: bool, **data: object
) -> str:
    """Return a page of the lab as HTML."""
    css = files("triage_triggers.report").joinpath("templates", "charts.css").read_text(encoding="utf-8")
    shown_calls = calls[:MOST_CALLS] if with_text else ()
    sections = [_section(f"call-{number}", *call) for number, call in enumerate(shown_calls, 1)]
    return render_page(
        "triage_triggers.report",
        template,
        title=title,
        banner=PRIVACY["full" if with_text else "none"],
        css=css,
        shown=shown,
        plain=plain,
        sections=sections,
        links={section.name: section.anchor for section in sections},
        not_shown=len(calls) - len(sections) if with_text else 0,
        **data,
    )


def plain(text: str) -> str:
    r"""Return text on one line in which nothing steers a screen, for places where no element can stand.

    >>> plain("no\x1b[2J")
    'noU+001B[2J'
    """
    return " ".join("".join(piece.text for piece in shown(text)).split())


def _section(anchor: str, item: Observation, remark: str) -> CallSection:
    length = sum(len(utterance.text) for utterance in item.call.utterances)
    findings = item.assessment.findings
    lines = None if length > LONGEST_SHOWN else lay_out(item.call, findings, anchor=anchor)
    said = f"Label: {IN_WORDS[item.label]}; {verdict(item)}. {remark}".strip()
    return CallSection(anchor, item.call.call_id, said, length, lines, findings)


_MOST_BARS: Final = 15


def measure_page(measurement: Measurement, *, calls_per_day: float | None = None, with_text: bool = False) -> str:
    """Return a measurement as one self-contained HTML page.

    Args:
        measurement: The measurement.
        calls_per_day: How many calls a day a service takes, to say how many alerts that makes.
        with_text: Show the calls that went wrong in full, with the words marked. Without it the page quotes nothing
            that was said.

    Raises:
        MissingExtraError: The ``report`` extra is not installed.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> from triage_triggers.lab.measurement import measure
    >>> from triage_triggers.lab.observation import observe
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> call = observe(evaluator, Call.from_text("He <b>never</b> strangled me."), "negative")
    >>> "<b>never" in measure_page(measure(evaluator, [call]), with_text=True)
    False
    """
    ruleset = measurement.ruleset
    wrong = [(item, "Missed.") for item in measurement.missed]
    wrong += [(item, "A false alarm.") for item in measurement.false_alarms]
    return render_lab_page(
        "measure.html",
        title=f"How {ruleset.id} {ruleset.version} does",
        calls=wrong,
        with_text=with_text,
        ruleset=ruleset,
        summary=summary(measurement),
        tables=measure_tables(measurement, calls_per_day=calls_per_day),
        by=[
            (f"by {breakdown.column}", plot)
            for breakdown, plot in zip(measurement.breakdowns, _by_column(measurement), strict=True)
        ],
        figures=_figures(measurement),
        time_to_flag=_time_to_flag(measurement),
        trade_off=_trade_off(measurement),
        rules=_rules(measurement),
    )


def _figures(measurement: Measurement) -> Intervals | None:
    confusion = measurement.overall.confusion
    return intervals(
        "How right it is",
        "Each mark is a figure, each line its 95 % interval.",
        [
            ("Sensitivity", confusion.sensitivity, "circle"),
            ("Specificity", confusion.specificity, "square"),
            ("PPV", confusion.ppv, "circle"),
            ("NPV", confusion.npv, "square"),
        ],
    )


def _by_column(measurement: Measurement) -> list[list[Intervals]]:
    return [
        [
            plot
            for plot in (
                intervals(
                    f"Sensitivity by {breakdown.column}",
                    "Where the lines of two groups lie well apart, the ruleset serves one of them worse.",
                    [(group.name, group.confusion.sensitivity, "circle") for group in breakdown.groups],
                ),
                intervals(
                    f"Specificity by {breakdown.column}",
                    "Lower means more false alarms in that group.",
                    [(group.name, group.confusion.specificity, "square") for group in breakdown.groups],
                ),
            )
            if plot
        ]
        for breakdown in measurement.breakdowns
    ]


def _time_to_flag(measurement: Measurement) -> Steps | None:
    """How many calls are flagged by each point of the call: of the positive ones, or of all where none has a label."""
    labelled = measurement.overall.confusion.positives > 0
    items: list[Observation] = [item for item in measurement.observations if not labelled or item.label == "positive"]
    shares = sorted(share for item in items if (share := item.share_until_flag) is not None)
    if not shares:
        return None
    whole = "positive calls" if labelled else "all calls"
    points = [(0.0, 0.0, "")]
    points += [(share, number / len(items), "") for number, share in enumerate(shares, 1)]
    points.append((1.0, len(shares) / len(items), ""))
    return steps(
        "How soon they are flagged",
        f"Of {len(items):,} {whole}, the share flagged by the time so much of the call had been said.",
        points,
        x_name="share of the call said",
        y_name=f"share of {whole}",
        stairs=True,
    )


def _trade_off(measurement: Measurement) -> Steps | None:
    points = measurement.trade_off
    if len(points) == 1:
        return None
    drawn = [
        (point.alerts.per(1000) or 0.0, point.confusion.sensitivity.value or 0.0, str(number))
        for number, point in enumerate(points)
    ]
    return steps(
        "Alerts against sensitivity",
        "0 is the whole ruleset. At each further number one more rule is switched off, in the order of the table.",
        drawn,
        x_name="alerts per 1,000 calls",
        y_name="sensitivity",
        x_most=max(alerts for alerts, _, _ in drawn) * 1.05,
    )


def _rules(measurement: Measurement) -> Bars | None:
    counts: dict[str, list[int]] = {}
    for item in measurement.observations:
        place = {"positive": 0, "negative": 1}.get(item.label, 2)
        for rule in item.counted:
            counts.setdefault(rule, [0, 0, 0])[place] += 1
    largest = sorted(counts.items(), key=lambda row: (-sum(row[1]), row[0]))[:_MOST_BARS]
    return bars(
        f"Rules by the calls in which they count (the {len(largest):,} that count in most)",
        "Behind each bar: positive, negative and other calls. Many rules count in calls that are not flagged: a finding"
        " alone is no suggestion.",
        largest,
        [("positive", "positive calls"), ("negative", "negative calls"), ("other", "others")],
    )


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
        figures=_before_and_after(comparison),
        flips=_flips(comparison),
        moves=_moves(comparison),
        causes=_causes(comparison),
    )


def _seen_by_whichever_flags(change: ChangedCall) -> tuple[Observation, str]:
    """Return a call as the second ruleset sees it, or as the first does where only that one flags it; and a remark."""
    item, name = (change.before, "first") if change.no_longer_flagged else (change.after, "second")
    because = ", ".join(change.causes) or "a sign"
    return item, f"{flag_in_words(change).capitalize()} because of {because}. Marked: what the {name} ruleset finds."


def _before_and_after(comparison: Comparison) -> Intervals | None:
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
