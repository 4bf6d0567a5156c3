"""``triage-triggers rulesets``: the rulesets that come with the package."""

from __future__ import annotations

from typing import Final

import typer

from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.loading import load_ruleset

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = ("triage-triggers rulesets",)


def run() -> None:
    """List the shipped rulesets: id, version, status, title, and the digest that assessments record."""
    for name in shipped_rulesets():
        try:
            ruleset = load_ruleset(name, allow_withdrawn=True)
        except RulesetError as error:
            typer.echo(f"{name}  has {len(error.faults):,} faults; see: triage-triggers lint {name}")
            continue
        typer.echo(f"{ruleset.id}  {ruleset.version}  {ruleset.status}  {ruleset.title}")
        typer.echo(f"    {ruleset.digest}")
        if ruleset.approval is not None:
            approval = ruleset.approval
            typer.echo(f"    approved by {approval.by}, {approval.role}, on {approval.on}, until {approval.expires}")
