"""What a ruleset excuses, and whether it is right to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.errors import near
from triage_triggers.lint.check import Check, Remark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from triage_triggers.lint.check import Section
    from triage_triggers.lint.subject import Subject
    from triage_triggers.ruleset.definition import Exclusion, Ruleset

__all__ = ["Exclusions"]


class Exclusions:
    """The exclusions of a ruleset, which of them were needed, and the ``checks`` of them, which run after all others.

    Args:
        allowed: The exclusions by the section and name of the rule, sign or line that has them.
        known: The names of the checks that can be excused.
    """

    def __init__(self, allowed: Mapping[tuple[Section, str], tuple[Exclusion, ...]], known: Collection[str]) -> None:
        self.checks = (
            Check("unknown-check", "error", "An exclusion names a check that there is not.", self._unknown),
            Check("exclusion-idle", "warning", "An exclusion excuses nothing.", self._idle),
        )
        self._allowed, self._known = allowed, known
        self._needed: set[tuple[Section, str, str]] = set()

    @classmethod
    def of(cls, ruleset: Ruleset, known: Collection[str]) -> Exclusions:
        """Return the exclusions of a ruleset and of its rules, signs and lines."""
        allowed: dict[tuple[Section, str], tuple[Exclusion, ...]] = {("ruleset", ""): ruleset.lint.allow}
        allowed |= {("rules", rule.id): rule.lint.allow for rule in ruleset.rules}
        allowed |= {("signs", sign.id): sign.lint.allow for sign in ruleset.signs}
        allowed |= {("tally", line.id): line.lint.allow for line in (ruleset.tally.lines if ruleset.tally else ())}
        allowed |= {("then", line.id): line.lint.allow for line in ruleset.then}
        return cls(allowed, known)

    def reason_for(self, check: str, remark: Remark) -> str | None:
        """Return why a remark is excused: by its rule, sign or line, or by the ruleset for all of them."""
        owners: tuple[tuple[Section, str], ...] = ((remark.section, remark.name), ("ruleset", ""))
        for owner in owners:
            for exclusion in self._allowed.get(owner, ()):
                if exclusion.check == check:
                    self._needed.add((*owner, check))
                    return exclusion.reason
        return None

    def _unknown(self, _: Subject) -> Iterator[Remark]:
        for section, name, number, exclusion in self._all():
            if exclusion.check not in self._known:
                message = (
                    f"there is no check '{exclusion.check}' that could be excused; {near(exclusion.check, self._known)}"
                )
                yield Remark(section, name, ("lint", "allow", number, "check"), message)

    def _idle(self, _: Subject) -> Iterator[Remark]:
        for section, name, number, exclusion in self._all():
            if exclusion.check in self._known and (section, name, exclusion.check) not in self._needed:
                message = f"there is nothing for '{exclusion.check}' to excuse any more; remove it"
                yield Remark(section, name, ("lint", "allow", number), message)

    def _all(self) -> Iterator[tuple[Section, str, int, Exclusion]]:
        for (section, name), exclusions in self._allowed.items():
            for number, exclusion in enumerate(exclusions):
                yield section, name, number, exclusion
