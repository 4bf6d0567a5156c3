"""What the policies make of a call that is still going on: judged again at each change, at what the change costs.

A condition without a window asks only where each rule was first found, per temporality; so those firsts are all that is
kept at hand, however long the call. A window is judged again only where a change falls into it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.decision.condition import ALWAYS, Near, indispensable, parts_of
from triage_triggers.engine.decision.evidence import gather
from triage_triggers.engine.decision.gate import after_gates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from triage_triggers.engine.decision.condition import Node
    from triage_triggers.engine.decision.evidence import Evidence, Gathered
    from triage_triggers.engine.decision.gate import CompiledGates, Verdict
    from triage_triggers.engine.decision.policy import CompiledPolicy, Decision

__all__ = ["Standing"]

_POSITION: Final = attrgetter("position")


class Standing:
    """The evidence of one open call, and how its gates and policies stand. Not to be shared between threads.

    Equal, after any changes, to judging the evidence that there is then all at once. ``verdicts`` are the gates' on
    the rules that they hold back; a new object wherever one changes.

    >>> from triage_triggers.engine.decision.evidence import Evidence
    >>> from triage_triggers import Evaluator, load_ruleset
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> standing = Standing(evaluator.policy, evaluator.gates)
    >>> hands = Evidence(32, "strangulation.hands-on-neck", "strangulation", "current", 0, None)
    >>> standing.change(added=[hands], withdrawn=[])
    >>> standing.decide("C3").suggested_code
    'C2'
    """

    __slots__ = ("_counted", "_gates", "_held_back", "_policy", "_said", "verdicts")

    def __init__(self, policy: CompiledPolicy, gates: CompiledGates) -> None:
        self._policy, self._gates = policy, gates
        self._said, self._counted = _Tally(gates.conditions), _Tally(policy.conditions)
        self._held_back: dict[str, list[Evidence]] = {rule: [] for rule in gates.held_back}  # as it was said, by rule
        self.verdicts: Mapping[str, Verdict] = {}

    def change(self, *, added: Sequence[Evidence], withdrawn: Sequence[Evidence]) -> None:
        """Take back evidence given before, and take in more, as it was said."""
        before = self.verdicts
        for finding in withdrawn:
            self._said.remove(finding)
            if finding.rule in self._held_back:
                self._held_back[finding.rule].remove(finding)
            self._withdraw(finding, before)
        for finding in added:
            self._said.add(finding)
        self._ask_gates()
        for finding in added:
            if finding.rule in self._held_back:
                self._held_back[finding.rule].append(finding)
            self._count(finding, self.verdicts)

    def _ask_gates(self) -> None:
        """Judge the gates again, and count what one let go of since, or no longer what one holds back now."""
        if not self._held_back:
            return
        before, after = self.verdicts, self._gates.judge_gathered(self._said.gathered())
        if after == before:
            return
        self.verdicts = after
        for rule in before.keys() & after.keys():
            if before[rule] != after[rule]:
                for finding in self._held_back[rule]:
                    self._withdraw(finding, before)
                    self._count(finding, after)

    def decide(self, current_code: str | None) -> Decision:
        """Return what the policies make of the evidence so far.

        Raises:
            CodeError: The ladder does not know the current code.
        """
        return self._policy.judge(self._counted.gathered(), current_code)

    def _count(self, finding: Evidence, verdicts: Mapping[str, Verdict]) -> None:
        counted = after_gates(finding, verdicts)
        if counted is not None:
            self._counted.add(counted)

    def _withdraw(self, finding: Evidence, verdicts: Mapping[str, Verdict]) -> None:
        counted = after_gates(finding, verdicts)
        if counted is not None:
            self._counted.remove(counted)


class _Tally:
    """Evidence, ready for conditions to be asked about it at any time."""

    __slots__ = ("_firsts", "_windows")

    def __init__(self, conditions: Iterable[Node]) -> None:
        self._firsts = _Firsts()
        self._windows: dict[Node, _Windows] = {}
        for condition in conditions:
            for near in _outermost(condition):
                self._windows.setdefault(near, _Windows(near))

    def add(self, finding: Evidence) -> None:
        self._firsts.add(finding)
        for windows in self._windows.values():
            windows.add(finding)

    def remove(self, finding: Evidence) -> None:
        self._firsts.remove(finding)
        for windows in self._windows.values():
            windows.remove(finding)

    def gathered(self) -> Gathered:
        """Return the first evidence of each kind, and the answers of the windows over all of it."""
        gathered = gather(self._firsts.sorted())
        for near, windows in self._windows.items():
            gathered.answers[near] = windows.first_held()
        return gathered


class _Firsts:
    """Evidence by rule, theme and temporality; of each, the position that comes first."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], list[Evidence]] = {}

    def add(self, finding: Evidence) -> bool:
        """Take in evidence; tell whether it is now the first of its kind."""
        found = self._found.setdefault(_kind(finding), [])
        insort(found, finding, key=_POSITION)
        return found[0] == finding

    def remove(self, finding: Evidence) -> bool:
        """Take out evidence; tell whether it was the first of its kind."""
        found = self._found[_kind(finding)]
        at = found.index(finding, bisect_left(found, finding.position, key=_POSITION))
        del found[at]
        if not found:
            del self._found[_kind(finding)]
        return at == 0

    def sorted(self) -> list[Evidence]:
        """Return the first of each kind, positions ascending."""
        return sorted([found[0] for found in self._found.values()], key=_POSITION)


