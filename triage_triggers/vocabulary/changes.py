"""What a ruleset adds to the classes of its language's vocabulary, and takes out of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from triage_triggers.documents.fields import Frozen
from triage_triggers.vocabulary.sense import spellings
from triage_triggers.vocabulary.vocabulary import Vocabulary, load_base, load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from triage_triggers.vocabulary.sense import Sense
    from triage_triggers.vocabulary.vocabulary import Base

__all__ = ["Changes", "WordChange", "changed_senses", "net_changes", "vocabulary_of"]

_Words = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(max_length=2_000)]


class WordChange(Frozen):
    """Words added to a class, and words taken out of it: each a word, a set expression, or a word with ``~``."""

    add: _Words = ()
    remove: _Words = ()

    @model_validator(mode="after")
    def _changes_something(self) -> WordChange:
        if not self.add and not self.remove:
            raise ValueError("must have 'add' or 'remove'")
        return self


Changes = dict[Annotated[str, Field(min_length=1, max_length=64)], WordChange]


def vocabulary_of(language: str, changes: Mapping[str, WordChange]) -> Vocabulary | None:
    """Return the vocabulary of a language as a ruleset changes it; its name is the base's. None where there is no base.

    >>> changes = {"strike-person": WordChange(add=("bonk~",), remove=("tan~",))}
    >>> vocabulary = vocabulary_of("en", changes)
    >>> "tanned" in vocabulary.words, [sense.name for sense in vocabulary.words["bonked"]]
    (False, ['strike-person'])
    """
    base = load_base(language)
    if base is None or not changes:
        return load_vocabulary(language)
    return Vocabulary(base.language, base.name, changed_senses(base, changes))


def net_changes(changes: Iterable[tuple[str, WordChange]]) -> dict[str, WordChange]:
    """Return what changes of classes, one after the other, come to for each class.

    >>> net_changes([("strike", WordChange(add=("bonk~",))), ("strike", WordChange(remove=("bonk~", "hit~")))])
    {'strike': WordChange(add=(), remove=('hit~',))}
    """
    added: defaultdict[str, set[str]] = defaultdict(set)
    removed: defaultdict[str, set[str]] = defaultdict(set)
    for name, change in changes:
        removed[name] |= set(change.remove) - added[name]
        added[name] = (added[name] - set(change.remove)) | set(change.add)
    names = sorted(name for name in added.keys() | removed.keys() if added[name] or removed[name])
    return {name: WordChange(add=tuple(sorted(added[name])), remove=tuple(sorted(removed[name]))) for name in names}


def changed_senses(base: Base, changes: Mapping[str, WordChange]) -> tuple[Sense, ...]:
    """Return the classes of a vocabulary as they are changed.

    What is taken out is taken out of the base in every spelling; what is added comes after that.
    """
    return tuple(_changed(sense, changes.get(name), base.language) for name, sense in base.senses.items())


def _changed(sense: Sense, change: WordChange | None, language: str) -> Sense:
    if change is None:
        return sense
    gone = {spelled for written in change.remove for spelled in spellings(written, language)}
    words: list[str] = []
    for written in sense.words if gone else ():
        ways = list(spellings(written, language))
        left = [" ".join(spelled) for spelled in ways if spelled not in gone]
        words += [written] if len(left) == len(ways) else left
    return sense.model_copy(update={"words": (*(words if gone else sense.words), *change.add)})
