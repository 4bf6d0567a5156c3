"""A ruleset's signs, tally and what follows from them, compiled against a ladder: evidence in, a suggestion out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.assessment import Tally
from triage_triggers.engine.decision.sign import SignTrace, compile_ask, gather, trace
from triage_triggers.engine.decision.tally import CompiledTally
from triage_triggers.errors import Fault, RulesetError
from triage_triggers.ruleset.definition import ADVICE, ANY_SIGN, TALLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from triage_triggers.engine.decision.sign import Asked, Evidence, Gathered
    from triage_triggers.engine.decision.tally import Counted
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Ruleset, Sign, Then

__all__ = ["CompiledSigns", "Decision", "Traces"]


class Decision(NamedTuple):
    """What a ruleset makes of a call.

    ``suggested_code`` is the most urgent code that a line of ``then`` which holds asks for, where it is strictly more
    urgent than the current code or there is none; ``escalates`` is ``None`` without a current code. In a system of
    event types without an order (see ``Ladder.outranks``) a suggestion is a type that says more, and never
    ``escalates``. ``advice`` is in the order of ``ruleset.definition.ADVICE``; ``policies`` are the ids of the signs
    that hold, in the ruleset's order, and ``then`` those of the lines that do. ``first`` is the position of the finding
    at which the first sign came to hold, if one does.
    """

    suggested_code: str | None
    escalates: bool | None
    flagged: bool
    advice: tuple[str, ...]
    policies: tuple[str, ...]
    first: int | None
    then: tuple[str, ...] = ()
    tally: Tally | None = None


class Traces(NamedTuple):
    """How every sign, every line of the tally and every line of ``then`` fared, each in the ruleset's order."""

    signs: tuple[SignTrace, ...]
    tally: tuple[SignTrace, ...]
    then: tuple[SignTrace, ...]


class _Line(NamedTuple):
    then: Then
    asked: Asked | None
    code: str | None


