"""Does an ``unless`` phrase ever do anything? It cancels a match that it overlaps, and nothing else."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.matching.boundaries import CLITICS
from triage_triggers.lint.check import Check, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.subject import Subject
    from triage_triggers.ruleset.compiling import CompiledRule

__all__ = ["CHECKS"]


def _unless_idle(subject: Subject) -> Iterator[Remark]:
    for entry in subject.compiled:
        # What may stand in a gap is anybody's guess, so a gapped phrase overlaps anything.
        if not entry.unless or any(len(phrase.segments) > 1 for phrase in entry.phrases):
            continue
        overlap = _Overlap(entry)
        for number, phrase in enumerate(entry.unless):
            if len(phrase.segments) == 1 and not any(map(overlap.is_possible, phrase.segments[0])):
                message = (
                    "it shares no words with any phrase of the rule, so it can't overlap a match and cancels nothing"
                )
                yield Remark("rules", entry.rule.id, ("unless", number), message)


class _Overlap:
    """Tells whether two literal phrases can overlap in a text: one is inside the other, or an end is a beginning.

    Words that differ in what may follow an apostrophe are taken for one ("my husband" is found in "my husband's").
    """

    def __init__(self, entry: CompiledRule) -> None:
        self._literals = {_stems(literal) for phrase in entry.phrases for literal in phrase.segments[0]}
        # With a space behind each, so that only whole words are compared.
        self._forward = sorted(f"{literal} " for literal in self._literals)
        self._backward = sorted(f"{_reversed(literal)} " for literal in self._literals)

    def is_possible(self, idiom: str) -> bool:
        idiom = _stems(idiom)
        words = idiom.split()
        for first in range(len(words)):
            tail, head = " ".join(words[first:]), " ".join(words[: first + 1])
            if _some_starts_with(self._forward, f"{tail} "):
                return True
            if _some_starts_with(self._backward, f"{_reversed(head)} "):
                return True
            if any(" ".join(words[first:last]) in self._literals for last in range(first + 1, len(words) + 1)):
                return True
        return any(f" {idiom} " in f" {literal}" for literal in self._forward)


_CLITIC_LETTERS: Final = "".join({letter for clitic in CLITICS for letter in clitic})


def _stems(phrase: str) -> str:
    """Return a phrase whose words have lost every letter at their ends that a clitic could have brought."""
    return " ".join(word.rstrip(_CLITIC_LETTERS) or "-" for word in phrase.split())


def _reversed(phrase: str) -> str:
    return " ".join(reversed(phrase.split()))


def _some_starts_with(ordered: list[str], start: str) -> bool:
    at = bisect_left(ordered, start)
    return at < len(ordered) and ordered[at].startswith(start)


CHECKS: Final = (Check("unless-idle", "warning", "An 'unless' phrase can overlap no match of its rule.", _unless_idle),)
