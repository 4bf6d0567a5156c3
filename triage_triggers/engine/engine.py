"""One call, whole, every time: find, read, decide."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from triage_triggers.assessment import Assessment, RulesetRef, Why
from triage_triggers.calls.call import Call
from triage_triggers.engine.context.lexicon import load_lexicon
from triage_triggers.engine.context.reader import ContextReader
from triage_triggers.engine.decision.verdict import CompiledSigns
from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.scene import by_whom, read_scene
from triage_triggers.engine.heard import alone, beside_others, counted, evidence_of, first_flag, hear, hear_event
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.rulebook import Rulebook
from triage_triggers.errors import CallError, CodeError, TriageTriggersError
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.definition import CLOSE
from triage_triggers.version import __version__
from triage_triggers.vocabulary.changes import vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.engine.context.lexicon import Lexicon
    from triage_triggers.engine.decision.verdict import Decision, Traces
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.scene import Scene
    from triage_triggers.engine.heard import Heard
    from triage_triggers.engine.matching.matcher import Match
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Rule, Ruleset
    from triage_triggers.vocabulary.vocabulary import Vocabulary

__all__ = ["Engine", "Examined", "Explanation", "HasEngine"]

BATCH: Final = 64
"""How many calls of a list are searched before the first of them is read."""
_NO_CALL: Final = Call("-", ())


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment with, for every sign and line, what satisfied it and what was lacking."""

    assessment: Assessment
    traces: Traces


class Examined(NamedTuple):
    """An assessment, and what it was made of: each match as it was said."""

    assessment: Assessment
    decision: Decision
    heard: Sequence[Heard]


class HasEngine(Protocol):
    """What evaluates calls with an engine, such as an ``Evaluator``."""

    @property
    def engine(self) -> Engine:
        """The engine."""


