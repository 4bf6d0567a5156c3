"""Phrases with ``...``: one part is searched for, the others are looked for around it.

The part that is likely to be the rarest anchors the phrase, so that "he ... strangled me" costs nothing where nobody is
strangled, however often "he" is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.matching.words import FIRST_LOOK, words_after, words_before
from triage_triggers.folding import APOSTROPHE, JOINER, TURN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.matching.words import Word

__all__ = ["MAX_GAP_WORDS", "Gapped", "Surroundings"]

NEAR_WORDS: Final = 8
"""How many words on either side of an anchor are kept for the phrases that it anchors; most need no more."""

QUICK_LOOK: Final = 56
"""How many code points around an anchor are looked at to see whether it stands alone."""

MAX_GAP_WORDS: Final = 4
"""How many words ``...`` may stand for, at most."""

_TWICE: Final = re.compile(r"\t[^ \n\r]*\t")


class Gapped:
    """A phrase of several parts. ``anchor`` is the part to search for; the others are found by :meth:`spans`.

    ``barred`` are words that none of its gaps may hold.

    Frozen once made; safe to share.

    >>> phrase = Gapped((("he", "she"), ("hit me",)))
    >>> phrase.anchor, phrase.spans(Surroundings("she went and hit me", 13, 19))
    (1, [(0, 19)])
    """

    __slots__ = ("_after", "_before", "_first_words", "_last_words", "anchor")

    def __init__(self, parts: tuple[tuple[str, ...], ...], barred: frozenset[str] = frozenset()) -> None:
        self.anchor = max(range(len(parts)), key=lambda number: min(map(_rarity, parts[number])))
        self._before = [_Part(part, barred, last=True) for part in reversed(parts[: self.anchor])]
        self._after = [_Part(part, barred, last=False) for part in parts[self.anchor + 1 :]]
        self._last_words = self._before[0].edge if self._before else None
        self._first_words = self._after[0].edge if self._after else None

    def stands_alone(self, folded: str, start: int, end: int) -> bool:
        """Tell quickly that an anchor has none of the nearest words beside it; yes where most anchors are."""
        if self._last_words is not None:
            words = _nearest_before(folded, start)
            if words and self._last_words.isdisjoint(words):
                return True
        if self._first_words is not None:
            words = _nearest_after(folded, end)
            if words and self._first_words.isdisjoint(words):
                return True
        return False

    def is_ruled_out(self, near: Surroundings) -> bool:
        """Tell quickly that the parts can't stand around an anchor; most anchors stand alone."""
        if self._last_words is not None:
            before = near.last_before
            if before and self._last_words.isdisjoint(before):
                return True
        if self._first_words is not None:
            after = near.first_after
            if after and self._first_words.isdisjoint(after):
                return True
        return (bool(self._before) and not self._before[0].may_end(near.plain_before)) or (
            bool(self._after) and not self._after[0].may_begin(near.plain_after)
        )

    def spans(self, near: Surroundings) -> list[tuple[int, int]]:
        """Return the spans of the whole phrase around an anchor, every reading of the gaps."""
        if self.is_ruled_out(near):
            return []
        starts = {near.start}
        for part in self._before:
            starts = {found for at in starts for found in part.starts(near.words_before(at, part.needed))}
            if not starts:
                return []
        ends = {near.end}
        for part in self._after:
            ends = {found for at in ends for found in part.ends(near.words_after(at, part.needed))}
            if not ends:
                return []
        return sorted((first, last) for first in starts for last in ends)


