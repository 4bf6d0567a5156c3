"""Read Whisper's JSON: segments with times; speakers only where a diarising tool has added them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.export import Export, Seconds, read_export

if TYPE_CHECKING:
    from triage_triggers.calls.source import Source

__all__ = ["whisper_call"]


class _Segment(Export):
    start: Seconds
    end: Seconds
    text: str
    speaker: str | None = None


class _Whisper(Export):
    segments: list[_Segment]


def whisper_call(document: object, source: Source) -> Call:
    """Return the call: an utterance a segment."""
    export = read_export(document, _Whisper, "Whisper's JSON", source.file)
    speakers = source.options.speakers
    return Call(
        source.name,
        [Utterance(part.text.strip(), speakers[part.speaker], part.start, part.end) for part in export.segments],
    )
