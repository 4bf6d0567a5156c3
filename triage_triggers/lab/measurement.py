"""How a ruleset does on labelled calls: as a whole, by column, by rule and by sign; what alerts cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.lab.figures import Confusion, Group, Proportion, plain
from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.observation import judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ruleset.definition import Ruleset

__all__ = [
    "HELD_TO",
    "MOST_GROUPS",
    "NOTHING",
    "OTHERS",
    "Breakdown",
    "Measurement",
    "RuleFigures",
    "SignFigures",
    "TradeOffPoint",
    "analyse_rules",
    "analyse_signs",
    "measure",
    "trade_off",
]

HELD_TO: Final = ("sensitivity", "specificity", "ppv", "npv")
"""The figures that a ruleset can be held to."""
MOST_GROUPS: Final = 30
"""How many values of a column get figures of their own; a column with more is hardly a group."""
NOTHING: Final = "(nothing)"
"""The group of calls that have nothing in the column."""
OTHERS: Final = "(others)"
"""The group of calls whose value is rarer than those of ``MOST_GROUPS``."""


class Breakdown(NamedTuple):
    """The figures by one column, the largest group first."""

    column: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """How a ruleset does on some calls.

    ``labels`` counts the calls by label; ``suggested`` those for which each code is suggested, most urgent first.
    ``observations`` are the calls themselves: whoever prints them decides whether what was said may be seen.
    """

    ruleset: Ruleset
    code_system: str
    labels: Mapping[Label, int]
    overall: Group
    breakdowns: tuple[Breakdown, ...]
    rules: tuple[RuleFigures, ...]
    signs: tuple[SignFigures, ...]
    suggested: Mapping[str, int]
    trade_off: tuple[TradeOffPoint, ...]
    observations: tuple[Observation, ...]

    @property
    def missed(self) -> tuple[Observation, ...]:
        """The positive calls that were not flagged."""
        return tuple(item for item in self.observations if item.is_missed)

    @property
    def false_alarms(self) -> tuple[Observation, ...]:
        """The negative calls that were flagged."""
        return tuple(item for item in self.observations if item.is_false_alarm)

    @property
    def undecided_alerts(self) -> Proportion:
        """Of the calls that were looked at and not decided, those flagged."""
        return Proportion.of(item.flagged for item in self.observations if item.label == "ignored")

    def figure(self, name: str) -> Proportion:
        """Return one of the figures that a ruleset can be held to, by its name in ``HELD_TO``."""
        figure: Proportion = getattr(self.overall.confusion, name)
        return figure

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, without what was said."""
        ruleset = self.ruleset
        return {
            "ruleset": {"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest},
            "code_system": self.code_system,
            "labels": self.labels,
            "overall": self.overall.to_dict(),
            "undecided_alerts": plain(self.undecided_alerts),
            "by": {breakdown.column: [group.to_dict() for group in breakdown.groups] for breakdown in self.breakdowns},
            "rules": [rule.to_dict() for rule in self.rules],
            "signs": plain(self.signs),
            "suggested": self.suggested,
            "trade_off": [point.to_dict() for point in self.trade_off],
            "missed": [item.call.call_id for item in self.missed],
            "false_alarms": [item.call.call_id for item in self.false_alarms],
        }


def measure(evaluator: Evaluator, observations: Sequence[Observation], by: Sequence[str] = ()) -> Measurement:
    """Measure a ruleset on calls that it observed, and break the figures down by columns that were observed with them.

    Raises:
        MissingExtraError: The ``lab`` extra is not installed.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> from triage_triggers.lab.observation import observe
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> strangled = observe(evaluator, Call.from_text("My husband strangled me."), "positive")
    >>> fell = observe(evaluator, Call.from_text("I fell on the stairs."), "negative")
    >>> measure(evaluator, [strangled, fell]).overall.confusion.sensitivity
    Proportion(part=1, whole=1)
    """
    suggested = Counter(item.assessment.suggested_code for item in observations)
    labels = Counter(item.label for item in observations)
    return Measurement(
        ruleset=evaluator.ruleset,
        code_system=evaluator.ladder.id,
        labels={name: labels[name] for name in IN_WORDS},
        overall=Group.of("all", observations),
        breakdowns=tuple(_breakdown(column, observations) for column in by),
        rules=analyse_rules(evaluator, observations),
        signs=analyse_signs(evaluator, observations),
        suggested={code: suggested[code] for code in evaluator.ladder.suggestable if suggested[code]},
        trade_off=trade_off(evaluator, observations),
        observations=tuple(observations),
    )


def _breakdown(column: str, observations: Sequence[Observation]) -> Breakdown:
    sizes = Counter(item.columns[column] or NOTHING for item in observations)
    members: dict[str, list[Observation]] = {name: [] for name, _ in sizes.most_common(MOST_GROUPS)}
    for item in observations:
        name = item.columns[column] or NOTHING
        members.setdefault(name if name in members else OTHERS, []).append(item)
    groups = [Group.of(name, group) for name, group in members.items()]
    return Breakdown(column, tuple(group.beside(groups) for group in groups))


_COUNTS: Final = ("only_set_aside", "lost_positive", "lost_negative", "gained", "other_code", "other_advice")


class RuleFigures(NamedTuple):
    """What one rule does, in calls: ``coverage`` is those in which it counts, and of these the next three are parts.

    In ``overlap`` another rule counts too; in ``conflict`` a finding of its theme was also denied; ``precision`` is of
    the labelled ones, the positive. In ``only_set_aside`` it was found, and set aside every time. ``lost`` are flagged
    only because of it, by label; ``gained`` would be flagged without it, as it took points away. The others stay
    flagged without it, with another code or, where the code is the same, with other advice.
    """

    rule: str
    theme: str
    coverage: Proportion
    only_set_aside: int
    overlap: Proportion
    conflict: Proportion
    precision: Proportion
    lost_positive: int
    lost_negative: int
    lost_other: int
    gained: int
    other_code: int
    other_advice: int

    @property
    def never_found(self) -> bool:
        """Whether none of its phrases was said in any call."""
        return not self.coverage.part and not self.only_set_aside

    @property
    def changes_nothing(self) -> bool:
        """Whether all calls would come out the same without it."""
        lost = self.lost_positive or self.lost_negative or self.lost_other
        return not (lost or self.gained or self.other_code or self.other_advice)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return {**plain(self), "never_found": self.never_found}


class SignFigures(NamedTuple):
    """What one sign does, in calls: where it holds; of the labelled of these, the positive; where it holds alone."""

    sign: str
    coverage: Proportion
    precision: Proportion
    alone: int


def analyse_rules(evaluator: Evaluator, observations: Sequence[Observation]) -> tuple[RuleFigures, ...]:
    """Return what each rule does, in the ruleset's order.

    What is lost without a rule is found by judging each call in which it tells something again without it.
    """
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for observation in observations:
        _tally(evaluator, observation, tallies)
    return tuple(
        RuleFigures(
            rule=rule.id,
            theme=rule.theme,
            coverage=Proportion(tally["counted"], len(observations)),
            overlap=Proportion(tally["overlap"], tally["counted"]),
            conflict=Proportion(tally["conflict"], tally["counted"]),
            precision=Proportion(tally["positive"], tally["positive"] + tally["negative"]),
            lost_other=tally["lost_ignored"] + tally["lost_none"],
            **{name: tally[name] for name in _COUNTS},
        )
        for rule in evaluator.ruleset.rules
        for tally in (tallies[rule.id],)
    )


def _tally(evaluator: Evaluator, observation: Observation, tallies: defaultdict[str, Counter[str]]) -> None:
    assessment, counted = observation.assessment, observation.counted
    denied = {finding.theme for finding in assessment.findings if finding.polarity == "negated" and not finding.counts}
    themes = {finding.rule: finding.theme for finding in assessment.findings}
    for rule in themes.keys() - counted:
        tallies[rule]["only_set_aside"] += 1
    for rule in counted:
        tally = tallies[rule]
        tally.update(("counted", observation.label))
        tally["overlap"] += len(counted) > 1
        tally["conflict"] += themes[rule] in denied
        left = judge(evaluator, observation, {rule})
        if assessment.flagged and not left.flagged:
            tally[f"lost_{observation.label}"] += 1
        elif left.flagged and not assessment.flagged:
            tally["gained"] += 1
        elif left.suggested_code != assessment.suggested_code:
            tally["other_code"] += 1
        elif left.advice != assessment.advice:
            tally["other_advice"] += 1


def analyse_signs(evaluator: Evaluator, observations: Sequence[Observation]) -> tuple[SignFigures, ...]:
    """Return what each sign does, in the ruleset's order."""
    figures = []
    for sign in evaluator.ruleset.sign_ids:
        holding = [item for item in observations if sign in item.assessment.policies]
        decided = [item.label == "positive" for item in holding if item.label in {"positive", "negative"}]
        alone = sum(len(item.assessment.policies) == 1 for item in holding)
        figures.append(SignFigures(sign, Proportion(len(holding), len(observations)), Proportion.of(decided), alone))
    return tuple(figures)


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
    """A call, with the rules switched off so far, and those of the others whose absence would turn its flag."""

    def __init__(self, evaluator: Evaluator, observation: Observation) -> None:
        self._evaluator, self._observation = evaluator, observation
        self._on, self._off = observation.counted, frozenset[str]()
        self.label = observation.label
        self._judge()

    def switch_off(self, rule: str) -> None:
        if rule in self._on:
            self._on, self._off = self._on - {rule}, self._off | {rule}
            self._judge()

    def _judge(self) -> None:
        self.flagged = self._flagged_without(self._off)
        self.flips = [rule for rule in self._on if self._flagged_without(self._off | {rule}) is not self.flagged]

    def _flagged_without(self, rules: frozenset[str]) -> bool:
        return judge(self._evaluator, self._observation, rules).flagged


def _cheapest(calls: Sequence[_Call]) -> str | None:
    changed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for call in calls:
        for rule in call.flips:
            changed[call.label][rule] += 1 if call.flagged else -1
    spared, lost = changed["negative"], changed["positive"]
    useful = [rule for rule, count in spared.items() if count > 0]
    return min(useful, key=lambda rule: (lost[rule] / spared[rule], -spared[rule], rule), default=None)
