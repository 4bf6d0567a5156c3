"""The tally: what is not enough alone, each kind of it counted once, and whether it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.assessment import Tally, TallyLine
from triage_triggers.engine.decision.sign import compile_ask, trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.assessment import Level
    from triage_triggers.engine.decision.sign import Asked, Evidence, Fed, Gathered, SignTrace
    from triage_triggers.ruleset.definition import TallyLine as WrittenLine
    from triage_triggers.ruleset.definition import TallyRule

__all__ = ["CompiledTally", "Counted"]


class Counted(NamedTuple):
    """What a call's tally comes to; ``first`` is the position at which it reached its ``flag``, if it did."""

    tally: Tally
    first: int | None


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    number: int
    written: WrittenLine
    asked: Asked


class CompiledTally:
    """A ruleset's tally, ready to count any number of calls. Frozen; share it freely.

    Words feed one line only: lines are served by points, highest first, then as they are written, and a line that has
    been served may still be given other words, so that more evidence never serves fewer lines.

    >>> from triage_triggers.engine.decision.sign import Evidence, gather
    >>> from triage_triggers.ruleset.definition import TallyRule
    >>> line = dict(id="armed", find=["weapon"], points=2, reason="A weapon.")
    >>> tally = CompiledTally(TallyRule.model_validate(dict(look_again=1, flag=2, lines=[line])))
    >>> counted = tally.count(gather([Evidence(9, "weapon.knife", "weapon", "current", 0, None, 0, 7, 0, 0)]))
    >>> counted.tally.level, counted.tally.lines, counted.first
    ('flag', (TallyLine(kind='armed', points=2, findings=(0,)),), 9)
    """

    def __init__(self, rule: TallyRule) -> None:
        self._rule = rule
        lines = [_Line(number, line, compile_ask(line)) for number, line in enumerate(rule.lines)]
        self._lines = tuple(sorted(lines, key=lambda line: -line.written.points))

    def count(self, gathered: Gathered) -> Counted:
        """Return what a call's evidence comes to."""
        fed = {line.number: line.asked.fed(gathered) for line in self._lines}
        if not any(fed.values()):
            return Counted(Tally(0, "none", ()), None)
        stretches = _stretches(gathered.evidence)
        served = self._applied(self._serve(fed, stretches))
        points = sum(line.written.points for line in served)
        lines = tuple(
            TallyLine(line.written.id, line.written.points, served[line])
            for line in sorted(served, key=lambda line: line.number)
        )
        level: Level = "look_again" if points >= self._rule.look_again else "none"
        if points >= self._rule.flag and self._is_anchored(served):
            level = "flag"
        tally = Tally(points, level, lines)
        return Counted(tally, self._first(fed, stretches, served) if level == "flag" else None)

    def explain(self, gathered: Gathered, counted: Counted) -> tuple[SignTrace, ...]:
        """Return how each line fared, in the order in which they are written."""
        served = {line.kind for line in counted.tally.lines}
        traces = []
        for line in sorted(self._lines, key=lambda line: line.number):
            told = trace(line.written, line.asked, gathered)
            if line.written.id not in served:
                lacks = "words that no other line has" if line.written.points > 0 else "the absence of someone close"
                told = told._replace(first=None, lacks=told.lacks or lacks)
            traces.append(told)
        return tuple(traces)

    def _is_anchored(self, served: Mapping[_Line, tuple[int, ...]]) -> bool:
        anchors = {line.number for line in self._lines if line.written.anchor}
        return not anchors or any(line.number in anchors for line in served)

    def _applied(self, served: Mapping[_Line, tuple[int, ...]]) -> Mapping[_Line, tuple[int, ...]]:
        if any(line.written.points > 0 and line.asked.is_by_someone_close for line in served):
            return {line: findings for line, findings in served.items() if line.written.points > 0}
        return served

    def _first(
        self, fed: Mapping[int, Sequence[Fed]], stretches: Mapping[int, int], served: Mapping[_Line, tuple[int, ...]]
    ) -> int:
        """Return where the lines served by then, less all minus points, first reached the threshold."""
        minus = sum(min(0, line.written.points) for line in served)
        plus_lines = [line for line in self._lines if line.written.points > 0]
        first = {line.number: self._first_told(line, fed[line.number], stretches) for line in plus_lines}
        positions = sorted({position for findings in first.values() for position, _ in findings})
        for limit in positions[:-1]:
            known: dict[int, Sequence[Fed]] = dict.fromkeys(fed, ())
            known |= {number: [one for one in told if one.position <= limit] for number, told in first.items()}
            served_by_then = self._serve(known, stretches)
            plus = sum(max(0, line.written.points) for line in served_by_then)
            if plus + minus >= self._rule.flag and self._is_anchored(served_by_then):
                return limit
        return positions[-1]

    def _first_told(self, line: _Line, fed: Sequence[Fed], stretches: Mapping[int, int]) -> Sequence[Fed]:
        """Return what a line could be given at most, however many others are to be served."""
        most = sum(other.asked.at_least for other in self._lines)
        told: dict[str, set[int]] = {}
        kept = []
        for one, (rule, number) in zip(fed, _slots(line, fed), strict=True):
            known = told.setdefault(rule, set())
            stretch = stretches[number]
            if stretch not in known and len(known) < most:
                known.add(stretch)
                kept.append(one)
        return kept

    def _serve(self, fed: Mapping[int, Sequence[Fed]], stretches: Mapping[int, int]) -> Mapping[_Line, tuple[int, ...]]:
        """Return the lines that are complete with words of their own, and the findings that feed each."""
        owners: dict[int, tuple[int, str]] = {}
        served: list[_Line] = []
        places: dict[tuple[int, str], list[int]] = {}
        for line in self._lines:
            for rule, position in _slots(line, fed[line.number]):
                places.setdefault((line.number, rule), []).append(stretches[position])
        for line in self._lines:
            before, got = dict(owners), 0
            for slot in [slot for slot in places if slot[0] == line.number]:
                got += _find_place(slot, places, owners, set())
                if got == line.asked.at_least:
                    served.append(line)
                    break
            else:
                owners = before
        taken = {stretch: slot[0] for stretch, slot in owners.items()}
        feeding: dict[_Line, tuple[int, ...]] = {}
        for line in served:  # words that no line needs say the same again of the first that asks for them
            own = [one.evidence.finding for one in fed[line.number]]
            feeding[line] = tuple(
                sorted(number for number in own if taken.setdefault(stretches[number], line.number) == line.number)
            )
        return feeding


def _stretches(evidence: Sequence[Evidence]) -> dict[int, int]:
    """Return which stretch of talk each finding lies in: findings whose words overlap lie in the same one."""
    of: dict[int, int] = {}
    stretch, reach = -1, -1
    for finding in sorted(evidence, key=lambda finding: finding.start):
        if finding.start >= reach:
            stretch += 1
        of[finding.finding] = stretch
        reach = max(reach, finding.end)
    return of


def _slots(line: _Line, fed: Sequence[Fed]) -> Iterator[tuple[str, int]]:
    """Yield what may feed a line: any of its findings, or one of each rule where it asks for different ones."""
    for _, finding in fed:
        yield (finding.rule if line.asked.at_least > 1 else ""), finding.finding


def _find_place(
    slot: tuple[int, str],
    places: Mapping[tuple[int, str], Sequence[int]],
    owners: dict[int, tuple[int, str]],
    tried: set[int],
) -> bool:
    """Give a slot words of its own, moving others that were served before to other words of theirs."""
    for stretch in places[slot]:
        if stretch not in tried:
            tried.add(stretch)
            if stretch not in owners or _find_place(owners[stretch], places, owners, tried):
                owners[stretch] = slot
                return True
    return False
