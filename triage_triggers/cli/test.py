"""``triage-triggers test``: a ruleset's own examples, through the evaluator that reads real calls."""

from __future__ import annotations

from typing import Final

import typer

from triage_triggers.cli.inputs import RulesetArgument, open_evaluator
from triage_triggers.ruleset.rule_tests import run_rule_tests

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = ("triage-triggers test uk-ambulance", "triage-triggers test my-ruleset/")


def run(ruleset: RulesetArgument) -> None:
    """Run the examples of every rule: those that must fire, and those that must be quiet.

    A known miss or known false alarm that is none any more is pointed out, and is no failure. Exit status: 0 all
    pass, 1 some fail.
    """
    evaluator = open_evaluator(ruleset, None, allow_withdrawn=True)
    report = run_rule_tests(evaluator.ruleset, evaluator=evaluator)
    for result in (*report.failures, *report.now_passing):
        typer.echo(str(result))
    for rule in report.untested:
        typer.echo(f"{rule}: has no examples.fire; nothing shows that it works")
    checked = f"{evaluator.ruleset.id} {evaluator.ruleset.version}: {len(report.results):,} examples"
    typer.echo(f"{checked}, {len(report.failures):,} failed, {len(report.now_passing):,} known ones now pass")
    if not report.passed:
        raise typer.Exit(1)
