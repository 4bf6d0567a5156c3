"""Read a JSON file that is one document: an export of a recogniser, or calls of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.json_lines import call_from_object
from triage_triggers.calls.source import parse_json
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.source import Source

__all__ = ["EXPORTS", "export_kind", "read_document", "read_export_as"]

EXPORTS: Final = ("whisper", "aws-transcribe", "contact-lens", "azure", "azure-batch", "deepgram")
"""The kinds of export that are read, by their formats' names."""

_NONE_OF_THESE: Final = (
    "this JSON is none that is read: expected at its top 'utterances' or 'text' (a call of ours), 'segments' (Whisper),"
    " 'results' (AWS Transcribe, Deepgram), 'Transcript' or 'Segments' (Contact Lens), 'phrases' (Azure) or"
    " 'recognizedPhrases' (Azure batch)"
)


def export_kind(document: object) -> str | None:
    """Return which export a document looks like by its topmost keys, or ``None``.

    >>> export_kind({"results": {"channels": []}}), export_kind({"text": "He hit me."})
    ('deepgram', None)
    """
    if not isinstance(document, dict) or "utterances" in document:
        return None
    results = document.get("results")
    if isinstance(results, dict):
        return "deepgram" if "channels" in results or "utterances" in results else "aws-transcribe"
    for key, kind in (
        ("Segments", "contact-lens"),
        ("Transcript", "contact-lens"),
        ("recognizedPhrases", "azure-batch"),
        ("phrases", "azure"),
        ("combinedPhrases", "azure"),
    ):
        if key in document:
            return kind
    segments = document.get("segments")
    # 'segments' may also be a column of somebody's calls.
    looks = isinstance(segments, list) and all(isinstance(part, dict) for part in segments)
    return "whisper" if looks and (segments or "call_id" not in document) else None


def read_document(source: Source) -> Iterator[Call | CallError]:
    """Yield the call of an export, recognised by its keys; or a call of ours, or several in a list."""
    try:
        document = _parse(source)
        kind = export_kind(document)
        if kind is not None:
            yield _export_call(kind, document, source)
            return
    except CallError as error:
        yield error
        return
    rows = document if isinstance(document, list) else [document]
    for number, row in enumerate(rows, 1):
        yield _own_call(row, number if isinstance(document, list) else None, source)


def read_export_as(kind: str) -> Callable[[Source], Iterator[Call | CallError]]:
    """Return the reader of one kind of export, whatever the document looks like."""

    def read(source: Source) -> Iterator[Call | CallError]:
        try:
            yield _export_call(kind, _parse(source), source)
        except CallError as error:
            yield error

    return read


def _export_call(kind: str, document: object, source: Source) -> Call:
    from triage_triggers.calls.exports import export_call  # noqa: PLC0415  its models take time to make

    return export_call(kind, document, source)


def _parse(source: Source) -> Any:  # noqa: ANN401  what a file holds is anyone's guess
    text = source.text()
    try:
        return parse_json(text)
    except CallError as error:
        raise CallError(f"{source.file}: {error}") from None


def _own_call(row: object, number: int | None, source: Source) -> Call | CallError:
    place = source.file if number is None else f"{source.file}: [{number - 1}]"
    if not isinstance(row, dict) or not row.keys() & {"utterances", "text", "call_id"}:
        return CallError(f"{place}: {_NONE_OF_THESE}")
    try:
        name = source.name if number is None else f"{source.name_of_many}:{number}"
        return call_from_object(row, name, source.options.speakers)
    except CallError as error:
        return CallError(f"{place}: {error}")
