"""Which of a rule's phrases its own examples exercise.

A phrase that no example exercises may be misspelt, or impossible to say, and nobody would notice. It counts as
exercised where a ``fire`` example that it matches has a counted finding of the rule over the same words; an ``unless``
phrase where it matches a ``quiet`` example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.calls.call import Call
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.matcher import Matcher, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.ruleset.compiling import CompiledPhrase, CompiledRule

__all__ = ["Example", "RuleCoverage", "coverage_of"]


class Example(NamedTuple):
    """The text of an example without its brackets, and the spans at which its rule found what counts."""

    text: str
    counted: tuple[tuple[int, int], ...] = ()


class RuleCoverage(NamedTuple):
    """How many phrases a rule has, and the numbers (from 0) of those that no example exercises.

    >>> str(RuleCoverage("weapon.knife", 4, (1,), ()))
    'weapon.knife: 3 of 4 phrases exercised'
    """

    rule: str
    phrases: int
    unexercised: tuple[int, ...]
    unexercised_unless: tuple[int, ...]

    @property
    def exercised(self) -> int:
        """How many phrases are exercised."""
        return self.phrases - len(self.unexercised)

    def __str__(self) -> str:
        return f"{self.rule}: {self.exercised:,} of {self.phrases:,} phrases exercised"


def coverage_of(compiled: CompiledRule, fire: Iterable[Example], quiet: Iterable[Example]) -> RuleCoverage:
    """Return which phrases of a rule its ``fire`` examples exercise, and which ``unless`` ones its ``quiet`` ones."""
    silent = [Example(example.text, ((0, len(example.text)),)) for example in quiet]
    return RuleCoverage(
        compiled.rule.id,
        len(compiled.phrases),
        _unexercised(compiled.phrases, list(fire)),
        _unexercised(compiled.unless, silent),
    )


def _unexercised(phrases: Sequence[CompiledPhrase], examples: Sequence[Example]) -> tuple[int, ...]:
    texts = [Document(Call.from_text(example.text)).folded for example in examples]
    matcher = Matcher(Pattern(number, idiom=False, parts=phrase.segments) for number, phrase in enumerate(phrases))
    found = {
        match.owner
        for text, example in zip(texts, examples, strict=True)
        for match in (matcher.scan(text) if example.counted else ())
        if any(match.start < end and start < match.end for start, end in example.counted)
    }
    return tuple(number for number in range(len(phrases)) if number not in found)
