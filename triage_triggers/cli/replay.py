"""``triage-triggers replay``: decisions and cases again; and what commands about cases share."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, TypeAlias

import typer

from triage_triggers.cli.inputs import AllowWithdrawn, CodeSystem, complete_ruleset, open_evaluator
from triage_triggers.cli.logs import Since, Until, moment
from triage_triggers.cli.say import say
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.errors import CallError, CodeError, RecordError
from triage_triggers.record.entries import Anchor
from triage_triggers.record.log import DecisionLog
from triage_triggers.replay.case_file import CASE_SUFFIXES, load_case
from triage_triggers.replay.replaying import Replayer
from triage_triggers.replay.review import unfold
from triage_triggers.report.marking import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.replay.case import CaseEntry
    from triage_triggers.replay.replaying import Replay
    from triage_triggers.replay.review import Step, Unfolding

__all__ = [
    "EXAMPLES",
    "AnchorOption",
    "CaseArgument",
    "ReadLogOption",
    "case_judges",
    "open_log",
    "read_anchors",
    "run",
]

_NAMES: Final = {
    "identical": "identical",
    "differs": "different",
    "impossible": "impossible to replay",
    "not in the log": "not in the log",
}


EXAMPLES: Final = (
    "triage-triggers replay my-decisions.db",
    "triage-triggers replay my-decisions.db --call-id C-1 --ruleset my-old-rules/ --ruleset my-new-rules/",
    "triage-triggers replay my-case.yaml --log my-decisions.db",
    "triage-triggers replay examples/case/case.yaml --ruleset uk-ambulance",
)


class _Item(NamedTuple):
    """A call to judge again: when it was, and the recorded decisions about it, replayed."""

    call_id: str
    at: str
    call: Call | None
    replays: tuple[Replay, ...]


def run(
    source: Annotated[
        Path, typer.Argument(metavar="LOG|CASE", help="A decision log, or a case file (.yaml, .yml, .json).")
    ],
    *,
    rulesets: Annotated[
        list[str] | None,
        typer.Option(
            "--ruleset",
            "-r",
            metavar="ID|PATH",
            autocompletion=complete_ruleset,
            help="Judge under this ruleset; give it several times to compare. By default: the recorded one.",
        ),
    ] = None,
    log: ReadLogOption = None,
    call_id: Annotated[str | None, typer.Option("--call-id", metavar="ID", help="Only this call.")] = None,
    since: Since = None,
    until: Until = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON a call, for other programs.")] = False,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
) -> None:
    """Judge logged calls again under the ruleset recorded with them, or compare what other rulesets would suggest.

    Under the recorded ruleset each decision must come out the same to the byte; where it does not, you see what
    differs and why. With --ruleset you see what each ruleset would have suggested, and at what second of the call.
    Nothing that was said is shown. Exit status: 0 all the same, 1 some are not or could not be replayed, 2 wrong use.
    """
    evaluators = [open_evaluator(name, code_system, allow_withdrawn=allow_withdrawn) for name in rulesets or ()]
    with ExitStack() as stack:
        if source.suffix.lower() in CASE_SUFFIXES:
            if log is None and not evaluators:
                raise typer.BadParameter("name the decision log with --log, or rules to judge by with --ruleset")
            if since is not None or until is not None:
                raise typer.BadParameter("--since and --until go with a decision log, not with a case file")
            replayer = None if log is None else Replayer(stack.enter_context(open_log(log)))
            items = _of_case(source, replayer, call_id)
        else:
            if log is not None:
                raise typer.BadParameter("--log goes with a case file; a decision log is replayed by itself")
            items = _of_log(stack.enter_context(open_log(source)), call_id, moment(since), moment(until))
        logged = log is not None or source.suffix.lower() not in CASE_SUFFIXES
        if evaluators:
            same = _compare(items, evaluators, logged=logged, as_json=as_json)
        else:
            same = _check(items, as_json=as_json)
    if not same:
        raise typer.Exit(1)


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
        total = sum(counts.values())
        each = ", ".join(f"{counts[status]:,} {_NAMES[status]}" for status in _NAMES if counts[status])
        say(f"{total:,} decision{'' if total == 1 else 's'}" + (f": {each}" if each else ""))
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
        cells: tuple[Unfolding, ...] | None = None
        if item.call is not None:
            try:
                cells = tuple(unfold(evaluator, item.call) for evaluator in evaluators)
            except CodeError as error:
                raise CallError(f"{item.call_id!r}: {error}") from None
        complete &= cells is not None
        recorded = [json.loads(replay.record.assessment) for replay in item.replays if replay.record.assessment]
        if as_json:
            under = None if cells is None else [cell.to_dict() for cell in cells]
            row = {"call_id": item.call_id, "at": item.at, "recorded": recorded, "under": under}
            typer.echo(json.dumps(row))
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
    return said if step is None or not cell.assessment.flagged else f"{said}, {_when(step)}"


def _outcome(flagged: bool, code: str | None) -> str:  # noqa: FBT001  as the assessment has them
    return code or ("flagged" if flagged else "no flag")


def _when(step: Step) -> str:
    utterance = f"utterance {step.utterance + 1}"
    return f"{utterance}, {clock(step.time)}" if step.time is not None else utterance


CaseArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file: .yaml, .yml or .json; see docs/panel.md.")
]


ReadLogOption: TypeAlias = Annotated[
    Path | None, typer.Option("--log", metavar="FILE", help="The decision log to compare with; it is only read.")
]


AnchorOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--anchor", metavar="FILE", help="With --log: anchors kept elsewhere, as 'log anchor' prints them."),
]


def open_log(path: Path) -> DecisionLog:
    """Open a log for reading.

    Raises:
        LogError: There is none, or it can't be read.
    """
    return DecisionLog.open(path, create=False, read_only=True)


def read_anchors(path: Path | None) -> tuple[Anchor, ...] | None:
    """Return the anchors in a file, one a line.

    Raises:
        RecordError: There are none, or a line is none.
    """
    if path is None:
        return None
    anchors = tuple(Anchor.from_json(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    if not anchors:
        raise RecordError(f"{path} holds no anchors")
    return anchors


def case_judges(
    given: Evaluator | None, log: DecisionLog | None
) -> tuple[Callable[[CaseEntry], Evaluator], Callable[[CaseEntry], tuple[Replay, ...]]]:
    """Return what judges each entry of a case (the evaluator given, or the recorded ruleset), and its replays."""
    replayer = None if log is None else Replayer(log)

    def evaluator_of(entry: CaseEntry) -> Evaluator:
        if given is not None:
            return given
        if replayer is None:
            raise typer.BadParameter("name the rules with --ruleset, or the log that recorded them with --log")
        return replayer.evaluator_for(entry.call)

    def recorded(entry: CaseEntry) -> tuple[Replay, ...]:
        return () if replayer is None else replayer.about(entry.call)

    return evaluator_of, recorded
