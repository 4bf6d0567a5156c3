"""Why a policy holds, or what it still lacks, in words for someone who has never read its YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.decision.condition import DEFAULT_TEMPORALITY, AllOf, AnyOf, Leaf, Named, Near, Not

if TYPE_CHECKING:
    from triage_triggers.engine.decision.condition import Evidence, Gathered, Node

__all__ = ["GateTrace", "NodeTrace", "PolicyTrace", "describe", "trace"]

_ANY_TIME: Final = DEFAULT_TEMPORALITY | {"past"}


class NodeTrace(NamedTuple):
    """How one part of a condition fared.

    ``text`` says what the part asks for, ``first`` is the position at which it came to hold (-1: it holds because
    nothing contradicts it), ``found`` the evidence that a part without ``children`` asked for, and ``lacks`` what was
    missing, empty where it holds.
    """

    text: str
    held: bool
    first: int | None
    found: tuple[Evidence, ...]
    lacks: tuple[str, ...]
    children: tuple[NodeTrace, ...]


class GateTrace(NamedTuple):
    """How one gate fared: whether it opened, since which position, and the rules whose findings it held back.

    ``condition`` is ``None`` for a gate that never opens.
    """

    gate: str
    opened: bool
    first: int | None
    reason: str
    held_back: tuple[str, ...]
    condition: NodeTrace | None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What was missing for the gate to open, in plain words; empty where it opened."""
        return self.condition.lacks if self.condition is not None else ("anything that could open it",)


class PolicyTrace(NamedTuple):
    """How one policy fared: whether it holds, since which position, and how each part of its condition did."""

    policy: str
    held: bool
    first: int | None
    suggest: str | None
    reason: str
    condition: NodeTrace

    @property
    def lacks(self) -> tuple[str, ...]:
        """What was missing for the policy to hold, in plain words; empty where it holds."""
        return self.condition.lacks


def describe(node: Node) -> str:
    """Return a condition in words.

    >>> from triage_triggers.engine.decision.compiled import compile_condition
    >>> from triage_triggers.ruleset.definition import Condition
    >>> parts = [{"theme": ["threat", "weapon"]}, {"not": {"theme": "children_present", "temporality": "past"}}]
    >>> describe(compile_condition(Condition.model_validate({"all": parts, "within": {"seconds": 30}})))
    '(theme threat or weapon, and no theme children_present (past)) within 30 seconds'
    """
    match node:
        case Leaf(names, by_rule, temporality, at_least):
            asked = f"{'rule' if by_rule else 'theme'} {' or '.join(names)}"
            if at_least > 1:
                asked = f"{at_least} different rules of {asked}"
            if temporality == DEFAULT_TEMPORALITY:
                return asked
            return f"{asked} ({'at any time' if temporality >= _ANY_TIME else ' or '.join(sorted(temporality))})"
        case AllOf(parts):
            return _joined(tuple(map(describe, parts)), "and")
        case AnyOf(parts, at_least):
            texts = tuple(map(describe, parts))
            return _joined(texts, "or") if at_least == 1 else f"at least {at_least} of ({'; '.join(texts)})"
        case Not(part):
            return f"no {describe(part)}"
        case Named(name):
            return f"condition {name}"
        case Near(part):
            return f"{describe(part)} {_distance(node)}"


def trace(node: Node, gathered: Gathered) -> NodeTrace:
    """Return how a condition and each of its parts fare with some evidence."""
    first = gathered.first_held(node)
    held = first is not None
    match node:
        case Leaf():
            found = tuple(node.matching(gathered))
            return NodeTrace(describe(node), held, first, found, () if held else (_more_rules(node, found),), ())
        case AllOf(parts):
            children = tuple(trace(part, gathered) for part in parts)
            lacks = tuple(lack for child in children for lack in child.lacks)
            return NodeTrace("all of these", held, first, (), lacks, children)
        case AnyOf(parts, at_least):
            children = tuple(trace(part, gathered) for part in parts)
            text = "any of these" if at_least == 1 else f"at least {at_least} of these"
            lacks = () if held else (_more_parts(at_least, children),)
            return NodeTrace(text, held, first, (), lacks, children)
        case Not(part):
            lacks = () if held else (f"the absence of {describe(part)}",)
            return NodeTrace("not this", held, first, (), lacks, (trace(part, gathered),))
        case Named(_, part):
            lacks = () if held else (describe(node),)
            return NodeTrace(describe(node), held, first, (), lacks, (trace(part, gathered),))
        case Near(part):
            windows = node.windows(gathered) if held else ()
            inside = next((window for window in windows if window.first_held(part) == first), gathered)
            child = trace(part, inside)
            lacks = () if held else child.lacks or (describe(node),)
            return NodeTrace(_distance(node), held, first, (), lacks, (child,))


def _joined(texts: tuple[str, ...], word: str) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts[:-1])}, {word} {texts[-1]})"


def _distance(node: Near) -> str:
    if node.in_turns and not node.length:
        return "in one turn"
    unit = "turn" if node.in_turns else "second"
    return f"within {node.length:g} {unit}{'' if node.length == 1 else 's'}"


def _more_rules(leaf: Leaf, found: tuple[Evidence, ...]) -> str:
    rules = {finding.rule for finding in found}
    if leaf.at_least == 1 or not rules:
        return describe(leaf)
    return f"{leaf.at_least - len(rules)} more of: {describe(leaf)}"


def _more_parts(at_least: int, children: tuple[NodeTrace, ...]) -> str:
    missing = tuple(" and ".join(child.lacks) for child in children if not child.held)
    more = at_least - (len(children) - len(missing))
    if more > len(missing):
        return f"{at_least} of {len(children)} conditions, which can't be"
    return _joined(missing, "or") if more == 1 else f"{more} of ({'; '.join(missing)})"
