"""The JSON that recognisers export: what is read of each, and how it becomes a call's utterances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.calls.call import Call
from triage_triggers.calls.json_part import JsonPart
from triage_triggers.calls.recognisers import RECOGNISERS, google_files
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from triage_triggers.calls.source import CallSource

__all__ = ["EXPORTS", "export_call", "export_kind", "whole_export"]

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
    kinds = [kind for key, held, kind in _BY_LIST if _lists(document.get(key), held)]
    if "call_id" in document:  # and an empty list may be a column of a call of ours
        kinds = [kind for key, held, kind in _BY_LIST if document.get(key) and _lists(document[key], held)]
    if kinds or "call_id" in document:
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


def export_call(kind: str, document: object, source: CallSource) -> Call:
    """Return the call that an export holds.

    Args:
        kind: Which export it is, by its format's name.
        document: What the file holds.
        source: The file.

    Raises:
        CallError: The document is no such export; names the file, the places in it and what was expected there, and
            quotes no value.
    """
    name, turns = RECOGNISERS[kind]
    whole = JsonPart(document)
    utterances = [turn for turn in turns(whole, source.options.speakers) if turn.text.strip()]
    whole.check(f"{source.file}: this is not quite {name}")
    if not utterances:  # what is not there must not be read as a call in which nothing was said
        raise CallError(f"{source.file}: this holds no part of a call, though it looks like {name}; was it cut short?")
    return Call(source.name, utterances)


EXPORTS: Final = tuple(RECOGNISERS)
"""The kinds of export that are read, by their formats' names."""
