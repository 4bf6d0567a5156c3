"""The words of a folded text around a place, within its sentence."""

from __future__ import annotations

import re
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.matching.boundaries import CLITICS, sentence_end, sentence_start
from triage_triggers.folding import APOSTROPHE, GAP, JOINER, MARK, STOP, TURN

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIRST_LOOK", "Word", "vocabulary", "words_after", "words_before"]

FIRST_LOOK: Final = 80
"""How many code points around a place are cut into words at first; more where they are long."""
MOST_LETTERS: Final = 100
"""How many letters a word of a phrase has at most, where it ends in the middle of a word with many apostrophes."""
MOST_CLITICS: Final = 8
"""How many clitics a word may carry; "he'd've" has two."""

_WORD: Final = re.compile(r"[^ \t\n\r\x0b|]+(?:[\t\x0b]+[^ \t\n\r\x0b|]+)*\x0b*")
_CLITIC: Final = re.compile(r"(?:[\t\x0b]+[^ \t\n\r\x0b|]+)+")


def vocabulary(folded: str) -> set[str]:
    """Return every word that a phrase may have in common with a text: with its apostrophes left out, and cut at each.

    >>> from triage_triggers.folding import fold
    >>> sorted(vocabulary(fold("My husband's hit-me!")))
    ['hit', 'husband', 'husbands', 'me', 'my']
    """
    text = folded.replace(JOINER, "").replace(TURN, GAP)
    words = set(text.replace(APOSTROPHE, "").split())
    if APOSTROPHE in text:
        for word in set(text.replace(STOP, GAP).replace(MARK, GAP).split(GAP)):
            if APOSTROPHE in word:
                beginnings = accumulate(word.split(APOSTROPHE))
                words.update(takewhile(lambda letters: len(letters) <= MOST_LETTERS, beginnings))
        words.discard("")
    return words


class Word(NamedTuple):
    """A word, apostrophes out, and its half-open span; ``bare`` is it without its clitics, each with where it ends."""

    whole: str
    bare: tuple[tuple[str, int], ...]
    start: int
    end: int


def words_before(folded: str, at: int, needed: int) -> list[Word]:
    """Return up to ``needed`` words of the same sentence that end before ``at``, in order."""
    look = FIRST_LOOK
    while True:
        low = max(0, at - look)
        floor = sentence_start(folded, low, at)
        cut = floor == low and low > 0
        spans = [match.span() for match in _WORD.finditer(folded, floor, at)]
        if cut and spans:
            del spans[0]  # its beginning may lie before what was looked at
        if len(spans) >= needed or not cut:
            return [_word(folded, *span) for span in spans[-needed:]]
        look *= 2


def words_after(folded: str, at: int, needed: int) -> list[Word]:
    """Return up to ``needed`` words of the same sentence from ``at`` on; the clitic of what ends there is no word."""
    if folded[at : at + 1] == APOSTROPHE:
        clitic = _CLITIC.match(folded, at)
        at = clitic.end() if clitic else at
    look = FIRST_LOOK
    while True:
        high = min(len(folded), at + look)
        ceiling = sentence_end(folded, at, high)
        cut = ceiling == high and high < len(folded)
        spans = [match.span() for match in _WORD.finditer(folded, at, ceiling)]
        if cut and spans:
            del spans[-1]
        if len(spans) >= needed or not cut:
            return [_word(folded, *span) for span in spans[:needed]]
        look *= 2


def _word(folded: str, start: int, end: int) -> Word:
    written = folded[start:end]
    if APOSTROPHE not in written:
        return Word(written.replace(JOINER, "") if JOINER in written else written, (), start, end)
    return Word(_letters(written), tuple(_without_clitics(written, start)), start, end)


def _without_clitics(written: str, start: int) -> Iterator[tuple[str, int]]:
    stem = written.rstrip(APOSTROPHE)
    for _ in range(MOST_CLITICS):
        stem, sign, clitic = stem.rpartition(APOSTROPHE)
        if not sign or clitic.replace(JOINER, "") not in CLITICS:
            return
        stem = stem.rstrip(APOSTROPHE)
        if letters := _letters(stem):
            yield letters, start + len(stem)


def _letters(written: str) -> str:
    return written.replace(APOSTROPHE, "").replace(JOINER, "")
