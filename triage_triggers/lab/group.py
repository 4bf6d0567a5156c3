"""The figures of some calls together: how right the ruleset is about them, how often it alerts, and how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from triage_triggers.lab.figures import Confusion, Proportion, Spread, fisher_exact, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.lab.observation import Observation

__all__ = ["Group"]


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
        return cls(
            name=name,
            calls=len(observations),
            confusion=Confusion.of((item.label, item.flagged) for item in observations),
            alerts=Proportion.of(item.flagged for item in observations),
            escalations=Proportion.of(item.assessment.escalates for item in observations),
            share=Spread.of(item.share_until_flag for item in observations),
            seconds=Spread.of(item.time_until_flag for item in observations),
        )

    def beside(self, others: Iterable[Group]) -> Group:
        """Return it with Fisher's exact p against all other groups together."""
        rest = [other.confusion for other in others if other.name != self.name]
        positive = Proportion(sum(other.true_positive for other in rest), sum(other.positives for other in rest))
        negative = Proportion(sum(other.true_negative for other in rest), sum(other.negatives for other in rest))
        return self._replace(
            unlike_sensitivity=fisher_exact(self.confusion.sensitivity, positive),
            unlike_specificity=fisher_exact(self.confusion.specificity, negative),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        row: dict[str, Any] = plain(self)
        for name in ("alerts", "escalations"):
            row[name]["per_1000"] = getattr(self, name).per(1000)
        row["share_until_flag"], row["seconds_until_flag"] = row.pop("share"), row.pop("seconds")
        return row | self.confusion.rates()
