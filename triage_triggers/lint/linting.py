"""Running the checks: every remark where it stands, those that the ruleset excuses marked with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.lint import documentation, examples, exclusions, names, phrases
from triage_triggers.lint.check import Check, Issue, Subject
from triage_triggers.ruleset.loading import load_located

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from triage_triggers.documents.source import Place, SourceFile
    from triage_triggers.lint.check import Remark, Section, Severity
    from triage_triggers.ruleset.definition import Ruleset
    from triage_triggers.ruleset.draft import DraftEntry
    from triage_triggers.ruleset.loading import LocatedRuleset

__all__ = ["ALL_CHECKS", "CHECKS", "LintReport", "lint_ruleset"]

CHECKS: Final[tuple[Check, ...]] = (
    *examples.CHECKS,
    *phrases.CHECKS,
    *names.CHECKS,
    *documentation.CHECKS,
)
"""Every check that can be excused."""
ALL_CHECKS: Final = (*CHECKS, *exclusions.CHECKS)
"""Those of the exclusions themselves too."""


class LintReport(NamedTuple):
    """What the checks found, in the order of the files; ``excused`` issues are among ``issues`` too."""

    ruleset: Ruleset
    issues: tuple[Issue, ...]

    def of(self, severity: Severity) -> tuple[Issue, ...]:
        """Return the issues of one severity that are not excused."""
        return tuple(issue for issue in self.issues if issue.severity == severity and issue.excused is None)

    @property
    def excused(self) -> tuple[Issue, ...]:
        """The issues that the ruleset gives a reason for."""
        return tuple(issue for issue in self.issues if issue.excused is not None)


def lint_ruleset(source: str | Path, *, search: Iterable[str | Path] = (), today: date | None = None) -> LintReport:
    r"""Load a ruleset and run every check on it.

    Of what an overlay extends, only errors are reported: the rest is for those who own it.

    Args:
        source: An id, or the path of a file or folder.
        search: Folders to look in for ids, before the shipped ones.
        today: The day that decides whether a review is due; by default today (UTC).

    Raises:
        RulesetNotFoundError: There is none, or there is no ladder or lexicon for it.
        RulesetError: It has faults; they must be mended before anything else can be checked.

    >>> import pathlib, tempfile
    >>> head = "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "demo.yaml")
    ...     _ = path.write_text(head + "rules: [{id: demo.knife, theme: weapon, phrases: [got a knife]}]")
    ...     [(issue.check, issue.line) for issue in lint_ruleset(path).of("error")]
    [('no-examples', 8)]
    """
    located = load_located(source, search=search, allow_withdrawn=True)
    subject = Subject(located, today or datetime.now(UTC).date(), frozenset(check.id for check in CHECKS))
    issues: list[Issue] = []
    for check in ALL_CHECKS:
        for remark in check.find(subject):
            issue = _located(located, check, remark, subject.excuse(check.id, remark))
            if issue.file in located.own or issue.severity == "error":
                issues.append(issue)
    files = {file: number for number, file in enumerate(sorted(located.own | located.draft.files()))}
    issues.sort(key=lambda issue: (files.get(issue.file, -1), issue.line, issue.column, issue.check))
    return LintReport(located.ruleset, tuple(issues))


def _located(located: LocatedRuleset, check: Check, remark: Remark, excused: str | None) -> Issue:
    source, place = _position(located, remark.section, remark.name)
    fault = source.fault((*place, *remark.place), remark.message, offset=remark.offset)
    name = remark.name or None
    return Issue(check.id, check.severity, fault.file, fault.line, fault.column, name, remark.message, excused)


def _position(located: LocatedRuleset, section: Section, name: str) -> tuple[SourceFile, Place]:
    draft = located.draft
    if section != "ruleset":
        entry: DraftEntry[Any] = getattr(draft, section)[name]
        return entry.source, entry.place
    return draft.main, ()
