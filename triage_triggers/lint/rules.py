"""Checks of what is named, used and fed, and of what people need to answer for a ruleset: sources, dates, words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from triage_triggers.deeds import CLAIMS
from triage_triggers.errors import near
from triage_triggers.lint.check import Check, Remark
from triage_triggers.phrases.syntax import ListRef, parse_phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.lint.check import Subject

__all__ = ["CHECKS", "OLDEST_READER", "THEMES", "reading_age"]

THEMES: Final = CLAIMS | {"not_domestic"}
"""The themes that the shipped rulesets use; reports and integrations know them by these names."""
OLDEST_READER: Final = 18
"""Messages are read in the middle of a call: whoever left school at this age should need to read them once only."""
NOTICE: Final = timedelta(days=30)
"""How long before an approval ends there should be a warning."""
_FEWEST_WORDS: Final = 12
"""Of fewer words no reading age can be told."""


def _unknown_theme(subject: Subject) -> Iterator[Remark]:
    asked = _asked_names(subject)
    for rule in subject.ruleset.rules:
        if rule.theme not in THEMES and rule.theme not in asked:
            message = f"'{rule.theme}' is none of the usual themes, and no sign asks for it; {near(rule.theme, THEMES)}"
            yield Remark("rules", rule.id, ("theme",), message)


def _rule_unasked(subject: Subject) -> Iterator[Remark]:
    if subject.ruleset.flags_for_anything:
        return  # then anything that counts flags the call
    asked = _asked_names(subject)
    for rule in subject.ruleset.rules:
        if asked.isdisjoint({rule.theme, rule.id}):
            yield Remark("rules", rule.id, (), "no sign or line asks for this rule or its theme, so it changes nothing")


def _asked_names(subject: Subject) -> frozenset[str]:
    asked = frozenset(name for _, ask in subject.asks for name in (*ask.find, *ask.with_))
    return asked.union(*(rule.beside for rule in subject.ruleset.rules))


def _list_unused(subject: Subject) -> Iterator[Remark]:
    lists = subject.ruleset.lists
    waiting = list(_lists_in(text for rule in subject.ruleset.rules for text in (*rule.phrases, *rule.unless)))
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used and name in lists:
            used.add(name)
            waiting += _lists_in(lists[name])
    for name in lists:
        if name not in used:
            yield Remark("lists", name, (), f"the list '{name}' is used by no rule; remove it, or use it as {{{name}}}")


def _lists_in(phrases: Iterable[str]) -> Iterator[str]:
    for text in phrases:
        if "{" in text:
            yield from (item.name for item in parse_phrase(text).walk() if isinstance(item, ListRef))


def _never_fed(subject: Subject) -> Iterator[Remark]:
    for section, ask in subject.asks:
        asked = [rule for rule in subject.ruleset.rules if rule.id in ask.find or rule.theme in ask.find]
        tells_who = any(rule.event is not None for rule in asked)  # phrases alone have no agent
        if ask.by and "anyone" not in ask.by and not tells_who:
            message = "nothing can feed this: no rule that it names tells who did it, so leave 'by' out"
            yield Remark(section, ask.id, ("by",), message)


def _no_source(subject: Subject) -> Iterator[Remark]:
    message = "it has no 'sources'; say where it is known from, or 'expert-authored, needs review'"
    for section, part in subject.parts:
        if not part.sources:
            yield Remark(section, part.id, (), message)


def _no_rationale(subject: Subject) -> Iterator[Remark]:
    for rule in subject.ruleset.rules:
        if rule.rationale is None:
            yield Remark("rules", rule.id, (), "it has no 'rationale'; say why these words matter")


def _review_due(subject: Subject) -> Iterator[Remark]:
    review, approval = subject.ruleset.review_by, subject.ruleset.approval
    if review is not None and review < subject.today:
        yield Remark("ruleset", "", ("review_by",), f"its review was due on {review}")
    if approval is not None and approval.expires - subject.today <= NOTICE:
        ends = "ended" if approval.expires < subject.today else "ends soon,"
        yield Remark("ruleset", "", ("approval", "expires"), f"its approval {ends} on {approval.expires}")


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
    Check("unknown-theme", "warning", "A rule's theme is no usual one, and no sign asks for it.", _unknown_theme),
    Check("rule-unasked", "info", "No sign and no line asks for a rule or its theme.", _rule_unasked),
    Check("list-unused", "warning", "A list is used by no rule.", _list_unused),
    Check("never-fed", "warning", "Nothing can feed a sign or a line.", _never_fed),
    Check("no-source", "warning", "A rule, sign or line has no source.", _no_source),
    Check("no-rationale", "warning", "A rule does not say why its words matter.", _no_rationale),
    Check("review-due", "warning", "A review date has passed, or an approval ends within 30 days.", _review_due),
    Check("no-review-date", "info", "No day is named for the next review.", _no_review_date),
    Check("reading-age", "warning", f"A sign's reason needs a reader older than {OLDEST_READER}.", _reading_age),
)
