from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import ALWAYS, Evidence, gather
from triage_triggers.engine.decision.explanation import NodeTrace, describe, trace
from triage_triggers.engine.decision.policy import CompiledPolicy

from tests.strategies import conditions, evidence
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.definition import Condition, Ruleset

KNIFE = Evidence(4, "weapon.knife", "weapon", "current", 1, 0.0)
KILL = Evidence(9, "threat.kill", "threat", "current", 2, 90.0)

WEAPON, THREAT, FEAR = {"theme": "weapon"}, {"theme": "threat"}, {"theme": "fear"}


def traced(condition: dict[str, Any], *found: Evidence) -> NodeTrace:
    return trace(compile_condition(Condition.model_validate(condition)), gather(found))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (WEAPON, "theme weapon"),
        ({"rule": ["weapon.knife", "weapon.gun"]}, "rule weapon.knife or weapon.gun"),
        ({**WEAPON, "temporality": ["past", "current"]}, "theme weapon (current or past)"),
        ({**WEAPON, "temporality": ["hypothetical", "current"]}, "theme weapon"),
        ({**WEAPON, "temporality": ["hypothetical", "past", "current"]}, "theme weapon (at any time)"),
        ({**WEAPON, "at_least": 2}, "2 different rules of theme weapon"),
        ({"all": [WEAPON, THREAT]}, "(theme weapon, and theme threat)"),
        ({"all": [WEAPON]}, "theme weapon"),
        ({"any": [WEAPON, THREAT, FEAR]}, "(theme weapon, theme threat, or theme fear)"),
        (
            {"any": [WEAPON, THREAT, FEAR], "at_least": 2},
            "at least 2 of (theme weapon; theme threat; theme fear)",
        ),
        ({"not": WEAPON}, "no theme weapon"),
        ({**WEAPON, "within": {"seconds": 1}}, "theme weapon within 1 second"),
        ({**WEAPON, "within": {"seconds": 2.5}}, "theme weapon within 2.5 seconds"),
        ({**WEAPON, "within": {"turns": 1}}, "theme weapon within 1 turn"),
        ({**WEAPON, "within": {"turns": 3}}, "theme weapon within 3 turns"),
        ({**WEAPON, "within": {"turns": 0}}, "theme weapon in one turn"),
    ],
)
def test_describe(condition: dict[str, Any], words: str) -> None:
    assert describe(compile_condition(Condition.model_validate(condition))) == words


@pytest.mark.parametrize(
    ("condition", "lacks"),
    [
        (WEAPON, ()),
        (FEAR, ("theme fear",)),
        ({**WEAPON, "at_least": 3}, ("2 more of: 3 different rules of theme weapon",)),
        ({**FEAR, "at_least": 2}, ("2 different rules of theme fear",)),
        ({"all": [WEAPON, FEAR]}, ("theme fear",)),
        ({"all": [FEAR, {"theme": "pregnancy"}]}, ("theme fear", "theme pregnancy")),
        ({"any": [WEAPON, FEAR]}, ()),
        ({"any": [FEAR, {"theme": "pregnancy"}]}, ("(theme fear, or theme pregnancy)",)),
        (
            {"any": [FEAR, {"all": [{"theme": "pregnancy"}, {"theme": "injury"}]}]},
            ("(theme fear, or theme pregnancy and theme injury)",),
        ),
        ({"any": [FEAR, {"theme": "injury"}], "at_least": 2}, ("2 of (theme fear; theme injury)",)),
        ({"any": [WEAPON, FEAR], "at_least": 2}, ("theme fear",)),
        ({"any": [WEAPON, FEAR], "at_least": 3}, ("3 of 2 conditions, which can't be",)),
        ({"not": WEAPON}, ("the absence of theme weapon",)),
        ({"not": FEAR}, ()),
        # the parts were there, but too far apart
        (
            {"all": [WEAPON, THREAT], "within": {"seconds": 30}},
            ("(theme weapon, and theme threat) within 30 seconds",),
        ),
        ({"all": [WEAPON, FEAR], "within": {"seconds": 30}}, ("theme fear",)),
        ({"all": [WEAPON, THREAT], "within": {"turns": 1}}, ()),
    ],
)
def test_lacks(condition: dict[str, Any], lacks: tuple[str, ...]) -> None:
    assert traced(condition, KNIFE, KILL).lacks == lacks


def test_a_tree_says_what_satisfied_each_part() -> None:
    tree = traced({"all": [WEAPON, {"not": FEAR}, {"any": [THREAT, FEAR]}]}, KNIFE, KILL)
    weapon, absence, either = tree.children
    assert (tree.text, tree.held, tree.first) == ("all of these", True, 9)
    assert (weapon.text, weapon.first, weapon.found) == ("theme weapon", 4, (KNIFE,))
    assert (absence.text, absence.first, absence.children[0].held) == ("not this", ALWAYS, False)
    assert (either.text, [child.held for child in either.children]) == ("any of these", [True, False])
    assert traced({"any": [WEAPON, FEAR], "at_least": 2}, KNIFE).text == "at least 2 of these"


def test_a_window_shows_what_is_inside_it() -> None:
    later = KNIFE._replace(position=12, time=95.0)
    tree = traced({"all": [WEAPON, THREAT], "within": {"seconds": 30}}, KNIFE, KILL, later)
    assert (tree.text, tree.first) == ("within 30 seconds", 12)
    assert tree.children[0].children[0].found == (later,)


def test_a_window_that_fails_shows_everything() -> None:
    tree = traced({"all": [WEAPON, THREAT], "within": {"seconds": 30}}, KNIFE, KILL)
    assert not tree.held
    assert [child.found for child in tree.children[0].children] == [(KNIFE,), (KILL,)]


@given(conditions(), evidence())
def test_a_trace_agrees_with_the_decision(condition: Condition, found: tuple[Evidence, ...]) -> None:
    node = compile_condition(condition)
    tree = trace(node, gather(found))
    assert tree.first == node.first_held(gather(found))
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        assert part.held == (part.first is not None) == (not part.lacks)
        assert all(part.lacks)
        waiting += part.children


def test_policies_are_explained_in_their_order() -> None:
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
    rules = [{"id": "weapon.knife", "theme": "weapon", "phrases": ["x"]}]
    policies = [
        {"id": "together", "when": {"all": [WEAPON, FEAR]}, "suggest": "cat 1", "reason": "Both."},
        {"id": "alone", "when": WEAPON, "reason": "One."},
    ]
    ruleset = Ruleset.model_validate({**head, "code_system": "nhs-arp", "rules": rules, "policy": policies})
    together, alone = CompiledPolicy(ruleset, load_ladder("nhs-arp")).explain([KNIFE])
    assert (together.policy, together.held, together.first, together.suggest) == ("together", False, None, "C1")
    assert (together.reason, together.lacks) == ("Both.", ("theme fear",))
    assert (alone.policy, alone.held, alone.first, alone.suggest, alone.lacks) == ("alone", True, 4, None, ())
