from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import (
    ALWAYS,
    Evidence,
    gather,
    indispensable,
    leaves,
    names_of,
    parts_of,
)

from tests.strategies import conditions, evidence
from triage_triggers.ruleset.definition import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.engine.decision.condition import Node


def found(
    position: int, theme: str, *, rule: str = "", when: str = "current", turn: int = 0, time: float | None = None
) -> Evidence:
    return Evidence(position, rule or f"{theme}.a", theme, when, turn, time)


def first(condition: dict[str, Any], *findings: Evidence) -> int | None:
    return compile_condition(Condition.model_validate(condition)).first_held(gather(findings))


A, B = {"theme": "a"}, {"theme": "b"}
BOTH = {"all": [A, B]}


@pytest.mark.parametrize(
    ("condition", "findings", "expected"),
    [
        # leaves
        (A, [], None),
        (A, [found(3, "a"), found(5, "a")], 3),
        (A, [found(3, "b")], None),
        ({"theme": ["a", "b"]}, [found(3, "b"), found(5, "a")], 3),
        ({"theme": ["a", "b"]}, [found(3, "a"), found(5, "b")], 3),
        ({"rule": "a.x"}, [found(3, "a", rule="a.y"), found(5, "a", rule="a.x")], 5),
        ({"rule": "a"}, [found(3, "a")], None),  # a theme's name is no rule's
        ({"theme": "a_a"}, [found(3, "a", rule="a_a")], None),
        # temporality: feared counts, the past only if asked for
        (A, [found(3, "a", when="hypothetical")], 3),
        (A, [found(3, "a", when="past"), found(4, "a")], 4),
        (A, [found(3, "a", when="past")], None),
        ({**A, "temporality": "past"}, [found(3, "a"), found(4, "a", when="past")], 4),
        ({**A, "temporality": "current"}, [found(3, "a", when="hypothetical")], None),
        ({"rule": "a.a", "temporality": "past"}, [found(3, "a"), found(4, "a", when="past")], 4),
        # so many different rules
        ({**A, "at_least": 2}, [found(1, "a"), found(2, "a")], None),
        ({**A, "at_least": 2}, [found(1, "a"), found(2, "a"), found(4, "a", rule="a.b")], 4),
        ({**A, "at_least": 2}, [found(1, "a", when="past"), found(4, "a", rule="a.b")], None),
        ({"theme": ["a", "b"], "at_least": 2}, [found(1, "b"), found(2, "a")], 2),
        ({"rule": ["a.a", "b.a"], "at_least": 2}, [found(1, "b"), found(2, "a")], 2),
        # all, any, not
        (BOTH, [found(1, "b"), found(2, "a"), found(3, "a")], 2),
        (BOTH, [found(1, "b")], None),
        ({"any": [A, B]}, [found(1, "b"), found(2, "a")], 1),
        ({"any": [A, B]}, [found(1, "c")], None),
        ({"any": [A, B, {"theme": "c"}], "at_least": 2}, [found(1, "c"), found(5, "a"), found(9, "b")], 5),
        ({"any": [A, B, {"theme": "c"}], "at_least": 2}, [found(1, "c")], None),
        ({"not": A}, [found(1, "b")], ALWAYS),
        ({"all": [B, {"not": A}]}, [found(1, "b")], 1),
        ({"all": [B, {"not": A}]}, [found(1, "b"), found(2, "a")], None),  # judged against all that was said
        # within seconds, ends included
        ({**BOTH, "within": {"seconds": 10}}, [found(1, "a", time=3), found(2, "b", time=13)], 2),
        ({**BOTH, "within": {"seconds": 10}}, [found(1, "a", time=3), found(2, "b", time=13.1)], None),
        (
            {**BOTH, "within": {"seconds": 10}},
            [found(1, "a", time=0), found(2, "b", time=20), found(3, "a", time=25)],
            3,
        ),
        ({**BOTH, "within": {"seconds": 1}}, [found(1, "a", time=3), found(2, "b")], 2),  # unknown time: within
        ({**BOTH, "within": {"seconds": 1}}, [found(1, "a"), found(2, "b")], 2),
        (
            {**A, "at_least": 2, "within": {"seconds": 1}},
            [found(1, "a", time=0), found(2, "a", rule="x", time=5)],
            None,
        ),
        # within turns
        ({**BOTH, "within": {"turns": 0}}, [found(1, "a", turn=4), found(2, "b", turn=4)], 2),
        ({**BOTH, "within": {"turns": 0}}, [found(1, "a", turn=4), found(2, "b", turn=5)], None),
        ({**BOTH, "within": {"turns": 1}}, [found(1, "a", turn=4), found(2, "b", turn=5)], 2),
        # a window that holds nothing contradicts nothing, but what has no time is in every window
        ({"not": A, "within": {"turns": 1}}, [found(1, "a")], ALWAYS),
        ({"not": A, "within": {"seconds": 1}}, [found(1, "a", time=3), found(2, "b", time=3)], ALWAYS),
        ({"not": A, "within": {"seconds": 1}}, [found(1, "a"), found(2, "b")], None),
        # windows in windows: c within 10 s of an (a, b) pair that is within 2 s of each other
        (
            {"all": [{**BOTH, "within": {"seconds": 2}}, {"theme": "c"}], "within": {"seconds": 10}},
            [found(1, "a", time=0), found(2, "b", time=2), found(3, "c", time=10)],
            3,
        ),
        (
            {"all": [{**BOTH, "within": {"seconds": 2}}, {"theme": "c"}], "within": {"seconds": 10}},
            [found(1, "a", time=0), found(2, "b", time=3), found(3, "c", time=10)],
            None,
        ),
        # a window may leave out what contradicts: to say "no b near any a", put the window inside the not
        (
            {"all": [A, {"not": B}], "within": {"seconds": 10}},
            [found(1, "a", time=3), found(2, "b", time=5)],
            1,
        ),
        (
            {"all": [A, {"not": {**BOTH, "within": {"seconds": 10}}}]},
            [found(1, "a", time=3), found(2, "b", time=5)],
            None,
        ),
    ],
)
def test_first_held(condition: dict[str, Any], findings: list[Evidence], expected: int | None) -> None:
    assert first(condition, *findings) == expected


