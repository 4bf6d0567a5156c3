"""A class of words as its file describes it, and the spellings of an entry."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from triage_triggers.folding import APOSTROPHE, JOINER, fold
from triage_triggers.phrases.inflection import Inflector

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Sense", "ordinary_words", "spellings"]

Role = Literal[
    "pronoun", "owner", "person", "verb", "blow", "part", "limb", "surface", "place", "weapon", "need", "skip", "not",
    "passive", "by", "goal", "article", "adjective", "function", "idiom", "cue",
]  # fmt: skip
_OF_GRAMMAR = frozenset({
    "function", "article", "adjective", "skip", "not", "goal", "by", "passive", "pronoun", "owner",
})  # fmt: skip
LEAST_CLIPPED = len("thing") + 1
"""How long a form in -ing is at least that loses its last letter: `sing` and `thing` don't."""


class Sense(BaseModel):
    """A class of words, as its file describes it; ``name`` is the class's own.

    A ``cue`` is read by the code that asks for it by its name, and never stands for somebody or something. Its kind
    ``ending`` holds the ends of words.

    >>> Sense.model_validate({"name": "by", "is": "by", "words": ["by", "off"]}).closed
    True
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    is_: Role = Field(alias="is")
    sex: Literal["m", "f", "self", "you", "many", "who", "some"] | None = None
    tie: str | None = None
    age: Literal["child"] | None = None
    kind: str | None = None
    does: str | None = None
    takes: Literal["person", "part"] | None = None
    needs: Literal["owner", "article"] | None = None
    hard: bool = False
    kin: bool = False
    object: bool = False
    helps: bool = False
    words: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the class is small words of the grammar, which are nobody's name."""
        return self.is_ in _OF_GRAMMAR

    @property
    def harms(self) -> bool:
        """Whether its verbs harm whatever stands behind them, so that none of them can be kind as well."""
        soft = self.hard or self.kind == "held" or self.does in {"help", "give", "pour", "take", "coerce"}
        return self.is_ == "verb" and not soft


def spellings(written: str, language: str) -> Iterator[tuple[str, ...]]:
    """Yield the spellings of an entry, each cut into words as a call is.

    Raises:
        LookupError: The forms of a word with ``~`` are not known; the message says what to write instead.

    >>> [" ".join(words) for words in spellings("hit~ out at", "en")]
    ['hit out at', 'hits out at', 'hitting out at', 'hittin out at']
    """
    for chosen in product(*(_forms(word, language) for word in written.split())):
        yield tuple(part for word in chosen for part in _parts(word))


def _forms(word: str, language: str) -> tuple[str, ...]:
    if not word.endswith("~"):
        return (word,)
    forms = Inflector.for_language(language).forms(word[:-1])
    return forms + tuple(form[:-1] for form in forms if form.endswith("ing") and len(form) >= LEAST_CLIPPED)


def _parts(word: str) -> Iterator[str]:
    """Cut a word where a call is cut into words: at everything that is neither letter, digit nor apostrophe."""
    if word.isascii() and word.isalpha():  # as most are
        yield word.lower()
        return
    folded = fold(word).replace(JOINER, "").replace(APOSTROPHE, "'")
    spelled = "".join(sign if sign.isalnum() or sign == "'" else " " for sign in folded)
    yield from (part.strip("'") or part for part in spelled.split())


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Return the words of a language's dictionary, in all their forms: none of them is taken for a name.

    >>> "walked" in ordinary_words("en"), ordinary_words("pl")
    (True, frozenset())
    """
    try:
        return Inflector.for_language(language).all_forms()
    except LookupError:
        return frozenset()
