"""A ruleset's own words: what it makes of its language's vocabulary, and what of that can't be so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from triage_triggers.documents.faults import quote
from triage_triggers.errors import near
from triage_triggers.vocabulary.changes import net_changes, vocabulary_of
from triage_triggers.vocabulary.reasons import Change
from triage_triggers.vocabulary.sense import spellings
from triage_triggers.vocabulary.vocabulary import bases, load_base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.documents.source import Place
    from triage_triggers.errors import Fault
    from triage_triggers.ruleset.definition import EventRule
    from triage_triggers.ruleset.draft import Draft, DraftEntry
    from triage_triggers.vocabulary.changes import WordChange
    from triage_triggers.vocabulary.vocabulary import Base, Vocabulary

__all__ = ["changes_of", "event_in_words", "ruleset_changes", "vocabulary_faults"]


def ruleset_changes(draft: Draft) -> dict[str, WordChange]:
    """Return what all files together, those of extended rulesets first, add to each class and take out of it."""
    written = ((name, entry.item) for (_, name), entry in draft.vocabulary.items())
    return net_changes((name, change) for name, change in written if change is not None)


def changes_of(draft: Draft) -> Iterator[Change]:
    """Yield each change of a class with the place where it is written."""
    for (file, name), entry in draft.vocabulary.items():
        if entry.item is not None:
            line, column = entry.source.position(entry.place)
            yield Change(name, entry.item, f"{file}:{line}:{column}")


def event_in_words(event: EventRule, language: str) -> Iterator[str]:
    """Yield the sentences that say what a rule about events looks for.

    >>> from triage_triggers.ruleset.definition import EventRule
    >>> list(event_in_words(EventRule(does="throttle", by="close"), "en"))
    ['Throttle: The neck is squeezed, or the breath stopped.', 'Done by close.']
    """
    base = load_base(language)
    for does in event.does:
        means = base.deeds[does].means if base is not None and does in base.deeds else "a deed of the vocabulary."
        yield f"{does.replace('_', ' ').capitalize()}: {means}"
    who = " or ".join(by.replace("_", " ") for by in event.by) or "anybody; the tie is found, not asked for"
    yield f"Done by {who}."


def vocabulary_faults(draft: Draft, own: Draft) -> Iterator[Fault]:
    """Yield what is wrong with the words of a ruleset and with the deeds that its rules ask for.

    ``own`` is the part of ``draft`` that is written in the ruleset itself and not in what it extends.
    """
    language = draft.head.language if draft.head is not None else None
    if language is None:
        return
    base = load_base(language)
    if base is None:
        yield from _without_a_base(draft, language)
        return
    for rule in draft.rules.values():
        for index, does in enumerate(rule.item.event.does if rule.item is not None and rule.item.event else ()):
            if does not in base.deeds:
                message = f"no verb and no frame tells a deed '{quote(does)}'; {near(does, base.deeds)}"
                yield rule.fault(("event", "does", index), message)
    faults = [*_word_faults(draft, base), *_both_ways(own)]
    yield from faults
    if not faults and draft.vocabulary:
        yield from _kind_and_harmful(draft, vocabulary_of(language, ruleset_changes(draft)))


def _without_a_base(draft: Draft, language: str) -> Iterator[Fault]:
    known = f"(vocabularies: {', '.join(bases())})"
    for rule in draft.rules.values():
        if rule.item is not None and rule.item.event is not None:
            message = f"events can't be read in '{language}'; write 'phrases' {known}"
            yield rule.fault(("event",), message)
    for entry in draft.vocabulary.values():
        message = f"there is no vocabulary of '{language}' to change {known}"
        yield entry.source.fault(entry.place, message, key=True)


def _word_faults(draft: Draft, base: Base) -> Iterator[Fault]:
    """Yield unknown classes, unknown forms, and words taken out that are not in a class."""
    added: defaultdict[str, set[str]] = defaultdict(set)
    for (_, name), entry in draft.vocabulary.items():
        if name not in base.senses:
            message = f"there is no class of words '{quote(name)}'; {near(name, base.senses)}"
            yield entry.source.fault(entry.place, message, key=True)
            continue
        known: set[tuple[str, ...]] | None = None
        for place, written in _written(entry):
            if written in added[name] and place[0] == "remove":
                continue
            try:
                spelled = set(spellings(written, base.language))
            except LookupError as error:
                yield entry.fault(place, f"{str(error.args[0]).partition(', as in')[0]}: hit, hits, hitting")
                continue
            if () in spelled:
                yield entry.fault(place, f"'{quote(written)}' has no word in it")
            elif place[0] == "remove":
                if known is None:
                    known = {way for word in base.senses[name].words for way in spellings(word, base.language)}
                if known.isdisjoint(spelled):
                    close = near(written, base.senses[name].words)
                    message = f"'{quote(written)}' is not in '{name}', so it can't be taken out; {close}"
                    yield entry.fault(place, message)
        added[name].update(entry.item.add if entry.item is not None else ())


def _written(entry: DraftEntry[WordChange]) -> Iterator[tuple[Place, str]]:
    if entry.item is not None:
        yield from ((("remove", index), written) for index, written in enumerate(entry.item.remove))
        yield from ((("add", index), written) for index, written in enumerate(entry.item.add))


def _both_ways(own: Draft) -> Iterator[Fault]:
    """Yield each word that the same ruleset adds to a class and takes out of it."""
    added: dict[tuple[str, str], tuple[DraftEntry[WordChange], Place]] = {}
    for (_, name), entry in own.vocabulary.items():
        added |= {(name, written): (entry, place) for place, written in _written(entry) if place[0] == "add"}
    for (_, name), entry in own.vocabulary.items():
        for place, written in _written(entry):
            if place[0] == "remove" and (name, written) in added:
                other, there = added[name, written]
                line, column = other.source.position((*other.place, *there))
                message = (
                    f"'{quote(written)}' is also added to '{name}', at {other.source.file}:{line}:{column}; keep one"
                )
                yield entry.fault(place, message)


def _kind_and_harmful(draft: Draft, vocabulary: Vocabulary | None) -> Iterator[Fault]:
    """Yield each added word that is a kind verb and a verb that harms at the same time."""
    if vocabulary is None:  # pragma: no cover  the language has a base
        return
    net = ruleset_changes(draft)
    for (_, name), entry in draft.vocabulary.items():
        for place, written in _written(entry):
            if place[0] == "remove" or name not in net or written not in net[name].add:
                continue
            for spelled in spellings(written, vocabulary.language):
                senses = vocabulary.senses_of(spelled)
                kind = next((sense.name for sense in senses if sense.does == "help"), None)
                harm = next((sense.name for sense in senses if sense.harms), None)
                if kind and harm and name in {kind, harm}:
                    message = (
                        f"'{' '.join(spelled)}' would be a kind verb ('{kind}') and a verb that harms ('{harm}'); "
                        f"take it out of '{harm if name == kind else kind}', or leave it out here"
                    )
                    yield entry.fault(place, message)
                    break
