"""Checks of what is named, and what is used and fed: themes, lists, signs, lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.deeds import CLAIMS
from triage_triggers.errors import PhraseError, near
from triage_triggers.lint.check import Check, Remark
from triage_triggers.phrases.syntax import ListRef, parse_phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.lint.check import Subject

__all__ = ["CHECKS", "THEMES"]

THEMES: Final = CLAIMS | {"not_domestic"}
"""The themes that the shipped rulesets use; reports and integrations know them by these names."""


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
        if rule.theme not in asked and rule.id not in asked:
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
            try:
                items = list(parse_phrase(text).walk())
            except PhraseError:  # pragma: no cover  a ruleset that loads has none
                continue
            yield from (item.name for item in items if isinstance(item, ListRef))


def _never_fed(subject: Subject) -> Iterator[Remark]:
    for section, ask in subject.asks:
        asked = [rule for rule in subject.ruleset.rules if rule.id in ask.find or rule.theme in ask.find]
        tells_who = any(rule.event is not None for rule in asked)  # phrases alone have no agent
        if ask.by and "anyone" not in ask.by and not tells_who:
            message = "nothing can feed this: no rule that it names tells who did it, so leave 'by' out"
            yield Remark(section, ask.id, ("by",), message)


CHECKS: Final = (
    Check("unknown-theme", "warning", "A rule's theme is no usual one, and no sign asks for it.", _unknown_theme),
    Check("rule-unasked", "info", "No sign and no line asks for a rule or its theme.", _rule_unasked),
    Check("list-unused", "warning", "A list is used by no rule.", _list_unused),
    Check("never-fed", "warning", "Nothing can feed a sign or a line.", _never_fed),
)
