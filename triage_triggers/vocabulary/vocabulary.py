"""The words of a language that say who does what to whom, each with its classes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.inflection import Inflector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Sense", "Vocabulary", "load_vocabulary"]

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
        return self.is_ in {"function", "article", "adjective", "skip", "not", "goal", "by", "passive", "pronoun", "owner"}


class Entry(NamedTuple):
    """A spelling of several words: those behind its first, and the class it stands for."""

    rest: tuple[str, ...]
    sense: Sense


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["1"]
    language: str
    version: str
    classes: dict[str, Annotated[dict[str, object], Field(min_length=2)]]


class Vocabulary:
    """The classes of every word and set expression of a language. Immutable; share it between threads.

    >>> vocabulary = load_vocabulary("en")
    >>> [sense.name for sense in vocabulary.words["strangled"]]
    ['throttle']
    """

    __slots__ = ("expressions", "language", "name", "ordinary", "words")

    def __init__(self, language: str, name: str, senses: tuple[Sense, ...]) -> None:
        self.language, self.name = language, name
        inflector = _inflector(language)
        words: dict[str, list[Sense]] = {}
        expressions: dict[str, list[Entry]] = {}
        for sense in senses:
            for written in sense.words:
                for first, *rest in _spellings(written, inflector):
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


def _spellings(written: str, inflector: Inflector | None) -> Iterator[tuple[str, ...]]:
    """Yield the spellings of an entry: `hit~ out at` is hit, hits and hitting out at, and hittin as well."""
    first, *rest = [part.replace("\u2019", "'").lower() for part in written.split()]
    forms: tuple[str, ...] = (first,)
    if first.endswith("~"):
        forms = (first[:-1],)
        if inflector is not None:
            try:
                forms = inflector.forms(first[:-1])
            except LookupError:
                forms = tuple(_regular(first[:-1]))
        forms += tuple(form[:-1] for form in forms if form.endswith("ing") and len(form) > len("thing"))
    for form in forms:
        tail = tuple(part for word in rest for part in _parts(word))
        yield (*_parts(form), *tail)


def _parts(word: str) -> Iterator[str]:
    r"""Cut a word where a call is cut into words: at everything that is neither letter, digit nor apostrophe."""
    spelled = "".join(sign if sign.isalnum() or sign == "'" else " " for sign in word)
    yield from (part.strip("'") if part.strip("'") else part for part in spelled.split())


def _regular(base: str) -> Iterator[str]:
    stem = base.removesuffix("e")
    yield from (base, f"{base}s", f"{stem}ed", f"{stem}ing")


@cache
def _ordinary(language: str) -> frozenset[str]:
    """Return the words of a language's dictionary, in all their forms: none of them is taken for a name."""
    inflector = _inflector(language)
    return frozenset() if inflector is None else inflector.all_forms()


def _inflector(language: str) -> Inflector | None:
    try:
        return Inflector.for_language(language)
    except LookupError:
        return None


@cache
def load_vocabulary(language: str) -> Vocabulary | None:
    """Return the shipped vocabulary of a language, by its tag; regions make no difference. None where there is none."""
    tag = language.partition("-")[0].lower()
    source = files(__package__).joinpath("data", f"{tag}.yaml")
    if not source.is_file():
        return None
    content = source.read_text(encoding="utf-8")
    # The base loader: `on`, `no` and `off` are words here, not booleans.
    read = _Source.model_validate(yaml.load(content, Loader=_LOADER))  # noqa: S506  it makes nothing but strings
    senses = tuple(Sense.model_validate({"name": name, **fields}) for name, fields in read.classes.items())
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Vocabulary(tag, f"{read.language}/{read.version}+{digest}", senses)


_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
