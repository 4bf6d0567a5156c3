"""``triage-triggers evaluate``: which calls are flagged, and what is suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.reading import check_readable, read_calls
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallPaths,
    CodeSystem,
    CurrentCode,
    RulesetOption,
    open_evaluator,
)
from triage_triggers.cli.logs import LogOption, recorded
from triage_triggers.cli.progress import progress_bar
from triage_triggers.errors import CallError, CodeError, TriageTriggersError

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.model import Call
    from triage_triggers.cli.call_view import CallView
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.record.recording import RecordedEvaluator

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers evaluate examples/calls.jsonl --ruleset uk-ambulance",
    "triage-triggers evaluate examples/neighbour.txt -r uk-ambulance --current-code C3",
    "triage-triggers evaluate examples/calls.jsonl -r uk-ambulance --json > assessments.jsonl",
    "echo 'He had his hands round my throat.' | triage-triggers evaluate - -r uk-ambulance",
)


def run(
    calls: CallPaths,
    *,
    ruleset: RulesetOption,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON a call, without what was said, for other programs.")
    ] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="With --json: quote the words of each finding.")
    ] = False,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    log: LogOption = None,
) -> None:
    """Say of each call whether it is flagged, which code and advice are suggested, and why.

    Without --json, each call is SHOWN IN FULL with what was found: [[counted]] and ((set aside: why)). Use --json
    where what was said must not appear.

    A call that can't be read is named on standard error, the others are evaluated, and the exit status is 1.
    """
    check_readable(calls)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    view = None if as_json else _open_view(evaluator)
    good = bad = 0
    with recorded(evaluator, log) as recorder, progress_bar(calls) as on_bytes:
        for call in read_calls(calls, on_bytes=on_bytes):
            assessment = call if isinstance(call, CallError) else _assess(call, recorder, current_code)
            if isinstance(call, CallError) or isinstance(assessment, TriageTriggersError):
                bad += 1
                typer.echo(f"triage-triggers: {assessment}", err=True)
                continue
            good += 1
            if view is None:
                typer.echo(assessment.to_json(call if with_text else None))
            else:
                view.show(call, assessment)
    if view is not None:
        view.finish()
    if bad:
        raise typer.Exit(1 if good else 2)


def _assess(
    call: Call, evaluator: Evaluator | RecordedEvaluator, current_code: str | None
) -> Assessment | TriageTriggersError:
    try:
        return evaluator.evaluate(call, current_code=call.current_code or current_code)
    except (CallError, CodeError) as error:
        return CallError(f"call {call.call_id!r}: {error}")


def _open_view(evaluator: Evaluator) -> CallView:
    from triage_triggers.cli.call_view import CallView  # noqa: PLC0415  --json needs no Rich

    return CallView(evaluator.ruleset)
