"""Single calls on a page of the lab: the transcript with its marks, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.tables import verdict
from triage_triggers.report.marking import shown
from triage_triggers.report.transcript import lay_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.lab.observation import Observation
    from triage_triggers.report.transcript import TranscriptLine

__all__ = ["LONGEST_SHOWN", "MOST_CALLS", "CallSection", "call_sections", "links_to", "plain"]

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


def call_sections(calls: Sequence[tuple[Observation, str]]) -> tuple[CallSection, ...]:
    """Return the first calls, each with what is to be said of it, laid out in full."""
    sections = []
    for number, (item, remark) in enumerate(calls[:MOST_CALLS], 1):
        length = sum(len(utterance.text) for utterance in item.call.utterances)
        anchor = f"call-{number}"
        findings = item.assessment.findings
        lines = None if length > LONGEST_SHOWN else lay_out(item.call, findings, anchor=anchor)
        said = f"Label: {IN_WORDS[item.label]}; {verdict(item)}. {remark}".strip()
        sections.append(CallSection(anchor, item.call.call_id, said, length, lines, findings))
    return tuple(sections)


def links_to(sections: Sequence[CallSection]) -> Mapping[str, str]:
    """Return the anchors of calls by their id."""
    return {section.name: section.anchor for section in sections}


def plain(text: str) -> str:
    r"""Return text on one line in which nothing steers a screen, for places where no element can stand.

    >>> plain("no\x1b[2J")
    'noU+001B[2J'
    """
    return " ".join("".join(piece.text for piece in shown(text)).split())
