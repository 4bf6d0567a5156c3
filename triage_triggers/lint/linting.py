"""Running the checks: every remark where it stands, those that the ruleset excuses marked with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.errors import near
from triage_triggers.lint import documentation, examples, idioms, names, phrases, policies
from triage_triggers.lint.check import Check, Issue, Remark
from triage_triggers.lint.subject import Subject
from triage_triggers.ruleset.loading import load_located

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from triage_triggers.lint.check import Section, Severity
    from triage_triggers.ruleset.loading import LocatedRuleset
    from triage_triggers.ruleset.model import Exclusion, Ruleset
    from triage_triggers.ruleset.yaml_source import Place, Source

__all__ = ["CHECKS", "EXCLUSION_CHECKS", "LintReport", "lint_ruleset"]

CHECKS: Final[tuple[Check, ...]] = (
    *examples.CHECKS,
    *phrases.CHECKS,
    *idioms.CHECKS,
    *policies.CHECKS,
    *names.CHECKS,
    *documentation.CHECKS,
)
"""Every check but those of the exclusions themselves."""


class LintReport(NamedTuple):
    """What the checks found, in the order of the files; ``excused`` issues are among ``issues`` too."""

    ruleset: Ruleset
    literals: int
    issues: tuple[Issue, ...]

    def of(self, severity: Severity) -> tuple[Issue, ...]:
        """Return the issues of one severity that are not excused."""
        return tuple(issue for issue in self.issues if issue.severity == severity and issue.excused is None)

    @property
    def excused(self) -> tuple[Issue, ...]:
        """The issues that the ruleset gives a reason for."""
        return tuple(issue for issue in self.issues if issue.excused is not None)


def lint_ruleset(source: str | Path, *, search: Iterable[str | Path] = (), today: date | None = None) -> LintReport:
    """Load a ruleset and run every check on it.

    Of what an overlay extends, only errors are reported: the rest is for those who own it.

    Args:
        source: An id, or the path of a file or folder.
        search: Folders to look in for ids, before the shipped ones.
        today: The day that decides whether a review is due; by default today (UTC).

    Raises:
        RulesetNotFoundError: There is none, or there is no ladder or lexicon for it.
        RulesetError: It has faults; they must be mended before anything else can be checked.

    >>> report = lint_ruleset("uk-ambulance")
    >>> report.of("error")
    ()
    """
    located = load_located(source, search=search, allow_withdrawn=True)
    subject = Subject(located, today or datetime.now(UTC).date())
    exclusions = _Exclusions(located.ruleset)
    issues: list[Issue] = []
    for check in CHECKS:
        for remark in check.find(subject):
            issue = _located(located, check, remark, exclusions.reason_for(check.id, remark))
            if issue.file in located.own or issue.severity == "error":
                issues.append(issue)
    for check in EXCLUSION_CHECKS:
        found = exclusions.unknown() if check.id == "unknown-check" else exclusions.idle()
        issues += (issue for remark in found if (issue := _located(located, check, remark, None)).file in located.own)
    files = {file: number for number, file in enumerate(sorted(located.own | located.draft.files()))}
    issues.sort(key=lambda issue: (files.get(issue.file, -1), issue.line, issue.column, issue.check))
    literals = sum(
        len(part) for rule in subject.compiled for phrase in (*rule.phrases, *rule.unless) for part in phrase.segments
    )
    return LintReport(located.ruleset, literals, tuple(issues))


def _located(located: LocatedRuleset, check: Check, remark: Remark, excused: str | None) -> Issue:
    source, place = _position(located, remark.section, remark.name)
    fault = source.fault((*place, *remark.place), remark.message, offset=remark.offset)
    name = remark.name or None
    return Issue(check.id, check.severity, fault.file, fault.line, fault.column, name, remark.message, excused)


def _position(located: LocatedRuleset, section: Section, name: str) -> tuple[Source, Place]:
    draft = located.draft
    if section == "rules":
        return draft.rules[name].source, draft.rules[name].place
    if section == "lists":
        return draft.lists[name].source, draft.lists[name].place
    if section == "gates":
        return draft.gates[name].source, draft.gates[name].place
    if section == "conditions":
        return draft.conditions[name].source, draft.conditions[name].place
    if section == "policy" and draft.policy is not None:
        return draft.policy[name].source, draft.policy[name].place
    return draft.main, ()


class _Exclusions:
    """The exclusions of a ruleset, and which of them were needed."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._by_owner: dict[tuple[Section, str], tuple[Exclusion, ...]] = {("ruleset", ""): ruleset.lint.allow}
        self._by_owner |= {("rules", rule.id): rule.lint.allow for rule in ruleset.rules}
        self._by_owner |= {("policy", policy.id): policy.lint.allow for policy in ruleset.policy or ()}
        self._needed: set[tuple[Section, str, str]] = set()

    def reason_for(self, check: str, remark: Remark) -> str | None:
        """Return why a remark is excused: by its rule or policy, or by the ruleset for all of them."""
        owners: tuple[tuple[Section, str], ...] = ((remark.section, remark.name), ("ruleset", ""))
        for owner in owners:
            for exclusion in self._by_owner.get(owner, ()):
                if exclusion.check == check:
                    self._needed.add((*owner, check))
                    return exclusion.reason
        return None

    def unknown(self) -> Iterator[Remark]:
        known = [check.id for check in CHECKS]
        for section, name, number, exclusion in self._all():
            if exclusion.check not in known:
                message = f"there is no check '{exclusion.check}' that could be excused; {near(exclusion.check, known)}"
                yield Remark(section, name, ("lint", "allow", number, "check"), message)

    def idle(self) -> Iterator[Remark]:
        known = {check.id for check in CHECKS}
        for section, name, number, exclusion in self._all():
            if exclusion.check in known and (section, name, exclusion.check) not in self._needed:
                message = f"there is nothing for '{exclusion.check}' to excuse any more; remove it"
                yield Remark(section, name, ("lint", "allow", number), message)

    def _all(self) -> Iterator[tuple[Section, str, int, Exclusion]]:
        for (section, name), exclusions in self._by_owner.items():
            for number, exclusion in enumerate(exclusions):
                yield section, name, number, exclusion


def _nothing(_: Subject) -> tuple[Remark, ...]:
    return ()  # these two look at what the other checks have left


EXCLUSION_CHECKS: Final = (
    Check("unknown-check", "error", "An exclusion names a check that there is not.", _nothing),
    Check("exclusion-idle", "warning", "An exclusion excuses nothing.", _nothing),
)
