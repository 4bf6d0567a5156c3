"""Other spellings of a word: as a region says it, without its apostrophe, without its last g."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Spellings", "spellings_of"]

_FILES: Final = {"en": "spellings-en.txt"}
_ING: Final = "ing"
LEAST_ING: Final = 6
"""How many letters a word has at least that loses its last g: "hittin", not "thin" for "thing"."""


class Spellings(NamedTuple):
    """What a language's words are also written as.

    ``others`` are the other spellings by word, ``plain`` the word by another spelling of it; ``never`` are words that
    are not another's without its apostrophe: "hell" is not "he'll".

    >>> spellings = spellings_of("en-GB")
    >>> sorted(spellings.of("didn't")), sorted(spellings.of("hitting")), spellings.of("he'll")
    (['didna', 'didnae', 'didnt', 'didny', "din't", 'dint'], ['hittin'], frozenset())
    >>> spellings.plain["oot"], spellings_of("pl").of("didn't")
    ('out', frozenset())
    """

    others: Mapping[str, frozenset[str]]
    plain: Mapping[str, str]
    never: frozenset[str]

    def of(self, word: str) -> frozenset[str]:
        """Return the other spellings of a folded word."""
        found = set(self.others.get(word, ()))
        if not self.others:
            return frozenset()
        bare = word.replace("'", "")
        if bare != word and bare not in self.never:
            found.add(bare)
        if word.endswith(_ING) and len(word) >= LEAST_ING:
            found.add(word[:-1])
        return frozenset(found)


@cache
def spellings_of(language: str) -> Spellings:
    """Return the spellings of a language by its tag; regions make no difference, and most languages have none."""
    name = _FILES.get(language.partition("-")[0].lower())
    if name is None:
        return Spellings(MappingProxyType({}), MappingProxyType({}), frozenset())
    text = files(__package__).joinpath("data", name).read_text(encoding="ascii")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    others = {word: frozenset(rest) for word, *rest in lines}
    never = others.pop("never")
    plain = {spelled: word for word, of in others.items() for spelled in of}
    return Spellings(MappingProxyType(others), MappingProxyType(plain), never)
