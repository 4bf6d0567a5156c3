"""The words of a language that say who does what to whom, each with its classes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from triage_triggers.folding import APOSTROPHE, JOINER, fold
from triage_triggers.phrases.inflection import Inflector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Base", "Deed", "Sense", "Vocabulary", "bases", "inflector_of", "load_base", "load_vocabulary", "spellings"]

Role = Literal[
    "pronoun", "owner", "person", "verb", "blow", "part", "limb", "surface", "place", "weapon", "need", "skip", "not",
    "passive", "by", "goal", "article", "adjective", "function", "idiom",
]  # fmt: skip


class Sense(BaseModel):
    """A class of words, as its file describes it; ``name`` is the class's own."""

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
        return self.is_ in {
            "function",
            "article",
            "adjective",
            "skip",
            "not",
            "goal",
            "by",
            "passive",
            "pronoun",
            "owner",
        }

    @property
    def harms(self) -> bool:
        """Whether its verbs harm whatever stands behind them, so that none of them can be kind as well."""
        soft = self.hard or self.kind == "held" or self.does in {"help", "give", "pour", "take", "coerce"}
        return self.is_ == "verb" and not soft


class Deed(BaseModel):
    """What a rule's ``event`` may ask for: what it means, and a sentence that tells it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    means: str
    example: str


class Base(NamedTuple):
    """A language's vocabulary as shipped: ``name`` is its version and the start of its digest."""

    language: str
    name: str
    senses: Mapping[str, Sense]
    deeds: Mapping[str, Deed]


class Entry(NamedTuple):
    """A spelling of several words: those behind its first, and the class it stands for."""

    rest: tuple[str, ...]
    sense: Sense


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["1"]
    language: str
    version: str
    deeds: dict[str, Deed]
    classes: dict[str, Annotated[dict[str, object], Field(min_length=2)]]


class Vocabulary:
    """The classes of every word and set expression of a language. Immutable; share it between threads.

    >>> vocabulary = load_vocabulary("en")
    >>> [sense.name for sense in vocabulary.words["strangled"]]
    ['throttle']
    """

    __slots__ = ("expressions", "language", "name", "ordinary", "senses", "words")

    def __init__(self, language: str, name: str, senses: tuple[Sense, ...]) -> None:
        self.language, self.name, self.senses = language, name, senses
        inflector = inflector_of(language)
        words: dict[str, list[Sense]] = {}
        expressions: dict[str, list[Entry]] = {}
        for sense in senses:
            for written in sense.words:
                for first, *rest in spellings(written, inflector):
                    if not rest:
                        known = words.setdefault(first, [])
                        if sense not in known:
                            known.append(sense)
                    else:
                        expressions.setdefault(first, []).append(Entry(tuple(rest), sense))
        self.words: Mapping[str, tuple[Sense, ...]] = MappingProxyType({word: tuple(of) for word, of in words.items()})
        self.expressions: Mapping[str, tuple[Entry, ...]] = MappingProxyType(
            {first: tuple(sorted(of, key=lambda entry: -len(entry.rest))) for first, of in expressions.items()}
        )
        self.ordinary = _ordinary(language)

    def senses_of(self, spelled: tuple[str, ...]) -> tuple[Sense, ...]:
        """Return the classes of a word or set expression, given word by word."""
        if len(spelled) == 1:
            return self.words.get(spelled[0], ())
        return tuple(entry.sense for entry in self.expressions.get(spelled[0], ()) if entry.rest == spelled[1:])


def spellings(written: str, inflector: Inflector | None) -> Iterator[tuple[str, ...]]:
    """Yield the spellings of an entry: `hit~ out at` is hit, hits and hitting out at, and hittin as well.

    Raises:
        LookupError: The forms of a word with ``~`` are not known.

    >>> list(spellings("head-butt~", None))
    Traceback (most recent call last):
    LookupError: '~' knows no words of this language: write the forms out
    """
    for chosen in product(*(tuple(_forms(word, inflector)) for word in written.split())):
        yield tuple(part for word in chosen for part in _parts(word))


def _forms(word: str, inflector: Inflector | None) -> tuple[str, ...]:
    if not word.endswith("~"):
        return (word,)
    if inflector is None:
        raise LookupError("'~' knows no words of this language: write the forms out")
    forms = inflector.forms(word[:-1])
    return forms + tuple(form[:-1] for form in forms if form.endswith("ing") and len(form) > len("thing"))


def _parts(word: str) -> Iterator[str]:
    r"""Cut a word where a call is cut into words: at everything that is neither letter, digit nor apostrophe."""
    folded = fold(word).replace(JOINER, "").replace(APOSTROPHE, "'")
    spelled = "".join(sign if sign.isalnum() or sign == "'" else " " for sign in folded)
    yield from (part.strip("'") or part for part in spelled.split())


@cache
def _ordinary(language: str) -> frozenset[str]:
    """Return the words of a language's dictionary, in all their forms: none of them is taken for a name."""
    inflector = inflector_of(language)
    return frozenset() if inflector is None else inflector.all_forms()


def inflector_of(language: str) -> Inflector | None:
    """Return the inflector of a language, None where there is none."""
    try:
        return Inflector.for_language(language)
    except LookupError:
        return None


@cache
def load_base(language: str) -> Base | None:
    """Return the shipped vocabulary of a language, by its tag; regions make no difference. None where there is none.

    >>> load_base("en-GB").senses["throttle"].does
    'throttle'
    """
    tag = language.partition("-")[0].lower()
    source = files(__package__).joinpath("data", f"{tag}.yaml")
    if tag not in bases():
        return None
    content = source.read_text(encoding="utf-8")
    # The base loader: `on`, `no` and `off` are words here, not booleans.
    read = _Source.model_validate(yaml.load(content, Loader=_LOADER))  # noqa: S506  it makes nothing but strings
    senses = {name: Sense.model_validate({"name": name, **fields}) for name, fields in read.classes.items()}
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Base(tag, f"{read.language}/{read.version}+{digest}", senses, read.deeds)


@cache
def bases() -> tuple[str, ...]:
    """Return the languages that have a shipped vocabulary."""
    folder = files(__package__).joinpath("data")
    return tuple(sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml")))


@cache
def load_vocabulary(language: str) -> Vocabulary | None:
    """Return the shipped vocabulary of a language, ready to be looked up in. None where there is none."""
    base = load_base(language)
    return None if base is None else Vocabulary(base.language, base.name, tuple(base.senses.values()))


_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
