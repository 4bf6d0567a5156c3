"""The ruleset that is checked, with what several checks need of it, each worked out once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from triage_triggers.evaluator import Evaluator
from triage_triggers.lint.literals import meetings
from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.lint.literals import Meeting
    from triage_triggers.lint.rule_tests import RuleTestReport
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.definition import Ruleset, Sign, Then
    from triage_triggers.ruleset.loading import LocatedRuleset

__all__ = ["Subject"]


@dataclass(frozen=True)
class Subject:
    """A located ruleset and the day on which it is checked."""

    located: LocatedRuleset
    today: date

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset, overlays resolved."""
        return self.located.ruleset

    @property
    def asks(self) -> Iterator[tuple[Literal["signs", "tally", "then"], Sign | Then]]:
        """Every sign and line, with the section it stands in."""
        yield from (("signs", sign) for sign in self.ruleset.signs)
        yield from (("tally", line) for line in (self.ruleset.tally.lines if self.ruleset.tally else ()))
        yield from (("then", line) for line in self.ruleset.then)

    @property
    def ladder(self) -> Ladder:
        """The ladder of the ruleset's code system."""
        return self.evaluator.ladder

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator that reads real calls.

        Raises:
            RulesetError: Its codes don't fit the ladder.
            RulesetNotFoundError: There is no ladder or no cue lexicon for it.
        """
        return Evaluator(self.ruleset)

    @cached_property
    def compiled(self) -> tuple[CompiledRule, ...]:
        """Every rule with its phrases ready to be matched."""
        return compile_ruleset(self.ruleset)

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Which phrases are found in which others."""
        return meetings(self.compiled)

    @cached_property
    def tests(self) -> RuleTestReport:
        """What the rules' own examples came to."""
        return run_rule_tests(self.ruleset, evaluator=self.evaluator, compiled=self.compiled)
