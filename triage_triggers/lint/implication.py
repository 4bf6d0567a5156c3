"""Does one condition hold wherever another does? Worked out from how they are written, without any call.

The answer "yes" is certain; "no" means that it can't be told this way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.engine.decision.condition import AllOf, AnyOf, Leaf, Named, Near, Not, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triage_triggers.engine.decision.condition import Node

__all__ = ["implies", "is_impossible"]


def implies(first: Node, second: Node, themes: Mapping[str, str]) -> bool:
    """Tell whether ``second`` holds for every evidence for which ``first`` does.

    Args:
        first: A compiled condition.
        second: Another.
        themes: The theme of each rule of the ruleset.

    >>> from triage_triggers.engine.decision.compiled import compile_condition
    >>> from triage_triggers.ruleset.definition import Condition
    >>> both = compile_condition(Condition.model_validate({"all": [{"rule": "a.knife"}, {"theme": "fear"}]}))
    >>> armed = compile_condition(Condition.model_validate({"theme": ["weapon", "threat"]}))
    >>> themes = {"a.knife": "weapon", "a.fear": "fear"}
    >>> implies(both, armed, themes), implies(armed, both, themes)
    (True, False)
    """
    first, second = _meant(first), _meant(second)
    if first is second:
        return True
    if isinstance(second, AllOf):
        return all(implies(first, part, themes) for part in second.parts)
    if isinstance(second, AnyOf) and sum(implies(first, part, themes) for part in second.parts) >= second.at_least:
        return True
    match first:
        case AllOf(parts):
            if any(implies(part, second, themes) for part in parts):
                return True
        case AnyOf(parts, at_least):
            # So many hold that one of those which imply it must be among them.
            if sum(not implies(part, second, themes) for part in parts) < at_least:
                return True
        case Near(part):
            # It holds for some of the evidence; what never fails for more evidence then holds for all of it.
            if _never_fails_for_more(second) and implies(part, second, themes):
                return True
        case _:
            pass
    return _alike(first, second, themes)


def is_impossible(node: Node, themes: Mapping[str, str]) -> bool:
    """Tell whether no evidence at all satisfies a condition: it asks for something, and for its absence."""
    match node:
        case Named(_, part):
            return is_impossible(part, themes)
        case AllOf():
            parts = list(_conjuncts(node))
            refused = [part.part for part in parts if isinstance(part, Not)]
            return any(is_impossible(part, themes) for part in parts) or any(
                implies(node, absent, themes) for absent in refused
            )
        case AnyOf(parts, at_least):
            return sum(not is_impossible(part, themes) for part in parts) < at_least
        case Near(part):
            return is_impossible(part, themes)
        case Leaf() | Not():
            return False


def _alike(first: Node, second: Node, themes: Mapping[str, str]) -> bool:
    """Compare two conditions of one kind."""
    match first, second:
        case Leaf(), Leaf():
            return _leaf_implies(first, second, themes)
        case AnyOf(parts, at_least), AnyOf(others, needed):
            return at_least - _without_partner(parts, others, themes) >= needed
        case Not(part), Not(other):
            return implies(other, part, themes)
        case Near(), Near() if first.in_turns == second.in_turns:
            wide_enough = first.length == second.length or (
                first.length < second.length and _never_fails_for_more(second.part)
            )
            same_findings = _never_fails_for_more(second.part) or (
                first.themes == second.themes and first.rules == second.rules
            )
            return wide_enough and same_findings and implies(first.part, second.part, themes)
        case _:
            return False


def _without_partner(parts: Iterable[Node], others: Iterable[Node], themes: Mapping[str, str]) -> int:
    """Return how many of ``parts`` find none of ``others`` that they imply and that no part before them has taken."""
    free = list(others)
    alone = 0
    for part in parts:
        partner = next((at for at, other in enumerate(free) if implies(part, other, themes)), None)
        if partner is None:
            alone += 1
        else:
            del free[partner]
    return alone


def _leaf_implies(first: Leaf, second: Leaf, themes: Mapping[str, str]) -> bool:
    if not first.temporality <= second.temporality or first.at_least < second.at_least:
        return False
    if first.by_rule == second.by_rule:
        return set(first.names) <= set(second.names)
    if first.by_rule:
        return {themes.get(rule, "") for rule in first.names} <= set(second.names)
    return {rule for rule, theme in themes.items() if theme in first.names} <= set(second.names)


def _conjuncts(node: Node) -> Iterator[Node]:
    node = _meant(node)
    if isinstance(node, AllOf):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _meant(node: Node) -> Node:
    """Return what a named condition stands for."""
    while isinstance(node, Named):
        node = node.part
    return node


def _never_fails_for_more(node: Node) -> bool:
    """Tell whether a condition, once it holds, holds whatever else is found: it has no ``not``."""
    return not isinstance(node, Not) and all(map(_never_fails_for_more, parts_of(node)))
