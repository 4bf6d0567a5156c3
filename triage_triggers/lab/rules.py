"""What each rule and each sign of a ruleset does on some calls, and what would be lost without it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.lab.figures import Proportion, plain
from triage_triggers.lab.observation import judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.observation import Observation

__all__ = ["RuleFigures", "SignFigures", "analyse_rules", "analyse_signs"]


_COUNTS: Final = ("only_set_aside", "lost_positive", "lost_negative", "gained", "other_code", "other_advice")


class RuleFigures(NamedTuple):
    """What one rule does, in calls.

    Attributes:
        rule: Its id.
        theme: Its theme.
        coverage: Of all calls, those in which it counts.
        only_set_aside: Calls in which it was found, and set aside every time.
        overlap: Of the calls in which it counts, those in which another rule counts too.
        conflict: Of the calls in which it counts, those in which a finding of its theme was also denied.
        precision: Of the labelled calls in which it counts, the positive ones.
        lost_positive: Positive calls that are flagged only because of it.
        lost_negative: Negative calls that are flagged only because of it: the false alarms it alone makes.
        lost_other: Calls without a decided label that are flagged only because of it.
        gained: Calls that would be flagged without it, as it took points away.
        other_code: Calls that stay flagged without it, but with another code suggested.
        other_advice: Calls that stay flagged without it with the same code, but with other advice.
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
    def lost(self) -> int:
        """Calls that are flagged only because of it."""
        return self.lost_positive + self.lost_negative + self.lost_other

    @property
    def changes_nothing(self) -> bool:
        """Whether all calls would come out the same without it."""
        return not (self.lost or self.gained or self.other_code or self.other_advice)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        row: dict[str, Any] = plain(self)
        return row | {"never_found": self.never_found}


class SignFigures(NamedTuple):
    """What one sign does, in calls.

    Attributes:
        sign: Its id.
        coverage: Of all calls, those for which it holds.
        precision: Of the labelled calls for which it holds, the positive ones.
        alone: Calls for which no other sign holds.
    """

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
    return tuple(_figures(rule.id, rule.theme, tallies[rule.id], len(observations)) for rule in evaluator.ruleset.rules)


def analyse_signs(evaluator: Evaluator, observations: Sequence[Observation]) -> tuple[SignFigures, ...]:
    """Return what each sign does, in the ruleset's order."""
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for observation in observations:
        holding = observation.assessment.policies
        for sign in holding:
            tallies[sign].update(("holds", observation.label))
            tallies[sign]["alone"] += len(holding) == 1
    return tuple(
        SignFigures(
            sign,
            Proportion(tally["holds"], len(observations)),
            Proportion(tally["positive"], tally["positive"] + tally["negative"]),
            tally["alone"],
        )
        for sign in evaluator.ruleset.sign_ids
        for tally in (tallies[sign],)
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


def _figures(rule: str, theme: str, tally: Counter[str], calls: int) -> RuleFigures:
    counted = tally["counted"]
    return RuleFigures(
        rule=rule,
        theme=theme,
        coverage=Proportion(counted, calls),
        overlap=Proportion(tally["overlap"], counted),
        conflict=Proportion(tally["conflict"], counted),
        precision=Proportion(tally["positive"], tally["positive"] + tally["negative"]),
        lost_other=tally["lost_ignored"] + tally["lost_none"],
        **{name: tally[name] for name in _COUNTS},
    )
