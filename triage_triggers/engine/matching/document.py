"""A call laid out as one text, so that one pass reads it all."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Cue
from triage_triggers.folding import GAP, MARK, RECORD_SEPARATOR, SEPARATORS, STOP, TURN, fold

if TYPE_CHECKING:
    from triage_triggers.calls.call import Call, Speaker, Utterance

__all__ = ["Document", "Place"]

_WORD: Final = re.compile(rf"[^{''.join(SEPARATORS)}][^{GAP}{STOP}{MARK}{TURN}]*")
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

    def __init__(self, call: Call) -> None:
        self.utterances: tuple[Utterance, ...] = call.utterances
        self.raw = _joined(call.utterances)
        self.starts = list(accumulate([len(utterance.text) + 1 for utterance in call.utterances], initial=0))[:-1]
        self.folded = fold(self.raw)

    # Looked for once, when first asked for: a turn may be the whole call, and hold a question in each sentence.
    @cached_property
    def _words(self) -> list[int]:
        return [word.start() for word in _WORD.finditer(self.folded)]

    @cached_property
    def _turn_ends(self) -> list[int]:
        return list(accumulate(map(len, self.folded.split(TURN)), lambda end, length: end + 1 + length))

    @cached_property
    def _question_marks(self) -> list[int]:
        return [mark.start() for mark in _QUESTION_MARK.finditer(self.raw)]

    def utterance_at(self, offset: int) -> int:
        """Return the number of the utterance that holds ``offset``."""
        return bisect_right(self.starts, offset) - 1

    def speaker_at(self, offset: int) -> Speaker:
        """Return who says what stands at ``offset``."""
        return self.utterances[self.utterance_at(offset)].speaker

    def word_at(self, start: int) -> int:
        """Return how many words are said before the one that begins at ``start``."""
        return bisect_left(self._words, start)

    def turn_end(self, offset: int) -> int:
        """Return where the turn that goes on at ``offset`` ends: the next separator, or the end of the call."""
        return self._turn_ends[min(bisect_left(self._turn_ends, offset), len(self._turn_ends) - 1)]

    def asks_within(self, start: int, end: int) -> bool:
        """Tell whether a question mark stands in ``start:end``."""
        marks = self._question_marks
        return bisect_left(marks, start) < bisect_left(marks, end)

    def place(self, start: int, end: int) -> Place:
        """Return where the non-empty span ``start:end`` of the joined text stands in the call."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end - 1) - 1
        return Place(first, start - self.starts[first], last, end - self.starts[last])

    def cue(self, kind: str, start: int, end: int) -> Cue:
        """Return the cue at ``start:end``; one that runs on into the next segment is shown where it starts."""
        place = self.place(start, end)
        runs_on = place.utterance != place.end_utterance
        end = len(self.utterances[place.utterance].text) if runs_on else place.end
        return Cue(kind, place.utterance, place.start, end)


def _joined(utterances: tuple[Utterance, ...]) -> str:
    pieces = [utterance.text for utterance in utterances[:1]]
    for before, utterance in pairwise(utterances):
        pieces += (GAP if utterance.speaker == before.speaker else RECORD_SEPARATOR, utterance.text)
    return "".join(pieces)
