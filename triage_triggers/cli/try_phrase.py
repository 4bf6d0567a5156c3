"""``triage-triggers try``: one phrase on many calls, before anyone writes a rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallFormat,
    CallPaths,
    CodeSystem,
    ColumnNames,
    CurrentCode,
    RulesetOption,
    SpeakerLabels,
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
    WithText,
    chosen_speakers,
    label_column,
)
from triage_triggers.lab.call_columns import ColumnFilter
from triage_triggers.lab.tables import counted
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from triage_triggers.cli.screen import Screen
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.trial import Trial

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers try 'walking on eggshells' examples/labelled.jsonl --ruleset uk-ambulance",
    "triage-triggers try '(smashed|broke) my phone' examples/labelled.jsonl -r uk-ambulance --theme control",
)
_LABELS: Final[tuple[tuple[Label, str], ...]] = (
    ("positive", "positive calls newly caught"),
    ("negative", "negative calls newly disturbed"),
    ("ignored", "undecided calls newly flagged"),
    ("none", "calls without a label newly flagged"),
)
_MOST_CALLS: Final = 50


def run(
    phrase: Annotated[str, typer.Argument(metavar="PHRASE", help="In the phrase language, as a rule would have it.")],
    calls: CallPaths,
    *,
    ruleset: RulesetOption,
    theme: Annotated[
        str | None,
        typer.Option("--theme", help="The rule's theme: the policies decide. Without it, the phrase alone flags."),
    ] = None,
    unless: Annotated[
        list[str] | None,
        typer.Option("--unless", metavar="PHRASE", help="An idiom that cancels it; may be given again."),
    ] = None,
    said_by: SaidBy = None,
    label: LabelName = None,
    positive: Positive = None,
    negative: Negative = None,
    ignored: Ignored = None,
    where: Where = None,
    with_text: WithText = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, without what was said.")] = False,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Try one phrase on calls: what it would newly catch, newly disturb, and how often it would be set aside.

    It is read in context, as by a rule of the ruleset; with --said-by it listens to those only, and to unknown ones.
    With --with-text every place is shown, with the words around.
    """
    from triage_triggers.lab.trial import evaluator_with, try_phrase  # noqa: PLC0415  pay for it when it is needed

    options = reading_options(call_format, speaker, column)
    labels = label_column(label, positive, negative, ignored)
    filters = tuple(ColumnFilter.parse(text) for text in where or ())
    intake = LabelledCalls(calls, labels, filters, must_have_label=label is not None, options=options)
    ladder = None if code_system is None else load_ladder(code_system)
    base = load_ruleset(ruleset, allow_withdrawn=allow_withdrawn)
    evaluator = evaluator_with(
        phrase, base, theme=theme, unless=unless or (), speakers=chosen_speakers(said_by), ladder=ladder
    )
    observations = [item for (item,) in intake.observe(evaluator, current_code=current_code)]
    trial = try_phrase(evaluator, observations, phrase=phrase, theme=theme)
    if as_json:
        typer.echo(json.dumps(trial.to_dict(), allow_nan=False))
    else:
        _show(trial, with_text=with_text)
    if intake.status:
        raise typer.Exit(intake.status)


def _show(trial: Trial, *, with_text: bool) -> None:
    from triage_triggers.cli.screen import Screen, columns  # noqa: PLC0415  --json needs no Rich
    from triage_triggers.cli.tables import one_line  # noqa: PLC0415

    screen = Screen()
    as_what = f"as a rule of the theme {trial.theme}" if trial.theme else "as a policy of its own"
    screen.show(
        Text(f"“{one_line(trial.phrase)}”, {as_what}, on {counted(sum(trial.labels.values()), 'call')}", style="bold")
    )
    facts = columns()
    times, calls = counted(trial.findings, "time"), counted(len(trial.calls), "call")
    facts.add_row("found", f"{times} in {calls}; counts in {sum(call.counts for call in trial.calls):,} of these")
    for reason, count in trial.set_aside.items():
        facts.add_row("set aside", f"{counted(count, 'time')}: {reason}")
    for label, name in _LABELS:
        if trial.labels.get(label):
            facts.add_row("flag", f"{len(trial.newly(label)):,} of {trial.labels[label]:,} {name}")
    if trial.changed_codes:
        facts.add_row(
            "code", f"another one suggested in {counted(trial.changed_codes, 'call')} that would be flagged anyway"
        )
    screen.show(facts)
    if with_text:
        _show_places(screen, trial)


def _show_places(screen: Screen, trial: Trial) -> None:
    from triage_triggers.cli.call_view import marked  # noqa: PLC0415
    from triage_triggers.cli.screen import columns  # noqa: PLC0415
    from triage_triggers.cli.tables import one_line  # noqa: PLC0415

    table = columns(count=3)
    for call in trial.calls[:_MOST_CALLS]:
        item = call.observation
        for finding in call.findings:
            said = item.call.utterances[finding.utterance].text
            low, high = max(0, finding.start - _AROUND), min(len(said), finding.start + _AROUND * 2)
            if finding.end_utterance == finding.utterance:
                high = min(len(said), finding.end + _AROUND)
            end = finding.end if finding.end_utterance == finding.utterance else len(said)
            words = marked(said[low:high], [(finding.start - low, min(end, high) - low, finding)])
            words.plain = one_line(words.plain)
            flag = "newly flagged" if call.newly_flagged else "flagged anyway" if item.flagged else "not flagged"
            table.add_row(one_line(item.call.call_id), f"{item.label}, {flag}", words)
    screen.show("")
    screen.show(table)
    if len(trial.calls) > _MOST_CALLS:
        screen.show(f"and {counted(len(trial.calls) - _MOST_CALLS, 'call')} more")


_AROUND: Final = 50
"""How many characters around a finding are shown."""
