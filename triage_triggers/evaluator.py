"""The whole path, from a call to a suggestion: fold, match, read in context, decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Assessment, Cue, Finding, FirstFlag, RulesetRef
from triage_triggers.calls.model import Call
from triage_triggers.context.lexicon import load_lexicon
from triage_triggers.context.reader import ContextReader
from triage_triggers.decision.ladder import load_ladder
from triage_triggers.decision.policy import CompiledPolicy, Evidence
from triage_triggers.errors import CodeError
from triage_triggers.matching.document import Document
from triage_triggers.matching.matcher import Matcher, Pattern, Reach
from triage_triggers.ruleset.compiling import compile_ruleset
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triage_triggers.context.lexicon import Lexicon
    from triage_triggers.decision.explanation import PolicyTrace
    from triage_triggers.decision.ladder import Ladder
    from triage_triggers.decision.policy import Decision
    from triage_triggers.live.call import LiveCall
    from triage_triggers.matching.matcher import Match
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.model import Rule, Ruleset

__all__ = ["Evaluator", "Explanation", "Heard"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment with, for every policy, what satisfied each of its conditions and what was lacking."""

    assessment: Assessment
    policies: tuple[PolicyTrace, ...]


class Heard(NamedTuple):
    """A phrase in a laid-out call, ``start:end`` there, as it was read.

    ``owner`` is the number of its rule; ``evidence`` is what it tells the policies, ``None`` where it does not count.
    ``asked``: it stands in a question, so that what is said next may still change how it is read.
    """

    start: int
    end: int
    owner: int
    finding: Finding
    evidence: Evidence | None
    asked: bool


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
        matches = self.find(document)
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

    def open_call(self, call_id: str, *, current_code: str | None = None, code_system: str | None = None) -> LiveCall:
        """Open a call that is still going on; feed it utterances as they come.

        Raises:
            CodeError: As for ``evaluate``.
        """
        from triage_triggers.live.call import LiveCall  # noqa: PLC0415  it stands on this module

        return LiveCall(self, call_id, current_code=current_code, code_system=code_system)

    def explain(self, call: str | Call, *, current_code: str | None = None) -> Explanation:
        """Evaluate one call and say, for every policy, what each of its conditions found and what it lacked."""
        if isinstance(call, str):
            call = Call.from_text(call)
        code = self._current_code(call, current_code)
        document = Document(call) if call.utterances else None
        matches = self.find(document) if document else []
        findings, evidence = self._read(document, matches) if document and matches else ((), ())
        return Explanation(self._assessment(call, code, findings, evidence), self._policy.explain(evidence))

    def resume(
        self, snapshot: Mapping[str, object], *, reevaluate: bool = False, code_system: str | None = None
    ) -> LiveCall:
        """Take up an open call where another process left it; see ``LiveCall.snapshot``.

        Args:
            snapshot: As ``snapshot()`` gave it, or read back from JSON.
            reevaluate: Take it up although it was read with another ruleset, ladder, lexicon or engine. The change
                of ruleset is recorded, and what was suggested before is marked superseded where it no longer is.
            code_system: The code system of the call from now on; by default the snapshot's.

        Raises:
            SnapshotError: It is no snapshot, or was read with something else and ``reevaluate`` was not asked for.
            CodeError: Its current code is none of the ladder's.
        """
        from triage_triggers.live.call import LiveCall  # noqa: PLC0415  it stands on this module

        return LiveCall.from_snapshot(self, snapshot, reevaluate=reevaluate, code_system=code_system)

    @property
    def reach(self) -> Reach:
        """How far a phrase, or an idiom that cancels one, may stretch."""
        return self._matcher.reach

    @property
    def reference(self) -> RulesetRef:
        """The ruleset's id, version and digest."""
        return self._ref

    @property
    def lexicon(self) -> Lexicon:
        """The cues that calls are read with."""
        return self._lexicon

    @property
    def policy(self) -> CompiledPolicy:
        """The policies that judge what was found."""
        return self._policy

    def find(self, document: Document) -> list[Match]:
        """Find the phrases of a laid-out call, in order of where they start."""
        return self._matcher.scan(document.folded)

    def hear(self, document: Document, matches: Iterable[Match]) -> list[Heard]:
        """Read phrases that were found in a laid-out call, each in its context."""
        reader = ContextReader(document, self._lexicon)
        return [_hear(document, reader, self._rules[match.owner], match) for match in matches]

    def check_code(self, current_code: str | None, code_system: str | None) -> str | None:
        """Return a current code as the ladder spells it.

        Raises:
            CodeError: The ladder does not know it, or the code system is not the ruleset's.
        """
        if code_system is not None and code_system != self.ladder.id:
            raise CodeError(
                f"the call's code system is '{code_system}'; this ruleset suggests codes of '{self.ladder.id}'"
            )
        return None if current_code is None else self.ladder.check(current_code)

    def assess(
        self,
        call_id: str,
        code: str | None,
        findings: tuple[Finding, ...],
        decision: Decision,
        first_flag: FirstFlag | None,
    ) -> Assessment:
        """Put into one assessment what was found in a call and what was decided about it."""
        return Assessment(
            call_id=call_id,
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
            first_flag=first_flag,
            findings=findings,
        )

    def _current_code(self, call: Call, current_code: str | None) -> str | None:
        return self.check_code(current_code if current_code is not None else call.current_code, call.code_system)

    def _read(self, document: Document, matches: list[Match]) -> tuple[tuple[Finding, ...], tuple[Evidence, ...]]:
        heard = self.hear(document, matches)
        counted = sorted(entry.evidence for entry in heard if entry.evidence is not None)
        return tuple([entry.finding for entry in heard]), tuple(counted)

    def _assessment(
        self, call: Call, code: str | None, findings: tuple[Finding, ...], evidence: tuple[Evidence, ...]
    ) -> Assessment:
        decision = self._policy.decide(evidence, code)
        first = None if decision.first is None else _first_flag(call, decision.first)
        return self.assess(call.call_id, code, findings, decision, first)


def _rebuilt(ruleset: Ruleset, ladder: Ladder) -> Evaluator:
    return Evaluator(ruleset, ladder=ladder)


def _patterns(compiled: tuple[CompiledRule, ...]) -> Iterator[Pattern]:
    for owner, entry in enumerate(compiled):
        for phrase in entry.phrases:
            yield Pattern(owner, idiom=False, parts=phrase.segments)
        for phrase in entry.unless:
            yield Pattern(owner, idiom=True, parts=phrase.segments)


def _hear(document: Document, reader: ContextReader, rule: Rule, match: Match) -> Heard:
    """Return a match as it was meant."""
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
    asked = reading.cue is not None and reading.cue.kind in _OF_QUESTIONS
    if not counts:
        return Heard(match.start, match.end, match.owner, finding, None, asked)
    at = document.utterance_at(reading.known_at - 1)
    time = document.utterances[at].time
    evidence = Evidence(reading.known_at, rule.id, rule.theme, reading.temporality, at, time)
    return Heard(match.start, match.end, match.owner, finding, evidence, asked)


_OF_QUESTIONS: Final = frozenset({"question", "answer_yes", "answer_no", "answer_unknown"})


def _first_flag(call: Call, position: int) -> FirstFlag:
    offset = 0
    for number, utterance in enumerate(call.utterances):
        if position <= offset + len(utterance.text):
            return FirstFlag(number, position - offset, utterance.time)
        offset += len(utterance.text) + 1
    raise AssertionError("the evidence lies outside the call")  # pragma: no cover
