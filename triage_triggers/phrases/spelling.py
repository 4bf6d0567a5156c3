"""Other spellings of a word: as a region says it, or without its last g. Apostrophes never matter to a phrase."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.folding import fold_phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Spellings", "spellings_of"]

_FILES: Final = {"en": "spellings-en.txt"}
_ING: Final = "ing"
LEAST_ING: Final = 6
"""How many letters a word has at least that loses its last g: "hittin", not "thin" for "thing"."""


class Spellings(NamedTuple):
    """What a language's words are also written as: ``others`` by folded word, ``plain`` the word by another spelling.

    >>> spellings = spellings_of("en-GB")
    >>> sorted(spellings.of("didnt")), sorted(spellings.of("hitting"))
    (['didna', 'didnae', 'didny', 'dint'], ['hittin'])
    >>> spellings.plain["oot"], spellings_of("pl").of("hitting")
    ('out', frozenset())
    """

    others: Mapping[str, frozenset[str]]
    plain: Mapping[str, str]

    def of(self, word: str) -> frozenset[str]:
        """Return the other spellings of a folded word, folded."""
        found = self.others.get(word, frozenset())
        dropped = self.others and word.endswith(_ING) and len(word) >= LEAST_ING
        return found | {word[:-1]} if dropped else found


@cache
def spellings_of(language: str) -> Spellings:
    """Return the spellings of a language by its tag; regions make no difference, and most languages have none."""
    name = _FILES.get(language.partition("-")[0].lower())
    if name is None:
        return Spellings(MappingProxyType({}), MappingProxyType({}))
    text = files(__package__).joinpath("data", name).read_text(encoding="ascii")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    others = {fold_phrase(word): frozenset(map(fold_phrase, rest)) - {fold_phrase(word)} for word, *rest in lines}
    plain = {spelled: word for word, *rest in lines for spelled in rest}
    return Spellings(MappingProxyType(others), MappingProxyType(plain))
