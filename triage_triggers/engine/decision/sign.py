"""Counted findings, and what is asked of them: at which finding is a sign complete?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.ruleset.definition import CLOSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from triage_triggers.ruleset.definition import Ask, Sign, Then

__all__ = ["Asked", "Evidence", "Fed", "Gathered", "SignTrace", "compile_ask", "describe", "gather", "trace"]

_ORDER: Final = attrgetter("position", "start", "end", "rule", "finding")
_WORD: Final = attrgetter("word")
_POSITION: Final = attrgetter("position")


class Evidence(NamedTuple):
    """One counted finding.

    ``position`` (0 or more) orders a call's findings by when each became known; ``by`` is the tie between agent and
    patient, ``None`` without an agent; ``start`` and ``end`` are its span in the laid-out call, ``word`` is the number
    of its first word there, ``turn`` that of the utterance in which it became known, ``finding`` its own number among
    the call's findings.
    """

    position: int
    rule: str
    theme: str
    temporality: str
    turn: int
    by: str | None
    start: int
    end: int
    word: int
    finding: int


class Gathered(NamedTuple):
    """Evidence, positions ascending; by rule and theme, words ascending; and all these names."""

    evidence: Sequence[Evidence]
    named: Mapping[str, Sequence[Evidence]]


class Fed(NamedTuple):
    """A finding that was asked for, and the position at which it and what stands near it were known."""

    position: int
    evidence: Evidence


def gather(evidence: Iterable[Evidence]) -> Gathered:
    """Sort evidence by position, and by what asks for it."""
    ordered = sorted(evidence, key=_ORDER)
    named: dict[str, list[Evidence]] = {}
    for finding in ordered:
        for name in {finding.rule, finding.theme}:
            named.setdefault(name, []).append(finding)
    for findings in named.values():
        findings.sort(key=_WORD)
    return Gathered(ordered, named)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An ``Ask`` of a ruleset, ready to be asked. ``find`` and ``near_by`` are rules and themes without distinction.

    ``by`` are the ties that pass, ``None`` those by default; with ``anyone`` all pass.
    """

    find: frozenset[str]
    by: frozenset[str] | None
    time: frozenset[str]
    near_by: frozenset[str]
    near: int
    at_least: int

    def fed(self, gathered: Gathered) -> list[Fed]:
        """Return the findings that were asked for and have near them what must be near, as each became complete."""
        if self.find.isdisjoint(gathered.named) or (self.near_by and self.near_by.isdisjoint(gathered.named)):
            return []
        found = []
        for finding in gathered.evidence:
            if self._asks_for(finding):
                position = self._complete_at(finding, gathered) if self.near_by else finding.position
                if position is not None:
                    found.append(Fed(position, finding))
        return sorted(found, key=_POSITION) if self.near_by else found

    def found(self, gathered: Gathered, fed: Sequence[Fed]) -> tuple[Evidence, ...]:
        """Return what feeds it or, where nothing does, what would if more stood near it."""
        alone = filter(self._asks_for, gathered.evidence)
        return tuple(finding for _, finding in fed) or tuple(alone)

    def first(self, fed: Sequence[Fed]) -> int | None:
        """Return the position at which enough different rules had been found."""
        if self.at_least == 1 or not fed:
            return fed[0].position if fed else None
        firsts: dict[str, int] = {}
        for position, finding in fed:
            firsts.setdefault(finding.rule, position)
        return sorted(firsts.values())[self.at_least - 1] if len(firsts) >= self.at_least else None

    def lacks(self, gathered: Gathered, fed: Sequence[Fed]) -> str:
        """Say what was missing; empty where nothing was."""
        if self.first(fed) is not None:
            return ""
        if fed:
            missing = self.at_least - len({finding.rule for _, finding in fed})
            return f"{missing} more different rule{'' if missing == 1 else 's'} of {_or(self.find)}"
        named = [finding for name in self.find for finding in gathered.named.get(name, ())]
        timely = [finding for finding in named if finding.temporality in self.time]
        if not named:
            return _or(self.find)
        if not timely:
            return f"{_or(self.find)} ({_or(self.time)})"
        if not any(map(self._asks_for, timely)):
            found = _or(dict.fromkeys(_WHOSE.get(finding.by, finding.by or "") for finding in timely))
            close = "someone close" if self.by == CLOSE else ""
            wanted = close or (_or(self.by) if self.by else "anyone but a stranger")
            return f"{_or(self.find)} by {wanted}; what was found is by {found.replace('_', ' ')}"
        return f"{_or(self.near_by)} within {self.near} words"

    @property
    def is_by_someone_close(self) -> bool:
        """Whether it asks for what people did who are close, and for nothing else."""
        return self.by is not None and self.by <= CLOSE

    def _asks_for(self, finding: Evidence) -> bool:
        if finding.temporality not in self.time:
            return False
        if finding.rule not in self.find and finding.theme not in self.find:
            return False
        if self.by is None:
            return finding.by not in _NOT_BY_DEFAULT
        return finding.by in self.by or "anyone" in self.by

    def _complete_at(self, finding: Evidence, gathered: Gathered) -> int | None:
        best: int | None = None
        for name in self.near_by:
            others = gathered.named.get(name, ())
            low = bisect_left(others, finding.word - self.near, key=_WORD)
            high = bisect_right(others, finding.word + self.near, key=_WORD)
            for other in others[low:high]:
                timely = other.temporality in self.time or other.temporality == "past"
                if timely and other.finding != finding.finding and (best is None or other.position < best):
                    best = other.position
        return None if best is None else max(best, finding.position)


