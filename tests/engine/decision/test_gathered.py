from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import given
from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import Leaf, gather

from tests.strategies import RULES, conditions, evidence
from triage_triggers.ruleset.definition import Condition

if TYPE_CHECKING:
    from triage_triggers.engine.decision.condition import Evidence, Gathered, Node


@given(evidence())
def test_gathering_loses_nothing_and_keeps_the_order(found: tuple[Evidence, ...]) -> None:
    gathered = gather(found)
    assert gathered.evidence == found
    for index, field in ((gathered.themes, "theme"), (gathered.rules, "rule")):
        names = {getattr(finding, field) for finding in found}
        assert {name: tuple(index[name]) for name in index} == {
            name: tuple(finding for finding in found if getattr(finding, field) == name) for name in names
        }


@given(conditions(), evidence())
def test_a_second_answer_is_the_first(condition: Condition, found: tuple[Evidence, ...]) -> None:
    node, gathered = compile_condition(condition), gather(found)
    first = gathered.first_held(node)
    assert gathered.first_held(node) == first == node.first_held(gather(found))


def test_a_shared_part_is_asked_once_a_call() -> None:
    weapon, threat = {"theme": "weapon"}, {"theme": "threat"}
    known: dict[Condition, Node] = {}
    policies = [{"any": [weapon, threat]}, {"all": [weapon, {"any": [weapon, threat]}]}, {"not": threat}]
    nodes = [compile_condition(Condition.model_validate(policy), known) for policy in policies]
    asked: list[Leaf] = []
    judge = Leaf.first_held

    def noted(leaf: Leaf, gathered: Gathered) -> int | None:
        asked.append(leaf)
        return judge(leaf, gathered)

    with patch.object(Leaf, "first_held", noted):
        for times in (1, 2):  # what one call answered says nothing about another
            gathered = gather(())
            for node in (*nodes, *nodes):
                gathered.first_held(node)
            assert sorted(leaf.names[0] for leaf in asked) == sorted(["weapon", "threat"] * times)


@given(evidence())
def test_it_holds_any_of_what_was_found(found: tuple[Evidence, ...]) -> None:
    gathered = gather(found)
    assert not gathered.holds_any(set(), set())
    for rule, theme in RULES.items():
        assert gathered.holds_any({theme, "other"}, set()) == any(finding.theme == theme for finding in found)
        assert gathered.holds_any(set(), {rule, "other"}) == any(finding.rule == rule for finding in found)
        assert not gathered.holds_any({rule}, {theme})
