"""The JSON that recognisers export: what of each is read, and how it becomes a call's utterances.

Imported only when one is read, for Pydantic's models take time to make.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from itertools import chain
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field, model_validator

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.export import Export, Milliseconds, Seconds, read_export
from triage_triggers.calls.words import TimedWord, utterances_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triage_triggers.calls.source import Source
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["export_call"]

_MILLISECONDS: Final = 1000
_TICK_DECIMALS: Final = 7
"""Azure counts in ticks of 100 nanoseconds."""
_DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)


def export_call(kind: str, document: object, source: Source) -> Call:
    """Return the call that an export holds.

    Args:
        kind: Which export it is, by its format's name.
        document: What the file holds.
        source: The file.

    Raises:
        CallError: The document is no such export.
    """
    model = _KINDS[kind]
    return Call(source.name, read_export(document, model, model.WHAT, source.file).turns(source.options.speakers))


class RecogniserExport(Export):
    """What a recogniser wrote of one call."""

    WHAT: ClassVar[str]
    """What to call it in an error."""

    @abstractmethod
    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        """Return the utterances."""


class _WhisperSegment(Export):
    start: Seconds
    end: Seconds
    text: str
    speaker: str | None = None  # only where a diarising tool has added it


class _Whisper(RecogniserExport):
    WHAT = "Whisper's JSON"
    segments: list[_WhisperSegment]

    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        return [Utterance(part.text.strip(), speakers[part.speaker], part.start, part.end) for part in self.segments]


class _AwsItem(Export):
    type: Literal["pronunciation", "punctuation"]
    content: str = Field(validation_alias=AliasPath("alternatives", 0, "content"))
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    speaker_label: str | None = None
    channel_label: str | None = None


class _AwsLabel(Export):
    start_time: Seconds
    speaker_label: str


class _AwsSegment(Export):
    items: tuple[_AwsLabel, ...] = ()


class _AwsChannel(Export):
    channel_label: str
    items: list[_AwsItem]


class _AwsTranscribe(RecogniserExport):
    """Timed words; labels are ``spk_0``, ``spk_1``, … or, with channel identification, ``ch_0``, ``ch_1``."""

    WHAT = "an AWS Transcribe export"
    items: list[_AwsItem] = Field(validation_alias=AliasPath("results", "items"))
    segments: list[_AwsSegment] = Field([], validation_alias=AliasPath("results", "speaker_labels", "segments"))
    channels: list[_AwsChannel] = Field([], validation_alias=AliasPath("results", "channel_labels", "channels"))

    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        if self.channels:
            by_channel = [
                utterances_of(self._words(channel.items, channel.channel_label), speakers) for channel in self.channels
            ]
            return _by_time(chain.from_iterable(by_channel))
        return utterances_of(self._words(self.items, None), speakers)

    def _words(self, items: list[_AwsItem], channel: str | None) -> Iterator[TimedWord]:
        labels = {item.start_time: item.speaker_label for segment in self.segments for item in segment.items}
        for item in items:
            label = channel or item.speaker_label or item.channel_label
            if label is None and item.start_time is not None:
                label = labels.get(item.start_time)  # older exports label by the time at which a word starts
            yield TimedWord(item.content, item.start_time, item.end_time, label, item.type == "punctuation")


class _ContactLensTurn(Export):
    Content: str
    BeginOffsetMillis: Milliseconds
    EndOffsetMillis: Milliseconds
    ParticipantId: str
    ParticipantRole: str | None = None


class _ContactLensParticipant(Export):
    ParticipantId: str
    ParticipantRole: str


class _ContactLensSegment(Export):
    Transcript: _ContactLensTurn | None = None  # a segment may hold categories only


class _ContactLens(RecogniserExport):
    """The file written after a call, or the segments that the real-time interface lists.

    Labels are the participant's id, else the role, such as ``AGENT``.
    """

    WHAT = "a Contact Lens export"
    Segments: list[_ContactLensSegment] | None = None
    Transcript: list[_ContactLensTurn] | None = None
    Participants: tuple[_ContactLensParticipant, ...] = ()

    @model_validator(mode="after")
    def _has_turns(self) -> _ContactLens:
        if (self.Segments is None) == (self.Transcript is None):
            raise ValueError("expected either 'Transcript', a list of turns, or 'Segments', a list of segments")
        return self

    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        roles = {participant.ParticipantId: participant.ParticipantRole for participant in self.Participants}
        said = self.Transcript or [part.Transcript for part in self.Segments or () if part.Transcript is not None]
        turns = []
        for turn in said:
            role = turn.ParticipantRole or roles.get(turn.ParticipantId)
            speaker = speakers[turn.ParticipantId if turn.ParticipantId in speakers else role]
            start, end = turn.BeginOffsetMillis / _MILLISECONDS, turn.EndOffsetMillis / _MILLISECONDS
            turns.append(Utterance(turn.Content, speaker, start, end))
        return turns


class _AzurePhrase(Export):
    # The first names are those of the current interface, the second of Microsoft's SDK, the third of the first preview.
    offset: Milliseconds = Field(validation_alias=AliasChoices("offsetMilliseconds", "offsetInMs", "offset"))
    duration: Milliseconds = Field(validation_alias=AliasChoices("durationMilliseconds", "durationInMs", "duration"))
    text: str
    speaker: int | None = None
    channel: int | None = None


class _Azure(RecogniserExport):
    """Fast transcription. Labels are ``speaker 1``, … where speakers were told apart, else ``channel 0``, …."""

    WHAT = "an Azure fast transcription"
    phrases: list[_AzurePhrase]

    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        return _by_time(
            Utterance(
                phrase.text,
                speakers[_label(speaker=phrase.speaker) or _label(channel=phrase.channel)],
                phrase.offset / _MILLISECONDS,
                (phrase.offset + phrase.duration) / _MILLISECONDS,
            )
            for phrase in self.phrases
        )


def _iso_seconds(value: object) -> float:
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value != "PT" else None
    if match is None:
        raise ValueError("expected a duration such as 'PT1M2.5S'")
    hours, minutes, seconds = match.groups()
    return round((int(hours or 0) * 60 + int(minutes or 0)) * 60 + float(seconds or 0), _TICK_DECIMALS)


class _AzureGuess(Export):
    display: str
    speaker: int | None = None  # where older versions put it


class _AzureBatchPhrase(Export):
    offset: Annotated[float, BeforeValidator(_iso_seconds)]
    duration: Annotated[float, BeforeValidator(_iso_seconds)]
    nBest: tuple[_AzureGuess, ...] = ()  # noqa: N815  the best first; empty where nothing was recognised
    speaker: int | None = None
    channel: int | None = None


class _AzureBatch(RecogniserExport):
    """The result files of batch transcription; labels are as in :class:`_Azure`."""

    WHAT = "an Azure batch transcription"
    recognizedPhrases: list[_AzureBatchPhrase]  # noqa: N815  Microsoft's name

    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        turns = []
        for phrase in self.recognizedPhrases:
            for best in phrase.nBest[:1]:
                speaker = best.speaker if phrase.speaker is None else phrase.speaker
                label = _label(speaker=speaker) or _label(channel=phrase.channel)
                end = round(phrase.offset + phrase.duration, _TICK_DECIMALS)
                turns.append(Utterance(best.display, speakers[label], phrase.offset, end))
        return _by_time(turns)


class _DeepgramWord(Export):
    word: str
    start: Seconds
    end: Seconds
    punctuated_word: str | None = None
    speaker: int | None = None


class _DeepgramChannel(Export):
    words: list[_DeepgramWord] = Field(validation_alias=AliasPath("alternatives", 0, "words"))


class _DeepgramUtterance(Export):
    start: Seconds
    end: Seconds
    transcript: str
    channel: int | None = None
    speaker: int | None = None


class _Deepgram(RecogniserExport):
    """Utterances where they were asked for, else timed words.

    Labels are ``channel 0``, … where the recording has several channels, else ``speaker 0``, ….
    """

    WHAT = "a Deepgram export"
    channels: list[_DeepgramChannel] = Field(validation_alias=AliasPath("results", "channels"))
    utterances: list[_DeepgramUtterance] | None = Field(None, validation_alias=AliasPath("results", "utterances"))

    def turns(self, speakers: SpeakerNames) -> list[Utterance]:
        several = len(self.channels) > 1
        if self.utterances is not None:
            return _by_time(
                Utterance(
                    part.transcript,
                    speakers[(_label(channel=part.channel) if several else None) or _label(speaker=part.speaker)],
                    part.start,
                    part.end,
                )
                for part in self.utterances
            )
        turns: list[Utterance] = []
        for number, channel in enumerate(self.channels):
            words = [
                TimedWord(
                    word.punctuated_word or word.word,
                    word.start,
                    word.end,
                    _label(channel=number) if several else _label(speaker=word.speaker),
                )
                for word in channel.words
            ]
            turns += utterances_of(words, speakers)
        return _by_time(turns)


_KINDS: Final[Mapping[str, type[RecogniserExport]]] = {
    "whisper": _Whisper,
    "aws-transcribe": _AwsTranscribe,
    "contact-lens": _ContactLens,
    "azure": _Azure,
    "azure-batch": _AzureBatch,
    "deepgram": _Deepgram,
}


def _label(**number: int | None) -> str | None:
    """Return a label such as ``speaker 1``; ``None`` where there is no number."""
    ((kind, value),) = number.items()
    return None if value is None else f"{kind} {value}"


def _by_time(turns: Iterable[Utterance]) -> list[Utterance]:
    """Weave channels together; what has no time, or the same one, stays in the file's order."""
    return sorted(turns, key=lambda turn: turn.start or 0.0)
