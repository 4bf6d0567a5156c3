"""How a ruleset does on labelled calls: as a whole, by column, by rule and by sign."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.lab.figures import Group, Proportion, plain
from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.rules import RuleFigures, SignFigures, TradeOffPoint, analyse_rules, analyse_signs, trade_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["HELD_TO", "MOST_GROUPS", "NOTHING", "OTHERS", "Breakdown", "Measurement", "measure"]

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
            "labels": dict(self.labels),
            "overall": self.overall.to_dict(),
            "undecided_alerts": plain(self.undecided_alerts),
            "by": {breakdown.column: [group.to_dict() for group in breakdown.groups] for breakdown in self.breakdowns},
            "rules": [rule.to_dict() for rule in self.rules],
            "signs": plain(self.signs),
            "suggested": dict(self.suggested),
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
