"""``triage-triggers suggest-phrases`` and ``try``: what calls say, and what a phrase would find in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import typer
from typer import Argument, Option

from triage_triggers.calls.call import SPEAKERS
from triage_triggers.cli.call_view import marked
from triage_triggers.cli.inputs import AsJson, CurrentCode, Rules, RulesetOption  # noqa: TC001  Typer reads them
from triage_triggers.cli.lab import LabelledCalls, WithText  # noqa: TC001  the same
from triage_triggers.cli.screen import Screen, columns, show_tables
from triage_triggers.lab import phrases as on_trial
from triage_triggers.lab.tables import decimal, of, rate, table
from triage_triggers.legible import counted, on_one_line
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.calls.call import Speaker
    from triage_triggers.lab.labels import Label

__all__ = ["suggest", "try_phrase"]

SaidBy: TypeAlias = Annotated[
    list[str] | None,
    Option(
        "--said-by", metavar="SPEAKER", help=f"Only what such speakers say: {', '.join(SPEAKERS)}; may be given again."
    ),
]


def _speakers(given: Sequence[str] | None) -> tuple[Speaker, ...]:
    wanted = {name.strip().lower().replace("-", "_") for name in given or ()}
    if unknown := sorted(wanted - set(SPEAKERS)):
        raise typer.BadParameter(f"'{unknown[0]}' is none of {', '.join(SPEAKERS)}", param_hint="--said-by")
    return tuple(speaker for speaker in SPEAKERS if speaker in wanted)


def suggest(
    labelled: LabelledCalls,
    *,
    ruleset: RulesetOption,
    rules: Rules,
    mistake: Annotated[
        Literal["missed", "false-alarms"],
        Option("--from", help="Learn from positive calls that were missed, or from negative ones flagged."),
    ] = "missed",
    least_calls: Annotated[
        int, Option(metavar="N", min=1, help="Leave out runs said in fewer of the calls that went wrong.")
    ] = 2,
    said_by: SaidBy = None,
    most: Annotated[int, Option(metavar="N", min=1, help="How many runs to show.")] = 30,
    with_text: WithText = False,
    as_json: AsJson = False,
) -> int:
    """Find word runs that separate the calls a ruleset gets wrong from those it gets right.

    From missed calls: what a rule might add, and how many calls that are rightly left alone it would disturb. From
    false alarms: what could stand under 'unless', and how many rightly flagged calls that could lose. Calls are
    counted, however often a thing is said in them. Everybody's words are looked at but the call-taker's; name others
    with --said-by.

    A run of words is a hint, not a rule: of thousands some separate a few calls by chance. Try it on other calls first.

    Examples:
        triage-triggers suggest-phrases examples/labelled.jsonl --ruleset uk-ambulance
        triage-triggers suggest-phrases examples/labelled.jsonl -r uk-ambulance --with-text
        triage-triggers suggest-phrases examples/labelled.jsonl -r uk-ambulance --from false-alarms --with-text
    """
    evaluator = rules.evaluator(ruleset)
    speakers = _speakers(said_by) or tuple(speaker for speaker in SPEAKERS if speaker != "call_taker")
    observed = labelled.observe(evaluator, must_have_label=True)
    found = on_trial.suggest_word_runs(observed.only, mistake, least_calls=least_calls, speakers=frozenset(speakers))
    if as_json:
        runs = [run.to_dict(with_text=with_text) for run in found.runs[:most]]
        counts = {"mistake": mistake, "wrong": found.wrong, "right": found.right, "weighed": found.weighed}
        typer.echo(json.dumps(counts | {"runs": runs}, allow_nan=False))
    else:
        _show_suggest_phrases(found, most, with_text=with_text)
    return observed.status


def _show_suggest_phrases(found: on_trial.Suggestions, most: int, *, with_text: bool) -> None:
    screen = Screen()
    missed = found.mistake == "missed"
    wrong, right = ("missed", "rightly left alone") if missed else ("false alarms", "rightly flagged")
    counts = f"{wrong.capitalize()}: {counted(found.wrong, 'call')}. {right.capitalize()}: {found.right:,}."
    screen.show(f"{counts} Word runs weighed: {found.weighed:,}.")
    if not found.runs:
        screen.show("No run is said in enough of the calls that went wrong to separate them from the others.")
        return
    heading, length = ("words", "length") if with_text else ("run", "words")
    rows = [
        (
            run.words if with_text else f"run {number}",
            run.length,
            of(run.wrong),
            of(run.right),
            f"{rate(run.wrong)} : {rate(run.right)}",
            decimal(run.strength, 1),
        )
        for number, run in enumerate(found.runs[:most], 1)
    ]
    title = "What a rule might add, and what it would disturb" if missed else "What 'unless' might spare, and lose"
    note = "Strength: log odds ratio over its standard error. It ignores context: whether a thing was denied or asked."
    if not with_text:
        note += " The words are withheld; --with-text shows them."
    show_tables(screen, [table(title, [heading], [length, wrong, right, "share", "strength"], rows, note)])


_LABELS: Final[tuple[tuple[Label, str], ...]] = (
    ("positive", "positive calls newly caught"),
    ("negative", "negative calls newly disturbed"),
    ("ignored", "undecided calls newly flagged"),
    ("none", "calls without a label newly flagged"),
)


_MOST_CALLS: Final = 50


def try_phrase(
    phrase: Annotated[str, Argument(metavar="PHRASE", help="In the phrase language, as a rule would have it.")],
    labelled: LabelledCalls,
    *,
    ruleset: RulesetOption,
    rules: Rules,
    theme: Annotated[
        str | None, Option(help="The rule's theme: the signs decide. Without it, the phrase alone flags.")
    ] = None,
    unless: Annotated[
        list[str] | None, Option(metavar="PHRASE", help="An idiom that cancels it; may be given again.")
    ] = None,
    said_by: SaidBy = None,
    with_text: WithText = False,
    as_json: AsJson = False,
    current_code: CurrentCode = None,
) -> int:
    """Try one phrase on calls: what it would newly catch, newly disturb, and how often it would be set aside.

    It is read in context, as by a rule of the ruleset; with --said-by it listens to those only, and to unknown ones.
    With --with-text every place is shown, with the words around.

    Examples:
        triage-triggers try 'walking on eggshells' examples/labelled.jsonl --ruleset uk-ambulance
        triage-triggers try '(smashed|broke) my phone' examples/labelled.jsonl -r uk-ambulance --theme control
    """
    base = load_ruleset(ruleset, allow_withdrawn=rules.allow_withdrawn)
    evaluator = on_trial.evaluator_with(
        phrase, base, theme=theme, unless=unless or (), speakers=_speakers(said_by), ladder=rules.ladder
    )
    observed = labelled.observe(evaluator, current_code=current_code)
    tried = on_trial.try_phrase(evaluator, observed.only, phrase=phrase, theme=theme)
    if as_json:
        typer.echo(json.dumps(tried.to_dict(), allow_nan=False))
    else:
        _show_try_phrase(tried, with_text=with_text)
    return observed.status


def _show_try_phrase(tried: on_trial.Trial, *, with_text: bool) -> None:
    screen = Screen()
    as_what = f"as a rule of the theme {tried.theme}" if tried.theme else "as a sign of its own"
    title = f"“{on_one_line(tried.phrase)}”, {as_what}, on {counted(sum(tried.labels.values()), 'call')}"
    facts = columns()
    times, calls = counted(tried.findings, "time"), counted(len(tried.calls), "call")
    facts.add_row("found", f"{times} in {calls}; counts in {sum(call.counts for call in tried.calls):,} of these")
    for reason, count in tried.set_aside.items():
        facts.add_row("set aside", f"{counted(count, 'time')}: {reason}")
    for label, name in _LABELS:
        if tried.labels.get(label):
            facts.add_row("flag", f"{len(tried.newly(label)):,} of {tried.labels[label]:,} {name}")
    if tried.changed_codes:
        others = counted(tried.changed_codes, "call")
        facts.add_row("code", f"another one suggested in {others} that would be flagged anyway")
    screen.show_titled(title, facts)
    if with_text:
        _show_places(screen, tried)


def _show_places(screen: Screen, tried: on_trial.Trial) -> None:
    table = columns(count=3)
    for call in tried.calls[:_MOST_CALLS]:
        item = call.observation
        for finding in call.findings:
            said = item.call.utterances[finding.utterance].text
            low, high = max(0, finding.start - _AROUND), min(len(said), finding.start + _AROUND * 2)
            if finding.end_utterance == finding.utterance:
                high = min(len(said), finding.end + _AROUND)
            end = finding.end if finding.end_utterance == finding.utterance else len(said)
            words = marked(said[low:high], [(finding.start - low, min(end, high) - low, finding)])
            words.plain = on_one_line(words.plain)
            flag = "newly flagged" if call.newly_flagged else "flagged anyway" if item.flagged else "not flagged"
            table.add_row(on_one_line(item.call.call_id), f"{item.label}, {flag}", words)
    screen.show("")
    screen.show(table)
    if len(tried.calls) > _MOST_CALLS:
        screen.show(f"and {counted(len(tried.calls) - _MOST_CALLS, 'call')} more")


_AROUND: Final = 50
"""How many characters around a finding are shown."""
