"""The sentence around a finding, cut into words, with the punctuation between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.matching.boundaries import sentence_end, sentence_start
from triage_triggers.folding import APOSTROPHE, JOINER, MARK, SEPARATORS, STOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.call import Speaker
    from triage_triggers.engine.matching.document import Document

__all__ = ["Sentence", "SpokenWord", "sentence_at", "spelled_words", "tokens"]

REACH_BACK: Final = 180
"""How far back from a finding a sentence is read, in code points: recognisers may leave a whole call unpunctuated."""
REACH_AHEAD: Final = 90

_WORD: Final = re.compile(r"[^ \t\n\r\x0b|]+(?:[\t\x0b]+[^ \t\n\r\x0b|]+)*")
_SOFT: Final = frozenset(",\u3001\uff0c")
_HARD: Final = frozenset(';:()[]{}"\u201c\u201d\u2013\u2014')
# What any of them begins with: where it is nowhere in a sentence, no word has punctuation before it.
_SIGN: Final = re.compile('[,\u3001\uff0c;:()\\[\\]{}"\u201c\u201d\u2013\u2014-]')
_SIGN_OR_PARAGRAPH: Final = re.compile(rf"{_SIGN.pattern}|\n\s*\n")
_LETTER: Final = re.compile(r"[^ \t\n\r\x0b|]")
_SEPARATORS: Final = "".join(SEPARATORS)
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
    """The words of one sentence of one turn.

    ``breaks[k]`` is the punctuation before word ``k``: empty, "," or ";" (anything stronger). ``question`` tells
    whether it ends in a question mark; ``end`` is the offset of what ended it; ``vocabulary`` is the set of its words.
    Where each word stands, and what stands between them, is found out when first asked for: most findings are said
    plainly, and nobody asks.
    """

    __slots__ = ("_breaks", "_document", "_spans", "end", "question", "speaker", "start", "vocabulary", "words")

    def __init__(self, document: Document, start: int, end: int) -> None:
        folded = document.folded
        self.words = spelled_words(folded[start:end])
        self.vocabulary = frozenset(self.words)
        self.start, self.end = start, end
        self.speaker: Speaker = document.speaker_at(start)
        self.question = end < len(folded) and folded[end] in _MAY_ASK and _is_question(document, end)
        self._document = document
        self._spans: tuple[list[int], list[int]] | None = None
        self._breaks: list[str] | None = None

    @property
    def starts(self) -> list[int]:
        """Where each word starts in the laid-out call."""
        return self._cut()[0]

    @property
    def ends(self) -> list[int]:
        """Where each word ends, exclusive."""
        return self._cut()[1]

    @property
    def breaks(self) -> list[str]:
        """The punctuation before each word."""
        if self._breaks is None:
            self._breaks = [""] * len(self.words)
            self._punctuate(self._breaks)
            for number in self._turns():
                self._breaks[number] = ";"
        return self._breaks

    def _turns(self) -> Iterator[int]:
        """Yield the words that begin an utterance of nobody known: there somebody else may be speaking."""
        starts = self._document.starts
        if self.speaker == "unknown" and len(starts) > 1:
            for at in range(bisect_right(starts, self.start), bisect_left(starts, self.end)):
                number = self.words_from(self.start, starts[at])[1] if starts[at] > self.start else 0
                if number < len(self.words):
                    yield number

    def _punctuate(self, breaks: list[str]) -> None:
        """Enter what stands between words, where there is any punctuation."""
        raw, folded = self._document.raw, self._document.folded
        word, past = 0, self.start
        signs = _SIGN if raw.find("\n", self.start, self.end) < 0 else _SIGN_OR_PARAGRAPH
        for sign in signs.finditer(raw, self.start, self.end):
            at = sign.start()
            if at < past:
                continue  # in the same gap as the one before
            said = folded[past:at]
            word += len(spelled_words(said))
            before = past + len(said.rstrip(_SEPARATORS))
            behind = _LETTER.search(folded, at, self.end)
            if behind is None:
                return
            past = behind.start()
            if word and (past - before != 1 or raw[before] in _SOFT):
                breaks[word] = _break(self._document, before, past)

    def capitals(self, word: int) -> bool:
        """Tell whether word number ``word`` is written in capitals, as abbreviations are in a note."""
        starts, ends = self._cut()
        written = self._document.raw[starts[word] : ends[word]]
        return len(written) > 1 and written.isupper()

    def words_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the words that the span ``start:end`` touches."""
        starts, ends = self._cut()
        return bisect_right(ends, start), bisect_left(starts, end)

    def words_from(self, start: int, end: int) -> tuple[int, int]:
        """Return the same, faster, for a span that begins where a word does, as a phrase's match must."""
        folded = self._document.folded
        first = len(spelled_words(folded[self.start : start]))
        return first, first + len(spelled_words(folded[start:end]))

    def _cut(self) -> tuple[list[int], list[int]]:
        if self._spans is None:
            spans = [match.span() for match in _WORD.finditer(self._document.folded, self.start, self.end)]
            self._spans = [first for first, _ in spans], [last for _, last in spans]
        return self._spans


def spelled_words(folded: str) -> list[str]:
    r"""Return the words of a stretch of one turn, in lower case, apostrophes kept; see :func:`tokens` for their spans.

    >>> spelled_words("he\ts  \thit me\t\n")
    ["he's", 'hit', 'me']
    """
    if APOSTROPHE not in folded and JOINER not in folded:
        return folded.split()
    if JOINER in folded or _holds_quotes(folded):
        return [_spelled(word) for word in _WORD.findall(folded)]
    return folded.replace(APOSTROPHE, "'").split()


def _holds_quotes(folded: str) -> bool:
    """Tell whether an apostrophe stands anywhere but inside a word."""
    return (
        folded[0] == APOSTROPHE
        or folded[-1] == APOSTROPHE
        or " \t" in folded
        or "\t " in folded
        or "\t\t" in folded
        or "\n\t" in folded
        or "\t\n" in folded
        or "\r\t" in folded
        or "\t\r" in folded
    )


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
