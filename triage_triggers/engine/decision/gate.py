"""A ruleset's gates, compiled: which findings say too little alone, and since when something else speaks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import ALWAYS, gather
from triage_triggers.engine.decision.explanation import GateTrace, trace
from triage_triggers.errors import Fault, RulesetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.engine.decision.condition import Evidence, Gathered, Node
    from triage_triggers.ruleset.definition import Condition, Gate, Ruleset

__all__ = ["CompiledGates", "Verdict", "after_gates"]


class Verdict(NamedTuple):
    """What the gates say of a rule's findings in a call.

    They count since position ``opened`` (``ALWAYS`` where no gate holds the rule back), or ``closed`` is the gate that
    sets them aside.
    """

    opened: int
    closed: Gate | None


_FREE: Final = Verdict(ALWAYS, None)


class _Gate(NamedTuple):
    gate: Gate
    when: Node | None
    rules: frozenset[str]
    """The rules it holds back."""

    def opened(self, gathered: Gathered) -> int | None:
        return None if self.when is None else gathered.first_held(self.when)


class CompiledGates:
    """All gates of a ruleset, ready to judge any number of calls. Frozen; share it freely.

    Evidence is everything that was found and counts as it was said, positions ascending. Gates look at all of it, held
    back or not, so that no gate waits for another; a rule that several hold back counts once all are open.

    Raises:
        RulesetError: A gate's condition holds for a call in which nothing was found, so that it holds nothing back.

    >>> from triage_triggers.engine.decision.condition import Evidence
    >>> from triage_triggers.ruleset.definition import Ruleset
    >>> rules = [dict(id="knife", theme="weapon", phrases=["x"]), dict(id="ex", theme="relationship", phrases=["y"])]
    >>> gates = CompiledGates(
    ...     Ruleset(
    ...         **dict(format=1, id="demo", version="1.0.0", title="Demo", language="en", status="draft"),
    ...         code_system="nhs-arp",
    ...         rules=rules,
    ...         gates=[dict(id="tie", themes=["weapon"], when=dict(theme="relationship"), reason="No tie is named.")],
    ...     )
    ... )
    >>> knife = Evidence(4, "knife", "weapon", "current", 0, None)
    >>> gates.judge([knife])["knife"].closed.reason
    'No tie is named.'
    >>> gates.judge([knife, Evidence(9, "ex", "relationship", "current", 0, None)])["knife"]
    Verdict(opened=9, closed=None)
    """

    __slots__ = ("_gates", "_held_back")

    def __init__(self, ruleset: Ruleset) -> None:
        known: dict[Condition, Node] = {}
        self._gates = tuple(
            _Gate(
                gate,
                None if gate.when is None else compile_condition(gate.when, known, ruleset.conditions),
                frozenset(_held_back(gate, ruleset)),
            )
            for gate in ruleset.gates
        )
        nothing = gather(())
        faults = [
            Fault(ruleset.id, 1, 1, entry.gate.id, "it would be open for a call in which nothing was found")
            for entry in self._gates
            if entry.opened(nothing) is not None
        ]
        if faults:
            raise RulesetError(faults)
        self._held_back = frozenset[str]().union(*(entry.rules for entry in self._gates))

    @property
    def conditions(self) -> tuple[Node, ...]:
        """The conditions that open gates, in the ruleset's order."""
        return tuple(entry.when for entry in self._gates if entry.when is not None)

    @property
    def held_back(self) -> frozenset[str]:
        """The rules that some gate holds back."""
        return self._held_back

    def judge(self, evidence: Sequence[Evidence]) -> Mapping[str, Verdict]:
        """Return the verdict on every rule that evidence was found of and that a gate holds back."""
        if self._held_back.isdisjoint([finding.rule for finding in evidence]):
            return {}
        return self.judge_gathered(gather(evidence))

    def judge_gathered(self, gathered: Gathered) -> Mapping[str, Verdict]:
        """Return what ``judge`` does of evidence that is sorted already."""
        held = self._held_back & gathered.rules.keys()
        verdicts: dict[str, Verdict] = {}
        for entry in self._gates:
            rules = held & entry.rules
            if not rules:
                continue
            opened = entry.opened(gathered)
            for rule in rules:
                before = verdicts.get(rule, _FREE)
                if before.closed is None:
                    after = (
                        Verdict(before.opened, entry.gate) if opened is None else Verdict(max(before[0], opened), None)
                    )
                    verdicts[rule] = after
        return verdicts

    def explain(self, evidence: Sequence[Evidence]) -> tuple[GateTrace, ...]:
        """Return, for every gate in the ruleset's order, whether it opened, what it held back and what it lacked."""
        gathered = gather(evidence)
        traces = []
        for gate, when, rules in self._gates:
            condition = None if when is None else trace(when, gathered)
            opened = condition is not None and condition.held
            first = None if condition is None or condition.first is None else max(condition.first, evidence[0].position)
            held_back = () if opened else tuple(sorted(rules.intersection(gathered.rules)))
            traces.append(GateTrace(gate.id, opened, first, gate.reason, held_back, condition))
        return tuple(traces)


def after_gates(finding: Evidence, verdicts: Mapping[str, Verdict]) -> Evidence | None:
    """Return evidence as it counts after the gates: known only once its gate opened; ``None`` where one is closed."""
    verdict = verdicts.get(finding.rule)
    if verdict is None:
        return finding
    return None if verdict.closed is not None else finding._replace(position=max(finding.position, verdict.opened))


def _held_back(gate: Gate, ruleset: Ruleset) -> Iterator[str]:
    every = not gate.themes and not gate.rules
    for rule in ruleset.rules:
        named = every or rule.theme in gate.themes or rule.id in gate.rules
        if named and rule.id not in gate.except_rules and not rule.never_set_aside:
            yield rule.id