class _Part:
    """A part that is looked for among words. ``edge`` are its words that may stand nearest to the anchor."""

    __slots__ = ("_barred", "_lengths", "_spellings", "edge", "needed")

    def __init__(self, spellings: tuple[str, ...], barred: frozenset[str], *, last: bool) -> None:
        self._barred = barred
        self._spellings = frozenset(spellings)
        self._lengths = sorted({spelling.count(" ") + 1 for spelling in spellings})
        self.edge = frozenset(spelling.split(" ")[-1 if last else 0] for spelling in spellings)
        self.needed = MAX_GAP_WORDS + self._lengths[-1]

    def starts(self, words: list[Word]) -> Iterator[int]:
        """Yield where the part begins if it ends among the last words, at most a gap from the end."""
        for last in range(len(words) - 1, max(-1, len(words) - 2 - MAX_GAP_WORDS), -1):
            if words[last].bare or words[last].whole in self.edge:
                for length in self._lengths:
                    first = last + 1 - length
                    if first >= 0 and self._end(words[first : last + 1]) is not None:
                        yield words[first].start
            if self._bars(words[last]):
                return

    def ends(self, words: list[Word]) -> Iterator[int]:
        """Yield where the part ends if it begins among the first words, at most a gap from the start."""
        for first, word in enumerate(words[: MAX_GAP_WORDS + 1]):
            if word.bare or word.whole in self.edge:
                for length in self._lengths:
                    if first + length <= len(words):
                        end = self._end(words[first : first + length])
                        if end is not None:
                            yield end
            if self._bars(word):
                return

    def _bars(self, word: Word) -> bool:
        """Tell whether no gap may hold a word."""
        barred = self._barred
        return bool(barred) and (word.whole in barred or any(bare in barred for bare, _ in word.bare))

    def may_end(self, words: list[str]) -> bool:
        """Tell quickly whether the part may end among the last words, at most a gap from the end; yes without words."""
        for last in range(len(words) - 1, len(words) - 2 - MAX_GAP_WORDS, -1):
            if last < 0:
                return True
            if words[last] in self.edge:
                for length in self._lengths:
                    first = last + 1 - length
                    if first < 0 or " ".join(words[first : last + 1]) in self._spellings:
                        return True
        return False

    def may_begin(self, words: list[str]) -> bool:
        """As ``may_end``, among the first words."""
        for first in range(MAX_GAP_WORDS + 1):
            if first >= len(words):
                return True
            if words[first] in self.edge:
                for length in self._lengths:
                    last = first + length
                    if last > len(words) or " ".join(words[first:last]) in self._spellings:
                        return True
        return False

    def _end(self, words: list[Word]) -> int | None:
        """Return where the words end if they spell the part; only the last may carry a clitic, which is left out."""
        last = words[-1]
        before = "".join([f"{word.whole} " for word in words[:-1]])
        if before + last.whole in self._spellings:
            return last.end
        return next((end for bare, end in last.bare if before + bare in self._spellings), None)


