"""Verify, read, export and thin out a decision log.

The log is the file that --log of 'evaluate', or DecisionLog in Python, has written. Only 'erase' and 'retain' change
it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer
from typer import Argument, Option

from triage_triggers.cli.inputs import AsJson  # noqa: TC001  Typer reads it
from triage_triggers.cli.say import say
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.errors import RecordError
from triage_triggers.legible import counted
from triage_triggers.privacy.private_file import unfinished_file
from triage_triggers.record.entries import Anchor
from triage_triggers.record.export import json_lines, response_lines, write_parquet
from triage_triggers.record.log import DecisionLog
from triage_triggers.record.verification import verify_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.record.entries import Erasure, Record, Verification

__all__ = ["COMMANDS", "Since", "Until", "read_anchors"]


def moment(text: str) -> datetime:
    """Return the time that a person wrote; without a time zone, it is this computer's."""
    try:
        written = datetime.fromisoformat(text)
        return written.astimezone() if written.tzinfo is None else written.astimezone(written.tzinfo)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"'{text}' is no time; write 2026-11-24, or 2026-11-24T09:30:00Z") from None


LogArgument: TypeAlias = Annotated[Path, Argument(metavar="LOG", help="The decision log's file.")]
Since: TypeAlias = Annotated[
    datetime | None, Option(metavar="TIME", parser=moment, help="Only decisions made then or later: a date, or a time.")
]
Until: TypeAlias = Annotated[
    datetime | None, Option(metavar="TIME", parser=moment, help="Only decisions made before then: a date, or a time.")
]
Note: TypeAlias = Annotated[
    str, Option("--note", metavar="WORDS", help="What the tombstone is to say, such as a reference. No names.")
]
Yes: TypeAlias = Annotated[bool, Option("--yes", help="Don't ask. What is erased can't be brought back.")]


