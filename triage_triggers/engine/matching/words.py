"""A folded text cut into words where phrases are looked for: around a place, within its sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate, compress, count
from operator import add
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.matching.boundaries import sentence_end, sentence_start
from triage_triggers.folding import APOSTROPHE, GAP, JOINER, MARK, STOP, TURN

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CLITICS", "NO_WORD", "SpokenText", "Stretch"]

CLITICS: Final = frozenset({"s", "ll", "d", "re", "ve", "m", "em"})
"""What may follow a phrase after an apostrophe ("my husband's hit me"); "n't" may not, it turns the meaning round."""
NO_WORD: Final = TURN
"""Stands among words where there is none, so that no phrase goes on."""
MOST_CLITICS: Final = 8
"""How many clitics a word may carry; "he'd've" has two."""
LETTERS_A_WORD: Final = 8
"""How many code points a word is taken to be where its surroundings are cut out; where that is not enough, more are."""

_LEADING: Final = re.compile(r"(?<![^ ])['\x7f]+")
_HARD: Final = re.compile(r"[;:()\[\]{}\u2013\u2014]| - |--")
_COMMA: Final = re.compile("[,\u3001\uff0c]")


class SpokenText:
    """A folded text and, if given, the same before folding, whose punctuation tells where clauses end.

    ``reach`` is how many words on either side of a place can matter.

    >>> stretch, word = SpokenText("it was so|he hit me|ok", reach=5).around(14)
    >>> stretch.words, word, stretch.start(word), stretch.end(word)
    (['he', 'hit', 'me', '|'], 1, 13, 16)
    """

    __slots__ = ("_folded", "_raw", "_reach", "_stretch")

    def __init__(self, folded: str, raw: str = "", *, reach: int) -> None:
        self._folded, self._raw, self._reach = folded, raw, reach
        self._stretch: Stretch | None = None

    def around(self, offset: int) -> tuple[Stretch, int]:
        """Return the words around the one that lies at an offset, all of its sentence that are within reach, and it."""
        stretch = self._stretch
        if stretch is None or not stretch.safe_from <= offset < stretch.safe_to:
            stretch = self._stretch = self._cut(offset)
        return stretch, stretch.word_at(offset)

    def _cut(self, offset: int) -> Stretch:
        folded = self._folded
        look = LETTERS_A_WORD * (self._reach + 2)
        while True:
            low, high = max(0, offset - look), min(len(folded), offset + 2 * look)
            floor, ceiling = sentence_start(folded, low, offset), sentence_end(folded, offset, high)
            stretch = Stretch(folded[floor:ceiling], floor, self._raw)
            # What was cut in two is beyond reach, or more is looked at.
            if floor == low > 0:
                stretch.safe_from = stretch.start(self._reach + 1) if stretch.size > self._reach + 1 else len(folded)
            if ceiling == high < len(folded):
                last = stretch.size - 2 - self._reach
                stretch.safe_to = stretch.end(last) if last >= 0 else 0
            if stretch.safe_from <= offset < stretch.safe_to:
                return stretch
            look *= 2


class Stretch:
    r"""The words of a stretch of one sentence, which begins at the offset ``base`` of a text.

    ``words`` are spelled as phrases are, apostrophes out, with ``NO_WORD`` behind the last. ``bare`` has, for each word
    with clitics, the word without them, each with a place of its own behind all words: who has read it can't go on.

    >>> stretch = Stretch("my husband\ts left", 0)
    >>> stretch.words, stretch.bare
    (['my', 'husbands', 'left', '|', '|'], {1: (('husband', 4),)})
    >>> stretch.end(1), stretch.end_before(4), stretch.behind(4)
    (12, 10, 2)
    """

    __slots__ = ("_behind", "_ends", "_raw", "_spaced", "_written", "bare", "base", "safe_from", "safe_to", "size", "words")

    def __init__(self, folded: str, base: int, raw: str = "") -> None:
        spaced = folded.replace(STOP, GAP).replace(MARK, GAP)
        self.bare: dict[int, tuple[tuple[str, int], ...]] = {}
        self._behind: list[tuple[int, int]] = []
        contracted = APOSTROPHE in spaced or JOINER in spaced
        if contracted:
            spaced = spaced.replace(APOSTROPHE, "'").replace(JOINER, "\x7f")  # which str.split takes for no white space
            spaced = _LEADING.sub(lambda match: GAP * len(match[0]), spaced)
        self._written = spaced.split()
        self.words = [*self._written, NO_WORD]
        self.size = len(self._written)
        self.base, self.safe_from, self.safe_to = base, base, base + len(folded)
        self._spaced, self._raw = spaced, raw
        self._ends: list[int] = []
        if contracted:
            self._take_apart()

    def _take_apart(self) -> None:
        words = self.words
        for at, written in enumerate(self._written):
            if "'" in written or "\x7f" in written:
                words[at], without = _apart(written)
                if without:
                    self.bare[at] = tuple([(stem, len(words) + number) for number, (stem, _) in enumerate(without)])
                    self._behind += [(at, length) for _, length in without]
                    words += [NO_WORD] * len(without)

    def word_at(self, offset: int) -> int:
        """Return the number of the word that an offset of one lies in."""
        return len(self._spaced[: offset + 1 - self.base].split()) - 1

    def start(self, word: int) -> int:
        """Return where a word starts in the text."""
        return self._end(word) - len(self._written[word])

    def end(self, word: int) -> int:
        """Return where a word ends, quotation marks behind it left out."""
        written = self._written[word]
        return self._end(word) - len(written) + len(_without_quotes(written))

    def behind(self, place: int) -> int:
        """Return the word behind a place that ``bare`` told of, or ``place`` itself."""
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

    def _end(self, word: int) -> int:
        """Return where a word ends in the text, with every sign that touches it."""
        if not self._ends:
            parts = self._spaced.split(GAP)
            self._ends = list(compress(map(add, accumulate(map(len, parts)), count(self.base)), parts))
        return self._ends[word]


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
