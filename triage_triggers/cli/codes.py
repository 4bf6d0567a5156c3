"""``triage-triggers codes``: the code ladders, and the codes of one."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.text import Text

from triage_triggers.cli.inputs import complete_ladder
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.ladders.ladder import load_ladder, shipped_ladders

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers codes",
    "triage-triggers codes nhs-arp",
    "triage-triggers codes my-determinants.yaml",
)


def run(
    ladder: Annotated[
        str | None,
        typer.Argument(
            metavar="ID|PATH",
            autocompletion=complete_ladder,
            help="A shipped ladder's id, or the path of a ladder or determinant table; by default all shipped ones.",
        ),
    ] = None,
) -> None:
    """List the code systems, or the codes of one, most urgent first."""
    screen = Screen()
    if ladder is None:
        overview = columns("id", "version", "title")
        for name in shipped_ladders():
            file = load_ladder(name).file
            overview.add_row(file.id, file.version, file.title)
        screen.show(overview)
        return
    loaded = load_ladder(ladder)
    order = "most urgent first" if loaded.ordered else "event types, without an order of urgency"
    screen.show(Text(f"{loaded.id} {loaded.version}: {loaded.file.title} ({order})", style="bold"))
    table = columns("code", "title", "also written", "remarks")
    for code in loaded.file.codes:
        remarks = [f"as urgent as {code.as_urgent_as}"] if code.as_urgent_as else []
        if code.code not in loaded.suggestable:
            remarks.append("never suggested")
        table.add_row(code.code, code.title, ", ".join(code.aliases), ", ".join(remarks))
    screen.show(table)
    determinants = {**loaded.file.determinants, **(loaded.table.determinants if loaded.table else {})}
    if determinants:
        known = columns("determinant", "code")
        for determinant, code_of in determinants.items():
            known.add_row(determinant, code_of)
        screen.show("")
        screen.show(known)
