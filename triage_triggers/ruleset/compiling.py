"""From a ruleset's phrases as written to what is matched over a call's words, every fault located."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.errors import Fault, PhraseError, RulesetError
from triage_triggers.phrases.pattern import Vocabulary
from triage_triggers.phrases.syntax import ListRef, Phrase, parse_phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from triage_triggers.documents.source import Place
    from triage_triggers.phrases.pattern import Segment
    from triage_triggers.ruleset.definition import Rule, Ruleset

    MakesFault: TypeAlias = Callable[[str, str, Place, str, int | None], Fault]

__all__ = [
    "MAX_RULESET_ELEMENTS",
    "CompiledPhrase",
    "CompiledRule",
    "Phrasebook",
    "compile_ruleset",
]

MAX_RULESET_ELEMENTS: Final = 2_000_000
"""How many words and alternatives all phrases of a ruleset may hold, those of lists once for each phrase."""


class CompiledPhrase(NamedTuple):
    """A phrase as written, and its parts between ``...``."""

    source: str
    segments: tuple[Segment, ...]


class CompiledRule(NamedTuple):
    """A rule with its phrases and ``unless`` ready to be matched."""

    rule: Rule
    phrases: tuple[CompiledPhrase, ...]
    unless: tuple[CompiledPhrase, ...]


def compile_ruleset(ruleset: Ruleset) -> tuple[CompiledRule, ...]:
    """Make every phrase of a ruleset ready to be matched.

    Raises:
        RulesetError: Phrases break the phrase language, lists are unknown or contain themselves, or a phrase, a list
            or the ruleset is too large; every such fault at once.

    >>> from triage_triggers.ruleset.definition import Ruleset
    >>> head = dict(format=1, id="demo", version="1.0.0", title="Demo", language="en", status="draft")
    >>> knife = dict(id="demo.knife", theme="weapon", phrases=["got [a] (knife|blade)"])
    >>> (rule,) = compile_ruleset(Ruleset(**head, code_system="nhs-arp", rules=[knife]))
    >>> [sorted(element.words) for element in rule.phrases[0].segments[0]]
    [['got'], ['a'], ['blade', 'knife']]
    """

    def unplaced(section: str, key: str, place: Place, message: str, offset: int | None) -> Fault:
        where = " ".join(str(step + 1) if isinstance(step, int) else step for step in place)
        subject = f"list '{key}' {where}" if section == "lists" else where
        rule = key if section == "rules" else None
        return Fault(
            f"ruleset {ruleset.id}", 1, 1 + (offset or 0), rule, f"{subject}: {message}" if subject else message
        )

    book = Phrasebook(ruleset.rules, ruleset.lists, ruleset.language, unplaced)
    faults = list(book.faults())
    if faults:
        raise RulesetError(faults)
    return book.compiled()


class Phrasebook:
    """The phrases of a ruleset, parsed, each once, and the vocabulary of each language that they are in.

    ``fault`` makes a fault of a section ("rules" or "lists"), an item's name, a place in it, a message and an offset.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        lists: Mapping[str, Iterable[str]],
        language: str,
        fault: MakesFault,
    ) -> None:
        self._rules, self._lists, self._language, self._fault = rules, lists, language, fault
        self._parsed: dict[str, Phrase] = {}
        languages = dict.fromkeys((language, *(rule.language or language for rule in rules)))
        self._vocabularies = {tag: Vocabulary(self._lists_of(tag, languages), language=tag) for tag in languages}

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with any list or phrase."""
        for vocabulary in self._vocabularies.values():
            for name, entry, error in vocabulary.list_faults:
                yield self._fault("lists", name, (entry,), error.message, error.offset)
        total = 0
        for rule in self._rules:
            vocabulary = self._vocabulary(rule)
            for section, texts in (("phrases", rule.phrases), ("unless", rule.unless)):
                for index, text in enumerate(texts):
                    try:
                        total += vocabulary.check(self._parse(text))
                    except PhraseError as error:
                        if not self._is_about_a_list_with_faults(rule, text, error):
                            yield self._fault("rules", rule.id, (section, index), error.message, error.offset)
            if total > MAX_RULESET_ELEMENTS:
                message = f"the ruleset's phrases up to here hold more than {MAX_RULESET_ELEMENTS:,} words"
                yield self._fault("rules", rule.id, (), message, None)
                return

    def compiled(self) -> tuple[CompiledRule, ...]:
        """Return every rule with its phrases."""

        def ready(rule: Rule, texts: Iterable[str]) -> tuple[CompiledPhrase, ...]:
            vocabulary = self._vocabulary(rule)
            return tuple(CompiledPhrase(text, vocabulary.segments(self._parse(text))) for text in texts)

        return tuple(CompiledRule(rule, ready(rule, rule.phrases), ready(rule, rule.unless)) for rule in self._rules)

    def _vocabulary(self, rule: Rule) -> Vocabulary:
        return self._vocabularies[rule.language or self._language]

    def _parse(self, text: str) -> Phrase:
        if text not in self._parsed:
            self._parsed[text] = parse_phrase(text)
        return self._parsed[text]

    def _lists_of(self, language: str, languages: Iterable[str]) -> Mapping[str, Iterable[str]]:
        """Return the lists that are read in a language: those its rules use; in the ruleset's, what no others use."""
        used = {tag: self._used_in(tag) for tag in languages}
        if language != self._language:
            return {name: entries for name, entries in self._lists.items() if name in used[language]}
        foreign = set[str]().union(*used.values()) - used[language]
        return {name: entries for name, entries in self._lists.items() if name not in foreign}

    def _used_in(self, language: str) -> set[str]:
        rules = [rule for rule in self._rules if (rule.language or self._language) == language]
        waiting = [text for rule in rules for text in (*rule.phrases, *rule.unless)]
        used: set[str] = set()
        while waiting:
            for name in self._named_in(waiting.pop()):
                if name in self._lists and name not in used:
                    used.add(name)
                    waiting += self._lists[name]
        return used

    def _named_in(self, text: str) -> tuple[str, ...]:
        try:
            return tuple(item.name for item in self._parse(text).walk() if isinstance(item, ListRef))
        except PhraseError:
            return ()  # reported where it stands

    def _is_about_a_list_with_faults(self, rule: Rule, text: str, error: PhraseError) -> bool:
        """Return whether the error points at a list that is there: what is wrong in it has been reported there."""
        items = self._parsed[text].walk() if text in self._parsed else ()
        return any(
            isinstance(item, ListRef)
            and item.offset == error.offset
            and item.name in self._lists
            and not self._vocabulary(rule).knows(item.name)
            for item in items
        )
