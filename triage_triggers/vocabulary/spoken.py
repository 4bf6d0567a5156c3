"""Whether what is said may be in a language at all, told from its word list."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from triage_triggers.folding import fold_phrase
from triage_triggers.vocabulary.sense import ordinary_words
from triage_triggers.vocabulary.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_foreign"]

_WORD: Final = re.compile(r"[^\W\d_]+")
LONG: Final = 4
"""How many letters a word has that two languages seldom share."""
ENOUGH: Final = 5
"""From how many long words on these alone are asked; in fewer, any word."""
LEAST_SHARE: Final = 0.3
"""Which share of the words a language's list has at least; other languages have some of English as well."""
FEWEST: Final = 3
"""Of fewer words nothing is said: a name and a street are of any language."""


def is_foreign(text: str, languages: Iterable[str]) -> bool:
    """Tell whether few words of a text are in any of some languages; False where one of them has no word list.

    >>> is_foreign("Mój mąż uderzył mnie pięścią w twarz, bardzo krwawię, proszę przyjechać.", ["en"])
    True
    >>> is_foreign("My husband hit me in the face.", ["en"]), is_foreign("Uderzył mnie dwa razy.", ["en", "pl"])
    (False, False)
    """
    lists = [_words_of(language) for language in languages]
    said = {word for word in map(fold_phrase, _WORD.findall(text)) if len(word) > 1}
    if not all(lists) or len(said) < FEWEST:
        return False
    long = {word for word in said if len(word) >= LONG}
    asked = long if len(long) >= ENOUGH else said
    known = sum(any(word in listed for listed in lists) for word in asked)
    return known < LEAST_SHARE * len(asked)


@cache
def _words_of(language: str) -> frozenset[str]:
    vocabulary = load_vocabulary(language)
    return frozenset() if vocabulary is None else ordinary_words(language) | frozenset(vocabulary.words)