class CompiledSigns:
    """What a ruleset decides by, ready to judge any number of calls. Frozen; share it freely.

    Evidence is the call's counted findings, in any order. A ruleset with neither signs nor a tally flags a call for any
    evidence.

    Raises:
        RulesetError: A line suggests a code that the ladder does not know or that nobody may suggest; or the ladder is
            another than the ruleset's. All such faults at once.

    >>> from triage_triggers.engine.decision.sign import Evidence
    >>> from triage_triggers.ladders.ladder import load_ladder
    >>> from triage_triggers.ruleset.definition import Ruleset
    >>> ruleset = Ruleset(
    ...     **dict(format=1, id="demo", version="1.0.0", title="Demo", language="en", status="draft"),
    ...     code_system="nhs-arp",
    ...     rules=[dict(id="demo.knife", theme="weapon", phrases=["got a knife"])],
    ...     signs=[dict(id="armed", find="weapon", reason="A weapon is at hand.")],
    ...     then=[dict(id="to-c2", **{"if": "armed"}, suggest="C2", reason="A weapon is at hand.")],
    ... )
    >>> signs = CompiledSigns(ruleset, load_ladder("nhs-arp"))
    >>> knife = Evidence(0, "demo.knife", "weapon", "current", turn=1, by=None, start=0, end=11, word=0, finding=0)
    >>> signs.decide([knife], "C3").suggested_code, signs.decide([knife], "C1").suggested_code
    ('C2', None)
    """

    def __init__(self, ruleset: Ruleset, ladder: Ladder) -> None:
        faults = [Fault(ruleset.id, 1, 1, line, message) for line, message in _problems(ruleset, ladder)]
        if faults:
            raise RulesetError(faults)
        self._ladder = ladder
        self._any_evidence_flags = ruleset.flags_for_anything
        self._signs: tuple[tuple[Sign, Asked], ...] = tuple((sign, compile_ask(sign)) for sign in ruleset.signs)
        self._tally = None if ruleset.tally is None else CompiledTally(ruleset.tally)
        nothing = None if ruleset.tally is None else Tally(0, "none", ())
        self._quiet = Decision(None, None, flagged=False, advice=(), policies=(), first=None, tally=nothing)
        self._then = tuple(
            _Line(line, compile_ask(line) if line.find else None, line.suggest and ladder.check(line.suggest))
            for line in ruleset.then
        )

    def decide(self, evidence: Sequence[Evidence], current_code: str | None) -> Decision:
        """Return what a call's evidence comes to.

        Raises:
            CodeError: The ladder does not know the current code.
        """
        current = None if current_code is None else self._ladder.category(current_code)
        if not evidence:
            return self._quiet._replace(escalates=None if current is None else False)
        gathered = gather(evidence)
        holding, counted = self._holding(gathered)
        flagged = bool(holding) or self._any_evidence_flags
        lines = [line for line in self._then if self._holds(line, holding, gathered)]
        suggested = self._suggestion(lines, current)
        advised = {advice for line in lines for advice in line.then.advice}
        first = min(holding.values()) if holding else gathered.evidence[0].position if flagged else None
        return Decision(
            suggested_code=suggested,
            escalates=None if current is None else suggested is not None and self._ladder.ordered,
            flagged=flagged,
            advice=tuple(filter(advised.__contains__, ADVICE)) if advised else (),
            policies=tuple(holding),
            first=first,
            then=tuple([line.then.id for line in lines]),
            tally=None if counted is None else counted.tally,
        )

    def explain(self, evidence: Iterable[Evidence]) -> Traces:
        """Return how every sign and line fared, and what it found or still lacks."""
        gathered = gather(evidence)
        holding, counted = self._holding(gathered)
        signs = tuple(trace(sign, asked, gathered) for sign, asked in self._signs)
        lines = () if self._tally is None or counted is None else self._tally.explain(gathered, counted)
        return Traces(signs, lines, tuple(self._trace_of(line, holding, gathered) for line in self._then))

    def _trace_of(self, line: _Line, holding: Mapping[str, int], gathered: Gathered) -> SignTrace:
        missing = "" if _is_met(line.then, holding) else f"the sign {' or '.join(line.then.if_)}"
        found = None if line.asked is None else trace(line.then, line.asked, gathered)
        lacks = " and ".join(filter(None, (missing, found.lacks if found is not None else "")))
        asks = [f"the sign {' or '.join(line.then.if_)}"] if line.then.if_ else []
        asks += [found.asks] if found is not None else []
        since = [holding[name] for name in holding if name in line.then.if_ or ANY_SIGN in line.then.if_]
        firsts = [*([min(since)] if since else []), *([found.first] if found and found.first is not None else [])]
        first = None if lacks else max(firsts)
        evidence = found.found if found is not None else ()
        return SignTrace(line.then.id, first, line.then.reason, ", and ".join(asks), evidence, lacks)

    def _holding(self, gathered: Gathered) -> tuple[dict[str, int], Counted | None]:
        """Return the signs that hold with the position of each, in the ruleset's order, and the tally."""
        holding: dict[str, int] = {}
        for sign, asked in self._signs:
            first = asked.first(asked.fed(gathered))
            if first is not None:
                holding[sign.id] = first
        if self._tally is None:
            return holding, None
        counted = self._tally.count(gathered)
        if counted.first is not None:
            holding[TALLY] = counted.first
        return holding, counted

    def _holds(self, line: _Line, holding: Mapping[str, int], gathered: Gathered) -> bool:
        if not _is_met(line.then, holding):
            return False
        return line.asked is None or line.asked.first(line.asked.fed(gathered)) is not None

    def _suggestion(self, lines: Iterable[_Line], current: str | None) -> str | None:
        asked = {line.code for line in lines if line.code is not None}
        for code in sorted(asked, key=lambda code: (self._ladder.place(code), self._ladder.codes.index(code))):
            if current is None or self._ladder.outranks(code, current):
                return code
        return None


def _is_met(then: Then, holding: Mapping[str, int]) -> bool:
    if not then.if_:
        return True
    return bool(holding) if ANY_SIGN in then.if_ else not holding.keys().isdisjoint(then.if_)


def _problems(ruleset: Ruleset, ladder: Ladder) -> Iterator[tuple[str | None, str]]:
    """Yield, with the line's id, what keeps a ruleset from being used with a ladder."""
    if ladder.id != ruleset.code_system:
        yield None, f"its 'code_system' is {ruleset.code_system}, but the ladder given is {ladder.id}"
        return
    for line in ruleset.then:
        if line.suggest is not None and not ladder.may_suggest(line.suggest):
            codes = ", ".join(ladder.suggestable)
            yield line.id, f"'{line.suggest}' is no code of {ladder.id} that can be suggested; those that can: {codes}"
