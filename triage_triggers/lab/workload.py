"""The workload: in which category calls end up, per 1,000 calls and a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["CategoryLoad", "Workload"]


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

    ``moves`` counts calls by both categories; ``None`` is no category. Most urgent first, by ``order``.

    >>> workload = Workload.count([("C3", "C2"), ("C3", "C3")], ["C1", "C2", "C3"])
    >>> workload.categories[0]
    CategoryLoad(category='C2', before=0, after=1, moved_in=1, moved_out=0)
    >>> workload.per(1000, workload.categories[0].moved_in)
    500.0
    """

    calls: int
    moves: Mapping[tuple[str | None, str | None], int]
    order: tuple[str, ...]

    @classmethod
    def count(cls, outcomes: Iterable[tuple[str | None, str | None]], order: Sequence[str]) -> Workload:
        """Count calls given as their category under each ruleset."""
        moves = Counter(outcomes)
        places = {category: place for place, category in enumerate(order)}
        last = len(places)
        in_order = sorted(moves.items(), key=lambda move: [places.get(end or "", last) for end in move[0]])
        return cls(sum(moves.values()), dict(in_order), tuple(order))

    @property
    def moved(self) -> Mapping[tuple[str | None, str | None], int]:
        """The calls that change their category."""
        return {ends: count for ends, count in self.moves.items() if ends[0] != ends[1]}

    @property
    def categories(self) -> tuple[CategoryLoad, ...]:
        """The load of every category that any call has."""
        present = {end for ends in self.moves for end in ends}
        names = [*(name for name in self.order if name in present), *([None] if None in present else [])]
        return tuple(self._load(name) for name in names)

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

    def _load(self, name: str | None) -> CategoryLoad:
        before = sum(count for (first, _), count in self.moves.items() if first == name)
        after = sum(count for (_, second), count in self.moves.items() if second == name)
        stayed = self.moves.get((name, name), 0)
        return CategoryLoad(name, before, after, after - stayed, before - stayed)
