"""Two rulesets on the same calls: which calls change, because of what, and what that means for the workload."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.errors import CodeError
from triage_triggers.lab.figures import Group, mcnemar_exact, plain
from triage_triggers.lab.observation import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.decision.verdict import Decision
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["CategoryLoad", "ChangedCall", "Comparison", "PairedTest", "RulesetChanges", "Workload", "compare"]


_FIGURES: Final = ("sensitivity", "specificity", "ppv", "npv", "alerts", "share_until_flag")


class RulesetChanges(NamedTuple):
    """What of one kind the second ruleset has and the first has not, the other way round, and what differs; ids."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]


class PairedTest(NamedTuple):
    """McNemar's exact test of the calls that exactly one of two rulesets gets right; ``p`` is two-sided."""

    only_first: int
    only_second: int
    p: float


class CategoryLoad(NamedTuple):
    """How many of all calls are in one category under the first and under the second ruleset, and how many moved."""

    category: str | None
    before: int
    after: int
    moved_in: int
    moved_out: int


@dataclass(frozen=True, slots=True)
class Workload:
    """Calls by the category they have under one ruleset and under another, if every suggestion were accepted.

    ``moves`` counts calls by both categories, ``None`` being none; ``order`` is that of the codes, most urgent first.
    """

    calls: int
    moves: Mapping[tuple[str | None, str | None], int]
    order: tuple[str, ...]

    @classmethod
    def count(cls, outcomes: Iterable[tuple[str | None, str | None]], order: Sequence[str]) -> Workload:
        """Count calls given as their category under each ruleset."""
        moves = Counter(outcomes)
        places: dict[str | None, int] = {category: place for place, category in enumerate(order)}
        in_order = sorted(moves.items(), key=lambda move: [places.get(end, len(places)) for end in move[0]])
        return cls(moves.total(), dict(in_order), tuple(order))

    @property
    def moved(self) -> Mapping[tuple[str | None, str | None], int]:
        """The calls that change their category."""
        return {ends: count for ends, count in self.moves.items() if ends[0] != ends[1]}

    @property
    def categories(self) -> tuple[CategoryLoad, ...]:
        """The load of every category that any call has."""
        before, after = Counter[str | None](), Counter[str | None]()
        for (first, second), count in self.moves.items():
            before[first] += count
            after[second] += count
        names = [name for name in (*self.order, None) if name in before or name in after]
        stay = [(name, self.moves.get((name, name), 0)) for name in names]
        return tuple(
            CategoryLoad(name, before[name], after[name], after[name] - same, before[name] - same)
            for name, same in stay
        )

    def per(self, calls: float, count: int) -> float:
        """Return how many a count here is in so many calls like these."""
        return count * calls / self.calls if self.calls else 0.0

    def to_dict(self, calls_per_day: float | None = None) -> dict[str, Any]:
        """Return the workload as plain data."""
        rows = []
        for load in self.categories:
            change = load.after - load.before
            row = load._asdict() | {"change": change, "change_per_1000": self.per(1000, change)}
            if calls_per_day is not None:
                row["change_per_day"] = self.per(calls_per_day, change)
            rows.append(row)
        moves = [{"from": before, "to": after, "calls": count} for (before, after), count in self.moved.items()]
        return {"calls": self.calls, "categories": rows, "moves": moves}


