"""``triage-triggers lint``: everything that is wrong with a ruleset, at once, and what its owners should see to."""

from __future__ import annotations

from typing import Annotated, Final, get_args

import typer

from triage_triggers.cli.inputs import complete_ruleset
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.errors import RulesetError
from triage_triggers.lint.linting import ALL_CHECKS, lint_ruleset
from triage_triggers.lint.printing import Format, fault_lines, report_lines

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers lint uk-ambulance",
    "triage-triggers lint my-ruleset/ --strict --all",
    "triage-triggers lint --list",
)


def run(
    ruleset: Annotated[
        str | None,
        typer.Argument(
            metavar="RULESET", autocompletion=complete_ruleset, help="A shipped id, or the path of a file or folder."
        ),
    ] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show notes too, and what the ruleset excuses, with its reasons.")
    ] = False,
    style: Annotated[
        Format, typer.Option("--format", metavar="FORMAT", help=f"One of {', '.join(get_args(Format))}.")
    ] = "text",
    list_checks: Annotated[bool, typer.Option("--list", help="List the checks, and check nothing.")] = False,
) -> None:
    """Check a ruleset, and print what is wrong as file:line:column with what to do about it.

    Faults keep a ruleset from loading; only when there are none do the checks run. A rule, a policy or the ruleset
    excuses a check with 'lint: {allow: [{check: ..., reason: ...}]}'. Whether it is approved makes no difference here.

    Exit status: 0 nothing, or only warnings and notes; 1 faults or errors, with --strict warnings too; 2 no such
    ruleset.
    """
    if list_checks:
        _list_checks()
        return
    if ruleset is None:
        raise typer.BadParameter("name a ruleset, or ask for --list", param_hint="RULESET")
    try:
        report = lint_ruleset(ruleset)
    except RulesetError as error:
        for line in fault_lines(error.faults, style):
            typer.echo(line)
        raise typer.Exit(1) from None
    for line in report_lines(report, style, everything=everything):
        typer.echo(line)
    if report.of("error") or (strict and report.of("warning")):
        raise typer.Exit(1)


def _list_checks() -> None:
    table = columns("check", "severity", "finds")
    for check in ALL_CHECKS:
        table.add_row(check.id, check.severity, check.summary)
    Screen().show(table)
