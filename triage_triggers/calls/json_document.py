"""A JSON file that is one document: its parts, which know their place in it, and whose export it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NoReturn

from triage_triggers.calls.call import seconds_of
from triage_triggers.calls.json_lines import is_segment
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["JsonPart", "export_kind", "google_files", "segments_of", "whole_export"]

_MISSING: Final = object()


class JsonPart:
    """A part of a document: the whole of it, or what ``part["key"]`` and ``part[0]`` hold.

    What is missing, or no such thing as is asked for, raises a ``CallError`` that names its place and quotes nothing;
    what is asked for with ``_if_any`` may be missing.

    >>> part = JsonPart({"segments": [{"text": "He hit me.", "start": "soon"}]})["segments"][0]
    >>> part["text"].text(), part["speaker"].text_if_any()
    ('He hit me.', None)
    >>> part["start"].time()
    Traceback (most recent call last):
    triage_triggers.errors.CallError: segments[0].start: expected a number
    """

    def __init__(self, value: object, place: str = "") -> None:
        self.value, self.place = value, place

    def __getitem__(self, key: str | int) -> JsonPart:
        value: object = _MISSING
        if isinstance(key, str):
            if isinstance(self.value, dict):
                value = self.value.get(key, _MISSING)
            elif self:
                self.refuse("expected an object, {…}")
            return JsonPart(value, f"{self.place}.{key}".removeprefix("."))
        if isinstance(self.value, list):
            value = self.value[key] if key < len(self.value) else _MISSING
        elif self:
            self.refuse("expected a list, […]")
        return JsonPart(value, f"{self.place}[{key}]")

    def __iter__(self) -> Iterator[JsonPart]:
        if not isinstance(self.value, list):
            self.refuse("expected a list, […]")
        return map(self.__getitem__, range(len(self.value)))

    def __bool__(self) -> bool:
        return self.value is not _MISSING and self.value is not None

    def at(self, path: str) -> JsonPart:
        """Return a part of a part, named as in ``"users.0.name"``; of ``"start|begin"`` the first that is there."""
        part = self
        for key in path.split("."):
            found = [part[int(name) if name.isdecimal() else name] for name in key.split("|")]
            part = next(filter(None, found), found[0])
        return part

    def text(self) -> str:
        """Return text."""
        return self.value if isinstance(self.value, str) else self.refuse("expected text")

    def text_if_any(self) -> str | None:
        """Return text, ``None`` where there is none."""
        return self.text() if self else None

    def label_if_any(self) -> str | None:
        """Return a speaker's label; a number is that of a speaker or, if that is what holds it, of a channel."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return f"{'channel' if 'channel' in self.place.rpartition('.')[2] else 'speaker'} {self.value}"
        return self.text_if_any() or None

    def time(self) -> float:
        """Return a time that is not negative: a number, also as text, a time by the clock, or seconds and nanos."""
        if isinstance(self.value, dict) and self.value.keys() <= {"seconds", "nanos"}:  # Google's libraries' durations
            return sum(self[key].time() / size for key, size in (("seconds", 1), ("nanos", 1e9)) if key in self.value)
        try:
            number = None if isinstance(self.value, bool) else float(self.value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = seconds_of(self.value) if isinstance(self.value, str) else None
        if number is None:
            self.refuse("expected a number")
        if not math.isfinite(number):
            self.refuse("expected a finite number")
        return number if number >= 0 else self.refuse("expected a time that is not before the call")

    def time_if_any(self) -> float | None:
        """Return such a time, ``None`` where there is none."""
        return self.time() if self else None

    def refuse(self, expected: str) -> NoReturn:
        """Raise what was expected here, unless nothing is here at all."""
        expected = "expected here, but it is not there" if self.value is _MISSING else expected
        raise CallError(f"{self.place or 'the whole file'}: {expected}")


def segments_of(document: object) -> list[dict[str, Any]] | None:
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


def google_files(results: Mapping[str, object]) -> list[object]:
    """Return the results of the files of a batch, by Google's name of each.

    >>> google_files({"gs://bucket/call.wav": {"transcript": {"results": []}}})
    [{'results': []}]
    """
    inside = [part.get("inlineResult", part) for part in results.values() if isinstance(part, dict)]
    return [part["transcript"] for part in inside if isinstance(part, dict) and "transcript" in part]
