"""The report of a case for a review panel, as one HTML page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import words as words_of
from triage_triggers.report.marking import shown
from triage_triggers.report.page import PRIVACY, render_page
from triage_triggers.report.transcript import clock, lay_out, why_set_aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.assessment import Finding, RulesetRef
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.record.entries import Verification
    from triage_triggers.replay.case import Case
    from triage_triggers.replay.replaying import Replay
    from triage_triggers.replay.review import Against, Review
    from triage_triggers.replay.unfolding import Step
    from triage_triggers.report.marking import Piece, Words
    from triage_triggers.report.transcript import Line

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


class _Found(NamedTuple):
    """A finding as a row of a table; ``said`` and ``cue_said`` are empty where words are not shown."""

    number: int
    finding: Finding
    said: tuple[Piece, ...]
    cue: str
    cue_said: tuple[Piece, ...]
    verdict: str


class _Moment(NamedTuple):
    """When something was reached, by utterance (from 1), clock of the call and clock on the wall."""

    utterance: int
    clock: str
    wall: str
    step: Step


class _Why(NamedTuple):
    policy: str
    reason: str
    suggests: str | None
    since: int | None


class _Logged(NamedTuple):
    """A recorded decision: what it suggested, how it comes out when judged again, and what differs and why."""

    replay: Replay
    then: str
    verdict: str
    notes: tuple[str, ...]


class _Section(NamedTuple):
    """An entry of the timeline: a review with everything the template would have to work out."""

    anchor: str
    review: Review
    title: str
    lines: tuple[Line, ...]
    found: tuple[_Found, ...]
    why: tuple[_Why, ...]
    steps: tuple[_Moment, ...]
    against: tuple[Against, ...]
    logged: tuple[_Logged, ...]
    recorded_under: tuple[tuple[RulesetRef, str, str, str], ...]


def case_report(case: Case, reviews: Iterable[Review], *, words: Words = "full", log: LogCheck | None = None) -> str:
    """Return the report as HTML. Equal input gives an equal page.

    Args:
        case: The case.
        reviews: From ``review_case``.
        words: ``"redacted"`` shows the words of findings only, ``"none"`` none; both leave out the case file's remarks.
        log: The decision log that the reviews were compared with.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    sections = tuple(_section(number, review, words) for number, review in enumerate(reviews, start=1))
    timeline = sorted(
        [*((section.review.entry.at.time, 0, section) for section in sections),
         *((outcome.at.time, 1, outcome) for outcome in case.outcomes)],
        key=lambda item: item[:2],
    )  # fmt: skip
    return render_page(
        "triage_triggers.report",
        "case.html",
        title=f"{case.title}",
        banner=PRIVACY[words],
        case=case,
        sections=sections,
        timeline=tuple(item for _, _, item in timeline),
        rulesets=tuple(_rulesets(sections)),
        words=words,
        log=log,
        left_out=LEFT_OUT,
        most_shown=_MOST_SHOWN,
        status_of=_STATUS,
        duration_clock=clock,
    )


def _section(number: int, review: Review, words: Words) -> _Section:
    entry, assessment = review.entry, review.assessment
    anchor = f"entry-{number}"
    reasons = {policy.policy: policy for policy in review.policies}
    return _Section(
        anchor,
        review,
        f"{entry.kind.capitalize()} {entry.call.call_id}",
        lay_out(entry.call, assessment.findings, words=words, anchor=f"{anchor}-finding"),
        tuple(_row(at, finding, review, words) for at, finding in enumerate(assessment.findings, start=1)),
        tuple(
            _Why(policy, reasons[policy].reason, reasons[policy].suggest, _since(policy, review.steps))
            for policy in assessment.policies
        ),
        tuple(
            _Moment(step.utterance + 1, clock(step.time), str(review.moment(step) or "not known"), step)
            for step in review.steps
        ),
        tuple(sent if words == "full" else sent._replace(remark=sent.remark and LEFT_OUT) for sent in review.against),
        tuple(map(_logged, review.recorded)),
        tuple(dict.fromkeys(map(_circumstances, review.recorded))),
    )


def _logged(replay: Replay) -> _Logged:
    then = "erased"
    if replay.record.assessment is not None:
        recorded = json.loads(replay.record.assessment)
        then = str(recorded["suggested_code"] or ("flagged, no code" if recorded["flagged"] else "nothing"))
    return _Logged(replay, then, _VERDICTS[replay.status], (*replay.reasons, *replay.differences))


def _circumstances(replay: Replay) -> tuple[RulesetRef, str, str, str]:
    record = replay.record
    return record.ruleset, record.engine, record.lexicon, record.ladder


def _row(number: int, finding: Finding, review: Review, words: Words) -> _Found:
    call = review.entry.call
    said = cue_said = ""
    if words != "none":
        said = words_of(call, finding.utterance, finding.start, finding.end_utterance, finding.end)
    cue = finding.cue
    if cue is not None and words == "full":
        cue_said = words_of(call, cue.utterance, cue.start, cue.utterance, cue.end)
    return _Found(
        number,
        finding,
        tuple(shown(said)),
        "" if cue is None else f"{cue.kind.replace('_', ' ')}, utterance {cue.utterance + 1}",
        tuple(shown(cue_said)),
        "counted" if finding.counts else f"set aside: {why_set_aside(finding)}",
    )


def _since(policy: str, steps: Sequence[Step]) -> int | None:
    """Return the number, from 1, of the utterance since which a policy holds without a break."""
    since = None
    for step in steps:
        if policy not in step.assessment.policies:
            since = None
        elif since is None:
            since = step.utterance + 1
    return since


def _rulesets(sections: Iterable[_Section]) -> Iterable[Evaluator]:
    """Return an evaluator for each ruleset that judged an entry."""
    return {section.review.assessment.ruleset: section.review.evaluator for section in sections}.values()
