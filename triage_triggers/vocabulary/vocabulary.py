"""The words of a language that say who does what to whom, each with its classes."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

import ahocorasick
import yaml
from pydantic import BaseModel, ConfigDict, Field

from triage_triggers.phrases.spelling import spellings_of
from triage_triggers.vocabulary.cue import SILENT, Cue
from triage_triggers.vocabulary.form import Form, Tag
from triage_triggers.vocabulary.sense import Sense, ordinary_words, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Base", "Deed", "Entry", "Vocabulary", "bases", "load_base", "load_vocabulary"]

UNKNOWN: Final = 0
"""The number of a word that is in no set expression."""
MOST_FORMS: Final = 8_192
"""How many words' forms are remembered: most of what is said is said in few words."""
_NO_CUES: Final[frozenset[str]] = frozenset()


class Deed(BaseModel):
    """What a rule's ``event`` may ask for: what it means, and a sentence that tells it, if one can."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    means: str
    example: str | None = None


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


def _spelled(expressions: Mapping[str, tuple[Entry, ...]]) -> dict[tuple[str, ...], tuple[Entry, ...]]:
    """Return set expressions by all their words."""
    spelled: dict[tuple[str, ...], list[Entry]] = {}
    for first, entries in expressions.items():
        for entry in entries:
            spelled.setdefault((first, *entry.rest), []).append(entry)
    return {words: tuple(of) for words, of in spelled.items()}


def _automaton(spelled: Mapping[tuple[str, ...], tuple[Entry, ...]]) -> tuple[dict[str, int], ahocorasick.Automaton]:
    """Return numbers of the words of set expressions, and one automaton over their sequences."""
    ids: dict[str, int] = {}
    automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY, ahocorasick.KEY_SEQUENCE)
    for words, of in spelled.items():
        automaton.add_word(tuple(ids.setdefault(word, len(ids) + UNKNOWN + 1) for word in words), of)
    automaton.make_automaton()
    return ids, automaton


class Vocabulary:
    """The classes of every word and set expression of a language. Immutable; share it between threads.

    ``predicates`` are the cues that tie two people ("we're married") by their first words, each with its tie;
    ``form`` returns what a single word tells, and remembers it.

    >>> vocabulary = load_vocabulary("en")
    >>> [sense.name for sense in vocabulary.words["strangled"]]
    ['throttle']
    >>> "husband" in vocabulary.cue("possessive")
    False
    >>> vocabulary.form("bloke's").bare, sorted(vocabulary.form("bloke's").roles)
    ('bloke', ['person'])
    """

    def __init__(self, language: str, name: str, senses: tuple[Sense, ...]) -> None:
        self.language, self.name, self.senses = language, name, senses
        words: dict[str, dict[str, Sense]] = {}
        expressions: dict[str, list[Entry]] = {}
        for sense in senses:
            if sense.is_ == "cue":
                continue
            for first, *rest in (spelled for written in sense.words for spelled in spellings(written, language)):
                if rest:
                    expressions.setdefault(first, []).append(Entry(tuple(rest), sense))
                else:
                    words.setdefault(first, {}).setdefault(sense.name, sense)
        self.words: Mapping[str, tuple[Sense, ...]] = {word: tuple(of.values()) for word, of in words.items()}
        self.expressions: Mapping[str, tuple[Entry, ...]] = {
            first: tuple(sorted(of, key=lambda entry: -len(entry.rest))) for first, of in expressions.items()
        }
        spelled = _spelled(self.expressions)
        self._ids, self._automaton = _automaton(spelled)
        self._ending: dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]] = {}
        for (*start, last), of in spelled.items():
            self._ending.setdefault(last, []).append((tuple(start), of))
        told = {sense.name: sense for sense in senses if sense.is_ == "cue"}
        self._cues = {name: _cue(sense, language) for name, sense in told.items()}
        predicates: dict[str, list[tuple[str, Cue]]] = {}
        hinted: dict[str, set[str]] = {}
        for cue_name, cue in self._cues.items():
            tie = told[cue_name].tie
            for word in cue.words:
                hinted.setdefault(word, set()).add(cue_name)
            for word in cue.first_words if tie is not None else ():
                predicates.setdefault(word, []).append((tie or "", cue))
        self.predicates: Mapping[str, tuple[tuple[str, Cue], ...]] = {
            word: tuple(of) for word, of in predicates.items()
        }
        self._cues_of: Mapping[str, frozenset[str]] = {word: frozenset(of) for word, of in hinted.items()}
        self.ordinary = ordinary_words(language)
        self._plain = {
            spelled: word
            for spelled, word in spellings_of(language).plain.items()
            if spelled not in self.words and spelled not in self._cues_of
        }
        self.form: Callable[[str], Form] = lru_cache(MOST_FORMS)(self._form)

    def _form(self, word: str) -> Form:
        bare, possessive = self._bare(word), word.endswith(self.cue("possessive").endings)
        senses = self.words[word] if word in self.words else self.words.get(bare, ())
        tags = tuple(Tag(sense, 1, possessive) for sense in senses)
        return Form(bare, possessive, self._cues_of.get(word, _NO_CUES), tags, frozenset(sense.is_ for sense in senses))

    def plain(self, word: str) -> str:
        """Return a word as it is mostly spelled, where no class knows its spelling.

        >>> load_vocabulary("en").plain("pult"), load_vocabulary("en").plain("pull")
        ('pulled', 'pull')
        """
        return self._plain.get(word, word)

    def _bare(self, word: str) -> str:
        if "'" not in word:
            return word
        clitic = next(filter(word.endswith, self.cue("clitic").endings), None)
        return word.strip("'") if clitic is None else word[: -len(clitic)]

    def expressions_in(self, words: Sequence[str]) -> Iterator[tuple[int, tuple[Entry, ...]]]:
        """Yield each place at which set expressions of one spelling begin, with their entries.

        >>> vocabulary = load_vocabulary("en")
        >>> places = vocabulary.expressions_in(["he", "laid", "into", "me"])
        >>> [(at, entries[0].rest, entries[0].sense.does) for at, entries in places]
        [(1, ('into',), 'strike')]
        """
        if not self._automaton:
            return
        numbers = tuple(map(self._ids.get, words, repeat(UNKNOWN)))
        for last, entries in self._automaton.iter(numbers):
            yield last - len(entries[0].rest), entries

    def expressions_ending(self, word: str, words: Sequence[str], last: int) -> Iterator[tuple[int, tuple[Entry, ...]]]:
        """Yield each place at which set expressions begin that would end at ``last``, were that word another.

        >>> places = load_vocabulary("en").expressions_ending("carer", ["my", "live", "in", "carer's"], 3)
        >>> [(at, entries[0].sense.name) for at, entries in places]
        [(1, 'carer')]
        """
        for start, entries in self._ending.get(word, ()):
            at = last - len(start)
            if at >= 0 and tuple(words[at:last]) == start:
                yield at, entries

    def cue(self, name: str) -> Cue:
        """Return a class of cues by its name; a language may do without any of them."""
        return self._cues.get(name, SILENT)

    def senses_of(self, spelled: tuple[str, ...]) -> tuple[Sense, ...]:
        """Return the classes of a word or set expression, given word by word."""
        if len(spelled) == 1:
            return self.words.get(spelled[0], ())
        return tuple(entry.sense for entry in self.expressions.get(spelled[0], ()) if entry.rest == spelled[1:])


def _cue(sense: Sense, language: str) -> Cue:
    if sense.kind == "ending":
        return Cue((), tuple(sense.words))
    return Cue(spelled for written in sense.words for spelled in spellings(written, language))


@cache
def load_base(language: str) -> Base | None:
    """Return the shipped vocabulary of a language, by its tag; regions make no difference. None where there is none.

    >>> load_base("en-GB").senses["throttle"].does
    'throttle'
    """
    tag = language.partition("-")[0].lower()
    if tag not in bases():
        return None
    content = files(__package__).joinpath("data", f"{tag}.yaml").read_text(encoding="utf-8")
    # The base loader: `on`, `no` and `off` are words here, not booleans.
    read = _Source.model_validate(yaml.load(content, Loader=_LOADER))  # noqa: S506  it makes nothing but strings
    senses = {name: Sense.model_validate({"name": name, **fields}) for name, fields in read.classes.items()}
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Base(tag, f"{read.language}/{read.version}+{digest}", senses, read.deeds)


@cache
def bases() -> tuple[str, ...]:
    """Return the languages that have a shipped vocabulary."""
    names = [file.name for file in files(__package__).joinpath("data").iterdir()]
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load_vocabulary(language: str) -> Vocabulary | None:
    """Return the shipped vocabulary of a language, ready to be looked up in. None where there is none.

    >>> load_vocabulary("en-GB") is not None, load_vocabulary("pl")
    (True, None)
    """
    base = load_base(language)
    return None if base is None else Vocabulary(base.language, base.name, tuple(base.senses.values()))


_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
