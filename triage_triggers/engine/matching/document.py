"""A call laid out as one text, so that one pass reads it all."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.folding import APOSTROPHE, GAP, JOINER, RECORD_SEPARATOR, TURN, fold

if TYPE_CHECKING:
    from triage_triggers.calls.call import Call, Speaker, Utterance

__all__ = ["Document", "Place"]

_QUESTION_MARK: Final = re.compile("[?\uff1f]")


class Place(NamedTuple):
    """A span in a call: utterance and code-point offset of its start and of its (exclusive) end."""

    utterance: int
    start: int
    end_utterance: int
    end: int


class Document:
    """The utterances of a call in one text, ``raw``, and the same text ``folded``, character for character.

    Consecutive segments of one speaker are joined by a space, for recognisers cut at pauses and phrases run on;
    between two speakers stands a separator that no phrase can cross.

    >>> from triage_triggers import Call, Utterance
    >>> call = Call("C-1", [Utterance("he hit", "caller"), Utterance("me", "caller"), Utterance("OK", "call_taker")])
    >>> document = Document(call)
    >>> document.folded
    'he hit me|ok'
    >>> document.place(3, 9)
    Place(utterance=0, start=3, end_utterance=1, end=2)
    """

    __slots__ = ("_question_marks", "_turn_ends", "_word", "folded", "raw", "starts", "utterances")

    def __init__(self, call: Call) -> None:
        self.utterances: tuple[Utterance, ...] = call.utterances
        self.starts: list[int]
        if len(self.utterances) == 1:
            self.raw = self.utterances[0].text
            self.starts = [0]
        else:
            self.raw, self.starts = _join(self.utterances)
        self.folded = fold(self.raw)
        # Looked for once, when first asked for: a turn may be the whole call, and hold a question in each sentence.
        self._turn_ends: list[int] | None = None
        self._question_marks: list[int] | None = None
        self._word = (0, 0)

    def utterance_at(self, offset: int) -> int:
        """Return the number of the utterance that holds ``offset``."""
        return bisect_right(self.starts, offset) - 1

    def speaker_at(self, offset: int) -> Speaker:
        """Return who says what stands at ``offset``."""
        return self.utterances[self.utterance_at(offset)].speaker

    def word_at(self, start: int) -> int:
        """Return how many words are said before the one that begins at ``start``; ask in order, and it costs little."""
        asked, words = self._word
        low, high = min(asked, start), max(asked, start)
        between = len(self.folded[low:high].replace(TURN, GAP).replace(APOSTROPHE, "").replace(JOINER, "").split())
        words += between if start >= asked else -between
        self._word = start, words
        return words

    def turn_end(self, offset: int) -> int:
        """Return where the turn that goes on at ``offset`` ends: the next separator, or the end of the call."""
        if self._turn_ends is None:
            self._turn_ends = list(accumulate(map(len, self.folded.split(TURN)), lambda end, length: end + 1 + length))
        return self._turn_ends[min(bisect_left(self._turn_ends, offset), len(self._turn_ends) - 1)]

    def asks_within(self, start: int, end: int) -> bool:
        """Tell whether a question mark stands in ``start:end``."""
        if self._question_marks is None:
            self._question_marks = [mark.start() for mark in _QUESTION_MARK.finditer(self.raw)]
        marks = self._question_marks
        return bisect_left(marks, start) < bisect_left(marks, end)

    def place(self, start: int, end: int) -> Place:
        """Return where the non-empty span ``start:end`` of the joined text stands in the call."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end - 1) - 1
        return Place(first, start - self.starts[first], last, end - self.starts[last])


def _join(utterances: tuple[Utterance, ...]) -> tuple[str, list[int]]:
    if not utterances:
        return "", []
    texts = [utterance.text for utterance in utterances]
    starts = list(accumulate([len(text) + 1 for text in texts], initial=0))
    del starts[-1]
    before = utterances[0].speaker
    pieces = [""] * (2 * len(texts) - 1)
    pieces[0::2] = texts
    at = 1
    for utterance in utterances[1:]:
        speaker = utterance.speaker
        pieces[at] = GAP if speaker == before else RECORD_SEPARATOR
        before = speaker
        at += 2
    return "".join(pieces), starts
