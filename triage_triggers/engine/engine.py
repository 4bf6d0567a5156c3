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
from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.errors import CallError, CodeError
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.phrases.pattern import words_of
from triage_triggers.ruleset.compiling import compile_ruleset
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
    from triage_triggers.ruleset.compiling import CompiledRule
    from triage_triggers.ruleset.definition import Rule, Ruleset

__all__ = ["Engine", "Examined", "Explanation", "HasEngine"]

_IN_ORDER: Final = attrgetter("start", "end", "owner")


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


class _Read(NamedTuple):
    """A call, its current code, and what was heard in it."""

    call: Call
    code: str | None
    document: Document
    scene: Scene | None
    heard: list[Heard]


class Engine:
    """A ruleset made ready to read calls. Knows no open call, process or log. Immutable; share it between threads.

    Args:
        ruleset: What to look for and what follows.
        ladder: The codes to suggest from; by default the shipped ladder named by the ruleset's ``code_system``.

    Raises:
        RulesetError: Phrases or signs have faults; all at once.
        RulesetNotFoundError: No ladder of that id, or no cue lexicon for the ruleset's language.
    """

    def __init__(self, ruleset: Ruleset, *, ladder: Ladder | None = None) -> None:
        self.ruleset = ruleset
        self.ladder = ladder if ladder is not None else load_ladder(ruleset.code_system)
        self.reference = RulesetRef(ruleset.id, ruleset.version, ruleset.digest)
        languages = sorted({rule.language for rule in ruleset.rules if rule.language})
        self.lexicon = load_lexicon(ruleset.language, *languages)
        self.signs = CompiledSigns(ruleset, self.ladder)
        events = any(rule.event for rule in ruleset.rules)
        self.vocabulary = vocabulary_of(ruleset.language, ruleset.vocabulary) if events else None
        compiled = compile_ruleset(ruleset)
        self._matcher = Matcher(_patterns(compiled, self.lexicon))
        self._spelled = tuple(map(_words_beside_gaps, compiled))
        self._about: dict[str, list[int]] = {}
        for owner, rule in enumerate(ruleset.rules):
            for does in rule.event.does if rule.event is not None else ():
                self._about.setdefault(does, []).append(owner)

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
        return self.examine(call, current_code).assessment

    def assess_many(self, calls: Iterable[str | Call]) -> Iterator[Assessment]:
        """Assess calls lazily and in order.

        A call that can't be assessed raises when its turn comes; those behind it can still be asked for.
        """
        return map(self.assess, calls)

    def examine(self, call: str | Call, current_code: str | None = None) -> Examined:
        """Return the assessment of a call and what it was made of.

        Raises:
            CodeError: As for ``assess``.
        """
        read = self._read(call, current_code)
        decision = self.signs.decide(counted(read.heard), read.code)
        return Examined(self._assessment(read, decision), decision, read.heard)

    def decide(
        self, heard: Sequence[Heard], current_code: str | None, without: Collection[str] = frozenset()
    ) -> Decision:
        """Decide again about what was heard in a call, as if some rules were not in the ruleset.

        What a rule hears depends on no other rule, but for what counts only beside something; signs are asked anew.
        """
        others = [entry for entry in heard if entry.finding.rule not in without]
        return self.signs.decide(counted(beside_others(others, self.ruleset.rules)), current_code)

    def explain(self, call: str | Call, current_code: str | None = None) -> Explanation:
        """Assess a call and say, for every sign and line, what it found and what it lacked."""
        examined = self.examine(call, current_code)
        return Explanation(examined.assessment, self.signs.explain(counted(examined.heard)))

    def reassess(self, call: Call, findings: Iterable[Finding], current_code: str | None = None) -> Assessment:
        """Judge a call as if its findings had been read otherwise; see ``Evaluator.reassess``."""
        read = self._read(call, current_code)
        reader = ContextReader(read.document, self.lexicon)
        known = {_place(entry.finding): entry for entry in read.heard}
        others: list[Heard] = []
        for finding in findings:
            if _place(finding) not in known:
                raise CallError(f"the rule {finding.rule} finds nothing at that place in call {call.call_id!r}")
            entry = known[_place(finding)]
            if finding != entry.finding and finding.why is not Why.ALONE:
                known_at = self._known_at(reader, entry)
                by = entry.by if finding.tie == entry.finding.tie else "he_or_she"
                told = evidence_of(read.document, finding, entry.start, entry.end, known_at)._replace(by=by)
                entry = entry._replace(finding=finding, evidence=told if finding.counts else None)
            others.append(entry)
        return self._assessment(read._replace(heard=others), self.signs.decide(counted(others), read.code))

    def matches(self, document: Document) -> list[Match]:
        """Return the phrases found in a laid-out call, in order of where they start."""
        return self._matcher.scan(document.folded, document.raw)

    def hear(self, document: Document, matches: Iterable[Match], scene: Scene | None = None) -> list[Heard]:
        """Read phrases that were found in a laid-out call, each in its context, and its events."""
        rules, reader = self.ruleset.rules, ContextReader(document, self.lexicon)
        said = [hear(document, reader, rules[match.owner], match, self._spelled[match.owner]) for match in matches]
        scene = self.scene(document) if scene is None else scene
        if scene is None:
            return beside_others(said, rules)
        told = [
            hear_event(scene, reader, rules[owner], owner, event)
            for event in scene.events
            for owner in self._about.get(event.does, ())
            if _is_asked_for(rules[owner], scene, event)
        ]
        return beside_others(sorted([*said, *told], key=_IN_ORDER), rules)

    def scene(self, document: Document) -> Scene | None:
        """Return a laid-out call's cast and events; None where no rule is about events."""
        return None if self.vocabulary is None else read_scene(document, self.vocabulary)

    def _known_at(self, reader: ContextReader, heard: Heard) -> int:
        if heard.evidence is not None:
            return heard.evidence.position
        return reader.read(heard.start, heard.end, language=self.ruleset.rules[heard.owner].language).known_at

    def _read(self, call: str | Call, current_code: str | None) -> _Read:
        call = Call.from_text(call) if isinstance(call, str) else call
        code = self.check_code(current_code if current_code is not None else call.current_code, call.code_system)
        document = Document(call)
        matches, scene = self.matches(document), self.scene(document)
        return _Read(call, code, document, scene, self.hear(document, matches, scene))

    def _assessment(self, read: _Read, decision: Decision) -> Assessment:
        told = any(one.finding.agent or one.finding.patient for one in read.heard)
        return Assessment(
            call_id=read.call.call_id,
            ruleset=self.reference,
            engine=__version__,
            lexicon=self.lexicon.version + (f" vocabulary {self.vocabulary.name}" if self.vocabulary else ""),
            ladder=f"{self.ladder.id}/{self.ladder.version}",
            code_system=self.ladder.id,
            current_code=read.code,
            suggested_code=decision.suggested_code,
            escalates=decision.escalates,
            flagged=decision.flagged,
            advice=decision.advice,
            policies=decision.policies,
            first_flag=None if decision.first is None else first_flag(read.call, decision.first),
            findings=self._findings(read.heard, decision),
            tally=decision.tally,
            cast=read.scene.members() if read.scene is not None and told else (),
        )

    def _findings(self, heard: Sequence[Heard], decision: Decision) -> tuple[Finding, ...]:
        """Return what was found; all of it set aside where too little in the call speaks of what the tally is about."""
        rule = self.ruleset.tally
        least = 0 if rule is None or rule.counts_from is None else rule.counts_from
        if decision.flagged or decision.tally is None or decision.tally.plus_points >= least:
            return tuple([entry.finding for entry in heard])
        return tuple([alone(entry.finding) if entry.finding.counts else entry.finding for entry in heard])


def _patterns(compiled: Iterable[CompiledRule], lexicon: Lexicon) -> Iterator[Pattern]:
    for owner, entry in enumerate(compiled):
        actors = lexicon.of(entry.rule.language).actors
        for idiom, phrases in ((False, entry.phrases), (True, entry.unless)):
            for phrase in phrases:
                yield Pattern(owner, idiom, phrase.segments, actors if idiom else frozenset())


def _words_beside_gaps(entry: CompiledRule) -> frozenset[str]:
    """Return the words of a rule's phrases if one of them has a gap, in which other words may stand; else none."""
    if all(len(phrase.segments) == 1 for phrase in entry.phrases):
        return frozenset()
    return frozenset[str]().union(*(words_of(segment) for phrase in entry.phrases for segment in phrase.segments))


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


def _place(finding: Finding) -> tuple[object, ...]:
    return finding[: finding._fields.index("polarity")]
