"""``triage-triggers migrate``: the conditions, gates and policies of an old ruleset as signs and what follows."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotation at run time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from triage_triggers.documents.source import read_yaml
from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.migration import migrated

if TYPE_CHECKING:
    from triage_triggers.errors import Fault

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = ("triage-triggers migrate examples/old-ruleset.yaml",)


def run(
    ruleset: Annotated[Path, typer.Argument(help="An old ruleset: its file, or its folder.")],
    *,
    base: Annotated[
        Path | None, typer.Option("--base", help="The old ruleset that it extends, where it uses conditions of that.")
    ] = None,
) -> None:
    """Print the sections 'signs' and 'then' that come nearest to an old ruleset's conditions, gates and policies.

    Nothing is changed. Whatever could not be said is in comments at the top: read them, and run your calls again.
    """
    inherited = None if base is None else _read(base).get("conditions")
    typer.echo(migrated(_read(ruleset), inherited), nl=False)


def _read(path: Path) -> dict[str, Any]:
    faults: list[Fault] = []
    source = read_yaml(path / "ruleset.yaml" if path.is_dir() else path, faults)
    if source is None or faults:
        raise RulesetError(faults)
    return source.data if isinstance(source.data, dict) else {}
