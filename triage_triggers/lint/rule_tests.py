"""Run the examples that a ruleset's rules carry through the evaluator that reads real calls; what they exercise.

A phrase that no example exercises may be misspelt, or impossible to say, and nobody would notice. It counts as
exercised where a ``fire`` example that it matches has a counted finding of the rule over the same words; an ``unless``
phrase where it matches a ``quiet`` example. A deed, and a class of verbs that tells it, is exercised where a counted
finding of a ``fire`` example is such an event.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.assessment import Why
from triage_triggers.calls.call import Call
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.evaluator import Evaluator
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.engine.engine import Engine
    from triage_triggers.ruleset.compiling import CompiledPhrase, CompiledRule
    from triage_triggers.ruleset.definition import EventRule, Rule, Ruleset

__all__ = ["ExampleKind", "RuleCoverage", "RuleTestReport", "run_rule_tests", "sentences_of"]

ExampleKind: TypeAlias = Literal["examples.fire", "examples.quiet", "known_miss", "known_false_alarm"]
Outcome: TypeAlias = Literal["passes", "fails", "now passes"]
_Spans: TypeAlias = tuple[tuple[int, int], ...]

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
    counted: _Spans = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.kind} {self.number}: {self.message}\n    {self.example}"


class EventCoverage(NamedTuple):
    """Which deeds and classes of verbs a rule is about, and which of them examples tell and use."""

    deeds: tuple[str, ...]
    classes: tuple[str, ...]
    told: tuple[str, ...]
    used: tuple[str, ...]

    @property
    def untold(self) -> tuple[str, ...]:
        """The deeds that no example tells."""
        return tuple(does for does in self.deeds if does not in self.told)

    @property
    def unused(self) -> tuple[str, ...]:
        """The classes of verbs that no example uses."""
        return tuple(name for name in self.classes if name not in self.used)

    def __str__(self) -> str:
        classes = f" and {len(self.used)} of {len(self.classes)} classes of verbs" if self.classes else ""
        return f"{len(self.told)} of {len(self.deeds)} deeds{classes} exercised"


class RuleCoverage(NamedTuple):
    """How many phrases a rule has, and the numbers (from 0) of those that no example exercises; or of an event."""

    rule: str
    phrases: int
    unexercised: tuple[int, ...]
    unexercised_unless: tuple[int, ...]
    event: EventCoverage | None = None

    @property
    def exercised(self) -> int:
        """How many phrases are exercised."""
        return self.phrases - len(self.unexercised)

    def __str__(self) -> str:
        if self.event is not None:
            return f"{self.rule}: {self.event}"
        return f"{self.rule}: {self.exercised:,} of {self.phrases:,} phrases exercised"


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
    ``known_miss`` or ``known_false_alarm`` fails once it goes right: what is known must be true. ``evaluator`` and
    ``compiled`` are the ruleset's, where they are made already.

    Raises:
        RulesetError: The ruleset does not compile.
    """
    evaluator = evaluator or Evaluator(ruleset)
    results: list[RuleTestResult] = []
    coverage: list[RuleCoverage] = []
    for entry in compiled or compile_ruleset(ruleset):
        tested = [
            _tested(entry.rule.id, kind, number, example, evaluator)
            for kind, examples in sentences_of(entry.rule).items()
            for number, example in enumerate(examples, 1)
        ]
        results += tested
        coverage.append(_coverage(entry, tested, evaluator))
    untested = tuple(rule.id for rule in ruleset.rules if not rule.examples.fire)
    return RuleTestReport(tuple(results), untested, tuple(coverage))


def sentences_of(rule: Rule) -> Mapping[ExampleKind, tuple[str, ...]]:
    """Return a rule's sentences by where they stand in it."""
    return {
        "examples.fire": rule.examples.fire,
        "examples.quiet": rule.examples.quiet,
        "known_miss": rule.known_miss,
        "known_false_alarm": rule.known_false_alarm,
    }


