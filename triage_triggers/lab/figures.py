"""Figures with their uncertainty: proportions, right and wrong, spreads, tests; those of a group of calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple

from triage_triggers.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation

__all__ = ["Confusion", "Group", "Proportion", "Spread", "fisher_exact", "lab_extra", "mcnemar_exact", "plain"]


class Proportion(NamedTuple):
    """So many of so many, with Wilson's 95 % interval. ``value`` and ``interval`` are ``None`` where there are none.

    >>> figure = Proportion(25, 27)
    >>> round(figure.value, 3), [round(bound, 3) for bound in figure.interval]
    (0.926, [0.766, 0.979])
    >>> print(figure)
    0.926 (25 of 27, 95% 0.77–0.98)
    """

    part: int
    whole: int

    @classmethod
    def of(cls, answers: Iterable[bool | None]) -> Proportion:
        """Return how many are true, of those that are not ``None``."""
        known = [answer for answer in answers if answer is not None]
        return cls(sum(known), len(known))

    @property
    def value(self) -> float | None:
        """The proportion, between 0 and 1."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval: where the true proportion plausibly lies, if these calls are like the others."""
        return _wilson(self.part, self.whole) if self.whole else None

    def per(self, calls: float) -> float | None:
        """Return how many that is in so many calls."""
        return self.part * calls / self.whole if self.whole else None

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return "not known (0 of 0)"
        low, high = self.interval
        return f"{self.value:.3f} ({self.part:,} of {self.whole:,}, 95% {low:.2f}–{high:.2f})"

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain data."""
        low, high = self.interval or (None, None)
        return {"value": self.value, "part": self.part, "whole": self.whole, "low": low, "high": high}


class Confusion(NamedTuple):
    """Labelled calls by what they are and whether they were flagged."""

    true_positive: int = 0
    false_negative: int = 0
    false_positive: int = 0
    true_negative: int = 0

    @classmethod
    def of(cls, calls: Iterable[tuple[Label, bool]]) -> Confusion:
        """Count calls given as label and whether flagged; those without a decided label are left out."""
        counts = Counter(calls)
        return cls(*(counts[label, flagged] for label in ("positive", "negative") for flagged in (True, False)))

    @property
    def positives(self) -> int:
        """How many calls are labelled positive."""
        return self.true_positive + self.false_negative

    @property
    def negatives(self) -> int:
        """How many calls are labelled negative."""
        return self.false_positive + self.true_negative

    @property
    def right(self) -> Proportion:
        """Of all these calls, those flagged as they are labelled."""
        return Proportion(self.true_positive + self.true_negative, self.positives + self.negatives)

    @property
    def sensitivity(self) -> Proportion:
        """Of the positive calls, those flagged (recall)."""
        return Proportion(self.true_positive, self.positives)

    @property
    def specificity(self) -> Proportion:
        """Of the negative calls, those left alone."""
        return Proportion(self.true_negative, self.negatives)

    @property
    def ppv(self) -> Proportion:
        """Of the flagged calls, those that are positive (precision). It depends on how common positive calls are."""
        return Proportion(self.true_positive, self.true_positive + self.false_positive)

    @property
    def npv(self) -> Proportion:
        """Of the calls left alone, those that are negative. It depends on how common positive calls are."""
        return Proportion(self.true_negative, self.true_negative + self.false_negative)


class Spread(NamedTuple):
    """The middle and the slow end of some measurements; ``None`` where there are none."""

    size: int
    median: float | None
    ninetieth: float | None

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Spread:
        """Return the spread of some values, as far as they are known."""
        known = sorted(value for value in values if value is not None)
        if not known:
            return cls(0, None, None)
        ninetieth = known[0] if len(known) == 1 else quantiles(known, n=10, method="inclusive")[-1]
        return cls(len(known), median(known), round(ninetieth, 9))


def plain(value: object) -> Any:  # noqa: ANN401  as JSON has it
    """Return figures as plain data: named tuples as dictionaries, proportions with their value and interval."""
    if isinstance(value, Proportion):
        return value.to_dict()
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    return value


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Return McNemar's exact p-value, two-sided: as many calls only the first gets right as only the second."""
    if only_first + only_second == 0:
        return 1.0
    return float(lab_extra("scipy.stats").binomtest(only_first, only_first + only_second).pvalue)


def fisher_exact(one: Proportion, other: Proportion) -> float | None:
    """Return Fisher's exact p-value, two-sided, for two groups' proportions; ``None`` where one has no calls."""
    if not one.whole or not other.whole:
        return None
    table = [[one.part, one.whole - one.part], [other.part, other.whole - other.part]]
    return float(lab_extra("scipy.stats").fisher_exact(table).pvalue)


class Group(NamedTuple):
    """The figures of some calls that have ``name`` in common: a column's value, or "all".

    ``alerts`` are flagged; ``escalations``, of those with a current code, get a more urgent one suggested. ``share`` of
    a call had been said, and ``seconds`` had passed, when it was flagged. ``unlike_…`` is Fisher's exact p that the
    calls outside the group have the same sensitivity, or specificity.
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
        rest = Confusion(*map(sum, zip(*(each.confusion for each in others if each.name != self.name), strict=True)))
        return self._replace(
            unlike_sensitivity=fisher_exact(self.confusion.sensitivity, rest.sensitivity),
            unlike_specificity=fisher_exact(self.confusion.specificity, rest.specificity),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        row: dict[str, Any] = plain(self)
        for name in ("alerts", "escalations"):
            row[name]["per_1000"] = getattr(self, name).per(1000)
        row["share_until_flag"], row["seconds_until_flag"] = row.pop("share"), row.pop("seconds")
        rates = ("sensitivity", "specificity", "ppv", "npv")
        return row | {name: plain(getattr(self.confusion, name)) for name in rates}


@lru_cache(maxsize=4096)
def _wilson(part: int, whole: int) -> tuple[float, float]:
    found = lab_extra("scipy.stats").binomtest(part, whole).proportion_ci(confidence_level=0.95, method="wilson")
    return float(found.low), float(found.high)


def lab_extra(module: str, feature: str = "measuring and comparing") -> Any:  # noqa: ANN401  SciPy comes without types
    """Import a module of the extra ``lab``."""
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtraError(feature, "lab") from None
