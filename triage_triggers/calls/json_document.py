"""Read a JSON file that is one document: an export of a recogniser, or calls of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.exports import export_call, export_kind
from triage_triggers.calls.json_lines import call_from_object, call_from_segments, is_segment
from triage_triggers.calls.source import parse_json
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.source import CallSource

__all__ = ["read_document"]

_NONE_OF_THESE: Final = (
    "this JSON is none that is read: expected at its top 'utterances' or 'text' (a call of ours), 'segments' (Whisper),"
    " 'results' (AWS Transcribe, Deepgram), 'Transcript' or 'Segments' (Contact Lens), 'phrases' (Azure) or"
    " 'recognizedPhrases' (Azure batch)"
)


def read_document(source: CallSource, *, kind: str | None = None) -> Iterator[Call | CallError]:
    """Yield the call of an export, of some kind or recognised by its keys; or a call of ours, or several in a list."""
    try:
        document = _parse(source)
        kind = kind or export_kind(document)
        if kind is not None:
            yield export_call(kind, document, source)
            return
    except CallError as error:
        yield error
        return
    rows = document if isinstance(document, list) else [document]
    if isinstance(document, list) and document and all(map(is_segment, document)):
        yield _of_segments(document, source)
        return
    for number, row in enumerate(rows, 1):
        yield _own_call(row, number if isinstance(document, list) else None, source)


def _of_segments(rows: list[dict[str, Any]], source: CallSource) -> Call | CallError:
    try:
        return call_from_segments(rows, source.name, source.options.speakers)
    except CallError as error:
        return CallError(f"{source.file}: {error}")


def _parse(source: CallSource) -> Any:  # noqa: ANN401  what a file holds is anyone's guess
    text = source.text()
    try:
        return parse_json(text)
    except CallError as error:
        raise CallError(f"{source.file}: {error}") from None


def _own_call(row: object, number: int | None, source: CallSource) -> Call | CallError:
    place = source.file if number is None else f"{source.file}: [{number - 1}]"
    if not isinstance(row, dict) or not row.keys() & {"utterances", "text", "call_id"}:
        return CallError(f"{place}: {_NONE_OF_THESE}")
    try:
        name = source.name if number is None else f"{source.name_of_many}:{number}"
        return call_from_object(row, name, source.options.speakers)
    except CallError as error:
        return CallError(f"{place}: {error}")
