"""Postcodes of the United Kingdom, written, spelt out, or in the spelling alphabet ("sierra whiskey one alpha …")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.digits import DIGIT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_postcodes"]

_AREAS: Final = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX"
    " FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N"
    " NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF"
    " TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREA: Final = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
_OUTWARD: Final = rf"(?:{_AREA})\d[A-Z\d]?"
_INWARD: Final = r"\d[ABD-HJLNP-UW-Z]{2}"
_WRITTEN: Final = re.compile(rf"(?<![^\W_]){_OUTWARD}[ ]?[\s-]?{_INWARD}(?![^\W_])", re.IGNORECASE | re.ASCII)
_JOINED: Final = re.compile(_OUTWARD + _INWARD, re.IGNORECASE | re.ASCII)
_ORDINAL: Final = re.compile(r"(?:1st|2nd|3rd|\dth)$")  # "flat N1 1st floor"
_ALPHABET_WORDS: Final = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa"
    " quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
_ALPHABET: Final = {word: word[0] for word in _ALPHABET_WORDS.split()}
_TOKEN: Final = re.compile(
    rf"(?<![^\W_])(?:{'|'.join((*DIGIT_WORDS, *_ALPHABET))}|[a-z]|[a-z]{{0,3}}\d[a-z\d]{{0,3}})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_GAP: Final = re.compile(r"[\s,.-]*")
_SHORTEST_SPELT: Final = 4
"""In how many parts a code must be said to count as spelt out."""


def find_postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of postcodes whose area exists.

    >>> list(find_postcodes("It's ZE9 9ZZ, zulu echo nine nine zulu zulu."))
    [(5, 12), (14, 43)]
    """
    for match in _WRITTEN.finditer(text):
        if not _ORDINAL.search(match[0]):
            yield match.span()
    yield from _spelt(text)


def _spelt(text: str) -> Iterator[tuple[int, int]]:
    parts: list[tuple[str, int, int]] = []
    behind = 0
    for token in _TOKEN.finditer(text):
        if parts and _GAP.fullmatch(text, behind, token.start()) is None:
            yield from _codes(parts)
            parts = []
        word = token[0].lower()
        said = word if len(word) == 1 else DIGIT_WORDS.get(word) or _ALPHABET.get(word) or word  # "o" is a letter here
        parts.append((said, *token.span()))
        behind = token.end()
    yield from _codes(parts)


def _codes(parts: list[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of whole parts that together spell a code, the longest from each part on."""
    if len(parts) < _SHORTEST_SPELT:
        return
    joined = "".join(said for said, _, _ in parts)
    firsts, lasts, at = {}, {}, 0
    for number, (said, _, _) in enumerate(parts):
        firsts[at] = number
        at += len(said)
        lasts[at] = number
    behind = 0
    for at, first in firsts.items():
        match = _JOINED.match(joined, at)
        if match and at >= behind and match.end() in lasts and lasts[match.end()] - first >= _SHORTEST_SPELT - 1:
            behind = match.end()
            yield parts[first][1], parts[lasts[match.end()]][2]
