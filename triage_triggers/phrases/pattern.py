"""Phrases made ready to be matched over words: each a few elements, none of them multiplied out.

An element is a set of words, and the longer ways of saying it by the word that they begin and end with. A list is one
element, shared by all phrases that use it. What is counted, so that no ruleset can take the machine down, are words
and alternatives as written, those of lists included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, assert_never

from triage_triggers.errors import PhraseError, near
from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.inflection import Inflector
from triage_triggers.phrases.lists import ListFault, read_lists
from triage_triggers.phrases.spelling import spellings_of
from triage_triggers.phrases.syntax import (
    Choice,
    Inflected,
    Item,
    ListRef,
    Optional_,
    Phrase,
    Sequence,
    Words,
    parse_phrase,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "MAX_ELEMENTS",
    "MAX_WORDS",
    "Element",
    "Segment",
    "Vocabulary",
    "beginnings",
    "endings",
    "may_be_empty",
    "words_of",
]

MAX_ELEMENTS: Final = 20_000
"""How many words and alternatives one phrase or list may hold, those of the lists it uses included."""
MAX_WORDS: Final = 250
"""How many words one part of a phrase may run to."""
_NONE: Final[Mapping[str, tuple[Segment, ...]]] = {}


class Element(NamedTuple):
    """One place in a phrase: any of ``words``, or one of the longer ``ways`` of saying it.

    The ways stand in ``ahead`` by the words they begin with, and reversed in ``behind`` by those they end with.
    ``longest`` is how many words any of them runs to; ``respelled`` are those of the words that nobody wrote, which are
    only other spellings.
    """

    words: frozenset[str]
    ahead: Mapping[str, tuple[Segment, ...]] = _NONE
    behind: Mapping[str, tuple[Segment, ...]] = _NONE
    optional: bool = False
    ways: tuple[Segment, ...] = ()
    longest: int = 1
    respelled: frozenset[str] = frozenset()


Segment: TypeAlias = tuple[Element, ...]
"""One element after the other, nothing between: a part of a phrase between ``...``."""


class _Size(NamedTuple):
    elements: int
    words: int


def may_be_empty(segment: Segment) -> bool:
    """Tell whether nothing of a segment need be said."""
    return all(element.optional for element in segment)


def beginnings(segment: Segment) -> frozenset[str]:
    """Return the words that a segment may begin with.

    >>> sorted(beginnings(Vocabulary({}).segments_of("[just] (hit|lashed out at) me")[0]))
    ['hit', 'jist', 'jus', 'juss', 'just', 'lashed']
    """
    return _edge(segment, 1)


def endings(segment: Segment) -> frozenset[str]:
    """Return the words that a segment may end with."""
    return _edge(segment[::-1], -1)


def words_of(segment: Segment) -> frozenset[str]:
    """Return every word that a segment may be said with."""
    found: set[str] = set()
    for element in segment:
        found |= element.words
        found.update(*map(words_of, element.ways))
    return frozenset(found)


def _edge(segment: Segment, side: int) -> frozenset[str]:
    words: frozenset[str] = frozenset()
    for element in segment:
        table = element.ahead if side > 0 else element.behind
        words = words.union(element.words, table) if words or table else element.words
        if not element.optional:
            break
    return words


class Vocabulary:
    """A ruleset's ``lists`` (name to entries, phrases themselves) in a ``language``, and the phrases that use them.

    Making one reads all lists and never raises: ``list_faults`` holds every fault in them, each where it stands, and
    a phrase that uses a faulty list is refused. What was worked out is kept, so use one for a whole ruleset, from one
    thread.

    >>> vocabulary = Vocabulary({"victim": ["me", "my (mum|mom)"]})
    >>> he, harmed = vocabulary.segments_of("he ... (hit~|punched) {victim}")
    >>> sorted(harmed[0].words), sorted(harmed[1].words), sorted(harmed[1].ahead), sorted(harmed[1].behind)
    (['hit', 'hits', 'hittin', 'hitting', 'punched', 'puncht'], ['me'], ['ma', 'me', 'mi', 'my'], ['mom', 'mum'])
    """

    def __init__(self, lists: Mapping[str, Iterable[str]], *, language: str = "en") -> None:
        self._language, self._spellings = language, spellings_of(language)
        self._forms: dict[str, frozenset[str]] = {}
        self._texts: dict[str, Segment] = {}
        self._list_elements: dict[str, Element] = {}
        self._sizes: dict[str, _Size] = {}
        read = read_lists(lists, self._learn_words)
        self._broken = dict(read.broken)
        self._entries: dict[str, tuple[Sequence, ...]] = {}
        faults = list(read.faults)
        for name, entries in read.entries.items():
            size = self._size_of_list(entries)
            if size is None:
                self._broken[name] = "it uses a list that is too large"
            elif size.elements > MAX_ELEMENTS or size.words > MAX_WORDS:
                self._broken[name] = _too_large("list", size)
                faults.append(ListFault(name, 0, PhraseError(self._broken[name], str(entries[0]), 0)))
            else:
                self._sizes[name] = size
                self._entries[name] = entries
        self.list_faults: tuple[ListFault, ...] = tuple(faults)

    def knows(self, name: str) -> bool:
        """Tell whether there is a list of that name without a fault."""
        return name in self._sizes

    def check(self, phrase: Phrase) -> int:
        """Return how many words and alternatives ``phrase`` holds at most, those of its lists included.

        Raises:
            PhraseError: A list is unknown or has faults, the inflections of a word are not known, or it is too much.
        """
        self._learn_words(phrase)
        elements = words = len(phrase.source)  # more than it can have; most phrases are far from any limit
        for item in phrase.walk():
            if isinstance(item, ListRef):
                if not self.knows(item.name):
                    raise PhraseError(self._why_unknown(item.name), phrase.source, item.offset)
                elements += self._sizes[item.name].elements
                words += self._sizes[item.name].words
        if elements > MAX_ELEMENTS or words > MAX_WORDS:
            sizes = [self._size(segment) for segment in phrase.segments]
            size = _Size(sum(size.elements for size in sizes), max(size.words for size in sizes))
            if size.elements > MAX_ELEMENTS or size.words > MAX_WORDS:
                raise PhraseError(_too_large("phrase", size), phrase.source, 0)
        return elements

    def _why_unknown(self, name: str) -> str:
        fault = self._broken.get(name)
        if fault:
            return f"the list {{{name}}} can't be used: {fault}"
        return f"there is no list {{{name}}}: {near(name, [*self._sizes, *self._broken])}"

    def segments(self, phrase: Phrase) -> tuple[Segment, ...]:
        """Return the parts of a phrase that was checked."""
        return tuple(map(self._segment, phrase.segments))

    def segments_of(self, source: str) -> tuple[Segment, ...]:
        """Parse, check and return a phrase.

        Raises:
            PhraseError: It breaks the phrase language, or as for ``check``.
        """
        phrase = parse_phrase(source)
        self.check(phrase)
        return self.segments(phrase)

    def _learn_words(self, phrase: Phrase) -> None:
        """Look up the words that ``~`` inflects."""
        for item in phrase.walk():
            if isinstance(item, Inflected) and item.word not in self._forms:
                try:
                    forms = Inflector.for_language(self._language).forms(item.word)
                    self._forms[item.word] = frozenset(forms)
                except LookupError as error:
                    raise PhraseError(str(error.args[0]), phrase.source, item.offset) from None

    def _size_of_list(self, entries: tuple[Sequence, ...]) -> _Size | None:
        """Return the size of a list; none where it uses one that is too large."""
        try:
            sizes = [self._size(entry) for entry in entries]
        except KeyError:
            return None
        return _Size(sum(size.elements for size in sizes), max(size.words for size in sizes))

    def _size(self, part: Sequence | Item) -> _Size:
        match part:
            case Words(text):
                return _Size(len(self._literal(text)), len(self._literal(text)))
            case Inflected(word):
                return _Size(len(self._forms[word]), 1)
            case ListRef(name):
                return self._sizes[name]
            case Optional_(content):
                return self._size(content)
            case Choice(alternatives):
                sizes = [self._size(alternative) for alternative in alternatives]
                return _Size(sum(size.elements for size in sizes), max(size.words for size in sizes))
            case Sequence(items):
                sizes = [self._size(item) for item in items]
                return _Size(sum(size.elements for size in sizes), sum(size.words for size in sizes))
        assert_never(part)

    def _segment(self, sequence: Sequence) -> Segment:
        elements: list[Element] = []
        for item in sequence.items:
            if isinstance(item, Words):
                elements += self._literal(item.text)
            else:
                elements.append(self._element(item))
        return tuple(elements)

    def _literal(self, text: str) -> Segment:
        segment = self._texts.get(text)
        if segment is None:
            words = fold_phrase(text).split()
            segment = self._texts[text] = tuple(self._spelled(frozenset((word,))) for word in words)
        return segment

    def _spelled(self, words: frozenset[str]) -> Element:
        """Return any of some folded words, in all their spellings."""
        respelled = frozenset[str]().union(*map(self._spellings.of, words)) - words
        return Element(words | respelled, respelled=respelled)

    def _element(self, item: Inflected | ListRef | Optional_ | Choice) -> Element:
        match item:
            case Inflected(word):
                return self._spelled(self._forms[word])
            case ListRef(name):
                if name not in self._list_elements:
                    self._list_elements[name] = _any_of(map(self._segment, self._entries[name]))
                return self._list_elements[name]
            case Optional_(content):
                return _any_of([self._segment(content)])._replace(optional=True)
            case Choice(alternatives):
                return _any_of(map(self._segment, alternatives))
        assert_never(item)


def _any_of(alternatives: Iterable[Segment]) -> Element:
    words: set[str] = set()
    written: set[str] = set()
    ways: list[Segment] = []
    optional = False
    for segment in alternatives:
        if len(segment) > 1:
            ways.append(segment)
            optional = optional or may_be_empty(segment)
        else:
            words |= segment[0].words
            written |= segment[0].words - segment[0].respelled
            ways += segment[0].ways
            optional = optional or segment[0].optional
    if not ways:
        return Element(frozenset(words), optional=optional, respelled=frozenset(words - written))
    ahead: dict[str, list[Segment]] = {}
    behind: dict[str, list[Segment]] = {}
    for way in ways:
        reverse = way[::-1]
        for word in beginnings(way):
            ahead.setdefault(word, []).append(way)
        for word in endings(way):
            behind.setdefault(word, []).append(reverse)
    longest = max(sum(element.longest for element in way) for way in ways)
    return Element(
        frozenset(words),
        {word: tuple(begun) for word, begun in ahead.items()},
        {word: tuple(ended) for word, ended in behind.items()},
        optional,
        tuple(ways),
        longest,
        frozenset(words - written),
    )


def _too_large(kind: str, size: _Size) -> str:
    if size.elements > MAX_ELEMENTS:
        return f"this {kind} holds {size.elements:,} words, more than the {MAX_ELEMENTS:,} allowed: split it"
    return f"this {kind} may run to {size.words:,} words, more than the {MAX_WORDS} allowed: split it"
