"""The page of a measurement: figures, plots, tables, and the calls that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.lab.measure_tables import measure_tables, summary
from triage_triggers.report.charts import bars, intervals, steps
from triage_triggers.report.lab_page import render_lab_page

if TYPE_CHECKING:
    from triage_triggers.lab.measurement import Measurement
    from triage_triggers.lab.observation import Observation
    from triage_triggers.report.charts import Bars, Intervals, Steps

__all__ = ["measure_page"]

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
