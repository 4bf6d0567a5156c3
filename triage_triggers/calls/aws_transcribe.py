"""Read AWS Transcribe's JSON: timed words, with a label for each speaker or channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.export import Export, Seconds, read_export
from triage_triggers.calls.words import TimedWord, utterances_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.source import Source

__all__ = ["aws_transcribe_call"]


class _Alternative(Export):
    content: str


class _Item(Export):
    type: Literal["pronunciation", "punctuation"]
    alternatives: list[_Alternative] = Field(min_length=1)
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    speaker_label: str | None = None
    channel_label: str | None = None


class _LabelledTime(Export):
    start_time: Seconds
    speaker_label: str


class _Segment(Export):
    items: tuple[_LabelledTime, ...] = ()


class _SpeakerLabels(Export):
    segments: list[_Segment]


class _Channel(Export):
    channel_label: str
    items: list[_Item]


class _ChannelLabels(Export):
    channels: list[_Channel]


class _Results(Export):
    items: list[_Item]
    speaker_labels: _SpeakerLabels | None = None
    channel_labels: _ChannelLabels | None = None


class _Transcribe(Export):
    results: _Results


def aws_transcribe_call(document: object, source: Source) -> Call:
    """Return the call: an utterance a sentence, in order of time.

    Labels are ``spk_0``, ``spk_1``, … or, with channel identification, ``ch_0``, ``ch_1``.
    """
    results = read_export(document, _Transcribe, "an AWS Transcribe export", source.file).results
    speakers = source.options.speakers
    if results.channel_labels is not None:
        by_channel = [
            utterances_of(_words(channel.items, {}, channel.channel_label), speakers)
            for channel in results.channel_labels.channels
        ]
        # Sorting is stable: what has no time, or the same one, stays in the file's order.
        utterances = sorted((turn for turns in by_channel for turn in turns), key=_start)
    else:
        segments = results.speaker_labels.segments if results.speaker_labels is not None else []
        labels = {item.start_time: item.speaker_label for segment in segments for item in segment.items}
        utterances = utterances_of(_words(results.items, labels, None), speakers)
    return Call(source.name, utterances)


def _words(items: list[_Item], labels: dict[float, str], channel: str | None) -> Iterator[TimedWord]:
    for item in items:
        label = channel or item.speaker_label or item.channel_label
        if label is None and item.start_time is not None:
            label = labels.get(item.start_time)  # older exports label by the time at which a word starts
        punctuation = item.type == "punctuation"
        yield TimedWord(item.alternatives[0].content, item.start_time, item.end_time, label, punctuation)


def _start(turn: Utterance) -> float:
    return 0.0 if turn.start is None else turn.start
