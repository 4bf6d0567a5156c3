"""``triage-triggers lint``: everything that is wrong with a ruleset, at once."""

from __future__ import annotations

from typing import Final

import typer

from triage_triggers.cli.inputs import RulesetArgument  # noqa: TC001  Typer reads the annotation
from triage_triggers.decision.ladder import load_ladder
from triage_triggers.decision.policy import CompiledPolicy
from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.compiling import compile_ruleset
from triage_triggers.ruleset.loading import load_ruleset

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = ("triage-triggers lint uk-ambulance", "triage-triggers lint my-ruleset/")


def run(ruleset: RulesetArgument) -> None:
    """Check a ruleset, and print every fault as file:line:column with what to do about it.

    Exit status: 0 no faults, 1 faults, 2 no such ruleset. Whether it is approved makes no difference here.
    """
    try:
        checked = load_ruleset(ruleset, allow_withdrawn=True)
        compiled = compile_ruleset(checked)
        CompiledPolicy(checked, load_ladder(checked.code_system))
    except RulesetError as error:
        for fault in error.faults:
            typer.echo(str(fault))
        count = len(error.faults)
        typer.echo(f"{count} fault{'' if count == 1 else 's'}")
        raise typer.Exit(1) from None
    phrases = sum(len(rule.phrases) + len(rule.unless) for rule in checked.rules)
    literals = sum(
        len(part) for rule in compiled for phrase in (*rule.phrases, *rule.unless) for part in phrase.segments
    )
    typer.echo(f"{checked.id} {checked.version}: no faults")
    policies = "no policies" if checked.policy is None else f"{len(checked.policy):,} policies"
    typer.echo(
        f"{len(checked.rules):,} rules, {phrases:,} phrases standing for {literals:,} literal ones, {policies},"
        f" {len(checked.lists):,} lists"
    )