_WHOSE: Final = {
    None: "nobody named",
    "caller": "the caller",
    "he_or_she": "a he or she who is not known",
    "patient": "the patient",
    "they": "several people",
    "unknown": "somebody not known",
}
_NOT_BY_DEFAULT: Final = frozenset({"stranger", "acquaintance", "patient", "they"})


class SignTrace(NamedTuple):
    """How a sign or a line fared: whether it holds, since which position, what it found, and what it lacked."""

    id: str
    first: int | None
    reason: str
    asks: str
    found: tuple[Evidence, ...]
    lacks: str

    @property
    def held(self) -> bool:
        """Whether it holds."""
        return self.first is not None


def compile_ask(ask: Ask) -> Asked:
    """Return what a sign or a line asks for in the form that is asked.

    >>> from triage_triggers.ruleset.definition import Ask
    >>> asked = compile_ask(Ask(find="weapon", by="close"))
    >>> knife = Evidence(7, "weapon.knife", "weapon", "current", 0, "partner", 0, 7, 0, 0)
    >>> asked.first(asked.fed(gather([knife]))), asked.first(asked.fed(gather([knife._replace(by=None)])))
    (7, None)
    """
    by = None if not ask.by else frozenset(ask.by) - {"close"} | (CLOSE if "close" in ask.by else frozenset())
    return Asked(frozenset(ask.find), by, frozenset(ask.time), frozenset(ask.with_), ask.near, ask.at_least)


def trace(ask: Sign | Then, asked: Asked, gathered: Gathered) -> SignTrace:
    """Return how a sign or a line fared."""
    fed = asked.fed(gathered)
    found, lacks = asked.found(gathered, fed), asked.lacks(gathered, fed)
    return SignTrace(ask.id, asked.first(fed), ask.reason, describe(ask), found, lacks)


def describe(ask: Ask) -> str:
    """Return what is asked for, in words.

    >>> from triage_triggers.ruleset.definition import Ask
    >>> describe(Ask.model_validate({"find": ["threat", "weapon"], "by": "close", "with": "fear"}))
    'threat or weapon, by close, with fear within 120 words'
    """
    parts = [_or(ask.find)] if ask.find else []
    if ask.at_least > 1:
        parts[0] = f"{ask.at_least} different rules of {parts[0]}"
    if ask.by:
        parts.append(f"by {_or(ask.by)}")
    if set(ask.time) != {"current", "hypothetical"}:
        parts.append(f"{_or(ask.time)}")
    if ask.with_:
        parts.append(f"with {_or(ask.with_)} within {ask.near} words")
    return ", ".join(parts)


def _or(names: Iterable[str]) -> str:
    return " or ".join(sorted(names) if isinstance(names, frozenset) else names)