def holds(condition: Condition, seen: Sequence[Evidence], everything: Sequence[Evidence]) -> bool:
    """The meaning of a condition, word by word: ``seen`` so far of ``everything`` in the call (or in the window)."""
    if condition.within is None:
        return holds_here(condition, seen, everything)
    in_turns, length = condition.within.turns is not None, condition.within.seconds or condition.within.turns or 0

    def inside(findings: Sequence[Evidence], start: float) -> tuple[Evidence, ...]:
        at = [(finding, finding.turn if in_turns else finding.time) for finding in findings]
        return tuple(finding for finding, mark in at if mark is None or start <= mark <= start + length)

    # Times and turns are whole numbers from 0 to 10 here, lengths halves: starts at every quarter are all there are.
    windows = {(inside(seen, step / 4), inside(everything, step / 4)) for step in range(-4 * 7, 4 * 11)}
    return any(holds_here(condition, *window) for window in windows)


def holds_here(condition: Condition, seen: Sequence[Evidence], everything: Sequence[Evidence]) -> bool:
    if condition.not_ is not None:
        return not holds(condition.not_, everything, everything)
    if condition.all is not None:
        return all(holds(part, seen, everything) for part in condition.all)
    if condition.any is not None:
        return sum(holds(part, seen, everything) for part in condition.any) >= condition.at_least
    wanted = condition.temporality or ("current", "hypothetical")
    rules = {
        f.rule
        for f in seen
        if f.temporality in wanted and (f.theme in (condition.theme or ()) or f.rule in (condition.rule or ()))
    }
    return len(rules) >= condition.at_least


