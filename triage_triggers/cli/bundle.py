"""Sign a ruleset, and check a signed one: one file that a service takes and others can't change.

Keys are Ed25519 in PEM: openssl genpkey -algorithm ed25519 -out private.pem; openssl pkey -in private.pem -pubout -out
public.pem.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003  Typer reads the annotations
from typing import Annotated, Final

import typer
from typer import Argument, Option

from triage_triggers.cli.inputs import CodeSystem, RulesetArgument  # noqa: TC001  Typer reads the annotations
from triage_triggers.cli.say import say
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.privacy.private_file import unfinished_file
from triage_triggers.ruleset.loading import load_ruleset
from triage_triggers.service.bundle import latest_bundle, seal_bundle

__all__ = ["COMMANDS", "check", "make"]


def make(
    ruleset: RulesetArgument,
    *,
    output: Annotated[Path, Option("--output", "-o", metavar="FILE", help="The bundle to write.")],
    key: Annotated[Path, Option(metavar="FILE", help="The private key to sign with, in PEM.")],
    expires: Annotated[datetime, Option(metavar="DATE", formats=["%Y-%m-%d"], help="The last day it may be taken.")],
    code_system: CodeSystem = None,
) -> None:
    """Write a ruleset, all that it extends and its ladder into one file, and sign it.

    Examples:
        triage-triggers bundle make my-ruleset/ -o my-ruleset.bundle --key private.pem --expires 2027-12-31
    """
    loaded, day = load_ruleset(ruleset), expires.date()
    if day < datetime.now(UTC).date():
        raise typer.BadParameter(f"{day} is over", param_hint="--expires")
    sealed = seal_bundle(loaded, load_ladder(code_system or loaded.code_system), key.read_bytes(), expires=day)
    with unfinished_file(output) as unfinished:
        unfinished.write_bytes(sealed)
    say(f"{output}: {loaded.id} {loaded.version} ({loaded.digest}), until {day}")


def check(
    bundle: Annotated[str, Argument(metavar="BUNDLE", help="A file, a folder of bundles, or an https address.")],
    *,
    key: Annotated[Path, Option(metavar="FILE", help="The public key of who may sign, in PEM.")],
) -> None:
    """Say what a bundle holds, if the key signed it and it has not expired. Exit status: 0 it is good, 2 it is not.

    Examples:
        triage-triggers bundle check my-ruleset.bundle --key public.pem
    """
    found = latest_bundle(bundle, key.read_bytes())
    reference = f"{found.ruleset.id} {found.ruleset.version}, {found.ruleset.status} ({found.ruleset.digest})"
    say(f"{reference}, codes of {found.ladder.id} {found.ladder.version}")
    say(f"signed {found.made.isoformat(sep=' ', timespec='seconds')}, until {found.expires}")


COMMANDS: Final = {"make": make, "check": check}
