"""Codes spelt out: letter by letter, in the spelling alphabet, "M for mother", digits as words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.numbers import DIGIT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_spelt"]

_ALPHABET_WORDS: Final = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa"
    " quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
_ALPHABET: Final = {word: word[0] for word in _ALPHABET_WORDS.split()}
_PART: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<letter>[a-z])\s{{1,3}}(?:for|as\s{{1,3}}in)\s{{1,3}}[a-z]{{2,20}}"
    rf"|double\s{{1,3}}(?P<twice>[a-z]|{'|'.join(DIGIT_WORDS)})"
    rf"|{'|'.join((*DIGIT_WORDS, *_ALPHABET))}|[a-z]|[a-z]{{0,3}}\d[a-z\d]{{0,3}})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_GAP: Final = re.compile(r"[\s,.-]*")
_SHORTEST: Final = 4
"""In how many parts a code must be said to count as spelt out."""


def find_spelt(text: str, code: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans in which the letters and digits of a code are spelt out.

    >>> text = "It's m for mother, k, one, one for the code."
    >>> [text[start:end] for start, end in find_spelt(text, re.compile(r"mk11"))]
    ['m for mother, k, one, one']
    """
    parts: list[tuple[str, int, int]] = []
    behind = 0
    for token in _PART.finditer(text):
        if parts and _GAP.fullmatch(text, behind, token.start()) is None:
            yield from _codes(parts, code)
            parts = []
        parts.append((_said(token), *token.span()))
        behind = token.end()
    yield from _codes(parts, code)


def _said(token: re.Match[str]) -> str:
    word = (token["letter"] or token["twice"] or token[0]).lower()
    # "o" is a letter here
    said = word if len(word) == 1 else DIGIT_WORDS.get(word) or _ALPHABET.get(word) or word
    return said * 2 if token["twice"] else said


def _codes(parts: list[tuple[str, int, int]], code: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of whole parts that together spell a code, the longest from each part on."""
    if len(parts) < _SHORTEST:
        return
    joined = "".join(said for said, _, _ in parts)
    firsts, lasts, at = {}, {}, 0
    for number, (said, _, _) in enumerate(parts):
        firsts[at] = number
        at += len(said)
        lasts[at] = number
    behind = 0
    for at, first in firsts.items():
        match = code.match(joined, at)
        if match and at >= behind and match.end() in lasts and lasts[match.end()] - first >= _SHORTEST - 1:
            behind = match.end()
            yield parts[first][1], parts[lasts[match.end()]][2]
