"""A ruleset's rules, ready for their phrases to be found: all at once, or as calls come that may hold them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from triage_triggers.engine.matching.lazy import LazyMatcher
from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.ruleset.compiling import Phrasebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.context.lexicon import Lexicon
    from triage_triggers.ruleset.definition import Rule, Ruleset

__all__ = ["Rulebook"]


class Rulebook:
    """The rules of a ruleset by their numbers, and a matcher of their phrases. Safe to share between threads.

    ``lazy`` makes a matcher that is made ready by the calls it sees; see :class:`~.matching.lazy.LazyMatcher`.

    Raises:
        RulesetError: Phrases have faults; all at once.
    """

    __slots__ = ("_about", "_book", "_spelled", "matcher", "rules")

    def __init__(self, ruleset: Ruleset, lexicon: Lexicon, *, lazy: bool) -> None:
        self._book = Phrasebook.of(ruleset)
        self.rules: tuple[Rule, ...] = ruleset.rules
        about: dict[str, list[int]] = {}
        for owner, rule in enumerate(ruleset.rules):
            for does in rule.event.does if rule.event is not None else ():
                about.setdefault(does, []).append(owner)
        self._about = {does: tuple(owners) for does, owners in about.items()}
        patterns = partial(_patterns, self._book, lexicon)
        self.matcher: Matcher | LazyMatcher = LazyMatcher(patterns) if lazy else Matcher(patterns())
        self._spelled = {} if lazy else dict(enumerate(map(self._book.words_beside_gaps, self.rules)))

    def about(self, does: str) -> tuple[int, ...]:
        """Return the numbers of the rules that are about events of a kind."""
        return self._about.get(does, ())

    def spelled(self, owner: int) -> frozenset[str]:
        """Return the words of a rule's phrases if one of them has a gap, in which other words may stand; else none."""
        words = self._spelled.get(owner)
        if words is None:
            words = self._spelled[owner] = self._book.words_beside_gaps(self.rules[owner])
        return words


def _patterns(book: Phrasebook, lexicon: Lexicon, said: frozenset[str] | None = None) -> Iterator[Pattern]:
    for owner, entry in enumerate(book.expanded(said)):
        actors = lexicon.of(entry.rule.language).actors
        for idiom, phrases in ((False, entry.phrases), (True, entry.unless)):
            for phrase in phrases:
                if all(phrase.segments):
                    yield Pattern(owner, idiom, phrase.segments, actors if idiom else frozenset())
