"""The report of a case for a review panel, as one HTML page."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Finding
from triage_triggers.assessment import words as words_of
from triage_triggers.deeds import Said, by_claim, who_to_whom
from triage_triggers.report.in_words import ZONE_NAME, code_meanings, rule_title, summary, when
from triage_triggers.report.marking import ShownText, clock, lay_out, shown, why_set_aside
from triage_triggers.report.page import PRIVACY, render_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from triage_triggers.assessment import Assessment, Cue
    from triage_triggers.calls.call import Call
    from triage_triggers.record.entries import Verification
    from triage_triggers.replay.case import Case, CaseOutcome
    from triage_triggers.replay.replaying import Replay
    from triage_triggers.replay.review import Known, Review, Step
    from triage_triggers.report.marking import TranscriptLine, WordsShown
    from triage_triggers.ruleset.definition import Then

__all__ = ["LEFT_OUT", "LogCheck", "case_report"]

LEFT_OUT: Final = "(left out of this variant)"
_MOST_SHOWN: Final = 8
_STATUS: Final = {
    "draft": "Draft: no clinician has signed it.",
    "review": "In review: no clinician has signed it.",
    "approved": "Approved.",
    "withdrawn": "Withdrawn: not to be used.",
}

_VERDICTS: Final = {
    "identical": "Identical to the byte.",
    "differs": "DIFFERS.",
    "impossible": "Could not be judged again.",
}


class LogCheck(NamedTuple):
    """A decision log, by its file's name, and what verifying it found."""

    name: str
    verification: Verification


class _WhoPart(NamedTuple):
    """A part of who did it to whom: words of the call, to be quoted, or words about them."""

    quoted: bool
    pieces: tuple[ShownText, ...]


class _Section(NamedTuple):
    """An entry of the timeline: its review, its place on the page and its transcript."""

    anchor: str
    review: Review
    title: str
    lines: tuple[TranscriptLine, ...]


class _Earlier(NamedTuple):
    """A finding of an earlier entry: its number there, its place on the page, its words."""

    number: int
    target: str
    quoted: tuple[ShownText, ...]


def case_report(
    case: Case, reviews: Iterable[Review], *, words: WordsShown = "full", log: LogCheck | None = None
) -> str:
    """Return the report as HTML. Equal input gives an equal page.

    ``words="redacted"`` shows the words of findings only, ``"none"`` none; both leave out the case file's remarks.
    ``log`` is the decision log that the reviews were compared with. ``MissingExtraError``: Jinja2 is not installed.
    """
    sections = tuple(_section(number, review, words) for number, review in enumerate(reviews, start=1))
    looked_at = [section.review for section in sections]
    timeline: list[_Section | CaseOutcome] = sorted([*sections, *case.outcomes], key=_when)
    return render_page(
        "triage_triggers.report",
        "case.html",
        title=case.title,
        banner=PRIVACY[words],
        case=case,
        sections=sections,
        timeline=timeline,
        # One evaluator for each ruleset that judged an entry.
        rulesets={section.review.assessment.ruleset: section.review.evaluator for section in sections}.values(),
        words=words,
        log=log,
        left_out=LEFT_OUT,
        most_shown=_MOST_SHOWN,
        status_of=_STATUS,
        verdict_of=_VERDICTS,
        duration_clock=clock,
        why_set_aside=why_set_aside,
        quoted=_quoted,
        listed=_listed,
        who=_who,
        since=_since,
        follows=_follows,
        tally_reasons=lambda review: {line.id: line.reason for line in review.traces.tally},
        suggested_then=_suggested_then,
        summary=tuple(summary(looked_at)),
        zone=ZONE_NAME,
        when=when,
        meanings=code_meanings(looked_at),
        rule_title=rule_title,
        told_by=partial(_told_by, {section.review.entry.call.call_id: section for section in sections}),
    )


def _section(number: int, review: Review, words: WordsShown) -> _Section:
    entry, anchor = review.entry, f"entry-{number}"
    lines = lay_out(entry.call, review.assessment.findings, words=words, anchor=f"{anchor}-finding")
    if entry.kind == "note":
        voice = (entry.by if words == "full" else None) or "the note"
        lines = tuple(line._replace(speaker=voice) if line.speaker == "unknown" else line for line in lines)
    return _Section(anchor, review, f"{entry.kind.capitalize()} {entry.call.call_id}", lines)


def _told_by(sections: Mapping[str, _Section], known: Known) -> list[_Earlier]:
    """Return the findings of an earlier entry that disclosed a theme, with their words."""
    section = sections[known.entry.call.call_id]
    findings = enumerate(section.review.assessment.findings, start=1)
    return [
        _Earlier(number, f"{section.anchor}-finding-{number}", _quoted(known.entry.call, finding))
        for number, finding in findings
        if finding.theme == known.theme and finding.counts
    ]


def _when(item: _Section | CaseOutcome) -> tuple[datetime, bool]:
    """Return what the timeline is sorted by; of one time, entries come before outcomes."""
    return (item.review.entry.at.time, False) if isinstance(item, _Section) else (item.at.time, True)


def _quoted(call: Call, span: Finding | Cue) -> tuple[ShownText, ...]:
    """Return the words of a finding or a cue."""
    end = span.end_utterance if isinstance(span, Finding) else span.utterance
    return tuple(shown(words_of(call, span.utterance, span.start, end, span.end)))


def _listed(assessment: Assessment) -> tuple[tuple[str, tuple[tuple[int, Finding], ...]], ...]:
    """Return findings under headings, each with its number from 1: what is claimed, what else counted, the rest."""
    numbers = {id(finding): number for number, finding in enumerate(assessment.findings, start=1)}
    titles = ("What is claimed", "What else counted", "Set aside")
    return tuple(
        (title, tuple((numbers[id(finding)], finding) for finding in findings))
        for title, findings in zip(titles, by_claim(assessment.findings), strict=True)
        if findings
    )


def _who(call: Call, finding: Finding, assessment: Assessment, words: WordsShown) -> tuple[_WhoPart, ...]:
    """Return who did it to whom and how that is known; people go by their numbers unless all words are shown."""
    return tuple(
        _WhoPart(quoted=True, pieces=tuple(shown(part.text)))
        if isinstance(part, Said)
        else _WhoPart(quoted=False, pieces=(ShownText("said", part),))
        for part in who_to_whom(finding, assessment.cast, call if words == "full" else None)
    )


def _since(sign: str, steps: Sequence[Step]) -> int | None:
    """Return the number, from 1, of the utterance since which a sign holds without a break."""
    since = None
    for step in steps:
        if sign not in step.assessment.policies:
            since = None
        elif since is None:
            since = step.utterance + 1
    return since


def _follows(review: Review) -> tuple[Then, ...]:
    """Return the lines of the ruleset's ``then`` that hold."""
    holding = {line.id for line in review.traces.then if line.held}
    return tuple(line for line in review.evaluator.ruleset.then if line.id in holding)


def _suggested_then(replay: Replay) -> str:
    """Return what a recorded decision suggested."""
    if replay.record.assessment is None:
        return "erased"
    recorded = json.loads(replay.record.assessment)
    return str(recorded["suggested_code"] or ("flagged, no code" if recorded["flagged"] else "nothing"))
