"""``triage-triggers evaluate``: which calls are flagged, and what is suggested."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.reading import check_readable, read_calls
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallPaths,
    CodeSystem,
    CurrentCode,
    ReadingOptions,
    RulesetOption,
    open_evaluator,
    reads_calls,
)
from triage_triggers.cli.logs import LogOption, recorded
from triage_triggers.cli.progress import progress_bar
from triage_triggers.cli.say import say
from triage_triggers.errors import CallError, CodeError, TriageTriggersError

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.cli.call_view import CallView
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers evaluate examples/calls.jsonl --ruleset uk-ambulance",
    "triage-triggers evaluate examples/neighbour.txt -r uk-ambulance --current-code C3",
    "triage-triggers evaluate examples/calls.jsonl -r uk-ambulance --json > assessments.jsonl",
    "triage-triggers evaluate examples/transcripts/call.vtt -r uk-ambulance --speaker 'Speaker 1=call_taker'",
    "triage-triggers evaluate my-archive.jsonl -r uk-ambulance --workers 4 --output results.parquet --resume",
    "echo 'My husband had his hands round my throat.' | triage-triggers evaluate - -r uk-ambulance",
)


@reads_calls
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
    options: ReadingOptions,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="With --json or --output: how many processes share it.")
    ] = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the results to a .jsonl file or a .parquet folder, which appears when all are there.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="With --output: go on after a crash; no call is lost or repeated.")
    ] = False,
    log: LogOption = None,
) -> None:
    """Say of each call whether it is flagged, which code and advice are suggested, and why.

    Without --json, each call is SHOWN IN FULL with what was found: [[counted]] and ((set aside: why)). Use --json
    where what was said must not appear.

    A call that can't be read is named on standard error, the others are evaluated, and the exit status is 1.
    """
    if output is None and resume:
        raise typer.BadParameter("it goes with --output FILE", param_hint="--resume")
    if output is None and workers > 1 and not as_json:
        raise typer.BadParameter("calls are shown in full by one process only; add --json", param_hint="--workers")
    if log is not None and (output is not None or workers > 1):
        raise typer.BadParameter("it records call by call; leave out --output and --workers", param_hint="--log")
    check_readable(calls, options)
    in_archive = output is not None or workers > 1
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    if in_archive:
        from triage_triggers.cli.archive import print_json_lines, write_file  # noqa: PLC0415  for archives only

        if output is None:
            totals = print_json_lines(
                evaluator, calls, workers=workers, options=options, current_code=current_code, with_text=with_text
            )
        else:
            totals = write_file(
                evaluator,
                calls,
                output,
                workers=workers,
                resume=resume,
                options=options,
                current_code=current_code,
                with_text=with_text,
            )
        good, bad = totals.evaluated, totals.failed
    else:
        good, bad = _one_by_one(
            calls, options, evaluator, log=log, as_json=as_json, with_text=with_text, current_code=current_code
        )
    if bad:
        raise typer.Exit(1 if good else 2)


def _one_by_one(
    calls: list[str],
    options: ReadingOptions,
    evaluator: Evaluator,
    *,
    log: Path | None,
    as_json: bool,
    with_text: bool,
    current_code: str | None,
) -> tuple[int, int]:
    """Print each call as soon as it is read; return how many were evaluated, and how many could not be."""
    view = None if as_json else _open_view(evaluator)
    good = bad = 0
    with recorded(evaluator, log) as recorder, progress_bar(calls) as on_bytes:
        for call in read_calls(calls, on_bytes=on_bytes, options=options):
            assessment = call if isinstance(call, CallError) else _assess(call, recorder, current_code)
            if isinstance(call, CallError) or isinstance(assessment, TriageTriggersError):
                bad += 1
                say(f"triage-triggers: {assessment}", err=True)
                continue
            good += 1
            if view is None:
                typer.echo(assessment.to_json(call if with_text else None))
            else:
                view.show(call, assessment)
                if not assessment.findings and _is_foreign(call, evaluator.ruleset):
                    view.add(f"It seems to be in no language of the ruleset ({evaluator.ruleset.language}).")
    if view is not None:
        view.finish()
    return good, bad


def _is_foreign(call: Call, ruleset: Ruleset) -> bool:
    from triage_triggers.vocabulary.spoken import is_foreign  # noqa: PLC0415  --json needs no word list

    languages = {ruleset.language, *(rule.language for rule in ruleset.rules if rule.language)}
    return is_foreign(" ".join(said.text for said in call.utterances), languages)


def _assess(call: Call, evaluator: Evaluator, current_code: str | None) -> Assessment | TriageTriggersError:
    try:
        return evaluator.evaluate(call, current_code=call.current_code or current_code)
    except (CallError, CodeError) as error:
        return CallError(f"call {call.call_id!r}: {error}")


def _open_view(evaluator: Evaluator) -> CallView:
    from triage_triggers.cli.call_view import CallView  # noqa: PLC0415  --json needs no Rich

    return CallView(evaluator.ruleset)
