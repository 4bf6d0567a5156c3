"""Read Azure's speech to text: fast transcription, and the result files of batch transcription."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AliasChoices, BeforeValidator, Field

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.export import Export, Milliseconds, read_export

if TYPE_CHECKING:
    from triage_triggers.calls.source import Source

__all__ = ["azure_batch_call", "azure_call"]

_MILLISECONDS: Final = 1000
_TICK_DECIMALS: Final = 7
"""Azure counts in ticks of 100 nanoseconds."""
_DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)


def _iso_seconds(value: Any) -> Any:  # noqa: ANN401  Pydantic hands over whatever is there
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value != "PT" else None
    if match is None:
        raise ValueError("expected a duration such as 'PT1M2.5S'")
    hours, minutes, seconds = match.groups()
    return round((int(hours or 0) * 60 + int(minutes or 0)) * 60 + float(seconds or 0), _TICK_DECIMALS)


Duration = Annotated[float, BeforeValidator(_iso_seconds)]


class _Phrase(Export):
    # The first names are those of the current interface, the second of Microsoft's SDK, the third of the first preview.
    offset: Milliseconds = Field(validation_alias=AliasChoices("offsetMilliseconds", "offsetInMs", "offset"))
    duration: Milliseconds = Field(validation_alias=AliasChoices("durationMilliseconds", "durationInMs", "duration"))
    text: str
    speaker: int | None = None
    channel: int | None = None


class _Fast(Export):
    phrases: list[_Phrase]


class _Guess(Export):
    display: str
    speaker: int | None = None


class _RecognizedPhrase(Export):
    offset: Duration
    duration: Duration
    nBest: tuple[_Guess, ...] = ()  # noqa: N815  empty where nothing was recognised
    speaker: int | None = None
    channel: int | None = None


class _Batch(Export):
    recognizedPhrases: list[_RecognizedPhrase]  # noqa: N815  Microsoft's name


def azure_call(document: object, source: Source) -> Call:
    """Return the call of a fast transcription: an utterance a phrase, in order of time.

    Labels are ``speaker 1``, … where Azure told speakers apart, else ``channel 0``, ….
    """
    export = read_export(document, _Fast, "an Azure fast transcription", source.file)
    rows = [
        (phrase.offset / _MILLISECONDS, (phrase.offset + phrase.duration) / _MILLISECONDS, phrase.text, _label(phrase))
        for phrase in export.phrases
    ]
    return _call(source, rows)


def azure_batch_call(document: object, source: Source) -> Call:
    """Return the call of a batch transcription, whose phrases hold guesses of which the first is the best."""
    export = read_export(document, _Batch, "an Azure batch transcription", source.file)
    rows = [
        (phrase.offset, round(phrase.offset + phrase.duration, _TICK_DECIMALS), phrase.nBest[0].display, _label(phrase))
        for phrase in export.recognizedPhrases
        if phrase.nBest
    ]
    return _call(source, rows)


def _label(phrase: _Phrase | _RecognizedPhrase) -> str | None:
    speaker = phrase.speaker
    if speaker is None and isinstance(phrase, _RecognizedPhrase):
        speaker = phrase.nBest[0].speaker  # where older versions put it
    if speaker is not None:
        return f"speaker {speaker}"
    return None if phrase.channel is None else f"channel {phrase.channel}"


def _call(source: Source, rows: list[tuple[float, float, str, str | None]]) -> Call:
    # Channels come one after the other; sorting by start, and keeping the order of equals, weaves them together.
    rows = sorted(rows, key=lambda row: row[0])
    return Call(
        source.name, [Utterance(text, source.options.speakers[who], start, end) for start, end, text, who in rows]
    )
