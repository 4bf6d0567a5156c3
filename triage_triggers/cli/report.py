"""``triage-triggers report`` and ``counterfactuals``: a case or a call, for a panel."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.reading import check_readable
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallId,
    CodeSystem,
    CurrentCode,
    ReadingOptions,
    RulesetOption,
    choose_call,
    open_evaluator,
    reads_calls,
)
from triage_triggers.cli.replay import AnchorOption, CaseArgument, ReadLogOption, case_judges, open_log, read_anchors
from triage_triggers.cli.say import say
from triage_triggers.privacy.private_file import write_private
from triage_triggers.replay.case_file import load_case
from triage_triggers.replay.counterfactual import counterfactuals
from triage_triggers.replay.review import review_case
from triage_triggers.report.case_report import LogCheck, case_report

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.replay.counterfactual import Search
    from triage_triggers.report.marking import WordsShown

__all__ = ["COUNTERFACTUALS_EXAMPLES", "REPORT_EXAMPLES", "run_counterfactuals", "run_report"]

REPORT_EXAMPLES: Final = (
    "triage-triggers report examples/case/case.yaml --ruleset uk-ambulance -o my-case.html",
    "triage-triggers report examples/case/case.yaml -r uk-ambulance --redacted -o my-case.html",
    "triage-triggers report my-case.yaml --log my-decisions.db --no-text -o my-case.html",
)


def run_report(
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
            given = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
        evaluator_of, recorded = case_judges(given, opened)
        reviews = review_case(loaded, evaluator_of, recorded=recorded)
        page = case_report(loaded, reviews, words=words, log=check)
    if output == "-":
        typer.echo(page, nl=False)
        return
    write_private(Path(output), page)
    count = len(loaded.entries)
    say(f"{output}: {count} entr{'y' if count == 1 else 'ies'}")


COUNTERFACTUALS_EXAMPLES: Final = (
    "triage-triggers counterfactuals examples/calls.jsonl --call-id question-denied -r uk-ambulance",
    "triage-triggers counterfactuals examples/note.txt -r uk-ambulance --current-code C3",
)


@reads_calls
def run_counterfactuals(
    call: Annotated[str, typer.Argument(metavar="CALL", help="A file of calls, or '-' for standard input.")],
    *,
    ruleset: RulesetOption,
    call_id: CallId = None,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    options: ReadingOptions,
) -> None:
    """Say what would have had to be otherwise for a call to be flagged, or not, or for another suggestion.

    Each way is computed by judging the call again with the change made: one change, or where none is enough, two
    together. Nothing that was said is shown.
    """
    check_readable([call], options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    chosen = choose_call(call, call_id, options)
    code = chosen.current_code or current_code
    actual = evaluator.evaluate(chosen, current_code=code)
    flag = "flagged" if actual.flagged else "not flagged"
    suggestion = f"{actual.suggested_code} suggested" if actual.suggested_code else "no other code suggested"
    say(f"{actual.call_id}: {flag}, {suggestion}")
    for search in counterfactuals(evaluator, chosen, current_code=code):
        say(f"\n{search.question}")
        for line in _lines(search, actual):
            say(f"  {line}")


def _lines(search: Search, actual: Assessment) -> list[str]:
    if search.found:
        return [found.sentence(actual) for found in search.found]
    stopped = "" if search.complete else " before the search stopped"
    lines = [f"Nothing that was tried: {search.judged:,} ways, of one change or two, were judged{stopped}."]
    return lines + [f"Still lacking: {lack}" for lack in search.lacks]
