"""Checks of what people need in order to answer for a ruleset: sources, reasons, dates, and words they can read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from triage_triggers.lint.check import Check, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.check import Subject

__all__ = ["CHECKS", "OLDEST_READER", "reading_age"]

OLDEST_READER: Final = 18
"""Messages are read in the middle of a call: whoever left school at this age should need to read them once only."""
NOTICE: Final = timedelta(days=30)
"""How long before an approval ends there should be a warning."""
_FEWEST_WORDS: Final = 12
"""Of fewer words no reading age can be told."""


def _no_source(subject: Subject) -> Iterator[Remark]:
    message = "it has no 'sources'; say where it is known from, or 'expert-authored, needs review'"
    for rule in subject.ruleset.rules:
        if not rule.sources:
            yield Remark("rules", rule.id, (), message)
    for section, ask in subject.asks:
        if not ask.sources:
            yield Remark(section, ask.id, (), message)


def _no_rationale(subject: Subject) -> Iterator[Remark]:
    for rule in subject.ruleset.rules:
        if rule.rationale is None:
            yield Remark("rules", rule.id, (), "it has no 'rationale'; say why these words matter")


def _review_due(subject: Subject) -> Iterator[Remark]:
    ruleset = subject.ruleset
    if ruleset.review_by is not None and ruleset.review_by < subject.today:
        yield Remark("ruleset", "", ("review_by",), f"its review was due on {ruleset.review_by}")
    if ruleset.approval is not None:
        expires = ruleset.approval.expires
        if expires < subject.today:
            yield Remark("ruleset", "", ("approval", "expires"), f"its approval ended on {expires}")
        elif expires - subject.today <= NOTICE:
            yield Remark("ruleset", "", ("approval", "expires"), f"its approval ends soon, on {expires}")


def _no_review_date(subject: Subject) -> Iterator[Remark]:
    if subject.ruleset.review_by is None:
        message = "it has no 'review_by'; name the day by which somebody should read all of it again"
        yield Remark("ruleset", "", (), message)


def _reading_age(subject: Subject) -> Iterator[Remark]:
    if subject.ruleset.language.partition("-")[0] != "en":
        return  # the formula was fitted to English
    for section, ask in subject.asks:
        age = reading_age(ask.reason)
        if age is not None and age > OLDEST_READER:
            message = f"its reading age is {age}, more than {OLDEST_READER}; use shorter sentences and plainer words"
            yield Remark(section, ask.id, ("reason",), message)


def reading_age(text: str) -> int | None:
    """Return the age at which a text can be read; ``None`` where it is too short to tell.

    By the Automated Readability Index (Senter and Smith, 1967), which needs no dictionary of syllables: 4.71 times the
    letters per word plus 0.5 times the words per sentence less 21.43 is a school year of the United States, and five
    more make an age. It tells long words and long sentences, and knows nothing of sense.

    >>> reading_age("The dog sat on the mat. It was a big dog. The mat was red and the dog was wet.")
    4
    >>> reading_age("Too short.")
    """
    words = re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", text)
    if len(words) < _FEWEST_WORDS:
        return None
    sentences = max(1, len(re.findall(r"[.!?;:]+(?=\s|$)", text)))
    letters = sum(character.isalnum() for character in text)
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
    return max(4, round(grade) + 5)


CHECKS: Final = (
    Check("no-source", "warning", "A rule, sign or line has no source.", _no_source),
    Check("no-rationale", "warning", "A rule does not say why its words matter.", _no_rationale),
    Check("review-due", "warning", "A review date has passed, or an approval ends within 30 days.", _review_due),
    Check("no-review-date", "info", "No day is named for the next review.", _no_review_date),
    Check("reading-age", "warning", f"A sign's reason needs a reader older than {OLDEST_READER}.", _reading_age),
)
