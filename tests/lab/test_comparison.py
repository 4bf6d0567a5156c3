from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.labelled import labelled_calls, observed
from triage_triggers import Call, CodeError, Evaluator, Ruleset, load_ladder
from triage_triggers.lab.compare_tables import compare_tables, headline
from triage_triggers.lab.comparison import Comparison, RulesetChanges, Workload, compare
from triage_triggers.lab.observation import observe

if TYPE_CHECKING:
    from triage_triggers.lab.labels import Label


TEXTS: list[tuple[str, Label]] = [
    ("He hit me.", "positive"),
    ("He shoved me.", "positive"),
    ("He hit me with a knife.", "positive"),
    ("Pizza.", "negative"),
    ("He shoved me by accident.", "negative"),
    ("He shoved me.", "ignored"),
    ("He had his hands round my throat. Pizza.", "none"),
    ("Hello.", "none"),
]


@pytest.fixture(scope="module")
def proposed(ruleset: Ruleset) -> Evaluator:
    """The small ruleset with a rule more, one less, one changed, and a policy changed."""
    content = ruleset.model_dump(by_alias=True, exclude_defaults=True)
    rules = {rule["id"]: dict(rule) for rule in content["rules"]}
    del rules["covert.pizza"]
    rules["weapon.knife"]["phrases"] = ["dagger"]
    rules["violence.shove"] = {"id": "violence.shove", "theme": "violence", "phrases": ["shove~ {whom}"]}
    content["rules"] = list(rules.values())
    for section in ("signs", "then"):
        content[section] = [dict(part) for part in content[section] if part["id"] != "covert"]
    content["then"][1]["suggest"] = "C1"
    return Evaluator(Ruleset.model_validate(content | {"version": "1.1.0"}))


@pytest.fixture
def comparison(evaluator: Evaluator, proposed: Evaluator) -> Comparison:
    return compare(evaluator, proposed, observed(evaluator, TEXTS), observed(proposed, TEXTS))


def test_what_differs_between_the_rulesets(comparison: Comparison) -> None:
    assert comparison.differences == {
        "rule": RulesetChanges(("violence.shove",), ("covert.pizza",), ("weapon.knife",)),
        "sign": RulesetChanges((), ("covert",), ()),
        "then line": RulesetChanges((), ("covert",), ("strangulation-now",)),
    }


def test_tallies_lists_and_words_differ_too(evaluator: Evaluator, ruleset: Ruleset) -> None:
    content = ruleset.model_dump(by_alias=True, exclude_defaults=True)
    content["lists"] = {"whom": ["me"]}
    content["vocabulary"] = {"strike-person": {"add": ["bonk~"], "remove": ["tan~"]}}
    line = {"id": "hurt", "find": "violence", "points": 2, "reason": "R."}
    content["tally"] = {"look_again": 1, "flag": 2, "lines": [line]}
    other = Evaluator(Ruleset.model_validate(content))
    comparison = compare(evaluator, other, [], [])
    assert comparison.differences == {
        "tally line": RulesetChanges(("hurt",), (), ()),
        "list": RulesetChanges((), (), ("whom",)),
        "word": RulesetChanges(("bonk~ in strike-person", "tan~ out of strike-person"), (), ()),
    }


def test_which_calls_change_and_because_of_what(comparison: Comparison) -> None:
    changes = {change.before.call.call_id: change for change in comparison.changes}
    assert list(changes) == ["C-2", "C-3", "C-4", "C-5", "C-6", "C-7"]
    assert changes["C-2"].newly_flagged
    assert changes["C-2"].decisive == ("violence.shove",)
    assert changes["C-3"].causes == ("weapon.knife",)  # C1 by armed-attack before, C3 after
    assert changes["C-3"].moves
    assert changes["C-4"].no_longer_flagged
    assert changes["C-4"].decisive == ("covert.pizza",)
    # The line's code and the pizza's advice both changed: neither alone explains it.
    assert changes["C-7"].decisive == ()
    assert changes["C-7"].causes == ("covert.pizza", "covert")
    assert comparison.causes[0] == ("violence.shove", 3)


def test_the_tests_are_of_the_pairs(comparison: Comparison) -> None:
    assert comparison.before.confusion == (2, 1, 1, 1)
    assert comparison.after.confusion == (3, 0, 1, 1)
    assert comparison.sensitivity[:2] == (0, 1)
    assert comparison.specificity == (1, 1, 1.0)
    assert comparison.all_right[:2] == (1, 2)


def test_the_workload_is_of_codes_as_suggested(comparison: Comparison) -> None:
    assert comparison.workload.moved == {("C1", "C3"): 1, ("C2", "C1"): 1, ("C4", "C3"): 3}


