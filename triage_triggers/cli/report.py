"""``triage-triggers report``: a case as one HTML page for a review panel."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.cli.case_inputs import Anchors, CaseArgument, LogOption, open_log, read_anchors
from triage_triggers.cli.inputs import AllowWithdrawn, CodeSystem, open_evaluator
from triage_triggers.errors import CaseError, Fault
from triage_triggers.replay.case_file import load_case
from triage_triggers.replay.replaying import Replayer
from triage_triggers.replay.review import review_case
from triage_triggers.report.case_report import LogCheck, case_report

if TYPE_CHECKING:
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.record.log import DecisionLog
    from triage_triggers.replay.case import Case, Entry
    from triage_triggers.replay.replaying import Replay
    from triage_triggers.report.marking import Words

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers report examples/case/case.yaml --ruleset uk-ambulance -o case.html",
    "triage-triggers report examples/case/case.yaml -r uk-ambulance --redacted -o case-redacted.html",
    "triage-triggers report my-case.yaml --log my-decisions.db --no-text -o my-case.html",
)


def run(
    case: CaseArgument,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write; '-' for standard output.")
    ],
    ruleset: Annotated[
        str | None,
        typer.Option(
            "--ruleset",
            "-r",
            metavar="ID|PATH",
            help="The rules to judge by; by default those that the log recorded for each call.",
        ),
    ] = None,
    log: LogOption = None,
    anchor: Anchors = None,
    redacted: Annotated[bool, typer.Option("--redacted", help="Of what was said, show the findings' words only.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Show nothing that was said.")] = False,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
) -> None:
    """Write the report of a case: what was said, found and suggested when, and what was sent.

    The page needs no network and no script, and prints. By default it QUOTES WHAT WAS SAID IN FULL; a new file can be
    read by you alone.
    """
    if redacted and no_text:
        raise typer.BadParameter("--redacted and --no-text exclude each other; choose one")
    if ruleset is None and log is None:
        raise typer.BadParameter("name the rules with --ruleset, or the decision log that recorded them with --log")
    words: Words = "none" if no_text else "redacted" if redacted else "full"
    loaded = load_case(case)
    with ExitStack() as stack:
        opened = None if log is None else stack.enter_context(open_log(log))
        check = None if opened is None else LogCheck(opened.path.name, opened.verify(read_anchors(anchor)))
        given = None if ruleset is None else open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
        page = case_report(loaded, _reviews(case, loaded, given, opened), words=words, log=check)
    if output == "-":
        typer.echo(page, nl=False)
        return
    _write(Path(output), page)
    typer.echo(f"{output}: {len(loaded.entries)} calls and notes")


def _reviews(case_path, case, given, log):
    ...


def _write(path: Path, page: str) -> None:
    """Write a page that, if it is new, its owner alone may read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n") as file:
        file.write(page)
