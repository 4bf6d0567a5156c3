"""A lint report for people, for programs, and for GitHub's annotations."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from triage_triggers.legible import counted, legible
from triage_triggers.lint.check import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.errors import Fault
    from triage_triggers.lint.check import Severity
    from triage_triggers.lint.linting import LintReport

__all__ = ["Format", "fault_lines", "report_lines"]

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
