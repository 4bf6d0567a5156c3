"""A folded text cut into words, once, as phrases are matched over them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate, compress, count
from operator import add
from typing import TYPE_CHECKING, Final

from triage_triggers.folding import APOSTROPHE, GAP, JOINER, MARK, STOP, TURN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CLITICS", "SENTENCE_END", "SpokenWords"]

CLITICS: Final = frozenset({"s", "ll", "d", "re", "ve", "m", "em"})
"""What may follow a phrase after an apostrophe ("my husband's hit me"); "n't" may not, it turns the meaning round."""
SENTENCE_END: Final = TURN
"""Stands among the words where a sentence ends, so that no phrase is found across."""
MOST_CLITICS: Final = 8
"""How many clitics a word may carry; "he'd've" has two."""

# As boundaries.ends_sentence has it, all ends in one pass.
_SENTENCE_END: Final = re.compile(r"[\n\r](?:(?<=\r)|(?! ?\n)(?<!\n\n)(?<!\n \n))(?![^ \t\n\r\x0b|])")
# What str.split would take for white space; folding leaves neither in a text.
_KEPT: Final = str.maketrans({APOSTROPHE: "'", JOINER: "\x7f"})
_LEADING: Final = re.compile(r"(?<![^ ])['\x7f]+")
_HARD: Final = re.compile(r"[;:()\[\]{}\u2013\u2014]| - |--")
_COMMA: Final = re.compile("[,\u3001\uff0c]")


class SpokenWords:
    r"""The words of a folded text and, if given, the punctuation of the text before folding.

    ``words`` are spelled as phrases are, apostrophes out, ``SENTENCE_END`` after each sentence and behind the last.
    ``bare`` has, for each word with clitics, the word without them, each with the place of a ``SENTENCE_END`` behind
    all words: who has read such a word can't go on.

    >>> from triage_triggers.folding import fold
    >>> text = SpokenWords(fold("My husband's left. He's here"))
    >>> text.words[:7], text.bare[1]
    (['my', 'husbands', 'left', '|', 'hes', 'here', '|'], (('husband', 7),))
    >>> text.start(4), text.end(4), text.end_of_bare(8)
    (19, 23, 21)
    """

    __slots__ = ("_behind", "_ends", "_raw", "_sentence_ends", "_spaced", "bare", "size", "words")

    def __init__(self, folded: str, raw: str = "") -> None:
        spaced = _SENTENCE_END.sub(TURN, folded).replace(STOP, GAP).replace(MARK, GAP).replace(TURN, " | ")
        self.bare: Mapping[int, tuple[tuple[str, int], ...]] = {}
        if APOSTROPHE in spaced or JOINER in spaced:
            spaced = spaced.translate(_KEPT)
            if " '" in spaced or " \x7f" in spaced or spaced[0] in "'\x7f":
                spaced = _LEADING.sub(lambda match: GAP * len(match[0]), spaced)
        self.words = spaced.split()
        self.size = len(self.words)
        self.words.append(SENTENCE_END)
        self._spaced, self._raw = spaced, raw
        self._behind: list[tuple[int, int]] = []
        self._ends: list[int] = []
        self._sentence_ends: list[int] = []
        if "'" in spaced or "\x7f" in spaced:
            self._take_apart()

    def _take_apart(self) -> None:
        words = self.words
        bare: dict[int, tuple[tuple[str, int], ...]] = {}
        for at in [at for at, word in enumerate(words) if "'" in word or "\x7f" in word]:
            words[at], without = _apart(words[at])
            if without:
                bare[at] = tuple([(stem, len(words) + number) for number, (stem, _) in enumerate(without)])
                self._behind += [(at, length) for _, length in without]
                words += [SENTENCE_END] * len(without)
        self.bare = bare

    def start(self, word: int) -> int:
        """Return where a word starts in the text."""
        return self._end(word) - len(self._written(word))

    def end(self, word: int) -> int:
        """Return where a word ends, quotation marks behind it left out."""
        written = self._written(word)
        return self._end(word) - len(written) + len(_without_quotes(written))

    def word_at(self, offset: int) -> int:
        """Return the number of the word that an offset of one lies in.

        >>> SpokenWords("he hit me").word_at(4)
        1
        """
        low, high = 0, self.size
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.start(middle) <= offset else (low, middle)
        return low

    def behind(self, place: int) -> int:
        """Return the word behind a ``SENTENCE_END`` that ``bare`` told of, or ``place`` itself."""
        return place if place <= self.size else self._behind[place - self.size - 1][0] + 1

    def end_before(self, place: int) -> int:
        """Return where what was read ends in the text, the next word to be read being at ``place``."""
        if place <= self.size:
            return self.end(place - 1)
        word, length = self._behind[place - self.size - 1]
        return self.start(word) + length

    def holds_clause_end(self, first: int, last: int) -> bool:
        """Tell whether a clause ends between two words: at a colon, a bracket, a dash, or a comma but around an aside.

        An aside is one word: "he went, love, and hit me". A hesitation is nothing, and nor are commas around it.
        """
        if not self._raw:
            return False
        commas = []
        for word in range(first, last):
            before, after = self.end(word), self.start(word + 1)
            between = self._raw[before:after]
            if between == GAP or any(map(str.isalnum, between)):  # what is blank in the folded text is a hesitation
                commas.append(False)
            elif _HARD.search(between):
                return True
            else:
                number = after - before == 1 and self._raw[before - 1].isdigit() and self._raw[after].isdigit()
                commas.append(not number and _COMMA.search(between) is not None)
        return any(
            comma and not (at and commas[at - 1]) and not any(commas[at + 1 : at + 2])
            for at, comma in enumerate(commas)
        )

    def _written(self, word: int) -> str:
        end = self._end(word)
        end += 2 * bisect_left(self._sentence_ends, word)
        start = self._spaced.rfind(GAP, 0, end) + 1
        return self._spaced[start:end]

    def _end(self, word: int) -> int:
        """Return where a word ends in the text, with every sign that touches it."""
        if not self._ends:
            parts = self._spaced.split(GAP)
            self._ends = list(compress(map(add, accumulate(map(len, parts)), count()), parts))
            self._sentence_ends = [at for at in range(self.size) if self.words[at] == SENTENCE_END]
        return self._ends[word] - 2 * bisect_left(self._sentence_ends, word)


@lru_cache(maxsize=4_096)  # a language has few contractions, said often
def _apart(written: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Return a word as phrases spell it, and each word that it is without its clitics, with how far that goes."""
    return _letters(written), tuple(_without_clitics(_without_quotes(written)))


def _without_clitics(stem: str) -> Iterator[tuple[str, int]]:
    for _ in range(MOST_CLITICS):
        stem, sign, clitic = stem.rpartition("'")
        if not sign or clitic.replace("\x7f", "") not in CLITICS:
            return
        stem = _without_quotes(stem)
        if letters := _letters(stem):
            yield letters, len(stem)


def _without_quotes(written: str) -> str:
    """Return a word without quotation marks behind it; accents written apart belong to the letter they follow."""
    letters = len(written.rstrip("'\x7f"))
    return written[: len(written) - len(written[letters:].lstrip("\x7f"))]


def _letters(written: str) -> str:
    return written.replace("'", "").replace("\x7f", "")
