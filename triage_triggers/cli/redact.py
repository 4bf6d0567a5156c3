"""``triage-triggers redact``: a copy of calls in which identifiers are masked and every offset still holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.json_lines import call_to_json
from triage_triggers.calls.reading import STDIN, check_readable, format_of, read_calls
from triage_triggers.cli.check_corpus import NO_PROMISE
from triage_triggers.cli.inputs import CallFormat, CallPaths, ColumnNames, NameModel, SpeakerLabels, reading_options
from triage_triggers.cli.progress import progress_bar
from triage_triggers.errors import CallError
from triage_triggers.privacy.person_name import SpacyNames
from triage_triggers.privacy.redaction import redact_call, redact_cues, redact_dialogue, redact_text
from triage_triggers.privacy.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triage_triggers.calls.reading import ReadingOptions
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers redact examples/calls.jsonl > redacted.jsonl",
    "triage-triggers redact examples/transcripts/call.vtt --same-format > redacted.vtt",
    "triage-triggers redact my-calls.csv --column text=Transcript --names en_core_web_sm > redacted.jsonl",
)
_REDACTIONS: Final[Mapping[str, Callable[[str, Scanner, SpeakerNames], str]]] = {
    "text": lambda text, scanner, _: redact_text(text, scanner),
    "dialogue": redact_dialogue,
    "webvtt": redact_cues,
    "srt": redact_cues,
}


def run(
    calls: CallPaths,
    *,
    same_format: Annotated[
        bool,
        typer.Option("--same-format", help="Print one text, WebVTT or SRT file as it was instead of as JSON Lines."),
    ] = False,
    names: NameModel = None,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Print a copy in which identifiers are masked by X, character for character, so that all positions still hold.

    The copy is JSON Lines: times, speakers and all columns are kept, and columns are masked too. What it can't promise
    is said on standard error; the originals are never changed.

    A call that can't be read is named on standard error and is not in the copy, and the exit status is 1.
    """
    options = reading_options(call_format, speaker, column)
    check_readable(calls, options)
    scanner = Scanner(None if names is None else SpacyNames(names))
    if same_format:
        _redact_file(calls, scanner, options)
        typer.echo(NO_PROMISE, err=True)
        return
    good = bad = 0
    with progress_bar(calls) as on_bytes:
        for number, call in enumerate(read_calls(calls, on_bytes=on_bytes, options=options), 1):
            if isinstance(call, CallError):
                bad += 1
                typer.echo(f"triage-triggers: {call}", err=True)
                continue
            good += 1
            typer.echo(call_to_json(redact_call(call, scanner, call_id=f"redacted-{number}")))
    typer.echo(NO_PROMISE, err=True)
    if bad:
        raise typer.Exit(1 if good else 2)


def _redact_file(calls: list[str], scanner: Scanner, options: ReadingOptions) -> None:
    if len(calls) != 1 or calls[0] == STDIN:
        raise CallError("--same-format takes one file, as its copy goes to standard output")
    path = Path(calls[0])
    name = format_of(path, options)
    if name is None or name not in _REDACTIONS:
        raise CallError(f"{path}: --same-format is for text, WebVTT and SRT; leave it out to have JSON Lines")
    for item in read_calls(path, options=options):
        if isinstance(item, CallError):  # a file that can't be read can't be told to be masked where it should be
            raise item
    # Bytes in, bytes out: line ends and encoding stay what they were.
    encoding = "utf-16" if path.read_bytes()[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    text = path.read_bytes().decode(encoding)
    typer.echo(_REDACTIONS[name](text, scanner, options.speakers).encode(encoding), nl=False)
