"""``triage-triggers lint``, ``test``, ``new`` and ``migrate``: keeping a ruleset honest."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003  Typer reads the annotation
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

import typer
from typer import Argument, Option

from triage_triggers.cli.inputs import Rules, RulesetArgument, complete_ladder, complete_ruleset, ruleset_argument
from triage_triggers.cli.say import say
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.documents.fields import IDENTIFIER
from triage_triggers.documents.source import read_yaml
from triage_triggers.errors import RulesetError
from triage_triggers.lint.linting import ALL_CHECKS, Format, fault_lines, lint_ruleset, report_lines
from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.migration import migrated
from triage_triggers.template.repository import Order, write_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.errors import Fault
    from triage_triggers.lint.rule_tests import RuleTestReport
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["lint", "migrate", "new", "run_tests"]


def lint(
    ruleset: Annotated[
        str | None, ruleset_argument("RULESET", "A shipped id, or the path of a file or folder.")
    ] = None,
    *,
    strict: Annotated[bool, Option("--strict", help="Warnings fail too.")] = False,
    everything: Annotated[
        bool, Option("--all", help="Show notes too, and what the ruleset excuses, with its reasons.")
    ] = False,
    style: Annotated[
        Format, Option("--format", metavar="FORMAT", help=f"One of {', '.join(get_args(Format))}.")
    ] = "text",
    list_checks: Annotated[bool, Option("--list", help="List the checks, and check nothing.")] = False,
) -> int:
    """Check a ruleset, and print what is wrong as file:line:column with what to do about it.

    Faults keep a ruleset from loading; only when there are none do the checks run. A rule, a sign or the ruleset
    excuses a check with 'lint: {allow: [{check: ..., reason: ...}]}'. Whether it is approved makes no difference here.

    Exit status: 0 nothing, or only warnings and notes; 1 faults or errors, with --strict warnings too; 2 no such
    ruleset.

    Examples:
        triage-triggers lint uk-ambulance
        triage-triggers lint my-ruleset/ --strict --all
        triage-triggers lint --list
    """
    if list_checks:
        rows = ((check.id, check.severity, check.summary) for check in ALL_CHECKS)
        Screen().show(columns("check", "severity", "finds", rows=rows))
        return 0
    if ruleset is None:
        raise typer.BadParameter("name a ruleset, or ask for --list", param_hint="RULESET")
    try:
        report = lint_ruleset(ruleset)
    except RulesetError as error:
        for line in fault_lines(error.faults, style):
            typer.echo(line)
        return 1
    for line in report_lines(report, style, everything=everything):
        typer.echo(line)
    return 1 if report.of("error") or (strict and report.of("warning")) else 0


def run_tests(
    ruleset: RulesetArgument,
    *,
    coverage: Annotated[
        bool, Option("--coverage", help="Name every phrase, deed and class of verbs that no example exercises.")
    ] = False,
    style: Annotated[Literal["text", "json"], Option("--format", metavar="FORMAT", help="One of text, json.")] = "text",
) -> int:
    """Run the examples of every rule: those that must fire, and those that must be quiet.

    A known miss or known false alarm that is none any more is a failure too: what is known must be true. Exit status:
    0 all pass, 1 some fail.

    Examples:
        triage-triggers test uk-ambulance
        triage-triggers test my-ruleset/ --coverage
        triage-triggers test my-ruleset/ --format json | jq .coverage
    """
    evaluator = Rules(allow_withdrawn=True).evaluator(ruleset)
    report = run_rule_tests(evaluator.ruleset, evaluator=evaluator)
    if style == "json":
        typer.echo(json.dumps(_as_json(evaluator.ruleset, report)))
    else:
        for line in _lines(evaluator.ruleset, report, coverage=coverage):
            say(line)
    return 0 if report.passed else 1


def _lines(ruleset: Ruleset, report: RuleTestReport, *, coverage: bool) -> Iterator[str]:
    rules = {rule.id: rule for rule in ruleset.rules}
    yield from map(str, report.failures)
    for rule in report.untested:
        yield f"{rule}: has no examples.fire; nothing shows that it works"
    for covered in report.coverage if coverage else ():
        yield str(covered)
        written = rules[covered.rule]
        yield from (f"    {written.phrases[number]}" for number in covered.unexercised)
        yield from (f"    unless {written.unless[number]}" for number in covered.unexercised_unless)
        if covered.event is not None:
            yield from (f"    does {does}" for does in covered.event.untold)
            yield from (f"    verbs of {name}" for name in covered.event.unused)
    checked = f"{ruleset.id} {ruleset.version}: {len(report.results):,} examples"
    yield f"{checked}, {len(report.failures):,} failed, {len(report.now_passing):,} of them known ones that now pass"
    phrases = sum(covered.phrases for covered in report.coverage)
    exercised = sum(covered.exercised for covered in report.coverage)
    events = [covered.event for covered in report.coverage if covered.event is not None]
    deeds, told = sum(len(event.deeds) for event in events), sum(len(event.told) for event in events)
    hint = "" if coverage or (exercised, told) == (phrases, deeds) else "; --coverage names the others"
    of_events = f", {told:,} of {deeds:,} deeds" if events else ""
    yield f"{exercised:,} of {phrases:,} phrases{of_events} exercised{hint}"


def _as_json(ruleset: Ruleset, report: RuleTestReport) -> dict[str, object]:
    rules = {rule.id: rule for rule in ruleset.rules}
    return {
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest},
        "passed": report.passed,
        "untested": report.untested,
        "results": [
            {key: value for key, value in result._asdict().items() if key != "counted"} for result in report.results
        ],
        "coverage": [
            {
                "rule": covered.rule,
                "phrases": covered.phrases,
                "exercised": covered.exercised,
                "unexercised": [rules[covered.rule].phrases[number] for number in covered.unexercised],
                "unexercised_unless": [rules[covered.rule].unless[number] for number in covered.unexercised_unless],
                "event": None if covered.event is None else covered.event._asdict(),
            }
            for covered in report.coverage
        ],
    }


REVIEW_AFTER: Final = timedelta(days=365)
"""When a new ruleset should be read again."""


def new(
    folder: Annotated[Path, Argument(metavar="DIR", help="The folder to make; if it is there, it must be empty.")],
    *,
    identifier: Annotated[
        str | None, Option("--id", metavar="ID", help="The ruleset's id; by default made of the folder's name.")
    ] = None,
    title: Annotated[str | None, Option(help="What people call the ruleset.")] = None,
    extends: Annotated[
        str | None,
        Option(metavar="ID|PATH", autocompletion=complete_ruleset, help="A ruleset to lie over, such as uk-ambulance."),
    ] = None,
    code_system: Annotated[
        str | None,
        Option(metavar="ID", autocompletion=complete_ladder, help="The ladder of codes; by default nhs-arp."),
    ] = None,
) -> None:
    """Make a repository for a ruleset of your own: example rules, checks before each commit and on the server.

    With --extends it adds to a ruleset and changes what you say; without, it stands alone.

    Examples:
        triage-triggers new my-service
        triage-triggers new my-service --extends uk-ambulance --title "Our service"
    """
    if extends is not None and code_system is not None:
        raise typer.BadParameter("it is that of the ruleset to extend", param_hint="--code-system")
    name = folder.resolve().name
    identifier = identifier or re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._") or "ruleset"
    order = Order(
        id=identifier,
        title=title or name.replace("-", " ").replace("_", " ").strip().capitalize() or identifier,
        review_by=datetime.now(UTC).date() + REVIEW_AFTER,
        code_system=code_system or "nhs-arp",
        extends=extends,
    )
    if not re.fullmatch(IDENTIFIER, identifier):
        message = f"'{identifier}' can't be an id: small letters, digits, '.', '_' and '-' only, a letter first"
        raise typer.BadParameter(message, param_hint="--id")
    for path in write_repository(folder, order):
        say(folder / path)
    ruleset = folder / "ruleset"
    say(f"\nNext: triage-triggers lint {ruleset} --strict && triage-triggers test {ruleset}")
    say(f"Then read {folder / 'README.md'}.")


def migrate(
    ruleset: Annotated[Path, Argument(help="An old ruleset: its file, or its folder.")],
    *,
    base: Annotated[
        Path | None, Option(help="The old ruleset that it extends, where it uses conditions of that.")
    ] = None,
) -> None:
    """Print the sections 'signs' and 'then' that come nearest to an old ruleset's conditions, gates and policies.

    Nothing is changed. Whatever could not be said is in comments at the top: read them, and run your calls again.

    Examples:
        triage-triggers migrate examples/old-ruleset.yaml
    """
    inherited = None if base is None else _old(base).get("conditions")
    typer.echo(migrated(_old(ruleset), inherited), nl=False)


def _old(path: Path) -> dict[str, Any]:
    faults: list[Fault] = []
    source = read_yaml(path / "ruleset.yaml" if path.is_dir() else path, faults)
    if source is None or faults:
        raise RulesetError(faults)
    return source.data if isinstance(source.data, dict) else {}
