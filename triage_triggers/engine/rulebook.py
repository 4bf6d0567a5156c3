"""A ruleset's rules, ready for their phrases to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.phrases.pattern import words_of
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.engine.context.lexicon import Lexicon
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.definition import Rule, Ruleset

__all__ = ["Rulebook"]


class Rulebook:
    """The rules of a ruleset by their numbers, and a matcher of their phrases. Safe to share between threads.

    Raises:
        RulesetError: Phrases have faults; all at once.
    """

    __slots__ = ("_about", "_spelled", "matcher", "rules")

    def __init__(self, ruleset: Ruleset, lexicon: Lexicon) -> None:
        compiled = compile_ruleset(ruleset)
        self.rules: tuple[Rule, ...] = ruleset.rules
        about: dict[str, list[int]] = {}
        for owner, rule in enumerate(ruleset.rules):
            for does in rule.event.does if rule.event is not None else ():
                about.setdefault(does, []).append(owner)
        self._about = {does: tuple(owners) for does, owners in about.items()}
        self.matcher = Matcher(_patterns(compiled, lexicon))
        self._spelled = tuple(map(_words_beside_gaps, compiled))

    def about(self, does: str) -> tuple[int, ...]:
        """Return the numbers of the rules that are about events of a kind."""
        return self._about.get(does, ())

    def spelled(self, owner: int) -> frozenset[str]:
        """Return the words of a rule's phrases if one of them has a gap, in which other words may stand; else none."""
        return self._spelled[owner]


def _patterns(compiled: Iterable[CompiledRule], lexicon: Lexicon) -> Iterator[Pattern]:
    for owner, entry in enumerate(compiled):
        actors = lexicon.of(entry.rule.language).actors
        for idiom, phrases in ((False, entry.phrases), (True, entry.unless)):
            for phrase in phrases:
                yield Pattern(owner, idiom, phrase.segments, actors if idiom else frozenset())


def _words_beside_gaps(entry: CompiledRule) -> frozenset[str]:
    if all(len(phrase.segments) == 1 for phrase in entry.phrases):
        return frozenset()
    return frozenset[str]().union(*(words_of(segment) for phrase in entry.phrases for segment in phrase.segments))
