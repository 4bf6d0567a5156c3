"""``triage-triggers test``: a ruleset's own examples, through the evaluator that reads real calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from triage_triggers.cli.inputs import RulesetArgument, open_evaluator
from triage_triggers.lint.rule_tests import run_rule_tests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.rule_tests import RuleTestReport
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers test uk-ambulance",
    "triage-triggers test my-ruleset/ --coverage",
    "triage-triggers test my-ruleset/ --format json | jq .coverage",
)


def run(
    ruleset: RulesetArgument,
    *,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Name every phrase that no example exercises, rule by rule.")
    ] = False,
    style: Annotated[
        Literal["text", "json"], typer.Option("--format", metavar="FORMAT", help="One of text, json.")
    ] = "text",
) -> None:
    """Run the examples of every rule: those that must fire, and those that must be quiet.

    A known miss or known false alarm that is none any more is a failure too: what is known must be true. Exit status:
    0 all pass, 1 some fail.
    """
    evaluator = open_evaluator(ruleset, None, allow_withdrawn=True)
    report = run_rule_tests(evaluator.ruleset, evaluator=evaluator)
    if style == "json":
        typer.echo(json.dumps(_as_json(evaluator.ruleset, report), ensure_ascii=False))
    else:
        for line in _lines(evaluator.ruleset, report, coverage=coverage):
            typer.echo(line)
    if not report.passed:
        raise typer.Exit(1)


def _lines(ruleset: Ruleset, report: RuleTestReport, *, coverage: bool) -> Iterator[str]:
    rules = {rule.id: rule for rule in ruleset.rules}
    yield from map(str, report.failures)
    for rule in report.untested:
        yield f"{rule}: has no examples.fire; nothing shows that it works"
    for covered in report.coverage if coverage else ():
        yield str(covered)
        rule_phrases = rules[covered.rule]
        yield from (f"    {rule_phrases.phrases[number]}" for number in covered.unexercised)
        yield from (f"    unless {rule_phrases.unless[number]}" for number in covered.unexercised_unless)
    checked = f"{ruleset.id} {ruleset.version}: {len(report.results):,} examples"
    yield f"{checked}, {len(report.failures):,} failed, {len(report.now_passing):,} of them known ones that now pass"
    phrases = sum(covered.phrases for covered in report.coverage)
    exercised = sum(covered.exercised for covered in report.coverage)
    hint = "" if coverage or exercised == phrases else "; --coverage names the others"
    yield f"{exercised:,} of {phrases:,} phrases exercised{hint}"


def _as_json(ruleset: Ruleset, report: RuleTestReport) -> dict[str, object]:
    rules = {rule.id: rule for rule in ruleset.rules}
    return {
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest},
        "passed": report.passed,
        "untested": report.untested,
        "results": [
            {
                "rule": result.rule,
                "kind": result.kind,
                "number": result.number,
                "outcome": result.outcome,
                "message": result.message,
                "example": result.example,
            }
            for result in report.results
        ],
        "coverage": [
            {
                "rule": covered.rule,
                "phrases": covered.phrases,
                "exercised": covered.exercised,
                "unexercised": [rules[covered.rule].phrases[number] for number in covered.unexercised],
                "unexercised_unless": [rules[covered.rule].unless[number] for number in covered.unexercised_unless],
            }
            for covered in report.coverage
        ],
    }
