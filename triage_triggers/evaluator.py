"""The whole path, from a call to a suggestion: fold, match, read in context, hold back, decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Assessment, RulesetRef
from triage_triggers.calls.call import Call
from triage_triggers.engine.context.lexicon import load_lexicon
from triage_triggers.engine.context.reader import ContextReader
from triage_triggers.engine.decision.gate import CompiledGates
from triage_triggers.engine.decision.policy import CompiledPolicy
from triage_triggers.engine.heard import Heard, as_said, evidence_of, first_flag, gated, hear
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.lazy import LazyMatcher
from triage_triggers.engine.rulebook import Rulebook
from triage_triggers.errors import CallError, CodeError, TriageTriggersError
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.digest import ruleset_digest
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triage_triggers.assessment import Finding, FirstFlag
    from triage_triggers.engine.context.lexicon import Lexicon
    from triage_triggers.engine.decision.explanation import GateTrace, PolicyTrace
    from triage_triggers.engine.decision.policy import Decision
    from triage_triggers.engine.matching.matcher import Match, Reach
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.live.call import LiveCall
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["Evaluator", "Explanation"]

BATCH: Final = 64
"""How many calls of a list are searched before the first of them is read."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment with, for every gate and policy, what satisfied each of its conditions and what was lacking."""

    assessment: Assessment
    gates: tuple[GateTrace, ...]
    policies: tuple[PolicyTrace, ...]


class _Searched(NamedTuple):
    """A call laid out, and the phrases found in it."""

    call: Call
    code: str | None
    document: Document
    matches: Sequence[Match] = ()
    error: Exception | None = None