def verify(
    log: LogArgument,
    *,
    anchor: Annotated[
        Path | None, Option(metavar="FILE", help="Anchors kept elsewhere, one a line, as 'log anchor' prints.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say whether a log is what was recorded, and if not, what is wrong and where.

    Exit status: 0 nothing is wrong, 1 something is, 2 the log or the anchors can't be opened.

    Examples:
        triage-triggers log verify my-log.db --anchor my-anchors.jsonl
    """
    found = verify_log(log, read_anchors(anchor))
    if as_json:
        typer.echo(json.dumps(_verification(found)))
    else:
        for fault in (*found.faults, *found.notes):
            say(f"{log}: {fault!s}")
        say(_summary(found))
    return 0 if found.ok else 1


def show(
    log: LogArgument,
    which: Annotated[
        str | None, Argument(metavar="CALL|DECISION", help="A call's id or a decision's; by default all.")
    ] = None,
    *,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """List decisions, oldest first: when, about which call, under which ruleset, what was suggested.

    Below them, what people answered to the suggestions.

    Examples:
        triage-triggers log show my-log.db C-1
        triage-triggers log show my-log.db --since 2026-11-24 --json
    """
    with DecisionLog.open(log, read_only=True) as opened:
        records = _wanted(opened, which, since, until)
        if as_json:
            for line in (*json_lines(records), *response_lines(opened.responses(which))):
                typer.echo(line)
            return
        headings = ("entry", "at", "decision", "ruleset", "code", "suggested", "call")
        table = columns(*headings, rows=map(_cells, records))
        Screen().show(table if table.row_count else "no decisions")
        for sequence, at, call_id, _, response in opened.responses(which):
            reason = f": {response.reason}" if response.reason else ""
            say(f"{sequence}  {_local(at)}  {response.code} {response.answer} for {call_id}{reason}")


def export(
    log: LogArgument,
    file: Annotated[Path, Argument(metavar="FILE", help="A .jsonl or .parquet file; '-' prints JSON Lines instead.")],
    *,
    since: Since = None,
    until: Until = None,
    force: Annotated[bool, Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write decisions to a file for other tools, with whatever the log holds of what was said.

    Examples:
        triage-triggers log export my-log.db decisions.parquet
    """
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already; add --force to replace it")
    if str(file) != "-" and file.suffix not in {".jsonl", ".parquet"}:
        raise typer.BadParameter(f"{file} must end in .jsonl or .parquet")
    with DecisionLog.open(log, read_only=True) as opened:
        records = _wanted(opened, None, since, until)
        if str(file) == "-":
            for line in json_lines(records):
                typer.echo(line)
            return
        if file.suffix == ".parquet":
            count = write_parquet(records, file)
        else:
            with unfinished_file(file) as unfinished, unfinished.open("w", encoding="ascii") as out:
                count = sum(out.write(f"{line}\n") > 0 for line in json_lines(records))
    say(f"{counted(count, 'decision')} written to {file}")


def copy(log: LogArgument, file: Annotated[Path, Argument(metavar="FILE", help="The new file.")]) -> None:
    """Copy a log as it stands, also while it is in use: a backup, or evidence to hand over. Prints its anchor.

    Examples:
        triage-triggers log copy my-log.db my-copy.db
    """
    with DecisionLog.open(log, read_only=True) as opened:
        opened.copy(file)
    with DecisionLog.open(file, read_only=True) as copied:
        typer.echo(copied.anchor().to_json())


def anchor(log: LogArgument) -> None:
    """Print the log's last entry as a line to keep elsewhere, against which 'verify' finds a tail cut off.

    Examples:
        triage-triggers log anchor my-log.db >> my-anchors.jsonl
    """
    with DecisionLog.open(log, read_only=True) as opened:
        typer.echo(opened.anchor().to_json())


def erase(
    log: LogArgument,
    call: Annotated[str, Argument(metavar="CALL", help="The id of the call.")],
    *,
    note: Note = "",
    yes: Yes = False,
) -> None:
    """Erase all that the log says about one call. The log still verifies, and says that something was erased.

    Examples:
        triage-triggers log erase my-log.db C-1 --note 'request 17'
    """
    with DecisionLog.open(log, create=False) as opened:
        if not yes:
            count = counted(sum(1 for _ in opened.records(call)), "decision")
            typer.confirm(f"Erase {count} about this call for good?", abort=True)
        _say_erased(opened.erase(call, note=note))


def retain(
    log: LogArgument,
    *,
    before: Annotated[
        datetime | None, Option(metavar="TIME", parser=moment, help="Erase what is older than this date or time.")
    ] = None,
    days: Annotated[int | None, Option(min=1, metavar="N", help="Erase what is older than so many days.")] = None,
    note: Note = "",
    yes: Yes = False,
) -> None:
    """End the retention of old decisions: erase what they say about calls. The log still verifies.

    Examples:
        triage-triggers log retain my-log.db --days 2190
    """
    if (before is None) == (days is None):
        raise typer.BadParameter("give either --before or --days")
    try:
        limit = before or datetime.now(UTC) - timedelta(days=days or 0)
    except OverflowError:
        raise typer.BadParameter("so many days ago there was no calendar", param_hint="--days") from None
    with DecisionLog.open(log, create=False) as opened:
        if not yes:
            count = counted(sum(record.erased is None for record in opened.records(until=limit)), "decision")
            typer.confirm(f"Erase {count} for good?", abort=True)
        _say_erased(opened.retain(before=limit, note=note))


COMMANDS: Final = {run.__name__: run for run in (verify, show, export, anchor, copy, erase, retain)}


def read_anchors(file: Path | None) -> list[Anchor] | None:
    """Return the anchors in a file, one a line; ``None`` where there is no file."""
    if file is None:
        return None
    anchors = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                anchors.append(Anchor.from_json(line))
            except RecordError as error:
                raise RecordError(f"{file}:{number}: {error}") from None
    if not anchors:
        raise RecordError(f"{file}: there is no anchor in this file")
    return anchors


def _wanted(log: DecisionLog, which: str | None, since: datetime | None, until: datetime | None) -> Iterator[Record]:
    if which is not None:
        try:
            record = log.record(which)
        except RecordError:
            record = None  # no decision's id, so a call's
        if record is not None:
            return iter([record])
    return log.records(which, since, until)


def _local(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="seconds")


def _cells(record: Record) -> tuple[str, ...]:
    ruleset = f"{record.ruleset.id} {record.ruleset.version}"
    about = str(record.sequence), _local(record.at), str(record.decision_id), ruleset
    if record.assessment is None:
        return *about, "", "", "erased" if record.erased is None else f"erased: {record.erased.reason}"
    assessment = json.loads(record.assessment)
    suggested = assessment["suggested_code"] or ("flagged" if assessment["flagged"] else "-")
    return *about, assessment["current_code"] or "-", suggested, record.call_id or ""


def _verification(found: Verification) -> dict[str, object]:
    return {
        "ok": found.ok,
        "entries": found.entries,
        "decisions": found.decisions,
        "erased": found.erased,
        "anchored": found.anchored,
        "anchor": None if found.anchor is None else json.loads(found.anchor.to_json()),
        "faults": [fault._asdict() for fault in found.faults],
        "notes": [note._asdict() for note in found.notes],
    }


def _summary(found: Verification) -> str:
    counts = f"{found.decisions:,} decisions, {found.erased:,} of them erased, in {found.entries:,} entries"
    if not found.ok:
        return f"NOT as it was recorded: {counted(len(found.faults), 'fault')}; {counts}"
    if found.anchored:
        return f"as it was recorded, and as the anchor says: {counts}"
    return (
        f"as it was recorded: {counts}\n"
        "Checked without an anchor, so this can't be known: whether somebody wrote the log anew, hashes and all, or\n"
        "cut off its end, and whether its newest decisions went with a file -wal that is gone. See 'log anchor'."
    )


def _say_erased(erasure: Erasure | None) -> None:
    what = erasure and f"erased {counted(erasure.records, 'decision')}; see entry {erasure.sequence}"
    say(what or "nothing to erase")
