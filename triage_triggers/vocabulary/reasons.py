"""Why a word is in a class: which entry says so, in which form, and who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.vocabulary.changes import changed_senses, net_changes
from triage_triggers.vocabulary.sense import spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.vocabulary.changes import WordChange
    from triage_triggers.vocabulary.sense import Sense
    from triage_triggers.vocabulary.vocabulary import Base

__all__ = ["Change", "ClassSize", "Reason", "class_sizes", "reasons"]


class Change(NamedTuple):
    """A change of a class, and the file, line and column where it is written."""

    name: str
    change: WordChange
    where: str


class Reason(NamedTuple):
    """An entry that has a word in one of its spellings.

    ``where`` names the base, or the file, line and column. ``within``: the word is only a part of a set expression.
    ``removed`` is the place where the word is taken out of the class again, if it is.
    """

    sense: Sense
    entry: str
    where: str
    within: bool = False
    removed: str | None = None


def reasons(base: Base, word: str, changes: Iterable[Change] = ()) -> Iterator[Reason]:
    """Yield why a word or set expression is in each of its classes, then the expressions that it is a part of.

    Args:
        base: The language's vocabulary.
        word: As somebody might say it.
        changes: What a ruleset, and those that it extends, change.

    >>> from triage_triggers.vocabulary.vocabulary import load_base
    >>> [(reason.sense.name, reason.entry) for reason in reasons(load_base("en"), "strangled")][0]
    ('throttle', 'strangle~')
    """
    changes = tuple(changes)
    (wanted,) = spellings(word.replace("~", ""), base.language)
    removed = {
        change.name: change.where
        for change in changes
        for written in change.change.remove
        if wanted in spellings(written, base.language)
    }
    written_in = [
        (sense, written, base.name)
        for sense in base.senses.values()
        if sense.kind != "ending"
        for written in sense.words
    ]
    written_in += [
        (base.senses[change.name], written, change.where) for change in changes for written in change.change.add
    ]
    beside: list[Reason] = []
    for sense, entry, where in written_in:
        ways = list(spellings(entry, base.language))
        if wanted in ways:
            gone = removed.get(sense.name) if where == base.name or entry in _taken_out(changes, sense.name) else None
            yield Reason(sense, entry, where, removed=gone)
        elif any(_is_part(wanted, way) for way in ways):
            beside.append(Reason(sense, entry, where, within=True))
    yield from beside


class ClassSize(NamedTuple):
    """How many entries a class has, how many spellings they stand for, and how many entries changes bring and take."""

    sense: Sense
    words: int
    spellings: int
    added: int
    removed: int


def class_sizes(base: Base, changes: Iterable[Change] = ()) -> Iterator[ClassSize]:
    """Yield the size of every class of a vocabulary as it is changed."""
    changes = tuple(changes)
    net = net_changes((change.name, change.change) for change in changes)
    for sense in changed_senses(base, net):
        ways = {way for written in sense.words for way in spellings(written, base.language)}
        change = net.get(sense.name)
        added, removed = (len(change.add), len(change.remove)) if change is not None else (0, 0)
        yield ClassSize(sense, len(sense.words), len(ways), added, removed)


def _taken_out(changes: tuple[Change, ...], name: str) -> frozenset[str]:
    return frozenset(written for change in changes if change.name == name for written in change.change.remove)


def _is_part(wanted: tuple[str, ...], way: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(way[at : at + size] == wanted for at in range(len(way) - size + 1))
