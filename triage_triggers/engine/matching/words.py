"""A folded text cut into words, once, as phrases are matched over them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from itertools import accumulate, compress, count
from operator import add
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.matching.boundaries import sentence_end
from triage_triggers.folding import APOSTROPHE, GAP, JOINER, MARK, STOP, TURN

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CLITICS", "SpokenWords"]

CLITICS: Final = frozenset({"s", "ll", "d", "re", "ve", "m", "em"})
"""What may follow a phrase after an apostrophe ("my husband's hit me"); "n't" may not, it turns the meaning round."""
MOST_CLITICS: Final = 8
"""How many clitics a word may carry; "he'd've" has two."""

_LEADING: Final = re.compile(r"(?<![^ ])['\x7f]+")
_HARD: Final = re.compile(r"[;:()\[\]{}\u2013\u2014]| - |--")
_COMMA: Final = re.compile("[,\u3001\uff0c]")


class SpokenWords:
    r"""The words of a folded text and, if given, the text before folding, whose punctuation tells where clauses end.

    ``words`` are spelled as phrases are, apostrophes out, with an empty one behind the last. ``bare`` has, for each
    word with clitics, the word without them and how far it goes. A place is the number of the next word to be read;
    behind all words are the places at which somebody stands who has read a word without its clitics and can't go on.

    >>> text = SpokenWords("my  husband\ts left")
    >>> text.words, text.bare
    (['my', 'husbands', 'left', ''], {1: (('husband', 7),)})
    >>> text.start(1), text.end_before(2), text.end_before(text.place_of_bare(1, 0)), text.word_at(12)
    (4, 13, 11, 1)
    """

    def __init__(self, folded: str, raw: str = "") -> None:
        spaced = folded.replace(STOP, GAP).replace(MARK, GAP).replace(TURN, GAP)
        contracted = APOSTROPHE in spaced or JOINER in spaced
        if contracted:
            spaced = spaced.replace(APOSTROPHE, "'").replace(JOINER, "\x7f")  # which str.split takes for no white space
            if " '" in spaced or " \x7f" in spaced or spaced[0] in "'\x7f":
                spaced = _LEADING.sub(lambda match: GAP * len(match[0]), spaced)
        self._folded, self._spaced, self._raw = folded, spaced, raw
        self._written = spaced.split()
        self.size = len(self._written)
        self.words = [*self._written, ""]
        self.bare: dict[int, tuple[tuple[str, int], ...]] = {}
        if contracted:
            for sign in ("'", "\x7f"):
                for at in [at for at, word in enumerate(self._written) if sign in word] if sign in spaced else ():
                    self.words[at], without = _apart(self._written[at])
                    if without:
                        self.bare[at] = without

    @cached_property
    def _ends(self) -> list[int]:
        """Where words end in the text, with every sign that touches them."""
        parts = self._spaced.split(GAP)
        return list(compress(map(add, accumulate(map(len, parts)), count()), parts))

    def word_at(self, offset: int) -> int:
        """Return the number of the word that an offset of one lies in."""
        return bisect_right(self._ends, offset)

    def start(self, word: int) -> int:
        """Return where a word starts in the text."""
        return self._ends[word] - len(self._written[word])

    def end(self, word: int) -> int:
        """Return where a word ends, quotation marks behind it left out."""
        written = self._written[word]
        return self._ends[word] - len(written) + len(_without_quotes(written))

    def place_of_bare(self, word: int, number: int) -> int:
        """Return the place behind a word that was read without its clitics, which ``bare`` has under that number."""
        return self.size + 1 + word * MOST_CLITICS + number

    def behind(self, place: int) -> int:
        """Return the word that is next after a place, whether somebody can go on there or not."""
        return place if place <= self.size else (place - self.size - 1) // MOST_CLITICS + 1

    def end_before(self, place: int) -> int:
        """Return where what was read before a place ends in the text."""
        if place <= self.size:
            return self.end(place - 1)
        word, number = divmod(place - self.size - 1, MOST_CLITICS)
        return self.start(word) + self.bare[word][number][1]

    def is_one_sentence(self, start: int, end: int) -> bool:
        """Tell whether no sentence ends in a span."""
        return sentence_end(self._folded, start, end) == end

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