_NO_CALL: Final = Call("-", ())


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Evaluator:
    """A ruleset made ready to evaluate calls. Immutable; share one between threads.

    Args:
        ruleset: From ``load_ruleset``.
        ladder: The codes to suggest from; by default the shipped ladder named by the ruleset's ``code_system``.
        lazy: Be ready at once, and make phrases ready to be found as calls come that may hold them. For programs that
            evaluate a few calls and end: the first calls wait, and what is found is the same.

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
    reference: RulesetRef
    """The ruleset's id, version and digest."""
    lexicon: Lexicon
    """The cues that calls are read with."""
    gates: CompiledGates
    """What holds findings back that say too little alone."""
    policy: CompiledPolicy
    """The policies that judge what was found."""
    _book: Rulebook

    def __init__(self, ruleset: Ruleset, *, ladder: Ladder | None = None, lazy: bool = False) -> None:
        ladder = ladder if ladder is not None else load_ladder(ruleset.code_system)
        lexicon = load_lexicon(ruleset.language, *sorted({rule.language for rule in ruleset.rules if rule.language}))
        parts = {
            "ruleset": ruleset,
            "ladder": ladder,
            "reference": RulesetRef(ruleset.id, ruleset.version, ruleset.digest),
            "lexicon": lexicon,
            "gates": CompiledGates(ruleset),
            "policy": CompiledPolicy(ruleset, ladder),
            "_book": Rulebook(ruleset, lexicon, lazy=lazy),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def __reduce__(self) -> tuple[object, ...]:
        # An automaton must not be pickled while others search it, so another process compiles its own.
        return _rebuilt, (self.ruleset, self.ladder)

    def without_gates(self) -> Evaluator:
        """Return an evaluator of the same ruleset without its gates: what its rules find, whatever else is said.

        >>> from triage_triggers import Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> [e.evaluate("He's got a knife.").findings[0].counts for e in (evaluator, evaluator.without_gates())]
        [False, True]
        """
        bare = self.ruleset.model_copy(update={"gates": ()})
        bare = bare.model_copy(update={"digest": ruleset_digest(bare)})
        parts = {name: getattr(self, name) for name in self.__slots__}
        parts |= {"ruleset": bare, "gates": CompiledGates(bare)}
        parts["reference"] = RulesetRef(bare.id, bare.version, bare.digest)
        other = object.__new__(Evaluator)
        for name, part in parts.items():
            object.__setattr__(other, name, part)
        return other

    def prepare(self, calls: Iterable[str | Call]) -> None:
        """Make a lazy evaluator ready for these calls, faster together than one by one; others are ready for all.

        >>> from triage_triggers import Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"), lazy=True)
        >>> evaluator.prepare(["He strangled me.", "He's got a knife."])
        >>> evaluator.evaluate("He strangled me.").flagged
        True
        """
        matcher = self._book.matcher
        if isinstance(matcher, LazyMatcher):
            said = (Call.from_text(call) if isinstance(call, str) else call for call in calls)
            matcher.prepare([Document(call).folded for call in said])

    def evaluate(self, call: str | Call, *, current_code: str | None = None) -> Assessment:
        """Evaluate one call, or a text by an unknown speaker.

        Args:
            call: The call. A string is a call of one utterance.
            current_code: The code dispatched so far; overrides the call's own.

        Raises:
            CodeError: The current code is none of the ladder's, or the call's code system is not the ruleset's.
        """
        return self._judge(self._search(call, current_code))

    def evaluate_many(self, calls: Iterable[str | Call], *, workers: int = 1) -> Iterator[Assessment]:
        """Evaluate calls one after the other, lazily and in order; those of a list a little faster than each alone.

        A call that can't be evaluated raises when its turn comes; the calls behind it can still be asked for. With
        ``workers``, the work is shared by so many processes: see ``triage_triggers.archive.many``.

        Raises:
            WorkerError: One of these processes was lost.

        >>> from triage_triggers import Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> [assessment.flagged for assessment in evaluator.evaluate_many(["He strangled me.", "I fell."])]
        [True, False]
        """
        if workers != 1:
            from triage_triggers.archive.many import evaluate_many  # noqa: PLC0415  processes are for archives only

            return evaluate_many(self, calls, workers=workers)
        searched = self._search_in_batches(calls) if isinstance(calls, Sequence) else map(self._search, calls)
        return map(self._judge, searched)

    def open_call(self, call_id: str, *, current_code: str | None = None, code_system: str | None = None) -> LiveCall:
        """Open a call that is still going on; feed it utterances as they come.

        Raises:
            CodeError: As for ``evaluate``.
        """
        from triage_triggers.live.call import LiveCall  # noqa: PLC0415  it stands on this module

        return LiveCall(self, call_id, current_code=current_code, code_system=code_system)

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

    def explain(self, call: str | Call, *, current_code: str | None = None) -> Explanation:
        """Evaluate one call and say, for every gate and policy, what its conditions found and what they lacked."""
        searched = self._search(call, current_code)
        heard = self._heard(searched)
        findings, evidence = gated(self.gates, heard)
        return Explanation(
            self._assessment(searched.call, searched.code, findings, self.policy.decide(evidence, searched.code)),
            self.gates.explain(as_said(heard)),
            self.policy.explain(evidence),
        )

    def reassess(self, call: Call, findings: Iterable[Finding], *, current_code: str | None = None) -> Assessment:
        """Judge a call as if its findings had been read otherwise: some left out, some meant in another way.

        With the findings of ``evaluate`` it returns what ``evaluate`` does. Each is taken to have become known at the
        same moment as in the call itself. Gates are asked anew: what one held back counts once it opens, and a finding
        that is given as counting may still be held back.

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
        reader = ContextReader(document, self.lexicon)
        matches = self._book.matcher.scan(document.folded)
        heard = self.hear(document, matches)
        judged, _ = gated(self.gates, heard)
        known = {
            _place(finding): (finding, entry, self._known_at(reader, entry))
            for finding, entry in zip(judged, heard, strict=True)
        }
        others: list[Heard] = []
        for finding in findings:
            if _place(finding) not in known:
                raise CallError(f"the rule {finding.rule} finds nothing at that place in call {call.call_id!r}")
            before, entry, known_at = known[_place(finding)]
            if finding != before:
                evidence = evidence_of(document, finding, known_at) if finding.counts else None
                entry = entry._replace(finding=finding, evidence=evidence)
            others.append(entry)
        counted, evidence_left = gated(self.gates, others)
        return self._assessment(call, code, counted, self.policy.decide(evidence_left, code))

    @property
    def reach(self) -> Reach:
        """How far a phrase, or an idiom that cancels one, may stretch."""
        return self._book.matcher.reach

    def find(self, document: Document) -> list[Match]:
        """Find the phrases of a laid-out call, in order of where they start."""
        return self._book.matcher.scan(document.folded)

    def hear(self, document: Document, matches: Iterable[Match]) -> list[Heard]:
        """Read phrases that were found in a laid-out call, each in its context; gates are not asked."""
        book, reader = self._book, ContextReader(document, self.lexicon)
        return [hear(document, reader, book.rules[match.owner], match, book.spelled(match.owner)) for match in matches]

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
        flag: FirstFlag | None,
    ) -> Assessment:
        """Put into one assessment what was found in a call and what was decided about it."""
        return Assessment(
            call_id=call_id,
            ruleset=self.reference,
            engine=__version__,
            lexicon=self.lexicon.version,
            ladder=f"{self.ladder.id}/{self.ladder.version}",
            code_system=self.ladder.id,
            current_code=code,
            suggested_code=decision.suggested_code,
            escalates=decision.escalates,
            flagged=decision.flagged,
            advice=decision.advice,
            policies=decision.policies,
            first_flag=flag,
            findings=findings,
        )

    def _known_at(self, reader: ContextReader, heard: Heard) -> int:
        if heard.evidence is not None:
            return heard.evidence.position
        return reader.read(heard.start, heard.end, language=self._book.rules[heard.owner].language).known_at

    def _search(self, call: str | Call, current_code: str | None = None) -> _Searched:
        laid_out = self._lay_out(call, current_code)
        return laid_out._replace(matches=self._book.matcher.scan(laid_out.document.folded))

    def _lay_out(self, call: str | Call, current_code: str | None = None) -> _Searched:
        if isinstance(call, str):
            call = Call.from_text(call)
        return _Searched(call, self._current_code(call, current_code), Document(call))

    def _search_in_batches(self, calls: Sequence[str | Call]) -> Iterator[_Searched]:
        """Search a batch of calls before any of it is read: the automaton and the reading want the same cache."""
        for start in range(0, len(calls), BATCH):
            batch = [self._lay_out_or_fail(call) for call in calls[start : start + BATCH]]
            matches = self._book.matcher.scan_all([laid_out.document.folded for laid_out in batch])
            yield from [laid_out._replace(matches=found) for laid_out, found in zip(batch, matches, strict=True)]

    def _lay_out_or_fail(self, call: str | Call) -> _Searched:
        try:
            return self._lay_out(call)
        except TriageTriggersError as error:
            return _Searched(_NO_CALL, None, Document(_NO_CALL), error=error)

    def _heard(self, searched: _Searched) -> list[Heard]:
        return self.hear(searched.document, searched.matches)

    def _judge(self, searched: _Searched) -> Assessment:
        if searched.error is not None:
            raise searched.error
        call, code = searched.call, searched.code
        findings, evidence = gated(self.gates, self._heard(searched)) if searched.matches else ((), ())
        return self._assessment(call, code, findings, self.policy.decide(evidence, code))

    def _assessment(
        self, call: Call, code: str | None, findings: tuple[Finding, ...], decision: Decision
    ) -> Assessment:
        flag = None if decision.first is None else first_flag(call, decision.first)
        return self.assess(call.call_id, code, findings, decision, flag)

    def _current_code(self, call: Call, current_code: str | None) -> str | None:
        return self.check_code(current_code if current_code is not None else call.current_code, call.code_system)


def _rebuilt(ruleset: Ruleset, ladder: Ladder) -> Evaluator:
    return Evaluator(ruleset, ladder=ladder)


def _place(finding: Finding) -> tuple[object, ...]:
    return finding[: finding._fields.index("polarity")]
