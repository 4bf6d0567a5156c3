"""Expanding phrases: from what a policy team wrote to the literal words that calls are searched for.

The parts of a phrase between ``...`` are expanded one by one, so a phrase stands for the *sum* of its parts' literal
phrases, and each part for the *product* of its items'. Both are counted before anything is expanded.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Final, assert_never

from triage_triggers.errors import PhraseError, near
from triage_triggers.matching.fold import fold_phrase
from triage_triggers.phrases.inflection import Inflector
from triage_triggers.phrases.lists import ListFault, read_lists
from triage_triggers.phrases.syntax import Choice, Inflected, Item, ListRef, Optional_, Phrase, Sequence, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
        self._pieces: dict[Words | ListRef, list[str]] = {}
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
        self._learn_words(phrase)
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
        return min(sum(map(self._count, phrase.segments)), MOST_COUNTED)

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
        match part:
            case Words():
                return 1
            case Inflected(word):
                return len(self._forms[word])
            case Optional_(content):
                return 1 + self._count(content)
            case Choice(alternatives):
                return sum(map(self._count, alternatives))
            case ListRef(name):
                return self._counts[name]
            case Sequence(items):
                return min(prod(map(self._count, items)), MOST_COUNTED)
        assert_never(part)

    def _say(self, part: Sequence | Item) -> list[str]:
        """Return every way to say ``part``: each word with a space after it, "" for saying nothing.

        Folding works word by word and parts meet only between words, so each piece of text is folded once, not each
        combination.
        """
        match part:
            case Words(text):
                if part not in self._pieces:
                    self._pieces[part] = [f"{fold_phrase(text)} "]
                return self._pieces[part]
            case Inflected(word):
                return [f"{form} " for form in self._forms[word]]
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
                combined = [""]
                for item in items:
                    pieces = self._say(item)
                    combined = [before + after for before in combined for after in pieces]
                return combined
        assert_never(part)
