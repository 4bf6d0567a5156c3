"""Fitting: a tally's points learnt anew from labelled calls, and how they do on the calls of writers left out.

As tables too, and as a draft overlay for a person to read and sign.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.engine.decision.sign import gather
from triage_triggers.engine.decision.tally import CompiledTally
from triage_triggers.engine.heard import counted
from triage_triggers.errors import ColumnError, Fault, RulesetError
from triage_triggers.lab.figures import Confusion, Proportion, lab_extra, plain
from triage_triggers.lab.tables import decimal, of, per_thousand, rate, span, table
from triage_triggers.ruleset.definition import TALLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage_triggers.engine.decision.sign import Gathered
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.lab.tables import Table
    from triage_triggers.ruleset.definition import Ruleset, TallyRule

__all__ = ["CurvePoint", "Fit", "FittedLine", "HeldOut", "draft", "fit", "fit_tables", "summary"]

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

    Calls without a decided label are left out; ``groups`` are each call's writer or source; ``flag`` becomes the lowest
    threshold that the share ``specificity`` of held-out negative calls stays below.

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
    decided = [
        (item, group)
        for item, group in zip(observations, groups, strict=True)
        if item.label in {"positive", "negative"}
    ]
    calls = _Calls.of(rule, [item for item, _ in decided])
    members: dict[str, list[int]] = {name: [] for name in sorted({group for _, group in decided})}
    for at, (_, group) in enumerate(decided):
        members[group].append(at)
    if min(len(members), len(set(calls.labels))) < _LEAST:
        raise ColumnError(
            "to leave one out there must be two groups, and calls of both labels: see --group and --label"
        )
    everybody = range(len(decided))
    heaviest = max(abs(line.points) for line in rule.lines)  # has as many points as today
    scale = max(map(abs, _weights(calls, everybody))) / heaviest or 1.0
    held_out = [0] * len(decided)
    for left_out in members.values():
        rest = sorted({*everybody}.difference(left_out))
        points = _learn(calls, rest, scale)
        lines = (line.model_copy(update={"points": point}) for line, point in zip(rule.lines, points, strict=True))
        tally = CompiledTally(rule.model_copy(update={"lines": tuple(lines)}))
        for at in left_out:
            held_out[at] = tally.count(calls.gathered[at]).tally.points
    signs = [any(sign != TALLY for sign in item.assessment.policies) for item, _ in decided]
    curve = tuple(_curve(calls, held_out, signs))
    learnt = zip(rule.lines, _learn(calls, everybody, scale), zip(*calls.served, strict=True), strict=True)
    return Fit(
        lines=tuple(
            FittedLine(line.id, line.points, point, *_with_it(served, calls.labels)) for line, point, served in learnt
        ),
        look_again=_threshold(curve, min(LOOK_AGAIN, specificity)),
        flag=_threshold(curve, specificity),
        curve=curve,
        groups=tuple(_held_out(name, group, calls, held_out) for name, group in members.items()),
        auc=_auc(calls.labels, held_out),
        as_written=Confusion.of((item.label, item.flagged) for item, _ in decided),
    )


_LEAST: Final = 2


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

    def arrays(self, chosen: Sequence[int]) -> tuple[Any, Any]:
        """Return the lines of the calls chosen, and 1 or -1 for the label of each."""
        np = lab_extra("numpy", "fitting")
        lines = np.array([self.served[at] for at in chosen], dtype=float)
        return lines, np.where([self.labels[at] for at in chosen], 1.0, -1.0)


def _weights(calls: _Calls, chosen: Sequence[int]) -> list[float]:
    """Return the weight of each line, of the sign it is written with: ridge logistic regression by L-BFGS-B."""
    np, optimize = lab_extra("numpy", "fitting"), lab_extra("scipy.optimize", "fitting")
    lines, side = calls.arrays(chosen)

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
    np, optimize = lab_extra("numpy", "fitting"), lab_extra("scipy.optimize", "fitting")
    lines, side = calls.arrays(chosen)
    written = [line.points for line in calls.rule.lines]
    most = max(map(abs, written))
    allowed = [(1, most) if points > 0 else (-most, -1) for points in written]
    seen = [bool(lines[:, at].any()) for at in range(len(written))]

    def loss(points: list[int]) -> float:
        sums = scale * (lines @ np.array(points, dtype=float))
        best = optimize.minimize_scalar(lambda base: np.logaddexp(0, -side * (sums + base)).sum())
        return float(best.fun) + _RIDGE / 2 * sum((scale * point) ** 2 for point in points)

    points = [
        min(max(round(weight / scale), low), high) if known else before
        for weight, (low, high), known, before in zip(_weights(calls, chosen), allowed, seen, written, strict=True)
    ]
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


def _with_it(served: Sequence[bool], labels: Sequence[bool]) -> Iterator[Proportion]:
    for wanted in (True, False):
        yield Proportion.of(has for has, label in zip(served, labels, strict=True) if label is wanted)


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


_LINES = (
    "With it: labelled calls in which the line counts. A line keeps the sign it is written with; one that no call has"
    " keeps its points. Learnt from these calls, and no more than a proposal: read each line before you agree."
)
_CURVE = (
    "Each call has points learnt without its group. Alone: by points only. Recall, specificity and alerts: by that many"
    " points or a sign. Intervals are Wilson's, 95 %. Words and signs were not left out: if their author knew these"
    " calls, calls nobody knew will do worse. Alerts are of these calls, where abuse may be more common than in yours."
)
_GROUPS = "AUC: how often a positive call of the group has more points than a negative one, learnt from the others."


def summary(fit: Fit) -> str:
    """Return in a sentence or two what the fit would change."""
    before, after = fit.as_written, fit.chosen.flagged
    return (
        f"{before.positives:,} positive and {before.negatives:,} negative calls in {len(fit.groups):,} groups."
        f" As written: recall {rate(before.sensitivity)}, specificity {rate(before.specificity)}."
        f" Fitted without the group, flagged from {fit.flag} points: recall {rate(after.sensitivity)},"
        f" specificity {rate(after.specificity)}; AUC {decimal(fit.auc)}."
    )


def fit_tables(fit: Fit) -> tuple[Table, ...]:
    """Return a fit as tables: its lines, its curve, its groups."""
    lines = [
        (line.id, decimal(line.before, 0), decimal(line.after, 0), of(line.positive), of(line.negative))
        for line in fit.lines
    ]
    curve = [
        (
            f"{point.threshold}{_level(fit, point.threshold)}",
            point.by_points.sensitivity,
            point.by_points.specificity,
            point.flagged.sensitivity,
            span(point.flagged.sensitivity),
            point.flagged.specificity,
            span(point.flagged.specificity),
            per_thousand(point.alerts),
        )
        for point in fit.curve
    ]
    groups = [(group.name, group.positives, group.negatives, decimal(group.auc)) for group in fit.groups]
    with_it = ["points", "fitted", "positive with it", "negative with it"]
    alone = ["recall alone", "specificity alone"]
    flagged = ["recall", "recall, 95 %", "specificity", "specificity, 95 %", "alerts per 1,000"]
    return (
        table("The tally's lines", ["line"], with_it, lines, _LINES),
        table("Thresholds, on calls held out", ["from points"], [*alone, *flagged], curve, _CURVE),
        table("Groups, each held out", ["group"], ["positive", "negative", "AUC"], groups, _GROUPS),
    )


def _level(fit: Fit, threshold: int) -> str:
    levels = [name for name, at in (("look again", fit.look_again), ("flag", fit.flag)) if at == threshold]
    return f" ({', '.join(levels)})" if levels else ""


def draft(fit: Fit, ruleset: Ruleset, extends: str) -> str:
    """Return a draft overlay of the ruleset, in YAML: nothing but points and thresholds."""
    title = json.dumps(f"{ruleset.title}, with fitted points"[:200], ensure_ascii=False)
    head = (
        "# A draft made by `triage-triggers fit`. Read every line, correct it, and sign it; then delete this line.",
        f"# {summary(fit)}",
        "format: 1",
        f"id: {ruleset.id}-fitted",
        "version: 0.1.0",
        f"title: {title}",
        f"language: {ruleset.language}",
        "status: draft",
        f"code_system: {ruleset.code_system}",
        f"extends: {json.dumps(extends, ensure_ascii=False)}",
        "tally:",
        f"  look_again: {fit.look_again}",
        f"  flag: {fit.flag}",
        "  lines:",
    )
    lines = [
        f"    - {{id: {line.id}, points: {line.after}}}  # was {line.before}; in {of(line.positive)} positive calls,"
        f" {of(line.negative)} negative"
        for line in fit.lines
    ]
    return "\n".join([*head, *lines, ""])
