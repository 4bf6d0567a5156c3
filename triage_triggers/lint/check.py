"""What a lint check is: a name that stays, a severity, a sentence, a function that finds; and what it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from triage_triggers.evaluator import Evaluator
from triage_triggers.lint.literals import meetings
from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from triage_triggers.documents.source import Place
    from triage_triggers.lint.literals import Meeting
    from triage_triggers.lint.rule_tests import RuleTestReport
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.definition import Exclusion, Rule, Ruleset, Sign, Then
    from triage_triggers.ruleset.loading import LocatedRuleset

__all__ = ["Check", "Issue", "Remark", "Section", "Severity", "Subject"]

Severity: TypeAlias = Literal["error", "warning", "info"]
Section: TypeAlias = Literal["ruleset", "rules", "lists", "signs", "tally", "then"]


class Remark(NamedTuple):
    """What a check has found: in which part of the ruleset, at which place within that, and what to do about it.

    ``name`` is the id of the rule, list, sign or line; empty for the ruleset itself.
    """

    section: Section
    name: str
    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check. Its ``id`` is what exclusions name, so it never changes; ``find`` sees the whole ruleset.

    ``error``: the ruleset does not do what it says. ``warning``: its owners should act, or say why not. ``info``: worth
    knowing when a rule is worked on.
    """

    id: str
    severity: Severity
    summary: str
    find: Callable[[Subject], Iterable[Remark]]


@dataclass(frozen=True, slots=True)
class Issue:
    """A remark of a check where it stands: ``line`` and ``column`` (code points) count from 1.

    ``name`` is the id of the rule, list, sign or line, if it is about one. ``excused`` is the reason that the ruleset
    gives for an exclusion; an excused issue is shown, and fails nothing.
    """

    check: str
    severity: Severity
    file: str
    line: int
    column: int
    name: str | None
    message: str
    excused: str | None = None

    def __str__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        excused = f" (excused: {self.excused})" if self.excused else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {name}{self.message} [{self.check}]{excused}"


@dataclass(frozen=True)
class Subject:
    """A located ruleset, the day on which it is checked, and the checks that can be excused.

    ``needed`` are the exclusions that have excused something so far.
    """

    located: LocatedRuleset
    today: date
    known: frozenset[str]
    needed: set[tuple[Section, str, str]] = field(default_factory=set)

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset, overlays resolved."""
        return self.located.ruleset

    @property
    def asks(self) -> Iterator[tuple[Section, Sign | Then]]:
        """Every sign and line, with the section it stands in."""
        yield from (("signs", sign) for sign in self.ruleset.signs)
        yield from (("tally", line) for line in (self.ruleset.tally.lines if self.ruleset.tally else ()))
        yield from (("then", line) for line in self.ruleset.then)

    @property
    def parts(self) -> Iterator[tuple[Section, Rule | Sign | Then]]:
        """Every rule, sign and line, with the section it stands in."""
        yield from (("rules", rule) for rule in self.ruleset.rules)
        yield from self.asks

    @cached_property
    def exclusions(self) -> Mapping[tuple[Section, str], tuple[Exclusion, ...]]:
        """What the ruleset, and its rules, signs and lines, excuse, by section and name."""
        allowed: dict[tuple[Section, str], tuple[Exclusion, ...]] = {("ruleset", ""): self.ruleset.lint.allow}
        return allowed | {(section, part.id): part.lint.allow for section, part in self.parts}

    def excuse(self, check: str, remark: Remark) -> str | None:
        """Return why a remark is excused: by its rule, sign or line, or by the ruleset for all of them."""
        owners: tuple[tuple[Section, str], ...] = ((remark.section, remark.name), ("ruleset", ""))
        for owner in owners:
            for exclusion in self.exclusions.get(owner, ()):
                if exclusion.check == check:
                    self.needed.add((*owner, check))
                    return exclusion.reason
        return None

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator that reads real calls."""
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
