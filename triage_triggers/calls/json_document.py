"""Read a JSON file that is one document: the export of a recogniser, or calls of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.call import Call
from triage_triggers.calls.json_lines import call_from_object, call_from_segments, is_segment
from triage_triggers.calls.json_part import JsonPart
from triage_triggers.calls.recognisers import RECOGNISERS, google_files
from triage_triggers.calls.source import parse_json
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.source import CallSource
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["export_kind", "read_document"]

_NONE_OF_THESE: Final = (
    "this JSON is none that is read: expected at its top 'utterances' or 'text' (a call of ours), a list of segments"
    f" with 'text' and times or speakers, or an export that docs/transcripts.md names: {', '.join(RECOGNISERS)}"
)


def read_document(source: CallSource, *, kind: str | None = None) -> Iterator[Call | CallError]:
    """Yield the call of an export, of some kind or recognised by its keys; or a call of ours, or several in a list."""
    document: Any = whole_export(parse_json(source.text()))
    speakers = source.options.speakers
    if (kind := kind or export_kind(document)) is not None:
        name, turns = RECOGNISERS[kind]
        try:
            utterances = [turn for turn in turns(JsonPart(document), speakers) if turn.text.strip()]
        except CallError as error:
            raise CallError(f"this is not quite {name}: {error}") from None
        if not utterances:  # what is not there must not be read as a call in which nothing was said
            raise CallError(f"this holds no part of a call, though it looks like {name}; was it cut short?")
        yield Call(source.name, utterances)
    elif (segments := _segments(document)) is not None:
        yield call_from_segments(segments, source.name, speakers)
    elif isinstance(document, list):
        for number, row in enumerate(document, 1):
            try:
                yield _own_call(row, f"{source.name_of_many}:{number}", speakers)
            except CallError as error:
                yield CallError(f"{source.file}: [{number - 1}]: {error}")
    else:
        call = _own_call(document, source.name, speakers)
        if "call_id" not in document and document.get("utterances") is None:
            source.note_no_speakers()
        yield call


def _segments(document: object) -> list[dict[str, Any]] | None:
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
        raise CallError(f"[{other}]: other rows of this list are segments of one call, and this is none")
    return document


def _own_call(row: object, name: str, speakers: SpeakerNames) -> Call:
    if not isinstance(row, dict) or row.keys().isdisjoint({"utterances", "text", "call_id"}):
        raise CallError(_NONE_OF_THESE)
    return call_from_object(row, name, speakers)


_BY_KEY: Final = (
    ("Segments", "contact-lens"),
    ("Transcript", "contact-lens"),
    ("recognizedPhrases", "azure-batch"),
    ("phrases", "azure"),
    ("combinedPhrases", "azure"),
    ("monologues", "rev"),
    ("timeline", "zoom"),
)
_BY_LIST: Final = (
    ("segments", "text", "whisper"),
    ("transcription", "offsets", "whisper-cpp"),
    ("transcription", "timestamps", "whisper-cpp"),
    ("chunks", "timestamp", "hugging-face"),
    ("entries", "startOffset", "teams"),
    ("words", "word", "whisper"),
    ("words", "type", "elevenlabs"),
    ("transcripts", "words", "elevenlabs"),
)
"""A list, what one of its parts holds, and whose export that is; an empty list is that of the first."""
_BARE_LISTS: Final = (
    ("BeginOffsetMillis", int, "Transcript"),
    ("alternatives", list, "results"),
    ("offsets", dict, "transcription"),
    ("timestamp", list, "chunks"),
    ("word", str, "words"),
)
"""What a part of a list holds that is the topmost thing of a file, and the key that the list has in whole exports."""
_ASSEMBLYAI: Final = frozenset({"audio_url", "audio_duration", "acoustic_model", "language_model", "speech_model"})


def whole_export(document: object) -> object:
    """Return what a file holds as the export that it is the list of; anything else as it is.

    >>> whole_export([{"word": "Help.", "start": 0.0, "end": 0.4}])
    {'words': [{'word': 'Help.', 'start': 0.0, 'end': 0.4}]}
    """
    if isinstance(document, list) and document and all(isinstance(part, dict) for part in document):
        if _counts_milliseconds(document):
            return {"utterances": document}
        for held, kind, key in _BARE_LISTS:
            if all(isinstance(part.get(held), kind) and "call_id" not in part for part in document):
                return {key: document}
    return document


def export_kind(document: object) -> str | None:
    """Return which export a document looks like by its topmost keys, or ``None``.

    >>> export_kind({"results": {"channels": []}}), export_kind({"text": "He hit me."})
    ('deepgram', None)
    """
    if not isinstance(document, dict):
        return None
    listed = [document.get("utterances"), document.get("words")]
    if not _ASSEMBLYAI.isdisjoint(document) and any(isinstance(part, list) for part in listed):
        return "assemblyai"
    if any(map(_counts_milliseconds, listed)):
        return "assemblyai"
    if isinstance(listed[0], list):
        return None
    is_ours = "call_id" in document  # and an empty list may be a column of it
    lists = ((document.get(key), held, kind) for key, held, kind in _BY_LIST)
    kinds = [kind for parts, held, kind in lists if (parts or not is_ours) and _lists(parts, held)]
    if kinds or is_ours:
        return kinds[0] if kinds else None
    response = document.get("response")
    results = (response if isinstance(response, dict) else document).get("results")
    if isinstance(results, dict):
        if "channels" in results or "utterances" in results:
            return "deepgram"
        return "aws-transcribe" if not google_files(results) else "google"
    if isinstance(results, list):
        return "speechmatics" if _lists(results, "type") and results else "google"
    return next((kind for key, kind in _BY_KEY if isinstance(document.get(key), list)), None)


def _counts_milliseconds(parts: object) -> bool:
    """Tell whether a list is AssemblyAI's, of utterances or words."""
    return (
        isinstance(parts, list)
        and bool(parts)
        and all(
            isinstance(part, dict) and {"text", "confidence"} <= part.keys() and type(part.get("start")) is int
            for part in parts
        )
    )


def _lists(value: object, held: str) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(part, dict) for part in value)
        and (not value or any(held in part for part in value))
    )
