"""The sentence around a finding, cut into words, with the punctuation between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.matching.boundaries import sentence_end, sentence_start
from triage_triggers.folding import APOSTROPHE, JOINER, MARK, SEPARATORS, STOP

if TYPE_CHECKING:
    from triage_triggers.calls.call import Speaker
    from triage_triggers.engine.matching.document import Document

__all__ = ["Sentence", "SpokenWord", "sentence_at", "tokens"]

REACH_BACK: Final = 180
"""How far back from a finding a sentence is read, in code points: recognisers may leave a whole call unpunctuated."""
REACH_AHEAD: Final = 90

_WORD: Final = re.compile(r"[^ \t\n\r\x0b|]+(?:[\t\x0b]+[^ \t\n\r\x0b|]+)*")
_SOFT: Final = frozenset(",\u3001\uff0c")
_HARD: Final = frozenset(';:()[]{}"\u201c\u201d\u2013\u2014')
_MAY_ASK: Final = frozenset((MARK, STOP))
_PARAGRAPH: Final = re.compile(r"\n\s*\n")


class SpokenWord(NamedTuple):
    """A word in lower case, apostrophes kept, and its half-open span in the folded text."""

    word: str
    start: int
    end: int


def tokens(folded: str, start: int = 0, end: int | None = None, most: int | None = None) -> list[SpokenWord]:
    """Return the words of ``folded[start:end]``, or so many of them.

    >>> from triage_triggers.folding import fold
    >>> [token.word for token in tokens(fold("He didn’t hit me, OK?"))]
    ['he', "didn't", 'hit', 'me', 'ok']
    """
    return [
        SpokenWord(_spelled(match[0]), match.start(), match.end())
        for match in islice(_WORD.finditer(folded, start, len(folded) if end is None else end), most)
    ]


class Sentence:
    """The words of one sentence of one turn; offsets are those of the laid-out call.

    ``question`` tells whether it ends in a question mark; ``end`` is the offset of what ended it; ``vocabulary`` is the
    set of its words.
    """

    def __init__(self, document: Document, start: int, end: int) -> None:
        folded = document.folded
        self.words: list[str] = _WORD.findall(folded, start, end)
        if APOSTROPHE in folded[start:end] or JOINER in folded[start:end]:
            self.words = list(map(_spelled, self.words))
        self.vocabulary = frozenset(self.words)
        self.start, self.end = start, end
        self.speaker: Speaker = document.speaker_at(start)
        self.question = end < len(folded) and folded[end] in _MAY_ASK and _is_question(document, end)
        self._document = document

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts; most findings are said plainly, and nobody asks."""
        return [first for first, _ in self._spans]

    @cached_property
    def ends(self) -> list[int]:
        """Where each word ends, exclusive."""
        return [last for _, last in self._spans]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in _WORD.finditer(self._document.folded, self.start, self.end)]

    @cached_property
    def breaks(self) -> list[str]:
        """The punctuation before each word: empty, "," or ";" (anything stronger).

        Where a turn of nobody known goes on in another utterance, somebody else may be speaking.
        """
        document = self._document
        breaks = [_break(document, before, after) for before, after in zip(self.ends, self.starts[1:], strict=False)]
        breaks.insert(0, "")
        if self.speaker == "unknown":
            starts = document.starts
            for at in range(bisect_right(starts, self.start), bisect_left(starts, self.end)):
                number = bisect_left(self.starts, starts[at])
                if number < len(self.words):
                    breaks[number] = ";"
        return breaks

    def capitals(self, word: int) -> bool:
        """Tell whether word number ``word`` is written in capitals, as abbreviations are in a note."""
        written = self._document.raw[self.starts[word] : self.ends[word]]
        return len(written) > 1 and written.isupper()

    def words_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the words that the span ``start:end`` touches."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def _spelled(word: str) -> str:
    return word.replace(APOSTROPHE, "'").replace(JOINER, "")


def sentence_at(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence around ``start:end``, cut to what is worth reading in unpunctuated speech."""
    folded = document.folded
    low = sentence_start(folded, max(0, start - REACH_BACK), start)
    while low and low < start and folded[low - 1] not in SEPARATORS:
        low += 1
    return low, sentence_end(folded, end, min(len(folded), end + REACH_AHEAD))


def _break(document: Document, before: int, after: int) -> str:
    between = document.raw[before:after]
    if between == " ":
        return ""
    if any(character.isalnum() for character in between):
        return ""  # a blanked hesitation, with the commas around it: "he hasn't, um, hit me"
    if not _HARD.isdisjoint(between) or " - " in between or _PARAGRAPH.search(between):
        return ";"
    if _SOFT.isdisjoint(between):
        return ""
    number = after - before == 1 and document.folded[before - 1].isdigit() and document.folded[after].isdigit()
    return "" if number else ","


def _is_question(document: Document, end: int) -> bool:
    folded, raw = document.folded, document.raw
    while end < len(folded) and folded[end] in (MARK, STOP):
        if raw[end] in "?\uff1f\u061f\u203d\u2047\u2048\u2049":
            return True
        end += 1
    return False
