"""Read a JSON file that is one document: an export of a recogniser, or calls of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.exports import EXPORTS, export_call, export_kind, whole_export
from triage_triggers.calls.json_lines import call_from_object, call_from_segments, is_segment
from triage_triggers.calls.source import parse_json
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.source import CallSource

__all__ = ["read_document"]

_NONE_OF_THESE: Final = (
    "this JSON is none that is read: expected at its top 'utterances' or 'text' (a call of ours), a list of segments"
    f" with 'text' and times or speakers, or an export that docs/transcripts.md names: {', '.join(EXPORTS)}"
)


def read_document(source: CallSource, *, kind: str | None = None) -> Iterator[Call | CallError]:
    """Yield the call of an export, of some kind or recognised by its keys; or a call of ours, or several in a list."""
    try:
        document = whole_export(_parse(source))
        kind = kind or export_kind(document)
        if kind is not None:
            yield export_call(kind, document, source)
            return
        segments = _segments(document, source)
        if segments is not None:
            yield call_from_segments(segments, source.name, source.options.speakers)
            return
    except CallError as error:
        text = str(error)
        yield error if text.startswith(f"{source.file}:") else CallError(f"{source.file}: {text}")
        return
    if isinstance(document, dict) and "call_id" not in document and document.get("utterances") is None:
        source.note_no_speakers()
    for number, row in enumerate(document if isinstance(document, list) else [document], 1):
        yield _own_call(row, number if isinstance(document, list) else None, source)


def _segments(document: object, source: CallSource) -> list[dict[str, Any]] | None:
    """Return the segments of one call: a list of them, or the only such list in an object of nobody's we know."""
    if isinstance(document, dict) and document.keys().isdisjoint({"utterances", "call_id"}):
        lists = [part for part in document.values() if isinstance(part, list) and part and all(map(is_segment, part))]
        return lists[0] if len(lists) == 1 else None
    if document == []:
        raise CallError("this list is empty; was it cut short?")
    if not isinstance(document, list) or not any(map(is_segment, document)):
        return None
    other = next((at for at, row in enumerate(document) if not is_segment(row)), None)
    if other is not None:
        raise CallError(f"{source.file}: [{other}]: other rows of this list are segments of one call, and this is none")
    return document


def _parse(source: CallSource) -> Any:  # noqa: ANN401  what a file holds is anyone's guess
    return parse_json(source.text())


def _own_call(row: object, number: int | None, source: CallSource) -> Call | CallError:
    place = source.file if number is None else f"{source.file}: [{number - 1}]"
    if not isinstance(row, dict) or not row.keys() & {"utterances", "text", "call_id"}:
        return CallError(f"{place}: {_NONE_OF_THESE}")
    try:
        name = source.name if number is None else f"{source.name_of_many}:{number}"
        return call_from_object(row, name, source.options.speakers)
    except CallError as error:
        return CallError(f"{place}: {error}")
