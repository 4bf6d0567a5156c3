"""``triage-triggers counterfactuals``: the smallest changes that would have changed what is made of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.reading import check_readable
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallFormat,
    CallId,
    CodeSystem,
    ColumnNames,
    CurrentCode,
    RulesetOption,
    SpeakerLabels,
    choose_call,
    open_evaluator,
    reading_options,
)
from triage_triggers.cli.screen import printable
from triage_triggers.replay.counterfactual import counterfactuals

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.replay.counterfactual import Search

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers counterfactuals examples/calls.jsonl --call-id question-denied -r uk-ambulance",
    "triage-triggers counterfactuals examples/note.txt -r uk-ambulance --current-code C3",
)


def run(
    call: Annotated[str, typer.Argument(metavar="CALL", help="A file of calls, or '-' for standard input.")],
    *,
    ruleset: RulesetOption,
    call_id: CallId = None,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Say what would have had to be otherwise for a call to be flagged, or not, or for another suggestion.

    Each way is computed by judging the call again with the change made: one change, or where none is enough, two
    together. Nothing that was said is shown.
    """
    options = reading_options(call_format, speaker, column)
    check_readable([call], options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn, lazy=True)
    chosen = choose_call(call, call_id, options)
    code = chosen.current_code or current_code
    actual = evaluator.evaluate(chosen, current_code=code)
    flag = "flagged" if actual.flagged else "not flagged"
    suggestion = f"{actual.suggested_code} suggested" if actual.suggested_code else "no other code suggested"
    typer.echo(f"{printable(actual.call_id)}: {flag}, {suggestion}")
    for search in counterfactuals(evaluator, chosen, current_code=code):
        typer.echo(f"\n{search.question}")
        for line in _lines(search, actual):
            typer.echo(f"  {line}")


def _lines(search: Search, actual: Assessment) -> list[str]:
    if search.found:
        return [found.sentence(actual) for found in search.found]
    stopped = "" if search.complete else " before the search stopped"
    lines = [f"Nothing that was tried: {search.judged:,} ways, of one change or two, were judged{stopped}."]
    return lines + [f"Still lacking: {lack}" for lack in search.lacks]
