"""``triage-triggers schema``: the JSON Schema by which an editor helps to write rulesets."""

from __future__ import annotations

import json
from typing import Annotated, Final

import typer

from triage_triggers.ruleset.schema import rules_schema, ruleset_schema

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers schema > ruleset.schema.json",
    "triage-triggers schema --rules > rules.schema.json",
)


def run(
    *,
    rules: Annotated[
        bool, typer.Option("--rules", help="The schema of the files in a ruleset's rules/ folder instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of ruleset files, for editors that complete and check YAML."""
    schema = rules_schema() if rules else ruleset_schema()
    typer.echo(json.dumps(schema, indent=2))