class Surroundings:
    """The words around an anchor, cut when first asked for and kept for the next phrase that it anchors."""

    __slots__ = (
        "_first_after",
        "_folded",
        "_last_before",
        "_plain_after",
        "_plain_before",
        "_words_after",
        "_words_before",
        "end",
        "start",
    )

    def __init__(self, folded: str, start: int, end: int) -> None:
        self._folded, self.start, self.end = folded, start, end
        self._last_before: list[str] | None = None
        self._first_after: list[str] | None = None
        self._plain_before: list[str] | None = None
        self._plain_after: list[str] | None = None
        self._words_before: list[Word] | None = None
        self._words_after: list[Word] | None = None

    @property
    def last_before(self) -> list[str]:
        """The words that may stand within a gap before the anchor, and some more; none where they can't be told."""
        if self._last_before is None:
            self._last_before = _nearest_before(self._folded, self.start)
        return self._last_before

    @property
    def first_after(self) -> list[str]:
        """As ``last_before``, after the anchor."""
        if self._first_after is None:
            self._first_after = _nearest_after(self._folded, self.end)
        return self._first_after

    @property
    def plain_before(self) -> list[str]:
        """Words before the anchor, the last ones complete; none where apostrophes make them hard to tell."""
        if self._plain_before is None:
            low = max(0, self.start - FIRST_LOOK)
            near = self._folded[low : self.start]
            words = [] if _is_intricate(near) else near.split()
            self._plain_before = words[1:] if low else words
        return self._plain_before

    @property
    def plain_after(self) -> list[str]:
        """As ``plain_before``, after the anchor, the first ones complete."""
        if self._plain_after is None:
            high = self.end + FIRST_LOOK
            near = self._folded[self.end : high]
            words = [] if _is_intricate(near) else near.split()
            self._plain_after = words[:-1] if high < len(self._folded) else words
        return self._plain_after

    def words_before(self, at: int, needed: int) -> list[Word]:
        """Return up to ``needed`` words before ``at``."""
        if at != self.start or needed > NEAR_WORDS:
            return words_before(self._folded, at, needed)
        if self._words_before is None:
            self._words_before = words_before(self._folded, at, NEAR_WORDS)
        return self._words_before[-needed:]

    def words_after(self, at: int, needed: int) -> list[Word]:
        """Return up to ``needed`` words after ``at``."""
        if at != self.end or needed > NEAR_WORDS:
            return words_after(self._folded, at, needed)
        if self._words_after is None:
            self._words_after = words_after(self._folded, at, NEAR_WORDS)
        return self._words_after[:needed]


def _is_intricate(near: str) -> bool:
    return APOSTROPHE in near or TURN in near or JOINER in near


def _nearest_before(folded: str, start: int) -> list[str]:
    low = max(0, start - QUICK_LOOK)
    return _roughly(folded[low:start], whole=low == 0, last=True)


def _nearest_after(folded: str, end: int) -> list[str]:
    high = end + QUICK_LOOK
    return _roughly(folded[end:high], whole=high >= len(folded), last=False)


def _roughly(near: str, *, whole: bool, last: bool) -> list[str]:
    """Return the words nearest to the anchor, with and without clitics; none where that can't be told from ``near``."""
    if _is_intricate(near):
        return _roughly_cut(near, whole=whole, last=last)
    words = near.split()
    if len(words) > _WANTED:
        return words[-_WANTED:] if last else words[:_WANTED]
    return (words or [""]) if whole else []


# One more than a gap, for the word behind it; one more, for a word that was cut in two.
_WANTED: Final = MAX_GAP_WORDS + 2


def _roughly_cut(near: str, *, whole: bool, last: bool) -> list[str]:
    if TURN in near:
        near = near.rpartition(TURN)[2] if last else near.partition(TURN)[0]
        whole = True
    if JOINER in near:
        near = near.replace(JOINER, "")
    words = near.replace(APOSTROPHE, "").split()
    if len(words) > _WANTED:
        words = words[-_WANTED:] if last else words[:_WANTED]
    elif not whole:
        return []
    if APOSTROPHE in near:
        if _TWICE.search(near):
            return []  # "he'd've" is "he", "he'd" and itself
        words += near.split()
    return words or [""]


def _rarity(phrase: str) -> float:
    """Estimate how rarely a literal is said: by its letters, common words counting little."""
    return sum(0.7 if word in _COMMON else len(word) for word in phrase.split(" "))


# Only speed depends on this: which part of a phrase is searched for, and which are looked for around it.
_COMMON: Final = frozenset(
    """
    a about after again all am an and any are as at away back be been before but by came can come coming could did
    do does doing down for from get getting go goes going gonna got had has have he hed hell her here hers hes him
    his hold how i id if ill im in into is it its ive just keep kept know left let like ll look lot make man may me
    mean more my no not now of off oh ok on one or our out over put ran right round said say see shall she shed
    shell shes so some that thats the their them then there theres they theyll theyre theyve think this to told too
    took turn two up us want wants was we well went were weve what when where who whos will with would yes you youll
    your youre youve
    """.split()  # noqa: SIM905  a list of words is read as words
)
