"""Counted findings, sorted so that conditions can be asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from triage_triggers.engine.decision.condition import Node

__all__ = ["Evidence", "Gathered", "gather"]


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
