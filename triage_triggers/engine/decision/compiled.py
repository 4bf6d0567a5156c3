"""Conditions as written, made ready to be asked."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.decision.condition import (
    DEFAULT_TEMPORALITY,
    AllOf,
    AnyOf,
    Leaf,
    Named,
    Near,
    Not,
    leaves,
    names_of,
    parts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage_triggers.engine.decision.condition import Node
    from triage_triggers.ruleset.definition import Condition, Within

__all__ = ["compile_condition"]


def compile_condition(
    condition: Condition,
    known: dict[Condition, Node] | None = None,
    named: Mapping[str, Condition] = MappingProxyType({}),
) -> Node:
    """Return a condition in the form that is evaluated.

    Args:
        condition: As written.
        known: The nodes of the conditions compiled so far, used again where one is met again, and added to.
        named: The ruleset's ``conditions``, for what is written as ``is``.

    >>> from triage_triggers.engine.decision.condition import Evidence, gather
    >>> from triage_triggers.ruleset.definition import Condition
    >>> node = compile_condition(Condition(theme="weapon"))
    >>> node.first_held(gather([Evidence(7, "weapon.knife", "weapon", "current", 0, None)]))
    7
    """
    known = {} if known is None else known
    if condition not in known:
        known[condition] = _compile(condition, known, named)
    return known[condition]


def _compile(condition: Condition, known: dict[Condition, Node], named: Mapping[str, Condition]) -> Node:
    if condition.within is not None:
        anywhere = condition.model_copy(update={"within": None})
        return _near(compile_condition(anywhere, known, named), condition.within)
    if condition.is_ is not None:
        return Named(condition.is_, compile_condition(named[condition.is_], known, named))
    if condition.all is not None:
        return AllOf(tuple(compile_condition(part, known, named) for part in condition.all))
    if condition.any is not None:
        return AnyOf(tuple(compile_condition(part, known, named) for part in condition.any), condition.at_least)
    if condition.not_ is not None:
        return Not(compile_condition(condition.not_, known, named))
    temporality = DEFAULT_TEMPORALITY if condition.temporality is None else frozenset(condition.temporality)
    by_rule = condition.rule is not None
    return Leaf((condition.rule or condition.theme or ()), by_rule, temporality, condition.at_least)


def _near(part: Node, within: Within) -> Near:
    asked, contrary = tuple(leaves(part)), tuple(_contrary_leaves(part))
    return Near(
        part=part,
        hoped_for=_hoped_for(part),
        length=within.seconds if within.seconds is not None else float(within.turns or 0),
        in_turns=within.seconds is None,
        themes=names_of(asked, by_rule=False),
        rules=names_of(asked, by_rule=True),
        contrary_themes=names_of(contrary, by_rule=False),
        contrary_rules=names_of(contrary, by_rule=True),
    )


def _hoped_for(node: Node) -> Node:
    """Return a node that holds wherever this one may: every ``not`` granted, no window asked for."""
    match node:
        case Leaf():
            return node
        case AllOf(parts):
            hoped: Node = AllOf(tuple(map(_hoped_for, parts)))
        case AnyOf(parts, at_least):
            hoped = AnyOf(tuple(map(_hoped_for, parts)), at_least)
        case Not():
            return _GRANTED
        case Near():
            return node.hoped_for
        case Named(_, part):
            return _hoped_for(part)
    unchanged = all(before is after for before, after in zip(parts, parts_of(hoped), strict=True))
    return node if unchanged else hoped  # one node, asked once a call


_GRANTED: Final = AllOf(())


def _contrary_leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Not):
        yield from leaves(node)
    else:
        for part in parts_of(node):
            yield from _contrary_leaves(part)