def _kind(finding: Evidence) -> tuple[str, str, str]:
    return finding.rule, finding.theme, finding.temporality


def _outermost(node: Node) -> Iterator[Near]:
    """Yield the windows of a condition that stand in no other window."""
    if isinstance(node, Near):
        yield node
        return
    for part in parts_of(node):
        yield from _outermost(part)


class _Windows:
    """The windows of one ``Near``, over the evidence of one open call.

    For every mark (turn or time) there are up to three windows that a change at that mark can bring about: those that
    begin with it, that have just let go of it, and that have just taken it in. A mark's answer is the soonest of its
    windows'. Marks wait in a heap by the soonest that their answer can be, and are judged only when one comes up.
    """

    __slots__ = ("_answers", "_at", "_contrary", "_everywhere", "_heap", "_marks", "_near", "_never_free")

    def __init__(self, near: Near) -> None:
        self._near = near
        self._marks: list[float] = []
        self._at: dict[float, list[Evidence]] = {}
        self._everywhere = _Firsts()
        self._contrary = 0  # how much evidence without a mark can make the part fail
        self._answers: dict[float, tuple[int, bool]] = {}  # by mark: the answer or its bound, and which of the two
        self._heap: list[tuple[int, float]] = []
        self._never_free = indispensable(near.part) is not None

    def add(self, finding: Evidence) -> None:
        if not self._concerns(finding):
            return
        mark = self._mark(finding)
        if mark is None:
            self._contrary += self._is_contrary(finding)
            if self._everywhere.add(finding) or self._is_contrary(finding):
                self._judge_again(self._marks)
            return
        if mark not in self._at:
            self._at[mark] = []
            insort(self._marks, mark)
        insort(self._at[mark], finding, key=_POSITION)
        self._judge_again(self._around(mark))

    def remove(self, finding: Evidence) -> None:
        if not self._concerns(finding):
            return
        mark = self._mark(finding)
        if mark is None:
            self._contrary -= self._is_contrary(finding)
            if self._everywhere.remove(finding) or self._is_contrary(finding):
                self._judge_again(self._marks)
            return
        again = self._around(mark)
        self._at[mark].remove(finding)
        if not self._at[mark]:
            del self._at[mark], self._answers[mark]
            del self._marks[bisect_left(self._marks, mark)]
            again.remove(mark)
        self._judge_again(again)

    def first_held(self) -> int | None:
        """Return what the node's ``first_held`` would over all the evidence so far."""
        everywhere = self._everywhere.sorted()
        best = self._first_held(everywhere)  # a window in which nothing was said
        heap = self._heap
        while heap and (best is None or heap[0][0] < best):
            bound, mark = heap[0]
            known, is_answer = self._answers.get(mark, (None, False))
            if known != bound:  # an entry that was replaced
                heappop(heap)
            elif is_answer:
                return bound
            else:
                heappop(heap)
                answer = self._answer(mark, everywhere)
                self._answers[mark] = (_NEVER if answer is None else answer, True)
                if answer is not None:
                    heappush(heap, (answer, mark))
        return best

    def _concerns(self, finding: Evidence) -> bool:
        return finding.theme in self._near.themes or finding.rule in self._near.rules

    def _is_contrary(self, finding: Evidence) -> bool:
        return finding.theme in self._near.contrary_themes or finding.rule in self._near.contrary_rules

    def _mark(self, finding: Evidence) -> float | None:
        return finding.turn if self._near.in_turns else finding.time

    def _around(self, mark: float) -> list[float]:
        """Return the marks of which some window holds this one too."""
        marks, length = self._marks, self._near.length
        at = bisect_left(marks, mark)
        first, last = at, at
        while first > 0 and mark - marks[first - 1] <= length:
            first -= 1
        while last < len(marks) and marks[last] - mark <= length:
            last += 1
        return marks[first:last]

    def _judge_again(self, marks: Iterable[float]) -> None:
        everywhere = self._everywhere.sorted()
        for mark in marks:
            bound = ALWAYS
            if self._never_free:
                bound = min(self._at[near][0].position for near in self._around(mark))
                bound = min(bound, everywhere[0].position) if everywhere else bound
            if self._answers.get(mark) != (bound, False):
                self._answers[mark] = (bound, False)
                heappush(self._heap, (bound, mark))

    def _answer(self, mark: float, everywhere: list[Evidence]) -> int | None:
        marks = self._around(mark)
        at = bisect_left(marks, mark)
        windows = [marks[at:]]
        if self._contrary or any(self._is_contrary(finding) for near in marks for finding in self._at[near]):
            windows += [marks[at + 1 :], marks[: at + 1]]  # has let go of the mark; has taken it in
        best: int | None = None
        for window in windows:
            inside = [*everywhere, *(finding for near in window for finding in self._at[near])]
            first = self._first_held(sorted(inside, key=_POSITION))
            if first is not None and (best is None or first < best):
                best = first
        return best

    def _first_held(self, evidence: list[Evidence]) -> int | None:
        return gather(evidence).first_held(self._near.part)


_NEVER: Final = 1 << 62
"""The answer of a mark in none of whose windows the part holds: later than any position."""
