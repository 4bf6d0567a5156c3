"""Figures with their uncertainty: proportions, what was right and wrong, spreads, and tests between them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.lab.labels import Label

__all__ = ["CONFIDENCE", "Confusion", "Proportion", "Spread", "fisher_exact", "mcnemar_exact", "plain"]

CONFIDENCE: Final = 0.95


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
        """Return how many are true, of those that are not ``None``.

        >>> Proportion.of([True, False, None])
        Proportion(part=1, whole=2)
        """
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
        """Count calls given as label and whether flagged; those without a decided label are left out.

        >>> Confusion.of([("positive", True), ("positive", False), ("ignored", True)]).sensitivity
        Proportion(part=1, whole=2)
        """
        counts = {("positive", True): 0, ("positive", False): 0, ("negative", True): 0, ("negative", False): 0}
        for call in calls:
            if call in counts:
                counts[call] += 1
        return cls(*counts.values())

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

    def rates(self) -> dict[str, Any]:
        """Return the rates as plain data."""
        return {name: plain(getattr(self, name)) for name in ("sensitivity", "specificity", "ppv", "npv")}


class Spread(NamedTuple):
    """The middle and the slow end of some measurements; ``None`` where there are none."""

    size: int
    median: float | None
    ninetieth: float | None

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Spread:
        """Return the spread of some values, as far as they are known.

        >>> Spread.of([1.0, None, 2.0, 9.0])
        Spread(size=3, median=2.0, ninetieth=7.6)
        """
        known = sorted(value for value in values if value is not None)
        if not known:
            return cls(0, None, None)
        ninetieth = known[0] if len(known) == 1 else quantiles(known, n=10, method="inclusive")[-1]
        return cls(len(known), median(known), round(ninetieth, 9))


def plain(value: object) -> Any:  # noqa: ANN401  as JSON has it
    """Return figures as plain data: named tuples as dictionaries, proportions with their value and interval.

    >>> plain(Spread(1, 2.0, 2.0)), plain((Proportion(0, 0),))
    ({'size': 1, 'median': 2.0, 'ninetieth': 2.0}, [{'value': None, 'part': 0, 'whole': 0, 'low': None, 'high': None}])
    """
    if isinstance(value, Proportion):
        return value.to_dict()
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return [plain(part) for part in value] if named is None else plain(named())
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    return value


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Return McNemar's exact p-value, two-sided: as many calls only the first gets right as only the second.

    >>> mcnemar_exact(1, 9)
    0.021484375
    """
    if only_first + only_second == 0:
        return 1.0
    return float(_stats().binomtest(only_first, only_first + only_second).pvalue)


def fisher_exact(one: Proportion, other: Proportion) -> float | None:
    """Return Fisher's exact p-value, two-sided, for two groups' proportions; ``None`` where one has no calls.

    >>> round(fisher_exact(Proportion(1, 10), Proportion(9, 10)), 4)
    0.0011
    """
    if not one.whole or not other.whole:
        return None
    table = [[one.part, one.whole - one.part], [other.part, other.whole - other.part]]
    return float(_stats().fisher_exact(table).pvalue)


@lru_cache(maxsize=4096)
def _wilson(part: int, whole: int) -> tuple[float, float]:
    found = _stats().binomtest(part, whole).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def _stats() -> Any:  # noqa: ANN401  SciPy comes without types
    try:
        from scipy import stats  # noqa: PLC0415  an extra
    except ImportError:
        raise MissingExtraError("measuring and comparing", "lab") from None
    return stats
