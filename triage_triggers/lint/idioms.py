"""Does an ``unless`` phrase ever do anything? It cancels a match that it overlaps, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.matching.words import CLITICS
from triage_triggers.lint.check import Check, Remark
from triage_triggers.phrases.pattern import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.subject import Subject
    from triage_triggers.ruleset.compiling import CompiledPhrase

__all__ = ["CHECKS"]


def _unless_idle(subject: Subject) -> Iterator[Remark]:
    for entry in subject.compiled:
        # What may stand in a gap is anybody's guess, so a gapped phrase overlaps anything.
        if not entry.unless or any(len(phrase.segments) > 1 for phrase in entry.phrases):
            continue
        said = frozenset[str]().union(*map(_stems, entry.phrases))
        for number, phrase in enumerate(entry.unless):
            if len(phrase.segments) == 1 and said.isdisjoint(_stems(phrase)):
                message = (
                    "it shares no words with any phrase of the rule, so it can't overlap a match and cancels nothing"
                )
                yield Remark("rules", entry.rule.id, ("unless", number), message)


_CLITIC_LETTERS: Final = "".join({letter for clitic in CLITICS for letter in clitic})


def _stems(phrase: CompiledPhrase) -> frozenset[str]:
    """Return a phrase's words without every letter at their ends that a clitic could have brought.

    Words that differ in what may follow an apostrophe are taken for one ("my husband" is found in "my husband's").
    """
    return frozenset(word.rstrip(_CLITIC_LETTERS) for segment in phrase.segments for word in words_of(segment))


CHECKS: Final = (Check("unless-idle", "warning", "An 'unless' phrase can overlap no match of its rule.", _unless_idle),)