def _tested(rule: str, kind: ExampleKind, number: int, example: str, evaluator: Evaluator) -> RuleTestResult:
    brackets = _BRACKET.findall(example)
    if brackets != ["[", "]"] * (len(brackets) // 2):
        message = "the square brackets don't pair up: each '[' needs its ']' before the next '['"
        return RuleTestResult(rule, kind, number, example, "fails", message)
    text, spans = _without_brackets(example)
    findings = evaluator.evaluate(text).findings
    counted = _fired(rule, findings)
    short = _shortfall(spans, counted, text, must_fire=kind in {"examples.fire", "known_miss"})
    outcome: Outcome = "passes"
    if short:
        message = f"{short}, but {_found(rule, findings, text)}"
        outcome = "passes" if kind in _MOVE_TO else "fails"
    elif kind in _MOVE_TO:
        outcome, message = "now passes", f"now passes: move it to {_MOVE_TO[kind]}"
    else:
        message = "passes"
    return RuleTestResult(rule, kind, number, example, outcome, message, counted)


def _shortfall(spans: _Spans, counted: _Spans, text: str, *, must_fire: bool) -> str | None:
    """Return what the example asks for and the counted findings don't give, or ``None``."""
    if not must_fire:
        return "must be quiet" if counted else None
    if not spans:
        return None if counted else "must fire"
    missed = [f"'{text[start:end]}' ({start}–{end})" for start, end in spans if (start, end) not in counted]
    return f"must fire on {' and '.join(missed)}" if missed else None


def _fired(rule: str, findings: Iterable[Finding]) -> _Spans:
    """Return where a rule fires: one sentence is not asked for what must stand beside it in a call."""
    own = (finding for finding in findings if finding.rule == rule)
    return tuple((finding.start, finding.end) for finding in own if finding.counts or finding.why is Why.ALONE)


def _without_brackets(example: str) -> tuple[str, _Spans]:
    pieces = _BRACKET.split(example)
    spans: list[tuple[int, int]] = []
    length = 0
    for position, piece in enumerate(pieces):
        if position % 2:
            spans.append((length, length + len(piece)))
        length += len(piece)
    return "".join(pieces), tuple(spans)


def _found(rule: str, findings: Iterable[Finding], text: str) -> str:
    """Say what was found: the rule's own findings if it has any, else those of other rules."""
    own = [_described(finding, text) for finding in findings if finding.rule == rule]
    if own:
        return f"this rule found {'; '.join(own)}"
    others = [f"{finding.rule} {_described(finding, text)}" for finding in findings]
    return f"this rule found nothing (others found: {'; '.join(others)})" if others else "nothing was found"


def _described(finding: Finding, text: str) -> str:
    words = f"'{text[finding.start : finding.end]}' ({finding.start}–{finding.end})"
    if finding.counts:
        return words
    return f"{words}, set aside as {finding.polarity}, {finding.temporality}: {finding.reason}"


def _coverage(compiled: CompiledRule, tested: Iterable[RuleTestResult], evaluator: Evaluator) -> RuleCoverage:
    rule = compiled.rule
    said = [(result.kind, _without_brackets(result.example)[0], result.counted) for result in tested]
    fire = [(text, counted) for kind, text, counted in said if kind == "examples.fire" and counted]
    if rule.event is not None:
        return RuleCoverage(rule.id, 0, (), (), _of_event(rule.event, fire, evaluator.engine))
    quiet: list[tuple[str, _Spans]] = [(text, ((0, len(text)),)) for kind, text, _ in said if kind == "examples.quiet"]
    unexercised = _unexercised(compiled.phrases, fire), _unexercised(compiled.unless, quiet)
    return RuleCoverage(rule.id, len(compiled.phrases), *unexercised)


def _of_event(event: EventRule, examples: Iterable[tuple[str, _Spans]], engine: Engine) -> EventCoverage:
    told, used = set[str](), set[str]()
    for text, counted in examples:
        scene = engine.scene(Document(Call.from_text(text)))
        if scene is None:  # pragma: no cover  an engine of rules about events has a vocabulary
            continue
        words = scene.cast.words
        for found in scene.events:
            if found.does in event.does and (words.starts[found.first], words.ends[found.last - 1]) in counted:
                told.add(found.does)
                senses = [tag.sense for tag in words.tags(found.verb)]
                used.update(sense.name for sense in senses if sense.is_ == "verb" and sense.does == found.does)
    vocabulary = engine.vocabulary
    classes = () if vocabulary is None else [sense.name for sense in vocabulary.senses if sense.does in event.does]
    deeds = tuple(does for does in event.does if does in told)
    return EventCoverage(event.does, tuple(classes), deeds, tuple(sorted(used)))


def _unexercised(phrases: Sequence[CompiledPhrase], examples: Iterable[tuple[str, _Spans]]) -> tuple[int, ...]:
    matcher = Matcher(Pattern(number, idiom=False, parts=phrase.segments) for number, phrase in enumerate(phrases))
    found = {
        match.owner
        for text, counted in examples
        for match in matcher.scan(Document(Call.from_text(text)).folded)
        if any(match.start < end and start < match.end for start, end in counted)
    }
    return tuple(number for number in range(len(phrases)) if number not in found)
