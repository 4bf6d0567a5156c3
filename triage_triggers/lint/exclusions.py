"""Checks of what a ruleset excuses, which run after all others: is it right to?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.errors import near
from triage_triggers.lint.check import Check, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.check import Subject

__all__ = ["CHECKS"]


def _unknown_check(subject: Subject) -> Iterator[Remark]:
    for (section, name), exclusions in subject.exclusions.items():
        for number, exclusion in enumerate(exclusions):
            if exclusion.check not in subject.known:
                known = near(exclusion.check, subject.known)
                message = f"there is no check '{exclusion.check}' that could be excused; {known}"
                yield Remark(section, name, ("lint", "allow", number, "check"), message)


def _exclusion_idle(subject: Subject) -> Iterator[Remark]:
    for (section, name), exclusions in subject.exclusions.items():
        for number, exclusion in enumerate(exclusions):
            if exclusion.check in subject.known and (section, name, exclusion.check) not in subject.needed:
                message = f"there is nothing for '{exclusion.check}' to excuse any more; remove it"
                yield Remark(section, name, ("lint", "allow", number), message)


CHECKS: Final = (
    Check("unknown-check", "error", "An exclusion names a check that there is not.", _unknown_check),
    Check("exclusion-idle", "warning", "An exclusion excuses nothing.", _exclusion_idle),
)
