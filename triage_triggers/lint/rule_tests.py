"""Run the examples that a ruleset's rules carry, as calls, through the same evaluator that reads real ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.assessment import Why
from triage_triggers.evaluator import Evaluator
from triage_triggers.lint.coverage import Example, coverage_of
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.lint.coverage import RuleCoverage
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.definition import Rule, Ruleset

__all__ = ["ExampleKind", "Outcome", "RuleTestReport", "RuleTestResult", "run_rule_tests"]

ExampleKind: TypeAlias = Literal["examples.fire", "examples.quiet", "known_miss", "known_false_alarm"]
Outcome: TypeAlias = Literal["passes", "fails", "now passes"]

_MOVE_TO: Final = {"known_miss": "examples.fire", "known_false_alarm": "examples.quiet"}
_BRACKET: Final = re.compile(r"[\[\]]")


class RuleTestResult(NamedTuple):
    """What became of one example: where it stands in its rule (``number`` counts from 1), and in words what was found.

    A ``known_miss`` or ``known_false_alarm`` "passes" as long as it goes wrong as described, and then "now passes".
    ``counted`` are the spans of the rule's counted findings in the example without its brackets.
    """

    rule: str
    kind: ExampleKind
    number: int
    example: str
    outcome: Outcome
    message: str
    counted: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.kind} {self.number}: {self.message}\n    {self.example}"


class RuleTestReport(NamedTuple):
    """Every example's result and every rule's coverage, in the ruleset's order.

    ``untested`` are the rules that have no ``examples.fire`` to test them.
    """

    results: tuple[RuleTestResult, ...]
    untested: tuple[str, ...]
    coverage: tuple[RuleCoverage, ...] = ()

    @property
    def failures(self) -> tuple[RuleTestResult, ...]:
        """The examples that do otherwise than their rule says, known ones that have come right among them."""
        return tuple(result for result in self.results if result.outcome != "passes")

    @property
    def now_passing(self) -> tuple[RuleTestResult, ...]:
        """The failures that are good news: known misses and false alarms that are none any more."""
        return tuple(result for result in self.results if result.outcome == "now passes")

    @property
    def passed(self) -> bool:
        """Whether there are no failures."""
        return not self.failures


def run_rule_tests(
    ruleset: Ruleset, *, evaluator: Evaluator | None = None, compiled: Sequence[CompiledRule] | None = None
) -> RuleTestReport:
    """Evaluate every example of every rule with all the ruleset's rules, each as a call of its own.

    A ``fire`` example passes if the rule has a counted finding at exactly each span in square brackets (offsets with
    the brackets taken out), or any counted finding where there are no brackets; a ``quiet`` one if it has none. A
    ``known_miss`` or ``known_false_alarm`` fails once it goes right: what is known must be true.

    Args:
        ruleset: The ruleset to test.
        evaluator: Its evaluator, if there already is one; it is made otherwise.
        compiled: Its rules, if they are compiled already.

    Raises:
        RulesetError: The ruleset does not compile.
    """
    evaluator = evaluator or Evaluator(ruleset)
    results: list[RuleTestResult] = []
    coverage: list[RuleCoverage] = []
    for entry in compiled or compile_ruleset(ruleset):
        tested = list(_test(entry.rule, evaluator))
        said = {
            kind: [
                Example(_without_brackets(result.example)[0], result.counted)
                for result in tested
                if result.kind == kind
            ]
            for kind in ("examples.fire", "examples.quiet")
        }
        results += tested
        coverage.append(coverage_of(entry, said["examples.fire"], said["examples.quiet"], evaluator))
    untested = tuple(rule.id for rule in ruleset.rules if not rule.examples.fire)
    return RuleTestReport(tuple(results), untested, tuple(coverage))


def _test(rule: Rule, evaluator: Evaluator) -> Iterator[RuleTestResult]:
    groups: tuple[tuple[ExampleKind, tuple[str, ...]], ...] = (
        ("examples.fire", rule.examples.fire),
        ("examples.quiet", rule.examples.quiet),
        ("known_miss", rule.known_miss),
        ("known_false_alarm", rule.known_false_alarm),
    )
    for kind, examples in groups:
        for number, example in enumerate(examples, 1):
            yield RuleTestResult(rule.id, kind, number, example, *_outcome(rule.id, kind, example, evaluator))


def _outcome(
    rule: str, kind: ExampleKind, example: str, evaluator: Evaluator
) -> tuple[Outcome, str, tuple[tuple[int, int], ...]]:
    brackets = _BRACKET.findall(example)
    if brackets != ["[", "]"] * (len(brackets) // 2):
        return "fails", "the square brackets don't pair up: each '[' needs its ']' before the next '['", ()
    text, spans = _without_brackets(example)
    findings = evaluator.evaluate(text).findings
    counted = _fired(rule, findings)
    short = _shortfall(rule, spans, findings, text, must_fire=kind in {"examples.fire", "known_miss"})
    if kind in {"examples.fire", "examples.quiet"}:
        return ("fails", short, counted) if short else ("passes", "passes", counted)
    if short:
        return "passes", short, counted
    return "now passes", f"now passes: move it to {_MOVE_TO[kind]}", counted


def _shortfall(
    rule: str, spans: list[tuple[int, int]], findings: tuple[Finding, ...], text: str, *, must_fire: bool
) -> str | None:
    """Return how the findings fall short of what the example asks for, or ``None`` if they don't."""
    counted = _fired(rule, findings)
    if not must_fire:
        return f"must be quiet, but {_found(rule, findings, text)}" if counted else None
    if not spans:
        return None if counted else f"must fire, but {_found(rule, findings, text)}"
    missed = " and ".join(f"'{text[start:end]}' ({start}–{end})" for start, end in spans if (start, end) not in counted)
    return f"must fire on {missed}, but {_found(rule, findings, text)}" if missed else None


def _fired(rule: str, findings: Iterable[Finding]) -> tuple[tuple[int, int], ...]:
    """Return where a rule fires: an example is one sentence, and is not asked for what must stand beside it in a call."""
    own = (finding for finding in findings if finding.rule == rule)
    return tuple((finding.start, finding.end) for finding in own if finding.counts or finding.why is Why.ALONE)


def _without_brackets(example: str) -> tuple[str, list[tuple[int, int]]]:
    pieces = _BRACKET.split(example)
    spans: list[tuple[int, int]] = []
    length = 0
    for position, piece in enumerate(pieces):
        if position % 2:
            spans.append((length, length + len(piece)))
        length += len(piece)
    return "".join(pieces), spans


def _found(rule: str, findings: Iterable[Finding], text: str) -> str:
    """Say what was found: the rule's own findings if it has any, else those of other rules."""
    own = [finding for finding in findings if finding.rule == rule]
    if own:
        return "this rule found " + "; ".join(_described(finding, text) for finding in own)
    others = [f"{finding.rule} {_described(finding, text)}" for finding in findings]
    return f"this rule found nothing (others found: {'; '.join(others)})" if others else "nothing was found"


def _described(finding: Finding, text: str) -> str:
    words = f"'{text[finding.start : finding.end]}' ({finding.start}–{finding.end})"
    if finding.counts:
        return words
    return f"{words}, set aside as {finding.polarity}, {finding.temporality}: {finding.reason}"