def first_prefix_that_holds(condition: Condition, findings: Sequence[Evidence]) -> int | None:
    if holds(condition, (), findings):
        return ALWAYS
    for finding in findings:
        if holds(condition, [f for f in findings if f.position <= finding.position], findings):
            return finding.position
    return None


@settings(max_examples=400, deadline=None)
@given(conditions(), evidence())
def test_first_held_is_the_first_prefix_that_holds(condition: Condition, findings: tuple[Evidence, ...]) -> None:
    assert compile_condition(condition).first_held(gather(findings)) == first_prefix_that_holds(condition, findings)


@settings(max_examples=200, deadline=None)
@given(conditions(), evidence(), st.sampled_from((None, 4.0)))
def test_so_it_is_where_everything_was_said_at_once(
    condition: Condition, findings: tuple[Evidence, ...], time: float | None
) -> None:
    findings = tuple(finding._replace(turn=2, time=time) for finding in findings)
    assert compile_condition(condition).first_held(gather(findings)) == first_prefix_that_holds(condition, findings)


@settings(deadline=None)
@given(st.lists(conditions(), min_size=2, max_size=4), evidence())
def test_conditions_that_share_nodes_answer_as_if_alone(
    several: list[Condition], findings: tuple[Evidence, ...]
) -> None:
    known: dict[Condition, Node] = {}
    gathered = gather(findings)
    for condition in several:
        alone = compile_condition(condition).first_held(gather(findings))
        assert gathered.first_held(compile_condition(condition, known)) == alone


def test_equal_parts_are_one_node() -> None:
    known: dict[Condition, Node] = {}
    written = ({"any": [BOTH, A]}, {**BOTH, "within": {"turns": 1}}, {**BOTH, "within": {"turns": 2}}, BOTH)
    either, near, less_near, both = (compile_condition(Condition.model_validate(part), known) for part in written)
    assert parts_of(either)[0] is both
    assert parts_of(either)[1] is parts_of(both)[0]
    assert parts_of(near) == parts_of(less_near) == (both,)
    assert near is not less_near
    assert compile_condition(Condition.model_validate(BOTH)) is not both


@settings(deadline=None)
@given(conditions(), evidence())
def test_nothing_holds_without_what_is_indispensable(condition: Condition, findings: tuple[Evidence, ...]) -> None:
    node, gathered = compile_condition(condition), gather(findings)
    needed = indispensable(node)
    if node.first_held(gather(())) is not None:
        assert needed is None
    if needed is not None and node.first_held(gathered) is not None:
        assert gathered.holds_any(names_of(needed, by_rule=False), names_of(needed, by_rule=True))


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (A, ["a"]),
        (BOTH, ["a"]),
        ({"all": [{"theme": ["a", "b"]}, {"rule": "c.c"}], "within": {"turns": 1}}, ["c.c"]),
        ({"all": [{"not": A}, {"any": [A, B]}]}, ["a", "b"]),
        ({"any": [A, {"not": B}]}, None),
        ({"all": [{"not": A}]}, None),
        ({"not": {"not": A}}, None),  # true, but not said: `indispensable` does not look below a `not`
    ],
)
def test_the_least_that_is_indispensable(condition: dict[str, Any], names: list[str] | None) -> None:
    needed = indispensable(compile_condition(Condition.model_validate(condition)))
    assert (None if needed is None else [name for leaf in needed for name in leaf.names]) == names


@given(conditions(with_not=False), evidence(), evidence(max_size=3))
def test_without_not_more_evidence_never_comes_later(
    condition: Condition, findings: tuple[Evidence, ...], more: tuple[Evidence, ...]
) -> None:
    node = compile_condition(condition)
    before = node.first_held(gather(findings))
    after = node.first_held(gather(sorted((*findings, *more), key=lambda finding: finding.position)))
    assert before is None or (after is not None and after <= before)


@given(conditions())
def test_leaves_are_those_written(condition: Condition) -> None:
    node = compile_condition(condition)
    assert all(parts_of(leaf) == () for leaf in leaves(node))
    assert str(condition).count("theme=(") + str(condition).count("rule=(") == len(list(leaves(node)))
