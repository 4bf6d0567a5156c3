"""The whole path, from a call to a suggestion: fold, match, read in context, decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from triage_triggers.assessment import Assessment, Cue, Finding, FirstFlag, RulesetRef
from triage_triggers.calls.model import Call, Utterance
from triage_triggers.context.lexicon import load_lexicon
from triage_triggers.context.reader import ContextReader
from triage_triggers.decision.ladder import load_ladder
from triage_triggers.decision.policy import CompiledPolicy, Evidence
from triage_triggers.errors import CallError, CodeError
from triage_triggers.live import LiveCall
from triage_triggers.matching.document import Document
from triage_triggers.matching.matcher import Matcher, Pattern
from triage_triggers.ruleset.compiling import compile_ruleset
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from triage_triggers.context.lexicon import Lexicon
    from triage_triggers.decision.explanation import PolicyTrace
    from triage_triggers.decision.ladder import Ladder
    from triage_triggers.decision.policy import Decision
    from triage_triggers.matching.matcher import Match
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.model import Rule, Ruleset

__all__ = ["Evaluator", "Evidenced", "Explanation"]


@dataclass(frozen=True, slots=True)
class Evidenced:
    """An assessment with the evidence that the policies judged, for :meth:`Evaluator.decide` to judge part of it."""

    assessment: Assessment
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment with, for every policy, what satisfied each of its conditions and what was lacking."""

    assessment: Assessment
    policies: tuple[PolicyTrace, ...]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Evaluator:
    """A ruleset made ready to evaluate calls. Immutable; share one between threads.

    Args:
        ruleset: From ``load_ruleset``.
        ladder: The codes to suggest from; by default the shipped ladder named by the ruleset's ``code_system``.

    Raises:
        RulesetError: Phrases or policies have faults; all at once.
        RulesetNotFoundError: No ladder of that id, or no cue lexicon for the ruleset's language.

    >>> from triage_triggers import Evaluator, load_ruleset
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> assessment = evaluator.evaluate("He had his hands round my throat.", current_code="C3")
    >>> assessment.suggested_code, assessment.findings[0].theme
    ('C2', 'strangulation')
    """

    ruleset: Ruleset
    ladder: Ladder
    _rules: tuple[Rule, ...]
    _matcher: Matcher
    _policy: CompiledPolicy
    _lexicon: Lexicon
    _ref: RulesetRef

    def __init__(self, ruleset: Ruleset, *, ladder: Ladder | None = None) -> None:
        ladder = ladder if ladder is not None else load_ladder(ruleset.code_system)
        lexicon = load_lexicon(ruleset.language)
        compiled = compile_ruleset(ruleset)
        parts = {
            "ruleset": ruleset,
            "ladder": ladder,
            "_rules": tuple(entry.rule for entry in compiled),
            "_matcher": Matcher(_patterns(compiled)),
            "_policy": CompiledPolicy(ruleset, ladder),
            "_lexicon": lexicon,
            "_ref": RulesetRef(ruleset.id, ruleset.version, ruleset.digest),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def __reduce__(self) -> tuple[object, ...]:
        # An automaton must not be pickled while others search it, so another process compiles its own.
        return _rebuilt, (self.ruleset, self.ladder)

    def evaluate(self, call: str | Call, *, current_code: str | None = None) -> Assessment:
        """Evaluate one call, or a text by an unknown speaker.

        Args:
            call: The call. A string is a call of one utterance.
            current_code: The code dispatched so far; overrides the call's own.

        Raises:
            CodeError: The current code is none of the ladder's, or the call's code system is not the ruleset's.
        """
        if isinstance(call, str):
            call = Call.from_text(call)
        code = self._current_code(call, current_code)
        if not call.utterances:
            return self._assessment(call, code, (), ())
        document = Document(call)
        matches = self._matcher.scan(document.folded)
        if not matches:
            return self._assessment(call, code, (), ())
        findings, evidence = self._read(document, matches)
        return self._assessment(call, code, findings, evidence)

    def evaluate_many(self, calls: Iterable[str | Call]) -> Iterator[Assessment]:
        """Evaluate calls one after the other, lazily and in order.

        >>> from triage_triggers import Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> [assessment.flagged for assessment in evaluator.evaluate_many(["He strangled me.", "I fell."])]
        [True, False]
        """
        return map(self.evaluate, calls)

    def evaluate_with_evidence(self, call: Call, *, current_code: str | None = None) -> Evidenced:
        """Evaluate one call, and keep what the policies judged.

        Raises:
            CodeError: As for ``evaluate``.
        """
        code = self._current_code(call, current_code)
        document = Document(call) if call.utterances else None
        matches = self._matcher.scan(document.folded) if document else []
        findings, evidence = self._read(document, matches) if document and matches else ((), ())
        return Evidenced(self._assessment(call, code, findings, evidence), evidence)

    def decide(
        self, evidence: Sequence[Evidence], *, current_code: str | None = None, without: Collection[str] = ()
    ) -> Decision:
        """Judge evidence again, as if some rules were not in the ruleset.

        A rule's matches depend on no other rule's, so this is what a ruleset with those rules switched off would say.

        Args:
            evidence: From ``evaluate_with_evidence``.
            current_code: The code dispatched so far.
            without: Ids of the rules to leave out.

        Raises:
            CodeError: The ladder does not know the current code.

        >>> from triage_triggers import Call, Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> found = evaluator.evaluate_with_evidence(Call.from_text("He had his hands round my throat."))
        >>> evaluator.decide(found.evidence, without={"strangulation.hands-on-neck"}).flagged
        False
        """
        return self._policy.decide([item for item in evidence if item.rule not in without], current_code)

    def open_call(self, call_id: str, *, current_code: str | None = None, code_system: str | None = None) -> LiveCall:
        """Open a call that is still going on; feed it utterances as they come.

        Raises:
            CodeError: As for ``evaluate``.
        """
        return LiveCall(self, Call(call_id, (), current_code=current_code, code_system=code_system))

    def explain(self, call: str | Call, *, current_code: str | None = None) -> Explanation:
        """Evaluate one call and say, for every policy, what each of its conditions found and what it lacked."""
        if isinstance(call, str):
            call = Call.from_text(call)
        code = self._current_code(call, current_code)
        document = Document(call) if call.utterances else None
        matches = self._matcher.scan(document.folded) if document else []
        findings, evidence = self._read(document, matches) if document and matches else ((), ())
        return Explanation(self._assessment(call, code, findings, evidence), self._policy.explain(evidence))

    def reassess(self, call: Call, findings: Iterable[Finding], *, current_code: str | None = None) -> Assessment:
        """Judge a call as if its findings had been read otherwise: some left out, some meant in another way.

        With the findings of ``evaluate`` it returns what ``evaluate`` does. Each is taken to have become known at the
        same moment as in the call itself.

        Args:
            call: The call.
            findings: Findings of this evaluator in this call, in any order, with other readings where wanted:
                ``finding._replace(counts=True, polarity="affirmed")``.
            current_code: As for ``evaluate``.

        Raises:
            CallError: A finding is none that this evaluator makes in this call, at that place.
            CodeError: As for ``evaluate``.

        >>> from triage_triggers import Call, Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> call = Call.from_text("He never strangled me.")
        >>> findings = evaluator.evaluate(call).findings
        >>> said = [finding._replace(counts=True, polarity="affirmed") for finding in findings]
        >>> evaluator.reassess(call, findings).flagged, evaluator.reassess(call, said).flagged
        (False, True)
        """
        code = self._current_code(call, current_code)
        document = Document(call)
        reader = ContextReader(document, self._lexicon)
        known: dict[tuple[object, ...], int] = {}
        for match in self._matcher.scan(document.folded):
            finding, known_at = _finding(document, reader, self._rules[match.owner], match)
            known[_place(finding)] = known_at
        others = tuple(findings)
        evidence = []
        for finding in others:
            if _place(finding) not in known:
                raise CallError(f"the rule {finding.rule} finds nothing at that place in call {call.call_id!r}")
            if finding.counts:
                evidence.append(_evidence(document, finding, known[_place(finding)]))
        return self._assessment(call, code, others, tuple(sorted(evidence)))

    def _current_code(self, call: Call, current_code: str | None) -> str | None:
        if call.code_system is not None and call.code_system != self.ladder.id:
            raise CodeError(
                f"the call's code system is '{call.code_system}'; this ruleset suggests codes of '{self.ladder.id}'"
            )
        code = current_code if current_code is not None else call.current_code
        return None if code is None else self.ladder.check(code)

    def _read(self, document: Document, matches: list[Match]) -> tuple[tuple[Finding, ...], tuple[Evidence, ...]]:
        reader = ContextReader(document, self._lexicon)
        findings: list[Finding] = []
        counted: list[Evidence] = []
        for match in matches:
            finding, known_at = _finding(document, reader, self._rules[match.owner], match)
            findings.append(finding)
            if finding.counts:
                counted.append(_evidence(document, finding, known_at))
        counted.sort()
        return tuple(findings), tuple(counted)

    def _assessment(
        self, call: Call, code: str | None, findings: tuple[Finding, ...], evidence: tuple[Evidence, ...]
    ) -> Assessment:
        decision = self._policy.decide(evidence, code)
        return Assessment(
            call_id=call.call_id,
            ruleset=self._ref,
            engine=__version__,
            lexicon=self._lexicon.version,
            ladder=f"{self.ladder.id}/{self.ladder.version}",
            code_system=self.ladder.id,
            current_code=code,
            suggested_code=decision.suggested_code,
            escalates=decision.escalates,
            flagged=decision.flagged,
            advice=decision.advice,
            policies=decision.policies,
            first_flag=None if decision.first is None else _first_flag(call, decision.first),
            findings=findings,
        )


def _rebuilt(ruleset: Ruleset, ladder: Ladder) -> Evaluator:
    return Evaluator(ruleset, ladder=ladder)


def _patterns(compiled: tuple[CompiledRule, ...]) -> Iterator[Pattern]:
    for owner, entry in enumerate(compiled):
        for phrase in entry.phrases:
            yield Pattern(owner, idiom=False, parts=phrase.segments)
        for phrase in entry.unless:
            yield Pattern(owner, idiom=True, parts=phrase.segments)


def _finding(document: Document, reader: ContextReader, rule: Rule, match: Match) -> tuple[Finding, int]:
    """Return the finding of a match, and the offset at which it was known how it was meant."""
    place = document.place(match.start, match.end)
    reading = reader.read(match.start, match.end)
    counts, cue, reason = reading.counts, reading.cue, reading.reason
    speaker = document.utterances[place.utterance].speaker
    if cue is not None and cue.kind == "answer_yes":
        speaker = document.utterances[cue.utterance].speaker  # who confirms a question has said it
    if match.idiom is not None:
        idiom = document.place(match.idiom.start, match.idiom.end)
        end = idiom.end if idiom.utterance == idiom.end_utterance else len(document.utterances[idiom.utterance].text)
        counts, cue = False, Cue("idiom", idiom.utterance, idiom.start, end)
        reason = "part of a phrase that the rule names under 'unless'"
    elif rule.speakers and speaker != "unknown" and speaker not in rule.speakers:
        counts, cue, reason = False, None, f"said by {speaker}; the rule listens to {' and '.join(rule.speakers)} only"
    elif rule.never_set_aside and not counts:
        counts, reason = True, f"{reason}; counts all the same, for the rule is never set aside"
    finding = Finding(
        rule.id,
        rule.theme,
        place.utterance,
        place.start,
        place.end,
        place.end_utterance,
        reading.polarity,
        reading.temporality,
        counts,
        cue,
        reason,
    )
    return finding, reading.known_at


def _place(finding: Finding) -> tuple[object, ...]:
    return finding[: Finding._fields.index("polarity")]


def _evidence(document: Document, finding: Finding, known_at: int) -> Evidence:
    at = document.utterance_at(known_at - 1)
    time = _time(document.utterances[at])
    return Evidence(known_at, finding.rule, finding.theme, finding.temporality, at, time)


def _time(utterance: Utterance) -> float | None:
    return utterance.end if utterance.end is not None else utterance.start


def _first_flag(call: Call, position: int) -> FirstFlag:
    offset = 0
    for number, utterance in enumerate(call.utterances):
        if position <= offset + len(utterance.text):
            return FirstFlag(number, position - offset, _time(utterance))
        offset += len(utterance.text) + 1
    raise AssertionError("the evidence lies outside the call")  # pragma: no cover
