"""Running the checks, and the report of what they found: for people, for programs, and for GitHub's annotations."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.errors import near
from triage_triggers.legible import counted, legible
from triage_triggers.lint import phrases, rules
from triage_triggers.lint.check import Check, Issue, Remark, Subject
from triage_triggers.ruleset.loading import load_located

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from triage_triggers.errors import Fault
    from triage_triggers.lint.check import Severity
    from triage_triggers.ruleset.definition import Ruleset
    from triage_triggers.ruleset.draft import DraftEntry
    from triage_triggers.ruleset.loading import LocatedRuleset

__all__ = ["ALL_CHECKS", "CHECKS", "Format", "LintReport", "fault_lines", "lint_ruleset", "report_lines"]


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


CHECKS: Final[tuple[Check, ...]] = (*phrases.CHECKS, *rules.CHECKS)
"""Every check that can be excused."""
ALL_CHECKS: Final = (
    *CHECKS,
    Check("unknown-check", "error", "An exclusion names a check that there is not.", _unknown_check),
    Check("exclusion-idle", "warning", "An exclusion excuses nothing.", _exclusion_idle),
)
"""Those of the exclusions themselves too, which run after all others."""


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
    issues = [
        _located(located, check, remark, subject.excuse(check.id, remark))
        for check in ALL_CHECKS
        for remark in check.find(subject)
    ]
    files = {file: number for number, file in enumerate(sorted(located.own | located.draft.files()))}
    issues.sort(key=lambda issue: (files.get(issue.file, -1), issue.line, issue.column, issue.check))
    return LintReport(
        located.ruleset, tuple(issue for issue in issues if issue.file in located.own or issue.severity == "error")
    )


def _located(located: LocatedRuleset, check: Check, remark: Remark, excused: str | None) -> Issue:
    source, place = located.draft.main, remark.place
    if remark.section != "ruleset":
        entry: DraftEntry[Any] = getattr(located.draft, remark.section)[remark.name]
        source, place = entry.source, (*entry.place, *place)
    fault = source.fault(place, remark.message)
    name = remark.name or None
    return Issue(check.id, check.severity, fault.file, fault.line, fault.column, name, remark.message, excused)


Format: TypeAlias = Literal["text", "json", "github"]

_NOUNS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}
_LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def report_lines(report: LintReport, style: Format, *, everything: bool) -> Iterator[str]:
    """Yield a report's lines; in text, what is only worth knowing, and what is excused, where ``everything`` is asked.

    JSON always holds everything, in one line.
    """
    ruleset = report.ruleset
    if style == "json":
        reference = {"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest}
        yield json.dumps({"ruleset": reference, "rules": len(ruleset.rules), "issues": [*map(asdict, report.issues)]})
        return
    shown = [issue for issue in report.issues if everything or (issue.severity != "info" and issue.excused is None)]
    yield from map(_annotation if style == "github" else _line, shown)
    if style == "text":
        yield from map(_line, _summary(report, hidden=len(report.issues) - len(shown)))


def fault_lines(faults: Sequence[Fault], style: Format) -> Iterator[str]:
    """Yield the faults that keep a ruleset from loading, in the same formats; their check is ``fault``."""
    issues = [Issue("fault", "error", *fault) for fault in faults]
    if style == "json":
        yield json.dumps({"ruleset": None, "issues": [*map(asdict, issues)]})
    elif style == "github":
        yield from map(_annotation, issues)
    else:
        yield from map(_line, (*faults, counted(len(faults), "fault")))


def _summary(report: LintReport, *, hidden: int) -> Iterator[str]:
    ruleset = report.ruleset
    counts = ", ".join(counted(len(report.of(severity)), noun) for severity, noun in _NOUNS.items())
    yield f"{ruleset.id} {ruleset.version}: no faults, {counts}, {len(report.excused):,} excused"
    phrases = sum(len(rule.phrases) + len(rule.unless) for rule in ruleset.rules)
    events = sum(rule.event is not None for rule in ruleset.rules)
    rules = f"{len(ruleset.rules):,} rules{f' ({events:,} about events)' if events else ''}, {phrases:,} phrases"
    yield f"{rules}, {len(ruleset.signs):,} signs, {len(ruleset.lists):,} lists"
    if hidden:
        yield f"{hidden:,} not shown; --all shows notes and what is excused, with the reasons"


def _line(said: object) -> str:
    return legible(str(said))


def _annotation(issue: Issue) -> str:
    """Return a workflow command of GitHub Actions, in which some characters must be written as codes."""
    level = "notice" if issue.excused is not None else _LEVELS[issue.severity]
    name = f"{issue.name}: " if issue.name else ""
    excused = "" if issue.excused is None else f" (excused: {issue.excused})"
    path = _escaped(issue.file).replace(":", "%3A").replace(",", "%2C")
    text = _escaped(f"{name}{issue.message}{excused}")
    return f"::{level} file={path},line={issue.line},col={issue.column},title={issue.check}::{text}"


def _escaped(text: str) -> str:
    return legible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
