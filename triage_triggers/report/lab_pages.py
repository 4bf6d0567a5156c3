"""The pages of the lab: a measurement, and a comparison of two rulesets, in tables and in calls."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.lab.compare_tables import compare_tables, flag_in_words, headline
from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.measure_tables import measure_tables, summary
from triage_triggers.lab.tables import verdict
from triage_triggers.report.marking import lay_out, shown
from triage_triggers.report.page import PRIVACY, render_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.lab.comparison import ChangedCall, Comparison
    from triage_triggers.lab.measurement import Measurement
    from triage_triggers.lab.observation import Observation
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


def measure_page(measurement: Measurement, *, calls_per_day: float | None = None, with_text: bool = False) -> str:
    """Return a measurement as one self-contained HTML page; ``MissingExtraError`` without the extra ``report``.

    ``calls_per_day`` is how many a service takes, to say how many alerts that makes. ``with_text`` shows the calls that
    went wrong in full, with the words marked; without it the page quotes nothing that was said.

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
    return _render(
        "measure.html",
        title=f"How {ruleset.id} {ruleset.version} does",
        calls=wrong,
        with_text=with_text,
        ruleset=ruleset,
        summary=summary(measurement),
        tables=measure_tables(measurement, calls_per_day=calls_per_day),
        groups=[f"by {breakdown.column}" for breakdown in measurement.breakdowns],
    )


def compare_page(comparison: Comparison, *, calls_per_day: float | None = None, with_text: bool = False) -> str:
    """Return a comparison as one self-contained HTML page, as :func:`measure_page` does.

    ``with_text`` shows the calls that come out otherwise in full, with the words marked that the second ruleset finds,
    or the first where only that one flags the call.
    """
    first, second = comparison.first, comparison.second
    return _render(
        "compare.html",
        title=f"From {first.id} {first.version} to {second.id} {second.version}",
        calls=[_seen_by_whichever_flags(change) for change in comparison.changes],
        with_text=with_text,
        first=first,
        second=second,
        summary=headline(comparison),
        tables=compare_tables(comparison, calls_per_day=calls_per_day),
    )


def _seen_by_whichever_flags(change: ChangedCall) -> tuple[Observation, str]:
    """Return a call as the second ruleset sees it, or as the first does where only that one flags it; and a remark."""
    item, name = (change.before, "first") if change.no_longer_flagged else (change.after, "second")
    because = ", ".join(change.causes) or "a sign"
    return item, f"{flag_in_words(change).capitalize()} because of {because}. Marked: what the {name} ruleset finds."


def _render(
    template: str, *, title: str, calls: Sequence[tuple[Observation, str]], with_text: bool, **data: object
) -> str:
    css = files("triage_triggers.report").joinpath("templates", "tables.css").read_text(encoding="utf-8")
    shown_calls = calls[:MOST_CALLS] if with_text else ()
    sections = [_section(f"call-{number}", *call) for number, call in enumerate(shown_calls, 1)]
    return render_page(
        "triage_triggers.report",
        template,
        title=title,
        banner=PRIVACY["full" if with_text else "none"],
        css=css,
        shown=shown,
        plain=_plain,
        sections=sections,
        links={section.name: section.anchor for section in sections},
        not_shown=len(calls) - len(sections) if with_text else 0,
        **data,
    )


def _plain(text: str) -> str:
    r"""Return text on one line in which nothing steers a screen, for places where no element can stand.

    >>> _plain("no\x1b[2J")
    'noU+001B[2J'
    """
    return " ".join("".join(piece.text for piece in shown(text)).split())


def _section(anchor: str, item: Observation, remark: str) -> CallSection:
    length = sum(len(utterance.text) for utterance in item.call.utterances)
    findings = item.assessment.findings
    lines = None if length > LONGEST_SHOWN else lay_out(item.call, findings, anchor=anchor)
    said = f"Label: {IN_WORDS[item.label]}; {verdict(item)}. {remark}".strip()
    return CallSection(anchor, item.call.call_id, said, length, lines, findings)
