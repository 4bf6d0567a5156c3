"""Expanding phrases: from what a policy team wrote to the literal words that calls are searched for.

The parts of a phrase between ``...`` are expanded one by one, so a phrase stands for the *sum* of its parts' literal
phrases, and each part for the *product* of its items'. Both are counted before anything is expanded.
"""

from __future__ import annotations

from copy import copy
from math import prod
from typing import TYPE_CHECKING, Final, assert_never

from triage_triggers.errors import PhraseError, near
from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.inflection import Inflector
from triage_triggers.phrases.lists import ListFault, read_lists
from triage_triggers.phrases.syntax import Choice, Inflected, Item, ListRef, Optional_, Phrase, Sequence, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

__all__ = ["MOST_COUNTED", "PER_PHRASE_LIMIT", "Expander"]

PER_PHRASE_LIMIT: Final = 20_000
"""How many literal phrases one phrase may stand for."""
MOST_COUNTED: Final = 10**15
"""Counting stops here: lists of lists could stand for numbers too long to hold."""


class Expander:
    """Expands phrases with a ruleset's ``lists`` (name to entries, which are phrases themselves) and ``language``.

    Making one reads all lists and never raises: ``list_faults`` holds every fault in them, each where it stands, and
    a phrase that uses a faulty list is refused. What was worked out is kept, so use one expander for a whole ruleset,
    from one thread.

    >>> from triage_triggers.phrases.syntax import parse_phrase
    >>> expander = Expander({"victim": ["me", "my (mum|mom)"]})
    >>> phrase = parse_phrase("he ... (hit~|punched) {victim}")
    >>> expander.count(phrase)
    13
    >>> expander.expand(phrase)[0], expander.expand(phrase)[1][:4]
    (('he',), ('hit me', 'hit my mom', 'hit my mum', 'hits me'))
    """

    def __init__(
        self,
        lists: Mapping[str, Iterable[str]],
        *,
        language: str = "en",
        per_phrase_limit: int = PER_PHRASE_LIMIT,
    ) -> None:
        self._language = language
        self._limit = per_phrase_limit
        self._forms: dict[str, tuple[str, ...]] = {}
        self._texts: dict[str, list[str]] = {}
        self._pieces: dict[Inflected | ListRef, list[str]] = {}
        self._words: dict[Words | Inflected | ListRef, frozenset[str]] = {}
        self._counted: dict[str, int] = {}
        self._said: frozenset[str] | None = None
        self._lists = read_lists(lists, self._learn_words)
        self.list_faults: tuple[ListFault, ...] = self._lists.faults
        self._counts: dict[str, int] = {}
        for name, entries in self._lists.entries.items():
            self._counts[name] = min(sum(map(self._count, entries)), MOST_COUNTED)

    def count(self, phrase: Phrase) -> int:
        """Return how many literal phrases ``phrase`` stands for, without expanding it.

        Combinations that come to the same words count each time; counting stops at ``MOST_COUNTED``.

        Raises:
            PhraseError: A list is unknown or has faults, or the inflections of a word are not known.
        """
        known = self._counted.get(phrase.source)
        if known is None:
            try:
                counts = list(map(self._count, phrase.segments))
            except KeyError:  # a word not met before, or something not known at all
                self._learn_words(phrase)
                self._check_lists(phrase)
                counts = list(map(self._count, phrase.segments))
            known = self._counted[phrase.source] = min(sum(counts), MOST_COUNTED)
        return known

    def _check_lists(self, phrase: Phrase) -> None:
        for item in phrase.walk():
            if isinstance(item, ListRef) and item.name not in self._counts:
                fault = self._lists.broken.get(item.name)
                known = [*self._counts, *self._lists.broken]
                message = (
                    f"the list {{{item.name}}} can't be used: {fault}"
                    if fault
                    else f"there is no list {{{item.name}}}: {near(item.name, known)}"
                )
                raise PhraseError(message, phrase.source, item.offset)

    def within(self, said: AbstractSet[str]) -> Expander:
        """Return an expander of the same lists that expands to phrases made of these words only, folded.

        >>> from triage_triggers.phrases.syntax import parse_phrase
        >>> expander = Expander({"victim": ["me", "my (mum|mom)"]}).within({"he", "hit", "my", "mum"})
        >>> expander.expand(parse_phrase("he ... hit~ {victim}")), expander.expand(parse_phrase("she hit {victim}"))
        ((('he',), ('hit my mum',)), ((),))
        """
        other = copy(self)
        vars(other).update(_said=frozenset(said), _texts={}, _pieces={})
        return other

    def words(self, phrase: Phrase) -> set[str]:
        """Return the words, folded, of all literal phrases that ``phrase`` stands for."""
        found: set[str] = set()
        for item in phrase.walk():
            if isinstance(item, Words | Inflected | ListRef):
                if item not in self._words:
                    self._words[item] = frozenset(word for said in self._say(item) for word in said.split())
                found |= self._words[item]
        return found

    def expand(self, phrase: Phrase) -> tuple[tuple[str, ...], ...]:
        """Return the literal phrases of each part of ``phrase``: folded, distinct, sorted.

        Raises:
            PhraseError: As :meth:`count`, or ``phrase`` stands for more literal phrases than the limit.
        """
        count = self.count(phrase)
        if count > self._limit:
            many = f"{count:,}" if count < MOST_COUNTED else f"{count:,} or more"
            message = f"this phrase stands for {many} literal phrases, more than the {self._limit:,} allowed: split it"
            raise PhraseError(message, phrase.source, 0)
        return tuple(tuple(sorted({said[:-1] for said in self._say(part)})) for part in phrase.segments)

    def _learn_words(self, phrase: Phrase) -> None:
        """Look up the words that ``~`` inflects."""
        for item in phrase.walk():
            if isinstance(item, Inflected) and item.word not in self._forms:
                try:
                    self._forms[item.word] = Inflector.for_language(self._language).forms(item.word)
                except LookupError as error:
                    raise PhraseError(str(error.args[0]), phrase.source, item.offset) from None

    def _count(self, part: Sequence | Item) -> int:
        if isinstance(part, Words):  # asked of every alternative of every phrase, so no match statement
            return 1
        if isinstance(part, Sequence):
            items = part.items
            return self._count(items[0]) if len(items) == 1 else min(prod(map(self._count, items)), MOST_COUNTED)
        if isinstance(part, Choice):
            return sum(map(self._count, part.alternatives))
        if isinstance(part, Optional_):
            return 1 + self._count(part.content)
        return self._counts[part.name] if isinstance(part, ListRef) else len(self._forms[part.word])

    def _say(self, part: Sequence | Item) -> list[str]:
        """Return every way to say ``part``: each word with a space after it, "" for saying nothing.

        Folding works word by word and parts meet only between words, so each piece of text is folded once, not each
        combination.
        """
        if isinstance(part, Words):  # most are, so no match statement for them
            pieces = self._texts.get(part.text)
            if pieces is None:
                pieces = self._texts[part.text] = self._sayable([f"{fold_phrase(part.text)} "])
            return pieces
        match part:
            case Inflected(word):
                if part not in self._pieces:
                    self._pieces[part] = self._sayable([f"{form} " for form in self._forms[word]])
                return self._pieces[part]
            case Optional_(content):
                return ["", *self._say(content)]
            case Choice(alternatives):
                return [said for alternative in alternatives for said in self._say(alternative)]
            case ListRef(name):
                if part not in self._pieces:
                    ways = (self._say(entry) for entry in self._lists.entries[name])
                    self._pieces[part] = list(dict.fromkeys(said for way in ways for said in way))
                return self._pieces[part]
            case Sequence(items):
                return self._say_in_order(items)
        assert_never(part)

    def _say_in_order(self, items: tuple[Item, ...]) -> list[str]:
        combined = self._say(items[0])
        for item in items[1:]:
            pieces = self._say(item)
            if not pieces:
                return []
            combined = [before + after for before in combined for after in pieces]
        return combined

    def _sayable(self, pieces: list[str]) -> list[str]:
        said = self._said
        return pieces if said is None else [piece for piece in pieces if said.issuperset(piece.split())]