class _Searched(NamedTuple):
    """A call laid out, and the phrases found in it."""

    call: Call
    code: str | None
    document: Document
    matches: Sequence[Match] = ()
    scene: Scene | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Engine:
    """A ruleset made ready to read calls. Knows no open call, process or log. Immutable; share it between threads.

    Args:
        ruleset: What to look for and what follows.
        ladder: The codes to suggest from; by default the shipped ladder named by the ruleset's ``code_system``.

    Raises:
        RulesetError: Phrases or signs have faults; all at once.
        RulesetNotFoundError: No ladder of that id, or no cue lexicon for the ruleset's language.
    """

    ruleset: Ruleset
    ladder: Ladder
    reference: RulesetRef
    lexicon: Lexicon
    signs: CompiledSigns
    vocabulary: Vocabulary | None
    _book: Rulebook

    def __init__(self, ruleset: Ruleset, *, ladder: Ladder | None = None) -> None:
        ladder = ladder if ladder is not None else load_ladder(ruleset.code_system)
        lexicon = load_lexicon(ruleset.language, *sorted({rule.language for rule in ruleset.rules if rule.language}))
        self._set(
            ruleset=ruleset,
            ladder=ladder,
            reference=RulesetRef(ruleset.id, ruleset.version, ruleset.digest),
            lexicon=lexicon,
            signs=CompiledSigns(ruleset, ladder),
            vocabulary=_vocabulary(ruleset),
            _book=Rulebook(ruleset, lexicon),
        )

    def _set(self, **parts: object) -> None:
        for name, part in parts.items():
            object.__setattr__(self, name, part)

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

    def assess(self, call: str | Call, current_code: str | None = None) -> Assessment:
        """Return what there is to say of a call.

        Raises:
            CodeError: The current code is none of the ladder's, or the call's code system is not the ruleset's.
        """
        return self._judge(self._search(call, current_code))

    def assess_many(self, calls: Iterable[str | Call]) -> Iterator[Assessment]:
        """Assess calls lazily and in order; those of a sequence a little faster than each alone.

        A call that can't be assessed raises when its turn comes; those behind it can still be asked for.
        """
        if isinstance(calls, (list, tuple)):
            return map(self._judge, self._search_in_batches(calls))
        return map(self._judge, map(self._search, calls))

    def examine(self, call: Call, current_code: str | None = None) -> Examined:
        """Return the assessment of a call and what it was made of.

        Raises:
            CodeError: As for ``assess``.
        """
        searched = self._search(call, current_code)
        heard = self.hear(searched.document, searched.matches, searched.scene)
        decision = self.signs.decide(counted(heard), searched.code)
        return Examined(self._assessment(searched, heard, decision), decision, heard)

    def decide(
        self, heard: Sequence[Heard], current_code: str | None, without: Collection[str] = frozenset()
    ) -> Decision:
        """Decide again about what was heard in a call, as if some rules were not in the ruleset.

        What a rule hears depends on no other rule, but for what counts only beside something; signs are asked anew.
        """
        others = [entry for entry in heard if entry.finding.rule not in without]
        return self.signs.decide(counted(beside_others(others, self._book.rules)), current_code)

    def explain(self, call: str | Call, current_code: str | None = None) -> Explanation:
        """Assess a call and say, for every sign and line, what it found and what it lacked."""
        searched = self._search(call, current_code)
        heard = self.hear(searched.document, searched.matches, searched.scene)
        evidence = counted(heard)
        decision = self.signs.decide(evidence, searched.code)
        return Explanation(self._assessment(searched, heard, decision), self.signs.explain(evidence))

    def reassess(self, call: Call, findings: Iterable[Finding], current_code: str | None = None) -> Assessment:
        """Judge a call as if its findings had been read otherwise; see ``Evaluator.reassess``."""
        searched = self._search(call, current_code)
        document, heard = searched.document, self.hear(searched.document, searched.matches, searched.scene)
        reader = ContextReader(document, self.lexicon)
        known = {_place(entry.finding): entry for entry in heard}
        others: list[Heard] = []
        for finding in findings:
            if _place(finding) not in known:
                raise CallError(f"the rule {finding.rule} finds nothing at that place in call {call.call_id!r}")
            entry = known[_place(finding)]
            if finding != entry.finding and finding.why is not Why.ALONE:
                known_at = self._known_at(reader, entry)
                place = (entry.start, entry.end, known_at)
                by = entry.by if finding.tie == entry.finding.tie else "he_or_she"
                evidence = evidence_of(document, finding, *place)._replace(by=by) if finding.counts else None
                entry = entry._replace(finding=finding, evidence=evidence)
            others.append(entry)
        return self._assessment(searched, others, self.signs.decide(counted(others), searched.code))

    def matches(self, document: Document) -> list[Match]:
        """Return the phrases found in a laid-out call, in order of where they start."""
        return self._book.matcher.scan(document.folded, document.raw)

    def hear(self, document: Document, matches: Iterable[Match], scene: Scene | None = None) -> list[Heard]:
        """Read phrases that were found in a laid-out call, each in its context, and its events."""
        book, reader = self._book, ContextReader(document, self.lexicon)
        said = [hear(document, reader, book.rules[match.owner], match, book.spelled(match.owner)) for match in matches]
        scene = self.scene(document) if scene is None else scene
        if scene is None:
            return beside_others(said, book.rules)
        told = [
            hear_event(scene, reader, book.rules[owner], owner, event)
            for event in scene.events
            for owner in book.about(event.does)
            if _is_asked_for(book.rules[owner], scene, event)
        ]
        return beside_others(sorted([*said, *told], key=_IN_ORDER), book.rules)

    def scene(self, document: Document) -> Scene | None:
        """Return a laid-out call's cast and events; None where no rule is about events."""
        return None if self.vocabulary is None else read_scene(document, self.vocabulary)

    def _known_at(self, reader: ContextReader, heard: Heard) -> int:
        if heard.evidence is not None:
            return heard.evidence.position
        return reader.read(heard.start, heard.end, language=self._book.rules[heard.owner].language).known_at

    def _search(self, call: str | Call, current_code: str | None = None) -> _Searched:
        laid_out = self._lay_out(call, current_code)
        return laid_out._replace(matches=self.matches(laid_out.document), scene=self.scene(laid_out.document))

    def _lay_out(self, call: str | Call, current_code: str | None = None) -> _Searched:
        call = _call(call)
        code = self.check_code(current_code if current_code is not None else call.current_code, call.code_system)
        return _Searched(call, code, Document(call))

    def _search_in_batches(self, calls: Sequence[str | Call]) -> Iterator[_Searched]:
        """Search a batch of calls before any of it is read: searching and reading want the same cache."""
        for start in range(0, len(calls), BATCH):
            batch = [self._lay_out_or_fail(call) for call in calls[start : start + BATCH]]
            documents = [laid_out.document for laid_out in batch]
            texts, raws = zip(*((document.folded, document.raw) for document in documents), strict=True)
            matches = self._book.matcher.scan_all(texts, raws)
            for laid_out, found in zip(batch, matches, strict=True):
                yield laid_out._replace(matches=found, scene=self.scene(laid_out.document))

    def _lay_out_or_fail(self, call: str | Call) -> _Searched:
        try:
            return self._lay_out(call)
        except TriageTriggersError as error:
            return _Searched(_NO_CALL, None, Document(_NO_CALL), error=error)

    def _judge(self, searched: _Searched) -> Assessment:
        if searched.error is not None:
            raise searched.error
        heard = self.hear(searched.document, searched.matches, searched.scene)
        decision = self.signs.decide(counted(heard), searched.code)
        return self._assessment(searched, heard, decision)

    def _assessment(self, searched: _Searched, heard: Sequence[Heard], decision: Decision) -> Assessment:
        call, scene = searched.call, searched.scene
        told = scene is not None and any(one.finding.agent or one.finding.patient for one in heard)
        return Assessment(
            call_id=call.call_id,
            ruleset=self.reference,
            engine=__version__,
            lexicon=self.lexicon.version + (f" vocabulary {self.vocabulary.name}" if self.vocabulary else ""),
            ladder=f"{self.ladder.id}/{self.ladder.version}",
            code_system=self.ladder.id,
            current_code=searched.code,
            suggested_code=decision.suggested_code,
            escalates=decision.escalates,
            flagged=decision.flagged,
            advice=decision.advice,
            policies=decision.policies,
            first_flag=None if decision.first is None else first_flag(call, decision.first),
            findings=self._findings(heard, decision),
            tally=decision.tally,
            cast=scene.members() if scene is not None and told else (),
        )

    def _findings(self, heard: Sequence[Heard], decision: Decision) -> tuple[Finding, ...]:
        """Return what was found; all of it set aside where too little in the call speaks of what the tally is about."""
        rule = self.ruleset.tally
        least = 0 if rule is None or rule.counts_from is None else rule.counts_from
        if decision.flagged or decision.tally is None or decision.tally.plus_points >= least:
            return tuple([entry.finding for entry in heard])
        return tuple([alone(entry.finding) if entry.finding.counts else entry.finding for entry in heard])


_IN_ORDER: Final = attrgetter("start", "end", "owner")


def _vocabulary(ruleset: Ruleset) -> Vocabulary | None:
    events = any(rule.event for rule in ruleset.rules)
    return vocabulary_of(ruleset.language, ruleset.vocabulary) if events else None


def _is_asked_for(rule: Rule, scene: Scene, event: Event) -> bool:
    if rule.event is None:  # pragma: no cover  only rules of events are asked
        return True
    to_caller = event.patient is not None and event.patient.person == CALLER
    if rule.event.to == "caller" and not to_caller:
        return False
    by = rule.event.by
    if not by:
        return True
    whose = by_whom(scene.cast, event)
    return whose in by or "anyone" in by or ("close" in by and whose in CLOSE)


def _call(call: str | Call) -> Call:
    return Call.from_text(call) if isinstance(call, str) else call


def _place(finding: Finding) -> tuple[object, ...]:
    return finding[: finding._fields.index("polarity")]
