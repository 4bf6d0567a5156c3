"""``triage-triggers replay`` and ``report``: recorded decisions and cases again, for a panel."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, TypeAlias, cast

import typer
from typer import Argument, Option

from triage_triggers.cli.inputs import AsJson, Rules, ruleset_option
from triage_triggers.cli.log import Since, Until, read_anchors
from triage_triggers.cli.say import say
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.errors import CallError, CodeError
from triage_triggers.legible import counted
from triage_triggers.privacy.private_file import write_private
from triage_triggers.record.log import DecisionLog
from triage_triggers.replay.case_file import CASE_SUFFIXES, load_case
from triage_triggers.replay.replaying import Replayer
from triage_triggers.replay.review import review_case, unfold
from triage_triggers.report.case_report import LogCheck, case_report
from triage_triggers.report.marking import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.replay.case import CaseEntry
    from triage_triggers.replay.replaying import Replay
    from triage_triggers.replay.review import Unfolding
    from triage_triggers.report.marking import WordsShown

__all__ = ["replay", "report"]

_NAMES: Final = {
    "identical": "identical",
    "differs": "different",
    "impossible": "impossible to replay",
    "not in the log": "not in the log",
}


ReadLogOption: TypeAlias = Annotated[
    Path | None, Option("--log", metavar="FILE", help="The decision log to compare with; it is only read.")
]


class _Item(NamedTuple):
    """A call to judge again: when it was, and the recorded decisions about it, replayed."""

    call_id: str
    at: str
    call: Call | None
    replays: tuple[Replay, ...]


def replay(
    source: Annotated[Path, Argument(metavar="LOG|CASE", help="A decision log, or a case file (.yaml, .yml, .json).")],
    *,
    rules: Rules,
    rulesets: Annotated[
        list[str] | None,
        ruleset_option("Judge under this ruleset; give it several times to compare. By default: the recorded one."),
    ] = None,
    log: ReadLogOption = None,
    call_id: Annotated[str | None, Option(metavar="ID", help="Only this call.")] = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> int:
    """Judge logged calls again under the ruleset recorded with them, or compare what other rulesets would suggest.

    Under the recorded ruleset each decision must come out the same to the byte; where it does not, you see what
    differs and why. With --ruleset you see what each ruleset would have suggested, and at what second of the call.
    Nothing that was said is shown. Exit status: 0 all the same, 1 some are not or could not be replayed, 2 wrong use.

    Examples:
        triage-triggers replay my-decisions.db
        triage-triggers replay my-decisions.db --call-id C-1 --ruleset my-old-rules/ --ruleset my-new-rules/
        triage-triggers replay my-case.yaml --log my-decisions.db
        triage-triggers replay examples/case/case.yaml --ruleset uk-ambulance
    """
    evaluators = [rules.evaluator(name) for name in rulesets or ()]
    is_case = source.suffix.lower() in CASE_SUFFIXES
    with ExitStack() as stack:
        if is_case:
            if log is None and not evaluators:
                raise typer.BadParameter("name the decision log with --log, or rules to judge by with --ruleset")
            if since is not None or until is not None:
                raise typer.BadParameter("--since and --until go with a decision log, not with a case file")
            replayer = None if log is None else Replayer(stack.enter_context(_open_log(log)))
            items = _of_case(source, replayer, call_id)
        else:
            if log is not None:
                raise typer.BadParameter("--log goes with a case file; a decision log is replayed by itself")
            items = _of_log(stack.enter_context(_open_log(source)), call_id, since, until)
        if evaluators:
            same = _compare(items, evaluators, logged=log is not None or not is_case, as_json=as_json)
        else:
            same = _check(items, as_json=as_json)
    return 0 if same else 1


def _open_log(path: Path) -> DecisionLog:
    return DecisionLog.open(path, create=False, read_only=True)


def _of_case(source: Path, replayer: Replayer | None, call_id: str | None) -> Iterator[_Item]:
    entries = [entry for entry in load_case(source).entries if call_id in {None, entry.call.call_id}]
    if not entries:
        raise CallError(f"{source} holds nothing with the id {call_id!r}")
    for entry in entries:
        replays = () if replayer is None else replayer.about(entry.call)
        yield _Item(entry.call.call_id, str(entry.at), entry.call, replays)


def _of_log(log: DecisionLog, call_id: str | None, since: datetime | None, until: datetime | None) -> Iterator[_Item]:
    replayer = Replayer(log)
    for record in log.records(call_id, since, until):
        call = record.call if record.text == "full" else None
        at = record.at.isoformat(" ", "seconds")
        yield _Item(record.call_id or "(erased)", at, call, (replayer.replay(record),))


def _check(items: Iterable[_Item], *, as_json: bool) -> bool:
    """Print each decision that does not come out as it was recorded; return whether there was none."""
    counts = Counter[str]()
    for item in items:
        if not item.replays:
            counts["not in the log"] += 1
            say(_line(item) if as_json else f"{item.call_id}: not in the log")
        for replay in item.replays:
            counts[replay.status] += 1
            if as_json:
                typer.echo(_line(item, replay))
            elif replay.status != "identical" or replay.reasons:
                say(f"{item.call_id} (entry {replay.record.sequence}, {item.at}): {replay.status}")
                for said in (*replay.reasons, *replay.differences):
                    say(f"  {said}")
    if not as_json:
        each = ", ".join(f"{counts[status]:,} {name}" for status, name in _NAMES.items() if counts[status])
        say(counted(counts.total(), "decision") + (f": {each}" if each else ""))
    return set(counts) <= {"identical"}


def _line(item: _Item, replay: Replay | None = None) -> str:
    row: dict[str, Any] = {"call_id": item.call_id, "at": item.at}
    if replay is not None:
        row |= {
            "decision_id": str(replay.record.decision_id),
            "sequence": replay.record.sequence,
            "status": replay.status,
            "reasons": replay.reasons,
            "differences": replay.differences,
        }
    return json.dumps(row)


def _compare(items: Iterable[_Item], evaluators: Sequence[Evaluator], *, logged: bool, as_json: bool) -> bool:
    """Print what each ruleset suggests for each call; return whether all could be judged."""
    names = [f"{evaluator.ruleset.id} {evaluator.ruleset.version}" for evaluator in evaluators]
    table = columns("call", "at", *(["recorded"] if logged else []), *names)
    complete = True
    for item in items:
        try:
            cells = None if item.call is None else [unfold(evaluator, item.call) for evaluator in evaluators]
        except CodeError as error:
            raise CallError(f"{item.call_id!r}: {error}") from None
        complete &= cells is not None
        recorded = [json.loads(replay.record.assessment) for replay in item.replays if replay.record.assessment]
        if as_json:
            under = None if cells is None else [cell.to_dict() for cell in cells]
            typer.echo(json.dumps({"call_id": item.call_id, "at": item.at, "recorded": recorded, "under": under}))
            continue
        shown = ["the log kept no text"] * len(names) if cells is None else [_cell(cell) for cell in cells]
        then = "; ".join(_outcome(row["flagged"], row["suggested_code"]) for row in recorded) or "nothing"
        table.add_row(item.call_id, item.at, *([then] if logged else []), *shown)
    if not as_json:
        Screen().show(table)
    return complete


def _cell(cell: Unfolding) -> str:
    step = cell.suggested or cell.flagged
    said = _outcome(cell.assessment.flagged, cell.assessment.suggested_code)
    if step is None or not cell.assessment.flagged:
        return said
    when = f"{said}, utterance {step.utterance + 1}"
    return when if step.time is None else f"{when}, {clock(step.time)}"


def _outcome(flagged: bool, code: str | None) -> str:  # noqa: FBT001  as the assessment has them
    return code or ("flagged" if flagged else "no flag")


def report(
    case: Annotated[str, Argument(metavar="CASE", help="A case file: .yaml, .yml or .json; see docs/panel.md.")],
    *,
    rules: Rules,
    output: Annotated[
        str, Option("--output", "-o", metavar="FILE", help="The HTML file to write; '-' for standard output.")
    ],
    ruleset: Annotated[
        str | None, ruleset_option("The rules to judge by; by default those that the log recorded for each call.")
    ] = None,
    log: ReadLogOption = None,
    anchor: Annotated[
        Path | None, Option(metavar="FILE", help="With --log: anchors kept elsewhere, as 'log anchor' prints them.")
    ] = None,
    redacted: Annotated[bool, Option("--redacted", help="Of what was said, show the findings' words only.")] = False,
    no_text: Annotated[bool, Option("--no-text", help="Show nothing that was said.")] = False,
) -> None:
    """Write the report of a case: what was said, found and suggested when, and what was sent.

    The page needs no network and no script, and prints. By default it QUOTES WHAT WAS SAID IN FULL; a new file can be
    read by you alone.

    Examples:
        triage-triggers report examples/case/case.yaml --ruleset uk-ambulance -o my-case.html
        triage-triggers report examples/case/case.yaml -r uk-ambulance --redacted -o my-case.html
        triage-triggers report my-case.yaml --log my-decisions.db --no-text -o my-case.html
    """
    if redacted and no_text:
        raise typer.BadParameter("--redacted and --no-text exclude each other; choose one")
    if ruleset is None and log is None:
        raise typer.BadParameter("name the rules with --ruleset, or the decision log that recorded them with --log")
    if anchor is not None and log is None:
        raise typer.BadParameter("--anchor goes with --log; name the decision log that it is an anchor of")
    loaded = load_case(case)
    with ExitStack() as stack:
        opened = None if log is None else stack.enter_context(_open_log(log))
        check = None if opened is None else LogCheck(opened.path.name, opened.verify(read_anchors(anchor)))
        given = None if ruleset is None else rules.evaluator(ruleset)
        replayer = None if opened is None else Replayer(opened)

        def evaluator_of(entry: CaseEntry) -> Evaluator:
            return given or cast("Replayer", replayer).evaluator_for(entry.call)  # one of the two is there

        def recorded(entry: CaseEntry) -> tuple[Replay, ...]:
            return () if replayer is None else replayer.about(entry.call)

        reviews = review_case(loaded, evaluator_of, recorded=recorded)
        words: WordsShown = "none" if no_text else "redacted" if redacted else "full"
        page = case_report(loaded, reviews, words=words, log=check)
    if output == "-":
        typer.echo(page, nl=False)
        return
    write_private(Path(output), page)
    count = len(loaded.entries)
    say(f"{output}: {count} entr{'y' if count == 1 else 'ies'}")
