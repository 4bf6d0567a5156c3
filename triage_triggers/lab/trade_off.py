"""Alerts against sensitivity: what is gained and lost as rules are switched off one after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from triage_triggers.lab.figures import Confusion, Proportion, plain
from triage_triggers.lab.observation import judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.observation import Observation

__all__ = ["TradeOffPoint", "trade_off"]


class TradeOffPoint(NamedTuple):
    """The ruleset with ``rule``, and all rules of the points before it, switched off.

    The first point is the whole ruleset; its ``rule`` is ``None``. ``alerts`` are flagged calls, of all of any label.
    """

    rule: str | None
    alerts: Proportion
    confusion: Confusion

    def to_dict(self) -> dict[str, Any]:
        """Return the point as plain data."""
        return {
            "rule": self.rule,
            "alerts": self.alerts.part,
            "calls": self.alerts.whole,
            "sensitivity": plain(self.confusion.sensitivity),
            "specificity": plain(self.confusion.specificity),
        }


def trade_off(evaluator: Evaluator, observations: Sequence[Observation]) -> tuple[TradeOffPoint, ...]:
    """Switch off, again and again, the rule that costs the fewest true alerts for each false one it spares.

    Rules whose absence changes no call on the way are left on. It ends when switching off any one rule more spares no
    false alarm. A rule that looks dispensable here may be what catches the next call: the order says what these calls
    know of the rules, and nothing else.
    """
    calls = [_Call(evaluator, observation) for observation in observations if observation.counted]
    whole = Confusion.of((observation.label, observation.flagged) for observation in observations)
    alerts = Proportion.of(observation.flagged for observation in observations)
    points = [TradeOffPoint(None, alerts, whole)]
    while points[-1].confusion.false_positive:
        best = _cheapest(calls)
        if best is None:
            break
        for call in calls:
            call.switch_off(best)
        last = points[-1].confusion
        flagged = [call for call in calls if call.flagged]
        true = sum(call.label == "positive" for call in flagged)
        false = sum(call.label == "negative" for call in flagged)
        now = Confusion(true, last.positives - true, false, last.negatives - false)
        points.append(TradeOffPoint(best, Proportion(len(flagged), len(observations)), now))
    return tuple(points)


class _Call:
    """A call, with the rules switched off so far, and what switching off each of the others would do to its flag."""

    def __init__(self, evaluator: Evaluator, observation: Observation) -> None:
        self._evaluator, self._observation = evaluator, observation
        self._on, self._off = observation.counted, frozenset[str]()
        self.label, self.flagged = observation.label, observation.flagged
        self.flips = self._flips()

    def switch_off(self, rule: str) -> None:
        if rule not in self._on:
            return
        self._on, self._off = self._on - {rule}, self._off | {rule}
        self.flagged = judge(self._evaluator, self._observation, self._off).flagged
        self.flips = self._flips()

    def _flips(self) -> frozenset[str]:
        """Return the rules whose absence would turn the flag."""
        return frozenset(
            rule
            for rule in self._on
            if judge(self._evaluator, self._observation, self._off | {rule}).flagged is not self.flagged
        )


def _cheapest(calls: Sequence[_Call]) -> str | None:
    changed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for call in calls:
        for rule in call.flips:
            changed[call.label][rule] += 1 if call.flagged else -1
    spared, lost = changed["negative"], changed["positive"]
    useful = [rule for rule, count in spared.items() if count > 0]
    return min(useful, key=lambda rule: (lost[rule] / spared[rule], -spared[rule], rule), default=None)
