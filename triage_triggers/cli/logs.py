"""How commands name a decision log, and periods of time in it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.evaluator import Evaluator

__all__ = ["LogArgument", "LogOption", "Since", "Until", "moment", "recorded"]

LogArgument: TypeAlias = Annotated[Path, typer.Argument(metavar="LOG", help="The decision log's file.")]
LogOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        help="Record every decision in this decision log, which is made if it is not there, before it is printed. "
        "Nothing that was said is kept in it.",
    ),
]
Since: TypeAlias = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only decisions made then or later: a date, or a time.")
]
Until: TypeAlias = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Only decisions made before then: a date, or a time.")
]


def moment(text: str | None) -> datetime | None:
    """Return the time that a person wrote; without a time zone, it is this computer's.

    >>> moment("2026-11-24T09:30:00Z").isoformat()
    '2026-11-24T09:30:00+00:00'
    """
    if text is None:
        return None
    try:
        written = datetime.fromisoformat(text)
        return written.astimezone() if written.tzinfo is None else written.astimezone(written.tzinfo)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"'{text}' is no time; write 2026-11-24, or 2026-11-24T09:30:00Z") from None


@contextmanager
def recorded(evaluator: Evaluator, log: Path | None) -> Iterator[Evaluator]:
    """Give the evaluator, with a decision log turned on where one is named.

    Raises:
        LogError: The log can't be opened.
    """
    if log is None:
        yield evaluator
        return
    from triage_triggers.record.log import DecisionLog  # noqa: PLC0415  most runs keep no log

    with DecisionLog.open(log) as opened:
        yield opened.attach(evaluator)
