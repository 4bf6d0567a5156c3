"""Counted findings, and conditions over them: at which finding does one come true?

Every node answers ``first_held`` from the leaves up, so that no prefix of a call is ever judged again. The answer is
the position of the finding that completed the condition; ``ALWAYS`` where it holds without any finding (a ``not`` that
nothing contradicts); ``None`` where it does not hold. Equal parts of a ruleset's conditions are one node, which
``Gathered`` asks once a call.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet


__all__ = [
    "ALWAYS",
    "DEFAULT_TEMPORALITY",
    "AllOf",
    "AnyOf",
    "Evidence",
    "Gathered",
    "Leaf",
    "Named",
    "Near",
    "Node",
    "Not",
    "gather",
    "indispensable",
    "leaves",
    "names_of",
    "parts_of",
]

ALWAYS: Final = -1
DEFAULT_TEMPORALITY: Final = frozenset({"current", "hypothetical"})
"""What a leaf selects unless it says otherwise: what is and what is feared; the past is asked for by name."""

_POSITION, _TURN, _TIME = attrgetter("position"), attrgetter("turn"), attrgetter("time")


class Evidence(NamedTuple):
    """One counted finding.

    ``position`` (0 or more) orders a call's findings by when each became known; ``turn`` is the number of its
    utterance, ``time`` its time in seconds, ``None`` where the call has no times.
    """

    position: int
    rule: str
    theme: str
    temporality: str
    turn: int
    time: float | None


class Gathered(NamedTuple):
    """Evidence, positions ascending, as it came, by theme and by rule; and what nodes have answered about it.

    ``names`` are those of its themes and rules.
    """

    evidence: Sequence[Evidence]
    themes: Mapping[str, Sequence[Evidence]]
    rules: Mapping[str, Sequence[Evidence]]
    answers: dict[Node, int | None]
    names: AbstractSet[str]

    def first_held(self, node: Node) -> int | None:
        """Return what ``node.first_held`` does, but ask a node only once."""
        answers = self.answers
        if node in answers:
            return answers[node]
        first = answers[node] = node.first_held(self)
        return first

    def holds_any(self, themes: AbstractSet[str], rules: AbstractSet[str]) -> bool:
        """Return whether there is evidence of any of these themes or rules, whatever its temporality."""
        return not (themes.isdisjoint(self.themes) and rules.isdisjoint(self.rules))


def gather(evidence: Sequence[Evidence]) -> Gathered:
    """Sort evidence, positions ascending, by theme and by rule.

    >>> gathered = gather([Evidence(0, "weapon.knife", "weapon", "current", 0, None)])
    >>> list(gathered.themes), list(gathered.rules)
    (['weapon'], ['weapon.knife'])
    """
    themes: dict[str, list[Evidence]] = {}
    rules: dict[str, list[Evidence]] = {}
    for finding in evidence:
        _, rule, theme, _, _, _ = finding
        if theme in themes:
            themes[theme].append(finding)
        else:
            themes[theme] = [finding]
        if rule in rules:
            rules[rule].append(finding)
        else:
            rules[rule] = [finding]
    return Gathered(evidence, themes, rules, {}, frozenset((*themes, *rules)))


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Findings of some themes, or of some rules; with ``at_least``, of that many different rules."""

    names: tuple[str, ...]
    by_rule: bool
    temporality: frozenset[str]
    at_least: int

    def matching(self, gathered: Gathered) -> list[Evidence]:
        """Return the evidence that the leaf asks for, as it came."""
        names, temporality = self.names, self.temporality
        if self.by_rule:
            return [f for f in gathered.evidence if f.rule in names and f.temporality in temporality]
        return [f for f in gathered.evidence if f.theme in names and f.temporality in temporality]

    def first_held(self, gathered: Gathered) -> int | None:
        """Return the position at which enough different rules had been found."""
        found = gathered.rules if self.by_rule else gathered.themes
        if found.keys().isdisjoint(self.names):
            return None
        if self.at_least > 1:
            firsts: dict[str, int] = {}
            for finding in self.matching(gathered):
                firsts.setdefault(finding.rule, finding.position)
            return sorted(firsts.values())[self.at_least - 1] if len(firsts) >= self.at_least else None
        best: int | None = None
        temporality = self.temporality
        for name in self.names:
            for finding in found.get(name, ()):
                if finding.temporality in temporality:
                    if best is None or finding.position < best:
                        best = finding.position
                    break
        return best


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    """Every part holds."""

    parts: tuple[Node, ...]

    def first_held(self, gathered: Gathered) -> int | None:
        """Return the position that completed the last part."""
        latest = ALWAYS
        for part in self.parts:
            first = gathered.first_held(part)
            if first is None:
                return None
            latest = max(latest, first)
        return latest


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    """So many of the parts hold, or more.

    ``needs`` are, for each part, the rules and themes of which something must have been found for it to hold, ``None``
    where it may hold without: most parts are passed over by that alone.
    """

    parts: tuple[Node, ...]
    at_least: int
    needs: tuple[frozenset[str] | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        asked = map(indispensable, self.parts)
        known = tuple(
            None if some is None else frozenset(name for leaf in some for name in leaf.names) for some in asked
        )
        object.__setattr__(self, "needs", known)

    def first_held(self, gathered: Gathered) -> int | None:
        """Return the position that completed the last part needed."""
        names = gathered.names
        firsts = [
            first
            for part, needs in zip(self.parts, self.needs, strict=True)
            if (needs is None or not needs.isdisjoint(names)) and (first := gathered.first_held(part)) is not None
        ]
        if len(firsts) < self.at_least:
            return None
        return min(firsts) if self.at_least == 1 else sorted(firsts)[self.at_least - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The part does not hold over all the evidence there is; what is said later may still contradict it."""

    part: Node

    def first_held(self, gathered: Gathered) -> int | None:
        """Return ``ALWAYS`` or ``None``."""
        return ALWAYS if gathered.first_held(self.part) is None else None


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """One of the ruleset's ``conditions``, by its name."""

    name: str
    part: Node

    def first_held(self, gathered: Gathered) -> int | None:
        """Return what the condition of that name does."""
        return gathered.first_held(self.part)


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """There is a window of the call, so many seconds or turns long, over whose findings alone the part holds.

    Windows include their ends: one of 10 seconds holds what was said at 3 s and at 13 s. A finding without a time is in
    every window, as losing it would be worse. ``themes`` and ``rules`` are those that the part asks for,
    ``contrary_themes`` and ``contrary_rules`` those of them below a ``not``: one finding more of these, and only of
    these, can make the part fail. ``hoped_for`` is the part without any ``not`` or window: what does not hold over the
    whole call even so holds in no window of it, and most don't.
    """

    part: Node
    hoped_for: Node
    length: float
    in_turns: bool
    themes: frozenset[str]
    rules: frozenset[str]
    contrary_themes: frozenset[str]
    contrary_rules: frozenset[str]

    def first_held(self, gathered: Gathered) -> int | None:
        """Return the first position at which the part held in any window."""
        if gathered.first_held(self.hoped_for) is None:
            return None
        fickle = self._is_fickle(gathered)
        if not fickle:
            first = gathered.first_held(self.part)
            if first is None or self._is_one_window(gathered.evidence):
                return first  # what does not hold over everything holds over no part of it
        best: int | None = None
        for window in self.windows(gathered):
            if best is not None and not fickle and window.evidence[0].position >= best:
                continue  # nothing in it came sooner
            first = window.first_held(self.part)
            if first is not None and (best is None or first < best):
                best = first
        return best

    def windows(self, gathered: Gathered) -> Iterator[Gathered]:
        """Yield the evidence in every window that can decide; those inside others only where they can differ."""
        themes, rules, mark = self.themes, self.rules, _TURN if self.in_turns else _TIME
        if len(set(map(mark, gathered.evidence))) == 1:  # all in one window, or (where it has a place) none of it
            yield gathered
            if mark(gathered.evidence[0]) is not None:
                yield gather(())
            return
        findings = [finding for finding in gathered.evidence if finding.theme in themes or finding.rule in rules]
        everywhere = [finding for finding in findings if mark(finding) is None]
        placed = sorted((finding for finding in findings if mark(finding) is not None), key=mark)
        marks = [mark(finding) for finding in placed]
        distinct = list(dict.fromkeys(marks))
        for start, stop in self._spans(distinct, fickle=self._is_fickle(gathered)):
            low = bisect_left(marks, distinct[start]) if start < stop else 0
            high = bisect_right(marks, distinct[stop - 1]) if start < stop else 0
            yield gather(sorted((*everywhere, *placed[low:high]), key=_POSITION))

    def _is_fickle(self, gathered: Gathered) -> bool:
        return gathered.holds_any(self.contrary_themes, self.contrary_rules)

    def _is_one_window(self, evidence: Sequence[Evidence]) -> bool:
        marks = [mark for finding in evidence if (mark := finding.turn if self.in_turns else finding.time) is not None]
        return not marks or max(marks) - min(marks) <= self.length

    def _spans(self, marks: Sequence[float], *, fickle: bool) -> list[tuple[int, int]]:
        """Return the slices of ``marks`` that windows can hold, half-open."""
        if not marks:
            return [(0, 0)]
        forward: list[tuple[int, int]] = []  # by first mark: the longest window that starts with it
        stop = 0
        for start, mark in enumerate(marks):
            while stop < len(marks) and marks[stop] - mark <= self.length:
                stop += 1
            forward.append((start, stop))
        if not fickle:
            return [span for span, (_, before) in zip(forward, [(0, 0), *forward], strict=False) if span[1] > before]
        # A window that slides over the call has, at any time, either just let go of a mark or just taken one in.
        reaches = [stop for _, stop in forward]
        let_go = {(start + 1, stop) for start, stop in forward}
        taken_in = {(bisect_right(reaches, index), index + 1) for index in range(len(marks))}
        return sorted(let_go | taken_in)


Node: TypeAlias = Leaf | AllOf | AnyOf | Not | Named | Near


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, in the order they are written; a leaf has none."""
    match node:
        case Leaf():
            return ()
        case AllOf(parts) | AnyOf(parts):
            return parts
        case Not(part) | Named(_, part) | Near(part):
            return (part,)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield every leaf of a condition, in the order they are written."""
    if isinstance(node, Leaf):
        yield node
    for part in parts_of(node):
        yield from leaves(part)


def names_of(asking: Iterable[Leaf], *, by_rule: bool) -> frozenset[str]:
    """Return the names of the rules, or else of the themes, that some leaves ask for."""
    return frozenset(name for leaf in asking if leaf.by_rule == by_rule for name in leaf.names)


def indispensable(node: Node) -> tuple[Leaf, ...] | None:
    """Return leaves of which one at least must find something for the node to hold; ``None`` where it may without.

    >>> from triage_triggers.engine.decision.compiled import compile_condition
    >>> from triage_triggers.ruleset.definition import Condition
    >>> both = Condition.model_validate({"all": [{"theme": ["weapon", "threat"]}, {"theme": "fear"}]})
    >>> [leaf.names for leaf in indispensable(compile_condition(both)) or ()]
    [('fear',)]
    """
    match node:
        case Leaf():
            return (node,)
        case AllOf(parts):
            needed = [found for part in parts if (found := indispensable(part)) is not None]
            return min(needed, key=lambda found: sum(len(leaf.names) for leaf in found), default=None)
        case AnyOf(parts):
            needed = [found for part in parts if (found := indispensable(part)) is not None]
            return tuple(leaf for found in needed for leaf in found) if len(needed) == len(parts) else None
        case Not():
            return None
        case Named(_, part) | Near(part):
            return indispensable(part)
