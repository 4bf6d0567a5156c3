"""A case in the words of people who know no code and no rule: times in one zone, and what happened in sentences."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from triage_triggers.deeds import CLAIMS
from triage_triggers.replay.case import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.replay.case import Moment
    from triage_triggers.replay.review import Review

__all__ = ["ZONE_NAME", "code_meanings", "rule_title", "summary", "when"]


ZONE: tzinfo = UTC
ZONE_NAME = "UTC"
with suppress(ZoneInfoNotFoundError):  # where there is no table of time zones on this machine
    ZONE, ZONE_NAME = ZoneInfo("Europe/London"), "UK time"


def when(moment: Moment) -> str:
    """Return a moment as people write it; one without an offset is what the writer's clock said.

    >>> from triage_triggers.replay.case import parse_moment
    >>> when(parse_moment("2025-07-02T21:14:05+00:00")), when(parse_moment("2025-07-02"))
    ('2 July 2025, 22:14:05', '2 July 2025')
    """
    time = moment.time.astimezone(ZONE) if moment.has_offset and not moment.is_day else moment.time
    day = f"{time.day} {time:%B %Y}"
    if moment.is_day:
        return day
    return f"{day}, {time:%H:%M:%S}" + ("" if moment.has_offset else " by the writer's clock")


class CodeMeaning(NamedTuple):
    """A code, and what its code system calls it."""

    code: str
    title: str
    system: str


def code_meanings(reviews: Iterable[Review]) -> tuple[CodeMeaning, ...]:
    """Return every code that a case names, most urgent first, as its ladder explains it."""
    named: dict[tuple[str, str], CodeMeaning] = {}
    for review in reviews:
        assessment, ladder = review.assessment, review.evaluator.ladder
        codes = {assessment.current_code, assessment.suggested_code, *(sent.code for sent in review.entry.dispatched)}
        codes |= {step.assessment.suggested_code for step in review.unfolding.steps}
        for code in ladder.file.codes:
            if code.code in codes:
                named[ladder.id, code.code] = CodeMeaning(code.code, code.title, ladder.file.title)
    return tuple(named.values())


def rule_title(rule: str) -> str:
    """Return a rule's id as words.

    >>> rule_title("strangulation.hands-on-neck"), rule_title("knife")
    ('Strangulation: hands on neck', 'Knife')
    """
    words = rule.replace(".", ": ", 1).replace(".", ", ")
    return words.replace("_", " ").replace("-", " ").capitalize()


def summary(reviews: Sequence[Review]) -> Iterator[str]:
    """Yield what happened and what the rules make of it, a few sentences an entry, and then of all together."""
    flagged = [review for review in reviews if review.assessment.flagged]
    for review in reviews:
        yield " ".join(_sentences(review))
    if len(reviews) > 1:
        count = "None" if not flagged else "All" if len(flagged) == len(reviews) else str(len(flagged))
        yield f"{count} of the {len(reviews)} entries would have been flagged, each judged by itself."


def _sentences(review: Review) -> Iterator[str]:
    entry, assessment, ladder = review.entry, review.assessment, review.evaluator.ladder
    code = f", as {_code(assessment.current_code, ladder)}" if assessment.current_code else ""
    what = "A call came in" if entry.kind == "call" else "A note was written"
    yield f"{what} on {when(entry.at)}{code}."
    themes = [finding.theme for finding in assessment.findings if finding.counts]
    if themes:
        yield f"It tells of {_themes(themes)}."
    if not assessment.flagged:
        yield "The rules would not have flagged it."
    elif assessment.suggested_code is None:
        yield "The rules would have flagged it, and suggested no other code."
    else:
        yield f"The rules would have flagged it and suggested {_code(assessment.suggested_code, ladder)}."
    for gap in review.against:
        if assessment.flagged and gap.flag.endswith(" it"):
            sent = _code(gap.sent.code, ladder) if gap.sent.code else "help"
            yield f"The flag would have come {gap.flag.removesuffix(' it')} {sent} was sent."
    if review.known:
        entries = {known.entry.call.call_id for known in review.known}
        before = "an earlier entry" if len(entries) == 1 else f"{len(entries)} earlier entries"
        last = max(review.known, key=lambda known: known.entry.at.time).entry.at
        ago = duration((entry.at.time - last.time).total_seconds())
        told = _themes(known.theme for known in review.known)
        yield f"By then {before}, the last {ago} before, had told of {told}."


def _code(code: str, ladder: Ladder) -> str:
    title = next((known.title for known in ladder.file.codes if known.code == code), None)
    return code if title is None else f"{code} ({title[0].lower()}{title[1:]})"


def _themes(themes: Iterable[str]) -> str:
    """Return what is claimed, and what else counted, such as a call-taker's questions."""
    told = dict.fromkeys(themes)
    claimed = [theme.replace("_", " ") for theme in told if theme in CLAIMS]
    other = [theme.replace("_", " ") for theme in told if theme not in CLAIMS]
    if not claimed or not other:
        return _listed(claimed or other)
    return f"{_listed(claimed)}; {_listed(other)} counted beside it"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
