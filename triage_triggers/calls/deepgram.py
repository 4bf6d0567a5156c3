"""Read Deepgram's JSON: utterances where they were asked for, and otherwise timed words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.export import Export, Seconds, read_export
from triage_triggers.calls.words import TimedWord, utterances_of

if TYPE_CHECKING:
    from triage_triggers.calls.source import Source

__all__ = ["deepgram_call"]


class _Word(Export):
    word: str
    start: Seconds
    end: Seconds
    punctuated_word: str | None = None
    speaker: int | None = None


class _Alternative(Export):
    words: list[_Word]


class _Channel(Export):
    alternatives: list[_Alternative] = Field(min_length=1)


class _Utterance(Export):
    start: Seconds
    end: Seconds
    transcript: str
    channel: int | None = None
    speaker: int | None = None


class _Results(Export):
    channels: list[_Channel]
    utterances: list[_Utterance] | None = None


class _Deepgram(Export):
    results: _Results


def deepgram_call(document: object, source: Source) -> Call:
    """Return the call, in order of time.

    Labels are ``channel 0``, … where the recording has several channels, else ``speaker 0``, ….
    """
    results = read_export(document, _Deepgram, "a Deepgram export", source.file).results
    speakers = source.options.speakers
    several = len(results.channels) > 1
    if results.utterances is not None:
        turns = [
            Utterance(
                part.transcript, speakers[_label(part.channel if several else None, part.speaker)], part.start, part.end
            )
            for part in results.utterances
        ]
    else:
        turns = []
        for number, channel in enumerate(results.channels):
            words = [
                TimedWord(
                    word.punctuated_word or word.word,
                    word.start,
                    word.end,
                    _label(number if several else None, word.speaker),
                )
                for word in channel.alternatives[0].words
            ]
            turns += utterances_of(words, speakers)
    return Call(source.name, sorted(turns, key=lambda turn: turn.start or 0.0))


def _label(channel: int | None, speaker: int | None) -> str | None:
    if channel is not None:
        return f"channel {channel}"
    return None if speaker is None else f"speaker {speaker}"
