"""``triage-triggers new``: a repository in which a policy team keeps its own ruleset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003  Typer reads the annotation
from typing import Annotated, Final

import typer

from triage_triggers.cli.inputs import complete_ladder, complete_ruleset
from triage_triggers.documents.fields import IDENTIFIER
from triage_triggers.template.repository import Order, write_repository

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers new my-service",
    'triage-triggers new my-service --extends uk-ambulance --title "Our service"',
)
REVIEW_AFTER: Final = timedelta(days=365)
"""When a new ruleset should be read again."""


def run(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to make; if it is there, it must be empty.")
    ],
    *,
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The ruleset's id; by default made of the folder's name.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="What people call the ruleset.")] = None,
    extends: Annotated[
        str | None,
        typer.Option(
            "--extends",
            metavar="ID|PATH",
            autocompletion=complete_ruleset,
            help="A ruleset to lie over, such as uk-ambulance.",
        ),
    ] = None,
    code_system: Annotated[
        str | None,
        typer.Option(
            "--code-system",
            metavar="ID",
            autocompletion=complete_ladder,
            help="The ladder of codes; by default nhs-arp.",
        ),
    ] = None,
) -> None:
    """Make a repository for a ruleset of your own: example rules, checks before each commit and on the server.

    With --extends it adds to a ruleset and changes what you say; without, it stands alone.
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
        typer.echo(folder / path)
    ruleset = folder / "ruleset"
    typer.echo(f"\nNext: triage-triggers lint {ruleset} --strict && triage-triggers test {ruleset}")
    typer.echo(f"Then read {folder / 'README.md'}.")
