"""Fitting: a tally's points learnt anew from labelled calls, and how they do on the calls of writers left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.engine.decision.sign import gather
from triage_triggers.engine.decision.tally import CompiledTally
from triage_triggers.engine.heard import counted
from triage_triggers.errors import ColumnError, Fault, MissingExtraError, RulesetError
from triage_triggers.lab.figures import Confusion, Proportion, plain
from triage_triggers.ruleset.definition import TALLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.engine.decision.sign import Gathered
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ruleset.definition import TallyRule

__all__ = ["CurvePoint", "Fit", "FittedLine", "HeldOut", "fit"]

LOOK_AGAIN: Final = 0.90
"""The specificity at which a call is looked at again; that at which it is flagged is the caller's to choose."""
_RIDGE: Final = 2.0
"""How strongly weights are drawn to nought, so that a line seen in three calls gets no nine points."""
_MOST_PASSES: Final = 50


class FittedLine(NamedTuple):
    """A line's points before and after, and in how many calls it counts. One that counts in none keeps its points."""

    id: str
    before: int
    after: int
    positive: Proportion
    negative: Proportion


class CurvePoint(NamedTuple):
    """How the held-out calls fare at a threshold: by points alone, and by points or a sign."""

    threshold: int
    by_points: Confusion
    flagged: Confusion

    @property
    def alerts(self) -> Proportion:
        """Of the labelled calls, those flagged."""
        alerts = self.flagged.true_positive + self.flagged.false_positive
        return Proportion(alerts, self.flagged.positives + self.flagged.negatives)


class HeldOut(NamedTuple):
    """A group scored with points learnt from the others. ``auc``: how often a positive call outscores a negative."""

    name: str
    positives: int
    negatives: int
    auc: float | None


class Fit(NamedTuple):
    """What was learnt. ``as_written`` is how the ruleset flags these calls today; ``curve`` is of held-out points."""

    lines: tuple[FittedLine, ...]
    look_again: int
    flag: int
    curve: tuple[CurvePoint, ...]
    groups: tuple[HeldOut, ...]
    auc: float | None
    as_written: Confusion

    @property
    def chosen(self) -> CurvePoint:
        """The held-out calls at the threshold to flag at."""
        return next(point for point in self.curve if point.threshold == self.flag)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        row: dict[str, Any] = plain(self)
        for written, point in zip(row["curve"], self.curve, strict=True):
            written |= {"alerts": plain(point.alerts), "recall": plain(point.flagged.sensitivity)}
            written |= {"specificity": plain(point.flagged.specificity)}
        return row


def fit(
    evaluator: Evaluator, observations: Sequence[Observation], groups: Sequence[str], *, specificity: float = 0.97
) -> Fit:
    """Learn whole points for a ruleset's tally: logistic regression with signs kept, then a search among whole numbers.

    A line keeps the sign its author gave it and never more points than the heaviest line has. Each group is scored with
    points learnt without it; the draft's points are learnt from all. Nothing in it is random.

    Args:
        evaluator: The ruleset.
        observations: Labelled calls; those without a decided label are left out.
        groups: Each call's writer or source.
        specificity: ``flag`` becomes the lowest threshold that this share of held-out negative calls stays below.

    Raises:
        RulesetError: It has no tally.
        ColumnError: There is one group only, or one label.
        MissingExtraError: SciPy is not there.
    """
    rule = evaluator.ruleset.tally
    if rule is None:
        raise RulesetError(
            [Fault(evaluator.ruleset.id, 1, 1, "tally", "there is none, so there are no points to learn")]
        )
    decided = [(item, group) for item, group in zip(observations, groups, strict=True) if item.label in _DECIDED]
    calls = _Calls.of(rule, [item for item, _ in decided])
    of = [group for _, group in decided]
    if len(set(of)) < _LEAST_GROUPS or len(set(calls.labels)) < len(_DECIDED):
        raise ColumnError(
            "to leave one out there must be two groups, and calls of both labels: see --group and --label"
        )
    scale = _scale(calls)
    points = _learn(calls, range(len(of)), scale)
    held_out = [0] * len(of)
    for left_out in sorted(set(of)):
        rest = [at for at, group in enumerate(of) if group != left_out]
        tally = CompiledTally(_with_points(rule, _learn(calls, rest, scale)))
        for at in [at for at, group in enumerate(of) if group == left_out]:
            held_out[at] = tally.count(calls.gathered[at]).tally.points
    curve = tuple(_curve(calls, held_out, [_has_sign(item) for item, _ in decided]))
    return Fit(
        lines=tuple(_lines(rule, calls, points)),
        look_again=_threshold(curve, min(LOOK_AGAIN, specificity)),
        flag=_threshold(curve, specificity),
        curve=curve,
        groups=tuple(
            _held_out(name, [at for at, group in enumerate(of) if group == name], calls, held_out)
            for name in sorted(set(of))
        ),
        auc=_auc(calls.labels, held_out),
        as_written=Confusion.of((item.label, item.flagged) for item, _ in decided),
    )


_DECIDED: Final = ("positive", "negative")
_LEAST_GROUPS: Final = 2


class _Calls(NamedTuple):
    """Calls as the tally sees them: per call whether it is positive, its evidence, and which lines it has."""

    rule: TallyRule
    labels: Sequence[bool]
    gathered: Sequence[Gathered]
    served: Sequence[Sequence[bool]]

    @classmethod
    def of(cls, rule: TallyRule, items: Sequence[Observation]) -> _Calls:
        tally = CompiledTally(rule)
        gathered = [gather(counted(item.heard)) for item in items]
        kinds = [{line.kind for line in tally.count(one).tally.lines} for one in gathered]
        served = [[line.id in kind for line in rule.lines] for kind in kinds]
        return cls(rule, [item.label == "positive" for item in items], gathered, served)


