"""``triage-triggers check-corpus``: what in transcripts looks as if it identified somebody, before they are used."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.columns import column_name
from triage_triggers.calls.reading import check_readable, read_calls
from triage_triggers.cli.inputs import CallFormat, CallPaths, ColumnNames, NameModel, SpeakerLabels, reading_options
from triage_triggers.cli.progress import progress_bar
from triage_triggers.cli.screen import printable
from triage_triggers.errors import CallError
from triage_triggers.privacy.person_name import SpacyNames
from triage_triggers.privacy.redaction import redact_text
from triage_triggers.privacy.scanner import KINDS, Scanner

if TYPE_CHECKING:
    from triage_triggers.privacy.scanner import Sighting

__all__ = ["EXAMPLES", "NO_PROMISE", "run"]

EXAMPLES: Final = (
    "triage-triggers check-corpus examples/calls.jsonl",
    "triage-triggers check-corpus examples/calls.jsonl --json > sightings.jsonl",
    "triage-triggers check-corpus my-calls.csv --column text=Transcript --names en_core_web_sm",
)
NO_PROMISE: Final = (
    "No search by patterns makes a transcript anonymous. Names in passing, places, workplaces, voices and what happened"
    " can identify somebody too, and a clean result is no permission to share. Ask whoever is responsible for data"
    " protection."
)


def run(
    calls: CallPaths,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON for each sighting, and one with the counts.")
    ] = False,
    names: NameModel = None,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Warn of what looks identifying: how much of each kind and where, never the words themselves.

    Looks for NHS numbers (with a right check digit), telephone numbers, postcodes, e-mail addresses, dates of birth,
    street addresses and names that are introduced as such, written or spoken, in what was said and in every column.

    Exit status: 0 nothing found, 1 something found or a call that can't be read, 2 nothing that can be read.
    """
    options = reading_options(call_format, speaker, column)
    check_readable(calls, options)
    scanner = Scanner(None if names is None else SpacyNames(names))
    counts: Counter[str] = Counter()
    good = bad = 0
    with progress_bar(calls) as on_bytes:
        for path in calls:
            for number, call in enumerate(read_calls(path, on_bytes=on_bytes, options=options), 1):
                if isinstance(call, CallError):
                    bad += 1
                    typer.echo(f"triage-triggers: {call}", err=True)
                    continue
                good += 1
                call_id = redact_text(call.call_id, scanner)
                for sighting in scanner.sightings(call):
                    counts[sighting.kind] += 1
                    show = _as_json if as_json else _in_words
                    typer.echo(show(path, number, call_id, sighting))
    _summarise(counts, good, as_json=as_json, names=names)
    if counts or bad:
        raise typer.Exit(1 if good else 2)


def _as_json(path: str, number: int, call_id: str, sighting: Sighting) -> str:
    place = {**sighting._asdict(), "field": _field(sighting.field)}
    return json.dumps({"file": path, "call": number, "call_id": call_id, **place})


def _in_words(path: str, number: int, call_id: str, sighting: Sighting) -> str:
    where = f"utterance {sighting.utterance}" if sighting.utterance is not None else _field(sighting.field)
    kind = sighting.kind.replace("_", " ")
    place = f"{printable(path)}: call {number} ({printable(call_id)!r}), {where}"
    return f"{place}, characters {sighting.start} to {sighting.end}: {kind}"


def _field(path: str) -> str:
    """Return where in the metadata something stands; a column's name only where it looks like one."""
    name = path.removesuffix("#name")
    if name != path:
        return "the name of a column"
    _, dot, key = path.partition(".")
    return path if not dot or column_name(key) == f"'{key}'" else "metadata"


def _summarise(counts: Counter[str], calls: int, *, as_json: bool, names: str | None) -> None:
    found = {kind: counts[kind] for kind in KINDS}
    if as_json:
        typer.echo(json.dumps({"calls": calls, "found": found, "name_model": names, "note": NO_PROMISE}))
        return
    total = sum(found.values())
    typer.echo(f"{calls:,} calls: {total:,} sightings" if total else f"{calls:,} calls: nothing found")
    for kind, count in found.items():
        typer.echo(f"  {count:>8,}  {kind.replace('_', ' ')}")
    if names is None:
        typer.echo("Names: only those introduced as such were looked for; for others see --names.")
    typer.echo(NO_PROMISE)
