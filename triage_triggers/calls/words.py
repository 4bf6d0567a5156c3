"""Timed words, as recognisers list them, and the utterances that they make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.calls.call import Utterance
from triage_triggers.calls.times import DAY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["TimedWord", "from_time_of_day", "utterances_of"]

_PAUSE_SECONDS: Final = 1.0
_SENTENCE_ENDS: Final = (".", "?", "!")


def from_time_of_day(turns: list[Utterance]) -> tuple[list[Utterance], str]:
    """Return turns at times of day as turns from the start of their call, and when that was.

    >>> turns, start = from_time_of_day([Utterance("Hi.", start=86399.0), Utterance("Yes?", start=1.5)])
    >>> [turn.start for turn in turns], start
    ([0.0, 2.5], '23:59:59')
    """
    first = next((turn.start for turn in turns if turn.start is not None), 0.0)

    def since(time: float | None) -> float | None:
        return None if time is None else round((time - first) % DAY_SECONDS, 6)

    whole = int(first)
    start = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return [replace(turn, start=since(turn.start), end=since(turn.end)) for turn in turns], start


class TimedWord(NamedTuple):
    """A word, its times in seconds where known, and its speaker's label; ``joined`` to the one before: punctuation."""

    text: str
    start: float | None
    end: float | None
    label: str | None
    joined: bool = False


def utterances_of(words: Iterable[TimedWord], speakers: SpeakerNames) -> list[Utterance]:
    """Return the words as utterances: a new one for another speaker, after a pause of a second, or after a sentence.

    So that the time of a flag is that of its sentence, and not of the end of a whole channel.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> words = [
    ...     TimedWord("He's", 0.1, 0.3, "ch_0"),
    ...     TimedWord("here", 0.4, 0.6, "ch_0"),
    ...     TimedWord("Who?", 0.7, 1, "ch_1"),
    ... ]
    >>> [(turn.text, turn.speaker, turn.end) for turn in utterances_of(words, SpeakerNames({"ch_0": "caller"}))]
    [("He's here", 'caller', 0.6), ('Who?', 'unknown', 1)]
    """
    turns: list[list[TimedWord]] = []
    for word in words:
        if turns and (word.joined or not _parted(turns[-1], word)):
            turns[-1].append(word)
        else:
            turns.append([word])
    return [
        Utterance(
            "".join(word.text if word.joined or not at else f" {word.text}" for at, word in enumerate(turn)),
            speakers[turn[0].label],
            next((word.start for word in turn if word.start is not None), None),
            next((word.end for word in reversed(turn) if word.end is not None), None),
        )
        for turn in turns
    ]


def _parted(turn: list[TimedWord], word: TimedWord) -> bool:
    last = turn[-1]
    if word.label != turn[0].label or last.text.endswith(_SENTENCE_ENDS):
        return True
    return last.end is not None and word.start is not None and word.start - last.end >= _PAUSE_SECONDS