def _has_sign(item: Observation) -> bool:
    return any(sign != TALLY for sign in item.assessment.policies)


def _scale(calls: _Calls) -> float:
    """Return what one point weighs, so that the heaviest line gets as many as the heaviest has today."""
    weights = _weights(calls, range(len(calls.labels)))
    most = max(abs(line.points) for line in calls.rule.lines)
    return max(abs(weight) for weight in weights) / most or 1.0


def _weights(calls: _Calls, chosen: Sequence[int]) -> list[float]:
    """Return the weight of each line, of the sign it is written with: ridge logistic regression by L-BFGS-B."""
    np, optimize = _solver()
    lines = np.array([calls.served[at] for at in chosen], dtype=float)
    side = np.where([calls.labels[at] for at in chosen], 1.0, -1.0)

    def loss(weights: Any) -> tuple[float, Any]:  # noqa: ANN401  SciPy comes without types
        margin = side * (lines @ weights[:-1] + weights[-1])
        pull = -side / (1 + np.exp(margin))
        slope = np.append(lines.T @ pull + _RIDGE * weights[:-1], pull.sum())
        return np.logaddexp(0, -margin).sum() + _RIDGE / 2 * (weights[:-1] ** 2).sum(), slope

    bounds = [(0, None) if line.points > 0 else (None, 0) for line in calls.rule.lines]
    start = np.zeros(len(bounds) + 1)
    found = optimize.minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B")
    return [float(weight) for weight in found.x[:-1]]


def _learn(calls: _Calls, chosen: Sequence[int], scale: float) -> list[int]:
    """Return whole points: the weights rounded, then one line's by one for as long as that fits the calls better."""
    np, optimize = _solver()
    lines = np.array([calls.served[at] for at in chosen], dtype=float)
    side = np.where([calls.labels[at] for at in chosen], 1.0, -1.0)
    written = [line.points for line in calls.rule.lines]
    most = max(map(abs, written))
    allowed = [(1, most) if points > 0 else (-most, -1) for points in written]
    seen = [bool(lines[:, at].any()) for at in range(len(written))]

    def loss(points: list[int]) -> float:
        sums = scale * (lines @ np.array(points, dtype=float))
        best = optimize.minimize_scalar(lambda base: np.logaddexp(0, -side * (sums + base)).sum())
        return float(best.fun) + _RIDGE / 2 * sum((scale * point) ** 2 for point in points)

    rounded = [round(weight / scale) for weight in _weights(calls, chosen)]
    points = [min(max(point, low), high) for point, (low, high) in zip(rounded, allowed, strict=True)]
    points = [point if known else before for point, known, before in zip(points, seen, written, strict=True)]
    lowest = loss(points)
    for _ in range(_MOST_PASSES):
        before = list(points)
        for at, (low, high) in enumerate(allowed):
            for step in (-1, 1):
                tried = [*points[:at], points[at] + step, *points[at + 1 :]]
                if seen[at] and low <= tried[at] <= high and (now := loss(tried)) < lowest:
                    points, lowest = tried, now
        if points == before:
            break
    return points


def _with_points(rule: TallyRule, points: Sequence[int]) -> TallyRule:
    lines = [line.model_copy(update={"points": point}) for line, point in zip(rule.lines, points, strict=True)]
    return rule.model_copy(update={"lines": tuple(lines)})


def _lines(rule: TallyRule, calls: _Calls, points: Sequence[int]) -> Iterator[FittedLine]:
    for at, (line, point) in enumerate(zip(rule.lines, points, strict=True)):
        with_it: Mapping[bool, list[bool]] = {True: [], False: []}
        for label, served in zip(calls.labels, calls.served, strict=True):
            with_it[label].append(served[at])
        yield FittedLine(line.id, line.points, point, Proportion.of(with_it[True]), Proportion.of(with_it[False]))


def _curve(calls: _Calls, held_out: Sequence[int], signs: Sequence[bool]) -> Iterator[CurvePoint]:
    names: list[Label] = ["positive" if label else "negative" for label in calls.labels]
    for threshold in range(1, max(1, *held_out) + 1):
        reached = [points >= threshold for points in held_out]
        flagged = [by_points or by_sign for by_points, by_sign in zip(reached, signs, strict=True)]
        by_points = Confusion.of(zip(names, reached, strict=True))
        yield CurvePoint(threshold, by_points, Confusion.of(zip(names, flagged, strict=True)))
        if not by_points.false_positive:
            return


def _threshold(curve: Sequence[CurvePoint], specificity: float) -> int:
    enough = [point.threshold for point in curve if (point.by_points.specificity.value or 0) >= specificity]
    return min(enough, default=curve[-1].threshold)


def _held_out(name: str, members: Sequence[int], calls: _Calls, held_out: Sequence[int]) -> HeldOut:
    labels = [calls.labels[at] for at in members]
    auc = _auc(labels, [held_out[at] for at in members])
    return HeldOut(name, sum(labels), len(labels) - sum(labels), auc)


def _auc(labels: Sequence[bool], points: Sequence[int]) -> float | None:
    positive = [point for point, label in zip(points, labels, strict=True) if label]
    negative = sorted(point for point, label in zip(points, labels, strict=True) if not label)
    below = sum(bisect_left(negative, point) + bisect_right(negative, point) for point in positive) / 2
    return below / (len(positive) * len(negative)) if positive and negative else None


def _solver() -> tuple[Any, Any]:
    try:
        import numpy as np  # noqa: PLC0415  comes with SciPy
        from scipy import optimize  # noqa: PLC0415  an extra
    except ImportError:
        raise MissingExtraError("fitting", "lab") from None
    return np, optimize
