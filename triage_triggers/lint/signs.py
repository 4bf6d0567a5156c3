"""Checks of signs and lines that nothing can feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.lint.check import Check, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.subject import Subject
    from triage_triggers.ruleset.definition import Rule

__all__ = ["CHECKS"]


def _never_fed(subject: Subject) -> Iterator[Remark]:
    for section, ask in subject.asks:
        asked = [rule for rule in subject.ruleset.rules if rule.id in ask.find or rule.theme in ask.find]
        if ask.by and "anyone" not in ask.by and not any(map(_tells_who, asked)):
            message = "nothing can feed this: no rule that it names tells who did it, so leave 'by' out"
            yield Remark(section, ask.id, ("by",), message)


def _tells_who(rule: Rule) -> bool:
    return rule.event is not None  # phrases alone have no agent


CHECKS: Final = (Check("never-fed", "warning", "Nothing can feed a sign or a line.", _never_fed),)
