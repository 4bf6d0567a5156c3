"""``triage-triggers suggest-phrases``: the word runs in calls that a ruleset gets wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from triage_triggers.calls.call import SPEAKERS
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallFormat,
    CallPaths,
    ColumnNames,
    RulesetOption,
    SpeakerLabels,
    open_evaluator,
    reading_options,
)
from triage_triggers.cli.labelled import (
    Ignored,
    LabelledCalls,
    LabelName,
    Negative,
    Positive,
    SaidBy,
    Where,
    chosen_speakers,
    label_column,
)
from triage_triggers.lab.call_columns import ColumnFilter
from triage_triggers.lab.tables import Column, Table, counted, decimal, of, rate

if TYPE_CHECKING:
    from triage_triggers.lab.word_runs import Suggestions

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers suggest-phrases examples/labelled.jsonl --ruleset uk-ambulance",
    "triage-triggers suggest-phrases examples/labelled.jsonl -r uk-ambulance --with-text",
    "triage-triggers suggest-phrases examples/labelled.jsonl -r uk-ambulance --from false-alarms --with-text",
)


def run(
    calls: CallPaths,
    *,
    ruleset: RulesetOption,
    mistake: Annotated[
        Literal["missed", "false-alarms"],
        typer.Option("--from", help="Learn from positive calls that were missed, or from negative ones flagged."),
    ] = "missed",
    label: LabelName = None,
    positive: Positive = None,
    negative: Negative = None,
    ignored: Ignored = None,
    where: Where = None,
    least_calls: Annotated[
        int,
        typer.Option(
            "--least-calls", metavar="N", min=1, help="Leave out runs said in fewer of the calls that went wrong."
        ),
    ] = 2,
    said_by: SaidBy = None,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="How many runs to show.")] = 30,
    with_text: Annotated[
        bool,
        typer.Option("--with-text", help="Show the words. They were said in calls; without it you see counts only."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    allow_withdrawn: AllowWithdrawn = False,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Find word runs that separate the calls a ruleset gets wrong from those it gets right.

    From missed calls: what a rule might add, and how many calls that are rightly left alone it would disturb. From
    false alarms: what could stand under 'unless', and how many rightly flagged calls that could lose. Calls are
    counted, however often a thing is said in them. Everybody's words are looked at but the call-taker's; name others
    with --said-by.

    A run is a hint, not a rule: of thousands some separate a few calls by chance. Try it on other calls first.
    """
    chosen = chosen_speakers(said_by)
    options = reading_options(call_format, speaker, column)
    labels = label_column(label, positive, negative, ignored)
    filters = tuple(ColumnFilter.parse(text) for text in where or ())
    intake = LabelledCalls(calls, labels, filters, must_have_label=True, options=options)
    evaluator = open_evaluator(ruleset, None, allow_withdrawn=allow_withdrawn)
    observations = [item for (item,) in intake.observe(evaluator)]

    from triage_triggers.lab.word_runs import suggest_word_runs  # noqa: PLC0415  needs no time where input is wrong

    listened_to = chosen or tuple(speaker for speaker in SPEAKERS if speaker != "call_taker")
    found = suggest_word_runs(observations, mistake, least_calls=least_calls, speakers=frozenset(listened_to))
    if as_json:
        runs = [run.to_dict(with_text=with_text) for run in found.runs[:most]]
        counts = {"mistake": mistake, "wrong": found.wrong, "right": found.right, "weighed": found.weighed}
        typer.echo(json.dumps(counts | {"runs": runs}, allow_nan=False))
    else:
        _show(found, most, with_text=with_text)
    if intake.status:
        raise typer.Exit(intake.status)


def _show(found: Suggestions, most: int, *, with_text: bool) -> None:
    from triage_triggers.cli.screen import Screen  # noqa: PLC0415  --json needs no Rich
    from triage_triggers.cli.tables import show_tables  # noqa: PLC0415

    screen = Screen()
    missed = found.mistake == "missed"
    wrong, right = ("missed", "rightly left alone") if missed else ("false alarms", "rightly flagged")
    counts = f"{wrong.capitalize()}: {counted(found.wrong, 'call')}. {right.capitalize()}: {found.right:,}."
    screen.show(f"{counts} Word runs weighed: {found.weighed:,}.")
    if not found.runs:
        screen.show("No run is said in enough of the calls that went wrong to separate them from the others.")
        return
    heading = "words" if with_text else "run"
    columns = (
        Column(heading),
        Column("words" if not with_text else "length", is_number=True),
        Column(f"{wrong}", is_number=True),
        Column(f"{right}", is_number=True),
        Column("share", is_number=True),
        Column("strength", is_number=True),
    )
    rows = tuple(
        (
            run.words if with_text else f"run {number}",
            f"{run.length:,}",
            of(run.wrong),
            of(run.right),
            f"{rate(run.wrong)} : {rate(run.right)}",
            decimal(run.strength, 1),
        )
        for number, run in enumerate(found.runs[:most], 1)
    )
    title = "What a rule might add, and what it would disturb" if missed else "What 'unless' might spare, and lose"
    note = "Strength: log odds ratio over its standard error. It ignores context: whether a thing was denied or asked."
    if not with_text:
        note += " The words are withheld; --with-text shows them."
    show_tables(screen, [Table(title, columns, rows, note)])
