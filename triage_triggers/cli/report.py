"""``triage-triggers report``: a case as one HTML page for a review panel."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.cli.cases import AnchorOption, CaseArgument, ReadLogOption, case_judges, open_log, read_anchors
from triage_triggers.cli.inputs import AllowWithdrawn, CodeSystem, open_evaluator
from triage_triggers.replay.case_file import load_case
from triage_triggers.replay.review import review_case
from triage_triggers.report.case_report import LogCheck, case_report

if TYPE_CHECKING:
    from triage_triggers.report.marking import WordsShown

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers report examples/case/case.yaml --ruleset uk-ambulance -o my-case.html",
    "triage-triggers report examples/case/case.yaml -r uk-ambulance --redacted -o my-case.html",
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
    log: ReadLogOption = None,
    anchor: AnchorOption = None,
    redacted: Annotated[
        bool, typer.Option("--redacted", help="Of what was said, show the findings' words only.")
    ] = False,
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
    if anchor is not None and log is None:
        raise typer.BadParameter("--anchor goes with --log; name the decision log that it is an anchor of")
    words: WordsShown = "none" if no_text else "redacted" if redacted else "full"
    loaded = load_case(case)
    with ExitStack() as stack:
        opened = None if log is None else stack.enter_context(open_log(log))
        check = None if opened is None else LogCheck(opened.path.name, opened.verify(read_anchors(anchor)))
        given = None
        if ruleset is not None:
            given = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn, lazy=True)
        evaluator_of, recorded = case_judges(given, opened)
        reviews = review_case(loaded, evaluator_of, recorded=recorded)
        page = case_report(loaded, reviews, words=words, log=check)
    if output == "-":
        typer.echo(page, nl=False)
        return
    _write(Path(output), page)
    count = len(loaded.entries)
    typer.echo(f"{output}: {count} entr{'y' if count == 1 else 'ies'}")


def _write(path: Path, page: str) -> None:
    """Write a page that, if it is new, its owner alone may read."""
    path.touch(mode=0o600)
    path.write_text(page, encoding="utf-8", newline="\n")