def test_it_is_json_and_tables_without_what_was_said(comparison: Comparison) -> None:
    text = json.dumps(comparison.to_dict(calls_per_day=1000), allow_nan=False)
    assert "shoved me" not in text
    assert json.loads(text)["workload"]["categories"][0]["change_per_day"] == 0.0
    assert headline(comparison) == (
        "6 of 8 calls come out otherwise: 3 newly flagged, 1 no longer flagged, 5 with another category."
    )
    tables = compare_tables(comparison, calls_per_day=800)
    assert list(tables) == ["figures", "flips", "workload", "moves", "causes", "ruleset", "changes"]
    assert tables["figures"].rows[0] == (
        "Sensitivity",
        "0.67 (0.21–0.94; 2 of 3)",
        "1.00 (0.44–1.00; 3 of 3)",
        "0",
        "1",
        "1.000",
    )
    assert tables["moves"].rows[0] == ("C1 → C3", "1", "125.0", "100.0")
    assert tables["workload"].rows[0] == ("C1", "1", "1", "1", "1", "0.0", "0.0")
    assert tables["flips"].rows == (("positive", "1", "0"), ("negative", "1", "1"), ("not decided", "1", "0"))
    assert tables["changes"].rows[0] == ("C-2", "positive", "newly flagged", "none → C3", "violence.shove")
    assert {row[2] for row in tables["changes"].rows} == {"newly flagged", "no longer flagged", "stays flagged"}
    assert all(len(row) == len(table.columns) for table in tables.values() for row in table.rows)


def test_other_advice_alone_is_a_change(evaluator: Evaluator) -> None:
    then = tuple(line.model_copy(update={"advice": ()}) for line in evaluator.ruleset.then)
    silent = Evaluator(evaluator.ruleset.model_copy(update={"then": then}))
    texts: list[tuple[str, Label]] = [("Pizza.", "none")]
    comparison = compare(evaluator, silent, observed(evaluator, texts), observed(silent, texts))
    assert compare_tables(comparison)["changes"].rows == (
        ("C-1", "no label", "stays flagged, other advice", "none → none", "–"),
    )
    assert "workload" not in compare_tables(comparison)


@settings(max_examples=50)
@given(labelled_calls)
def test_nothing_changes_from_a_ruleset_to_itself(evaluator: Evaluator, calls: list[tuple[Call, Label]]) -> None:
    observations = [observe(evaluator, call, label, current_code="C4") for call, label in calls]
    comparison = compare(evaluator, evaluator, observations, observations)
    assert comparison.changes == ()
    assert comparison.workload.moved == {}
    assert comparison.all_right == (0, 0, 1.0)


@settings(max_examples=50)
@given(labelled_calls)
def test_every_difference_is_told(evaluator: Evaluator, proposed: Evaluator, calls: list[tuple[Call, Label]]) -> None:
    before = [observe(evaluator, call, label, current_code="C4") for call, label in calls]
    after = [observe(proposed, call, label, current_code="C4") for call, label in calls]
    comparison = compare(evaluator, proposed, before, after)
    newly = sum(two.flagged and not one.flagged for one, two in zip(before, after, strict=True))
    assert sum(change.newly_flagged for change in comparison.changes) == newly
    assert sum(comparison.workload.moved.values()) == sum(change.moves for change in comparison.changes)
    assert all(change.causes or change.before.assessment.policies for change in comparison.changes)


def test_rulesets_for_different_codes_are_not_compared(evaluator: Evaluator, ruleset: Ruleset) -> None:
    then = tuple(line.model_copy(update={"suggest": None}) for line in ruleset.then)
    scottish = ruleset.model_copy(update={"code_system": "scotland", "then": then})
    with pytest.raises(CodeError, match=r"codes of nhs-arp.*those of scotland"):
        compare(evaluator, Evaluator(scottish, ladder=load_ladder("scotland")), [], [])


ORDER = ("C1", "C2", "C3")
outcomes = st.sampled_from((*ORDER, None))


@given(st.lists(st.tuples(outcomes, outcomes)))
def test_no_call_is_lost_on_the_way(moves: list[tuple[str | None, str | None]]) -> None:
    workload = Workload.count(moves, ORDER)
    loads = workload.categories
    assert workload.calls == len(moves) == sum(load.before for load in loads) == sum(load.after for load in loads)
    assert sum(load.moved_in for load in loads) == sum(workload.moved.values()) == sum(load.moved_out for load in loads)
    for load in loads:
        assert load.after - load.before == load.moved_in - load.moved_out
    names = [load.category for load in loads if load.category]
    assert names == sorted(names)
    assert None not in [load.category for load in loads[:-1]]


def test_per_thousand_and_a_day() -> None:
    workload = Workload.count([("C3", "C2"), ("C3", "C3"), (None, "C3"), ("C3", "C3")], ORDER)
    data = workload.to_dict(calls_per_day=80)
    assert data["moves"] == [{"from": "C3", "to": "C2", "calls": 1}, {"from": None, "to": "C3", "calls": 1}]
    assert [
        (row["category"], row["change"], row["change_per_1000"], row["change_per_day"]) for row in data["categories"]
    ] == [
        ("C2", 1, 250.0, 20.0),
        ("C3", 0, 0.0, 0.0),
        (None, -1, -250.0, -20.0),
    ]
    assert "change_per_day" not in workload.to_dict()["categories"][0]
    assert Workload.count([], ORDER).per(1000, 0) == 0.0
