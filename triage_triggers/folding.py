"""Folding: one spelling for what sounds the same, never changing a text's length.

Every character becomes exactly one other, so an offset into the folded text is an offset into the original. Letters
lose case and accents; everything else becomes one of five separators (see the constants).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = [
    "APOSTROPHE",
    "GAP",
    "HESITATIONS",
    "JOINER",
    "MARK",
    "RECORD_SEPARATOR",
    "SEPARATORS",
    "STOP",
    "TURN",
    "fold",
    "fold_phrase",
]

GAP: Final = " "
"""Between words: white space, most punctuation, symbols, controls, lone surrogates."""
APOSTROPHE: Final = "\t"
"""Inside a word ("he's"), or a quotation mark around one."""
JOINER: Final = "\x0b"
"""Invisible or combining: accents written apart, zero-width joiners, soft hyphens. Never ends a word."""
STOP: Final = "\n"
"""A full stop: ends a sentence unless a letter follows at once ("p.t.") or it is one of several ("he ... hit me")."""
MARK: Final = "\r"
"""A question or exclamation mark: ends a sentence unless a letter follows at once ("?fracture")."""
TURN: Final = "|"
"""Between two speakers. Not white space, so that no phrase can run across it."""

SEPARATORS: Final = frozenset((GAP, APOSTROPHE, JOINER, STOP, MARK, TURN))

HESITATIONS: Final = frozenset({"um", "uh", "er", "erm"})
"""What is blank in a folded call, and left out of phrases."""
_PAUSE: Final = STOP * 2
# Behind a stop as well, and quick to look for; what is really before is asked of the few that are found.
_HESITATION: Final = re.compile(rf"(?<=[{GAP}{STOP}])(?:{'|'.join(sorted(HESITATIONS))})(?={GAP}|{_PAUSE})")
_APOSTROPHES: Final = frozenset("'\u2018\u2019\u201b\u02bc\u02b9\uff07`\u00b4")
_STOPS: Final = frozenset(".\u3002\uff0e\u0964\u06d4")
_MARKS: Final = frozenset("?!\uff1f\uff01\u061f\u203c\u203d\u2047\u2048\u2049")
# Letters that Unicode does not decompose although readers take them for the plain letter.
_PLAIN: Final = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t"}
RECORD_SEPARATOR: Final = "\x1e"
"""What a call's layout puts between two speakers before folding; folds to ``TURN``."""

MOST_REMEMBERED: Final = 20_000
"""How many characters the table keeps: more than any language writes, far fewer than there are."""


def _fold_character(character: str) -> str:
    if character == RECORD_SEPARATOR:
        return TURN
    if character in _APOSTROPHES:
        return APOSTROPHE
    if character in _STOPS:
        return STOP
    if character in _MARKS:
        return MARK
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return JOINER
    if category[0] not in "LN":
        return GAP
    letters = [part for part in unicodedata.normalize("NFKD", character) if unicodedata.category(part)[0] in "LN"]
    plain = letters[0] if len(letters) == 1 else character
    if plain in _APOSTROPHES:
        return APOSTROPHE
    lower = plain.lower()
    lower = lower if len(lower) == 1 else plain
    return _PLAIN.get(lower, lower)


class _FoldTable(dict[int, str]):
    """A translation table that learns a character the first time it is seen. Same answer from every thread."""

    def __missing__(self, code_point: int) -> str:
        folded = _fold_character(chr(code_point))
        if len(self) < MOST_REMEMBERED:
            self[code_point] = folded
        return folded


_TABLE: Final = _FoldTable({code_point: _fold_character(chr(code_point)) for code_point in range(128)})


def fold(text: str) -> str:
    r"""Return ``text`` folded, character for character, with hesitations ("um", "er") blanked out.

    >>> fold("He’s, um, HIT me.")
    'he\ts      hit me\n'
    >>> len(fold("İstanbul, straße, e\u0301 😀")) == len("İstanbul, straße, e\u0301 😀")
    True
    """
    if not text.isascii():
        # One curly quote would take the whole text off translate's fast path for ASCII.
        text = text.replace("\u2019", "'")
    return _HESITATION.sub(_blank_if_alone, text.translate(_TABLE))


def _blank_if_alone(said: re.Match[str]) -> str:
    """Blank what stands between gaps and pauses: "he um... hit me"."""
    return GAP * len(said[0]) if said.string.endswith((GAP, _PAUSE), 0, said.start()) else said[0]


def fold_phrase(text: str) -> str:
    """Return a phrase's words as they are compared with a call's: folded, one space between.

    Apostrophes go (speech recognisers leave them out), so "he's" and "hes" are one word; so do hesitations, which
    are blank in a folded call. Empty where nothing is left.

    >>> fold_phrase("He’s  got a — KNIFE"), fold_phrase("um …")
    ('hes got a knife', '')
    """
    if text.isascii() and text.isalnum():  # one plain word, as most are that phrases are made of
        word = text.lower()
        return "" if word in HESITATIONS else word
    folded = text.translate(_TABLE).replace(APOSTROPHE, "").replace(JOINER, "").replace(TURN, GAP)
    return GAP.join(word for word in folded.split() if word not in HESITATIONS)
