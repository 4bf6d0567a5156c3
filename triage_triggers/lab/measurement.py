"""How a ruleset does on labelled calls: as a whole, by column, by rule and by policy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.lab.figures import Confusion, Proportion, Spread, fisher_exact
from triage_triggers.lab.rules import PolicyFigures, RuleFigures, analyse_policies, analyse_rules
from triage_triggers.lab.trade_off import TradeOffPoint, trade_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["HELD_TO", "MOST_GROUPS", "NOTHING", "OTHERS", "Breakdown", "Group", "Measurement", "measure"]

HELD_TO: Final = ("sensitivity", "specificity", "ppv", "npv")
"""The figures that a ruleset can be held to."""
MOST_GROUPS: Final = 30
"""How many values of a column get figures of their own; a column with more is hardly a group."""
NOTHING: Final = "(nothing)"
"""The group of calls that have nothing in the column."""
OTHERS: Final = "(others)"
"""The group of calls whose value is rarer than those of ``MOST_GROUPS``."""


class Group(NamedTuple):
    """The figures of some calls.

    Attributes:
        name: What they have in common: a column's value, or "all".
        calls: How many.
        confusion: The labelled ones, by what they are and whether flagged.
        alerts: Of all, those flagged.
        escalations: Of those with a current code, the ones for which a more urgent code is suggested.
        share: The share of the call that had been said when it was flagged.
        seconds: The time by then, where calls have times.
        unlike_sensitivity: Fisher's exact p that the calls outside the group have the same sensitivity.
        unlike_specificity: The same for the specificity.
    """

    name: str
    calls: int
    confusion: Confusion
    alerts: Proportion
    escalations: Proportion
    share: Spread
    seconds: Spread
    unlike_sensitivity: float | None = None
    unlike_specificity: float | None = None

    @classmethod
    def of(cls, name: str, observations: Sequence[Observation]) -> Group:
        """Return the figures of some observed calls."""
        with_code = [item for item in observations if item.assessment.escalates is not None]
        escalated = sum(item.assessment.escalates is True for item in with_code)
        return cls(
            name=name,
            calls=len(observations),
            confusion=Confusion.of((item.label, item.flagged) for item in observations),
            alerts=Proportion(sum(item.flagged for item in observations), len(observations)),
            escalations=Proportion(escalated, len(with_code)),
            share=Spread.of(share for item in observations if (share := item.share_until_flag) is not None),
            seconds=Spread.of(time for item in observations if (time := item.time_until_flag) is not None),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        confusion = self.confusion
        return {
            "name": self.name,
            "calls": self.calls,
            "confusion": confusion._asdict(),
            "sensitivity": confusion.sensitivity.to_dict(),
            "specificity": confusion.specificity.to_dict(),
            "ppv": confusion.ppv.to_dict(),
            "npv": confusion.npv.to_dict(),
            "alerts": self.alerts.to_dict() | {"per_1000": self.alerts.per(1000)},
            "escalations": self.escalations.to_dict() | {"per_1000": self.escalations.per(1000)},
            "share_until_flag": self.share._asdict(),
            "seconds_until_flag": self.seconds._asdict(),
            "unlike_sensitivity": self.unlike_sensitivity,
            "unlike_specificity": self.unlike_specificity,
        }


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
    policies: tuple[PolicyFigures, ...]
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
        flagged = [item.flagged for item in self.observations if item.label == "ignored"]
        return Proportion(sum(flagged), len(flagged))

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
            "labels": dict(self.labels),
            "overall": self.overall.to_dict(),
            "undecided_alerts": self.undecided_alerts.to_dict(),
            "by": {breakdown.column: [group.to_dict() for group in breakdown.groups] for breakdown in self.breakdowns},
            "rules": [rule.to_dict() for rule in self.rules],
            "policies": [policy.to_dict() for policy in self.policies],
            "suggested": dict(self.suggested),
            "trade_off": [point.to_dict() for point in self.trade_off],
            "missed": [item.call.call_id for item in self.missed],
            "false_alarms": [item.call.call_id for item in self.false_alarms],
        }


def measure(evaluator: Evaluator, observations: Sequence[Observation], by: Sequence[str] = ()) -> Measurement:
    """Measure a ruleset on observed calls.

    Args:
        evaluator: The ruleset, the one that observed them.
        observations: The calls, each from :func:`triage_triggers.lab.observation.observe`.
        by: Columns to break the figures down by; they must have been observed.

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
    names: tuple[Label, ...] = ("positive", "negative", "ignored", "none")
    return Measurement(
        ruleset=evaluator.ruleset,
        code_system=evaluator.ladder.id,
        labels={name: labels[name] for name in names},
        overall=Group.of("all", observations),
        breakdowns=tuple(_breakdown(column, observations) for column in by),
        rules=analyse_rules(evaluator, observations),
        policies=analyse_policies(evaluator, observations),
        suggested={code: suggested[code] for code in evaluator.ladder.suggestable if suggested[code]},
        trade_off=trade_off(evaluator, observations),
        observations=tuple(observations),
    )


def _breakdown(column: str, observations: Sequence[Observation]) -> Breakdown:
    sizes = Counter(item.columns[column] or NOTHING for item in observations)
    largest = [name for name, _ in sizes.most_common(MOST_GROUPS)]
    members: dict[str, list[Observation]] = {name: [] for name in largest}
    for item in observations:
        name = item.columns[column] or NOTHING
        members.setdefault(name if name in members else OTHERS, []).append(item)
    groups = [Group.of(name, group) for name, group in members.items()]
    return Breakdown(column, tuple(_beside_the_rest(group, groups) for group in groups))


def _beside_the_rest(group: Group, groups: Sequence[Group]) -> Group:
    rest = [other.confusion for other in groups if other.name != group.name]
    positive = Proportion(sum(other.true_positive for other in rest), sum(other.positives for other in rest))
    negative = Proportion(sum(other.true_negative for other in rest), sum(other.negatives for other in rest))
    return group._replace(
        unlike_sensitivity=fisher_exact(group.confusion.sensitivity, positive),
        unlike_specificity=fisher_exact(group.confusion.specificity, negative),
    )