class ChangedCall(NamedTuple):
    """A call that comes out otherwise, and because of what.

    ``rules`` are those whose counted findings differ, ``policies`` the signs that hold under only one of the two.
    ``decisive`` are the rules without which the second ruleset would say what the first said of flag and code (or,
    where the second lost something, without which the first would say what the second does); empty where it takes
    several, or where only a sign changed.
    """

    before: Observation
    after: Observation
    rules: tuple[str, ...]
    policies: tuple[str, ...]
    decisive: tuple[str, ...]

    @property
    def newly_flagged(self) -> bool:
        """Whether only the second ruleset flags it."""
        return self.after.flagged and not self.before.flagged

    @property
    def no_longer_flagged(self) -> bool:
        """Whether only the first ruleset flags it."""
        return self.before.flagged and not self.after.flagged

    @property
    def moves(self) -> bool:
        """Whether its category changes, if suggestions are accepted."""
        return self.before.outcome != self.after.outcome

    @property
    def causes(self) -> tuple[str, ...]:
        """The decisive rules, or else all rules and signs that differ."""
        return self.decisive or (*self.rules, *self.policies)

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, without what was said."""
        before, after = self.before.assessment, self.after.assessment
        return {
            "call_id": before.call_id,
            "label": self.before.label,
            "flagged": [before.flagged, after.flagged],
            "suggested_code": [before.suggested_code, after.suggested_code],
            "current_code": before.current_code,
            "advice": [before.advice, after.advice],
            "rules": self.rules,
            "policies": self.policies,
            "decisive": self.decisive,
        }


class Comparison(NamedTuple):
    """What changes from a first ruleset to a second, on the same calls.

    ``before`` and ``after`` are the figures of all calls under each. ``differences`` are those of the rulesets as
    written, by kind: rule, sign, tally line, then line, list, word.
    """

    first: Ruleset
    second: Ruleset
    code_system: str
    differences: Mapping[str, RulesetChanges]
    before: Group
    after: Group
    changes: tuple[ChangedCall, ...]
    workload: Workload
    all_right: PairedTest
    sensitivity: PairedTest
    specificity: PairedTest

    @property
    def causes(self) -> tuple[tuple[str, int], ...]:
        """The rules and signs by how many changed calls they are behind, most first."""
        counts = Counter(cause for change in self.changes for cause in change.causes)
        return tuple(sorted(counts.items(), key=lambda cause: (-cause[1], cause[0])))

    def to_dict(self, calls_per_day: float | None = None) -> dict[str, Any]:
        """Return everything as plain data, without what was said."""
        rulesets = []
        for ruleset, group in ((self.first, self.before), (self.second, self.after)):
            figures = group.to_dict()
            kept = {name: figures[name] for name in _FIGURES}
            rulesets.append({"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest} | kept)
        return {
            "rulesets": rulesets,
            "code_system": self.code_system,
            "calls": self.before.calls,
            "differences": plain(self.differences),
            "mcnemar": plain({"all": self.all_right, "sensitivity": self.sensitivity, "specificity": self.specificity}),
            "workload": self.workload.to_dict(calls_per_day),
            "causes": dict(self.causes),
            "changes": [change.to_dict() for change in self.changes],
        }


def compare(
    first: Evaluator, second: Evaluator, before: Sequence[Observation], after: Sequence[Observation]
) -> Comparison:
    """Compare what two rulesets make of the same calls.

    ``before`` and ``after`` are the same calls in the same order, as each ruleset observed them.

    Raises:
        CodeError: The rulesets suggest codes of different systems.
        MissingExtraError: The ``lab`` extra is not installed.
        ValueError: The calls are not the same.
    """
    if first.ladder.id != second.ladder.id:
        raise CodeError(
            f"{first.ruleset.id} suggests codes of {first.ladder.id}, {second.ruleset.id} those of {second.ladder.id};"
            " what they suggest can't be compared"
        )
    pairs = list(zip(before, after, strict=True))
    ladder = first.ladder
    outcomes = ([item.outcome and ladder.category(item.outcome) for item in pair] for pair in pairs)
    return Comparison(
        first=first.ruleset,
        second=second.ruleset,
        code_system=ladder.id,
        differences=_differences(first.ruleset, second.ruleset),
        before=Group.of("first", before),
        after=Group.of("second", after),
        changes=tuple(
            _change(first, second, one, other)
            for one, other in pairs
            if _verdict(one.assessment) != _verdict(other.assessment)
        ),
        workload=Workload.count(((one, other) for one, other in outcomes), ladder.codes),
        all_right=_paired(pairs, "positive", "negative"),
        sensitivity=_paired(pairs, "positive"),
        specificity=_paired(pairs, "negative"),
    )


def _paired(pairs: Iterable[tuple[Observation, Observation]], *labels: Label) -> PairedTest:
    counts = Counter((one.is_right, other.is_right) for one, other in pairs if one.label in labels)
    only_first, only_second = counts[True, False], counts[False, True]
    return PairedTest(only_first, only_second, mcnemar_exact(only_first, only_second))


def _differences(first: Ruleset, second: Ruleset) -> Mapping[str, RulesetChanges]:
    new = _parts(second)
    changes = {kind: _changes(old, new[kind]) for kind, old in _parts(first).items()}
    return {kind: change for kind, change in changes.items() if any(change)}


def _parts(ruleset: Ruleset) -> dict[str, Mapping[str, object]]:
    return {
        "rule": {rule.id: rule for rule in ruleset.rules},
        "sign": {sign.id: sign for sign in ruleset.signs},
        "tally line": {line.id: line for line in ruleset.tally.lines} if ruleset.tally is not None else {},
        "then line": {line.id: line for line in ruleset.then},
        "list": ruleset.lists,
        "word": dict.fromkeys(
            f"{written} {where} {name}"
            for name, change in ruleset.vocabulary.items()
            for where, words in (("in", change.add), ("out of", change.remove))
            for written in words
        ),
    }


def _changes(old: Mapping[str, object], new: Mapping[str, object]) -> RulesetChanges:
    return RulesetChanges(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name in old and new[name] != old[name]),
    )


def _change(first: Evaluator, second: Evaluator, one: Observation, other: Observation) -> ChangedCall:
    rules = tuple(sorted({finding[0] for finding in _counted(one) ^ _counted(other)}))
    policies = tuple(sorted(set(one.assessment.policies) ^ set(other.assessment.policies)))
    said, says = _verdict(one.assessment), _verdict(other.assessment)
    decisive = (
        rule
        for rule in rules
        if _verdict(judge(second, other, {rule})) == said or _verdict(judge(first, one, {rule})) == says
    )
    return ChangedCall(one, other, rules, policies, tuple(decisive))


def _verdict(decided: Assessment | Decision) -> tuple[bool, str | None, tuple[str, ...]]:
    return decided.flagged, decided.suggested_code, decided.advice


def _counted(item: Observation) -> AbstractSet[tuple[str, int, int, int, int]]:
    return {
        (finding.rule, finding.utterance, finding.start, finding.end_utterance, finding.end)
        for finding in item.assessment.findings
        if finding.counts
    }
