"""``triage-triggers evaluate``: which calls are flagged, and what is suggested."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from triage_triggers.cli.inputs import AsJson, Calls, CurrentCode, Intake, LogOption, Rules, RulesetOption, recorded
from triage_triggers.cli.say import PaceShown, complain, say
from triage_triggers.errors import CallError, CodeError

if TYPE_CHECKING:
    from triage_triggers.archive.work import ChunkResult, Totals
    from triage_triggers.calls.call import Call
    from triage_triggers.cli.call_view import CallView
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["run"]


def run(
    calls: Calls,
    *,
    ruleset: RulesetOption,
    rules: Rules,
    as_json: AsJson = False,
    with_text: Annotated[bool, Option("--with-text", help="With --json: quote the words of each finding.")] = False,
    current_code: CurrentCode = None,
    workers: Annotated[
        int, Option(metavar="N", min=1, help="With --json or --output: how many processes share it.")
    ] = 1,
    output: Annotated[
        Path | None,
        Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the results to a .jsonl file or a .parquet folder, which appears when all are there.",
        ),
    ] = None,
    resume: Annotated[
        bool, Option("--resume", help="With --output: go on after a crash; no call is lost or repeated.")
    ] = False,
    log: LogOption = None,
) -> int:
    """Say of each call whether it is flagged, which code and advice are suggested, and why.

    Without --json, each call is SHOWN IN FULL with what was found: [[counted]] and ((set aside: why)). Use --json
    where what was said must not appear.

    A call that can't be read is named on standard error, the others are evaluated, and the exit status is 1.

    Examples:
        triage-triggers evaluate examples/calls.jsonl --ruleset uk-ambulance
        triage-triggers evaluate examples/neighbour.txt -r uk-ambulance --current-code C3
        triage-triggers evaluate examples/calls.jsonl -r uk-ambulance --json > assessments.jsonl
        triage-triggers evaluate examples/transcripts/call.vtt -r uk-ambulance --speaker 'Speaker 1=call_taker'
        triage-triggers evaluate my-archive.jsonl -r uk-ambulance --workers 4 --output results.parquet --resume
        echo 'My husband had his hands round my throat.' | triage-triggers evaluate - -r uk-ambulance
    """
    if output is None and resume:
        raise typer.BadParameter("it goes with --output FILE", param_hint="--resume")
    if output is None and workers > 1 and not as_json:
        raise typer.BadParameter("calls are shown in full by one process only; add --json", param_hint="--workers")
    if log is not None and (output is not None or workers > 1):
        raise typer.BadParameter("it records call by call; leave out --output and --workers", param_hint="--log")
    options = calls.options()
    evaluator = rules.evaluator(ruleset)
    if output is None and workers == 1:
        intake = Intake(calls.paths, options)
        with recorded(evaluator, log) as recorder:
            _evaluate_one_by_one(recorder, intake, current_code, as_json=as_json, with_text=with_text)
        status = intake.status
    else:
        how: dict[str, Any] = {
            "workers": workers,
            "options": options,
            "current_code": current_code,
            "with_text": with_text,
        }
        if output is None:
            totals = _print_archive(evaluator, calls.paths, **how)
        else:
            totals = _write_archive(evaluator, calls.paths, output, resume=resume, **how)
        status = 0 if not totals.failed else 1 if totals.evaluated else 2
    return status


def _evaluate_one_by_one(
    evaluator: Evaluator, intake: Intake, current_code: str | None, *, as_json: bool, with_text: bool
) -> None:
    """Print each call as soon as it is read."""
    view: CallView | None = None
    if not as_json:
        from triage_triggers.cli.call_view import CallView  # noqa: PLC0415  --json needs no Rich

        view = CallView(evaluator.ruleset)
    for call in intake:
        try:
            assessment = evaluator.evaluate(call, current_code=call.current_code or current_code)
        except (CallError, CodeError) as error:
            intake.fail(CallError(f"call {call.call_id!r}: {error}"))
            continue
        if view is None:
            typer.echo(assessment.to_json(call if with_text else None))
            continue
        view.show(call, assessment)
        if not assessment.findings and _is_foreign(call, evaluator.ruleset):
            view.add(f"It seems to be in no language of the ruleset ({evaluator.ruleset.language}).")
    if view is not None:
        view.finish()


def _is_foreign(call: Call, ruleset: Ruleset) -> bool:
    from triage_triggers.vocabulary.spoken import is_foreign  # noqa: PLC0415  --json needs no word list

    languages = {ruleset.language, *(rule.language for rule in ruleset.rules if rule.language)}
    return is_foreign(" ".join(said.text for said in call.utterances), languages)


def _print_archive(evaluator: Evaluator, paths: list[str], **how: Any) -> Totals:
    """Evaluate in several processes onto standard output."""
    from triage_triggers.archive.run import json_lines  # noqa: PLC0415  for archives only
    from triage_triggers.archive.work import Totals  # noqa: PLC0415  the same

    totals = Totals()
    for result in json_lines(evaluator, paths, **how):
        _complain_of(result)
        if result.data:
            typer.echo(result.data, nl=False)
        totals = totals.plus(result.totals)
    return totals


def _write_archive(evaluator: Evaluator, paths: list[str], output: Path, **how: Any) -> Totals:
    """Evaluate into a file, and sum it up."""
    from triage_triggers.archive.run import evaluate_files  # noqa: PLC0415  for archives only

    shown = PaceShown(sum(Path(path).stat().st_size for path in paths if path != "-"))

    def on_result(result: ChunkResult, totals: Totals) -> None:
        _complain_of(result)
        shown.update(totals)

    try:
        totals = evaluate_files(evaluator, paths, output, on_result=on_result, **how)
    finally:
        shown.stop()
    escalated = f"a more urgent code suggested for {totals.escalated:,}"
    say(f"{output}: {totals.evaluated:,} calls, {totals.flagged:,} flagged, {escalated}")
    if totals.failed:
        say(f"{output}: {totals.failed:,} calls could not be read or evaluated; each has its reason in 'error'")
    return totals


def _complain_of(result: ChunkResult) -> None:
    for error in result.errors:
        complain(error)
