"""``triage-triggers check-corpus`` and ``redact``: before transcripts are used."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer
from typer import Option

from triage_triggers.calls.columns import column_name
from triage_triggers.calls.json_lines import call_to_json
from triage_triggers.calls.reading import STDIN, format_of, read_calls
from triage_triggers.calls.source import encoding_of
from triage_triggers.cli.inputs import AsJson, Calls, Intake
from triage_triggers.cli.say import say
from triage_triggers.errors import CallError
from triage_triggers.privacy.person import SpacyNames
from triage_triggers.privacy.redaction import redact_call, redact_cues, redact_dialogue, redact_text
from triage_triggers.privacy.scanner import KINDS, Scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triage_triggers.calls.source import ReadingOptions
    from triage_triggers.calls.speakers import SpeakerNames
    from triage_triggers.privacy.scanner import Sighting

__all__ = ["NO_PROMISE", "check_corpus", "redact"]

NameModel: TypeAlias = Annotated[
    str | None,
    Option(
        "--names",
        metavar="PIPELINE",
        help="Also find names with this spaCy pipeline, such as en_core_web_sm; needs the extra 'names'.",
    ),
]
NO_PROMISE: Final = (
    "No search by patterns makes a transcript anonymous. Names in passing, places, workplaces, voices and what happened"
    " can identify somebody too, and a clean result is no permission to share. Ask whoever is responsible for data"
    " protection."
)


def check_corpus(calls: Calls, *, as_json: AsJson = False, names: NameModel = None) -> int:
    """Warn of what looks identifying: how much of each kind and where, never the words themselves.

    Looks for NHS numbers (with a right check digit), telephone numbers, postcodes, e-mail addresses, dates of birth,
    street addresses and names that are introduced as such, written or spoken, in what was said and in every column.

    Exit status: 0 nothing found, 1 something found or a call that can't be read, 2 nothing that can be read.

    Examples:
        triage-triggers check-corpus examples/calls.jsonl
        triage-triggers check-corpus examples/calls.jsonl --json > sightings.jsonl
        triage-triggers check-corpus my-calls.csv --column text=Transcript --names en_core_web_sm
    """
    options = calls.options()
    scanner = Scanner(None if names is None else SpacyNames(names))
    counts: Counter[str] = Counter()
    read = bad = 0
    for path in calls.paths:
        intake = Intake([path], options)
        for call in intake:
            call_id = redact_text(call.call_id, scanner)
            for sighting in scanner.sightings(call):
                counts[sighting.kind] += 1
                _tell(sighting, path, intake.number, call_id, as_json=as_json)
        read, bad = read + intake.number, bad + intake.bad
    _summarise(counts, read - bad, as_json=as_json, names=names)
    return 0 if not counts and not bad else 1 if read > bad else 2


def _tell(sighting: Sighting, path: str, number: int, call_id: str, *, as_json: bool) -> None:
    field = _field(sighting.field)
    if as_json:
        place = {**sighting._asdict(), "field": field}
        typer.echo(json.dumps({"file": path, "call": number, "call_id": call_id, **place}))
        return
    where = field if sighting.utterance is None else f"utterance {sighting.utterance}"
    span = f"characters {sighting.start} to {sighting.end}"
    say(f"{path}: call {number} ({call_id!r}), {where}, {span}: {sighting.kind.replace('_', ' ')}")


def _field(path: str) -> str:
    """Return where in the metadata something stands; a column's name only where it looks like one."""
    if path.endswith("#name"):
        return "the name of a column"
    _, dot, key = path.partition(".")
    return path if not dot or column_name(key) == f"'{key}'" else "metadata"


def _summarise(counts: Counter[str], calls: int, *, as_json: bool, names: str | None) -> None:
    found = {kind: counts[kind] for kind in KINDS}
    if as_json:
        typer.echo(json.dumps({"calls": calls, "found": found, "name_model": names, "note": NO_PROMISE}))
        return
    total = sum(found.values())
    say(f"{calls:,} calls: {total:,} sightings" if total else f"{calls:,} calls: nothing found")
    for kind, count in found.items():
        say(f"  {count:>8,}  {kind.replace('_', ' ')}")
    if names is None:
        say("Names: only those introduced as such were looked for; for others see --names.")
    say(NO_PROMISE)


_REDACTIONS: Final[Mapping[str, Callable[[str, Scanner, SpeakerNames], str]]] = {
    "text": lambda text, scanner, _: redact_text(text, scanner),
    "dialogue": redact_dialogue,
    "webvtt": redact_cues,
    "srt": redact_cues,
}


def redact(
    calls: Calls,
    *,
    same_format: Annotated[
        bool, Option("--same-format", help="Print one text, WebVTT or SRT file as it was instead of as JSON Lines.")
    ] = False,
    names: NameModel = None,
) -> int:
    """Print a copy in which identifiers are masked by X, character for character, so that all positions still hold.

    The copy is JSON Lines: times, speakers and all columns are kept, and columns are masked too. What it can't promise
    is said on standard error; the originals are never changed.

    A call that can't be read is named on standard error and is not in the copy, and the exit status is 1.

    Examples:
        triage-triggers redact examples/calls.jsonl > redacted.jsonl
        triage-triggers redact examples/transcripts/call.vtt --same-format > redacted.vtt
        triage-triggers redact my-calls.csv --column text=Transcript --names en_core_web_sm > redacted.jsonl
    """
    options = calls.options()
    scanner = Scanner(None if names is None else SpacyNames(names))
    if same_format:
        _redact_file(calls.paths, scanner, options)
        say(NO_PROMISE, err=True)
        return 0
    intake = Intake(calls.paths, options)
    for call in intake:
        typer.echo(call_to_json(redact_call(call, scanner, call_id=f"redacted-{intake.number}")))
    say(NO_PROMISE, err=True)
    return intake.status


def _redact_file(calls: list[str], scanner: Scanner, options: ReadingOptions) -> None:
    if len(calls) != 1 or calls[0] == STDIN:
        raise CallError("--same-format takes one file, as its copy goes to standard output")
    path = Path(calls[0])
    redaction = _REDACTIONS.get(format_of(path, options) or "")
    if redaction is None:
        raise CallError(f"{path}: --same-format is for text, WebVTT and SRT; leave it out to have JSON Lines")
    for item in read_calls(path, options=options):
        if isinstance(item, CallError):  # a file that can't be read can't be told to be masked where it should be
            raise item
    # Bytes in, bytes out: line ends and encoding stay what they were.
    content = path.read_bytes()
    encoding = encoding_of(content, options.encoding)
    text = content.decode(encoding)
    typer.echo(redaction(text, scanner, options.speakers).encode(encoding), nl=False)
