"""What the lab's pages share: their style, their banner, and single calls with their marks and findings."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.tables import verdict
from triage_triggers.report.marking import shown
from triage_triggers.report.page import PRIVACY, render_page
from triage_triggers.report.transcript import lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.lab.observation import Observation
    from triage_triggers.report.transcript import TranscriptLine

__all__ = ["LONGEST_SHOWN", "MOST_CALLS", "CallSection", "plain", "render_lab_page"]

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
    """Return a page of the lab as HTML.

    Args:
        template: The template's file name.
        title: The page's title.
        calls: Calls worth a look, each with what is to be said of it.
        with_text: Show the first of these calls in full.
        data: What the template needs beside.

    Raises:
        MissingExtraError: The ``report`` extra is not installed.
    """
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
