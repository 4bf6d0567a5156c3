"""How commands name a case file and the decision log that it is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from triage_triggers.errors import RecordError
from triage_triggers.record.entries import Anchor
from triage_triggers.record.log import DecisionLog
from triage_triggers.replay.replaying import Replayer

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.replay.case import CaseEntry
    from triage_triggers.replay.replaying import Replay

__all__ = ["AnchorOption", "CaseArgument", "ReadLogOption", "case_judges", "open_log", "read_anchors"]

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
