from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import conditions, evidence
from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import Evidence, gather
from triage_triggers.lint.implication import implies, is_impossible
from triage_triggers.ruleset.definition import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping

THEMES = {f"{theme}.{number}": theme for theme in ("a", "b") for number in (1, 2)}


def holds(condition: Condition, found: tuple[Evidence, ...]) -> bool:
    return gather(found).first_held(compile_condition(condition)) is not None


def told(first: Mapping[str, object], second: Mapping[str, object]) -> bool:
    nodes = [compile_condition(Condition.model_validate(condition)) for condition in (first, second)]
    return implies(nodes[0], nodes[1], {"weapon.knife": "weapon", "weapon.gun": "weapon", "fear.afraid": "fear"})


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(), conditions(), st.lists(evidence(), min_size=4, max_size=4))
def test_what_is_implied_holds_wherever_the_other_does(
    first: Condition, second: Condition, calls: list[tuple[Evidence, ...]]
) -> None:
    themes = {found.rule: found.theme for call in calls for found in call}
    grown = Condition.model_validate({"all": [first, second]})
    wider = Condition.model_validate({"any": [first, second]})
    for one in (first, second, grown, wider):
        for other in (first, second, grown, wider):
            if implies(compile_condition(one), compile_condition(other), themes):
                assert all(holds(other, call) for call in calls if holds(one, call))
        if is_impossible(compile_condition(one), themes):
            assert not any(holds(one, call) for call in calls)


@given(conditions(), conditions())
def test_parts_and_wholes_imply_each_other(first: Condition, second: Condition) -> None:
    one = compile_condition(first)
    both = compile_condition(Condition.model_validate({"all": [first, second]}))
    either = compile_condition(Condition.model_validate({"any": [first, second]}))
    assert implies(one, one, {})
    assert implies(both, one, {})
    assert implies(one, either, {})
    assert implies(both, either, {})
    assert is_impossible(compile_condition(Condition.model_validate({"all": [first, {"not": first}]})), {})


def test_leaves() -> None:
    weapon = {"theme": "weapon"}
    assert told({"rule": "weapon.knife"}, weapon)
    assert not told(weapon, {"rule": "weapon.knife"})
    assert told(weapon, {"rule": ["weapon.knife", "weapon.gun"]})
    assert told(weapon | {"at_least": 2}, weapon)
    assert not told(weapon, weapon | {"at_least": 2})
    assert told(weapon, {"theme": ["fear", "weapon"]})
    assert not told(weapon | {"temporality": "past"}, weapon)
    assert told(weapon | {"temporality": "current"}, weapon)


def test_windows() -> None:
    weapon: dict[str, object] = {"theme": "weapon"}
    both: dict[str, object] = {"all": [weapon, {"theme": "fear"}]}
    lone: dict[str, object] = {"all": [weapon, {"not": {"theme": "fear"}}]}
    near: dict[str, object] = {"within": {"turns": 3}}
    far: dict[str, object] = {"within": {"turns": 8}}
    assert told(both | near, both)
    assert not told(both, both | near)
    assert told(both | near, both | far)
    assert not told(both | far, both | near)
    assert not told(both | near, both | {"within": {"seconds": 8}})
    assert told(both | near, weapon)
    assert not told(lone | near, lone)
    assert not told(lone | near, lone | far)
    assert told(lone | near, {"all": [weapon, {"not": both}]} | near)
    other: dict[str, object] = {"all": [weapon, {"not": {"all": [{"theme": "fear"}, {"rule": "weapon.gun"}]}}]}
    assert not told(lone | near, other | near)


def test_not_turns_round() -> None:
    assert told({"not": {"theme": "weapon"}}, {"not": {"rule": "weapon.knife"}})
    assert not told({"not": {"rule": "weapon.knife"}}, {"not": {"theme": "weapon"}})


def test_of_several_one_must_be_among_those_that_imply() -> None:
    knife, gun, fear = {"rule": "weapon.knife"}, {"rule": "weapon.gun"}, {"theme": "fear"}
    assert told({"any": [knife, gun]}, {"theme": "weapon"})
    assert not told({"any": [knife, fear]}, {"theme": "weapon"})
    assert told({"any": [knife, gun, fear], "at_least": 2}, {"theme": "weapon"})
    assert told(knife, {"any": [{"theme": "weapon"}, knife, fear], "at_least": 2})
