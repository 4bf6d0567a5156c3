from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from tests.lab.labelled import labelled_calls, observed
from triage_triggers import Call, Evaluator, Utterance
from triage_triggers.lab.figures import Proportion
from triage_triggers.lab.measure_tables import measure_tables, summary
from triage_triggers.lab.measurement import HELD_TO, MOST_GROUPS, NOTHING, OTHERS, Measurement, measure
from triage_triggers.lab.observation import Observation, observe

if TYPE_CHECKING:
    from triage_triggers.lab.labels import Label

TEXTS: list[tuple[str, Label]] = [
    ("He hit me.", "positive"),
    ("Hello.", "positive"),
    ("He had his hands round my throat.", "positive"),
    ("Hello.", "negative"),
    ("Pizza.", "negative"),
    ("He hit me.", "ignored"),
    ("Hello.", "none"),
]


@pytest.fixture
def measurement(evaluator: Evaluator) -> Measurement:
    return measure(evaluator, observed(evaluator, TEXTS))


def test_the_figures_as_a_whole(measurement: Measurement) -> None:
    assert measurement.labels == {"positive": 3, "negative": 2, "ignored": 1, "none": 1}
    assert measurement.overall.confusion == (2, 1, 1, 1)
    assert measurement.overall.alerts == Proportion(4, 7)
    assert measurement.overall.escalations == Proportion(3, 7)
    assert measurement.undecided_alerts == Proportion(1, 1)
    assert measurement.suggested == {"C2": 1, "C3": 2}
    assert [item.call.call_id for item in measurement.missed] == ["C-2"]
    assert [item.call.call_id for item in measurement.false_alarms] == ["C-5"]
    assert [measurement.figure(name).part for name in HELD_TO] == [2, 1, 2, 1]
    assert measurement.overall.seconds.median == 10.0


def test_it_is_json_without_what_was_said(measurement: Measurement) -> None:
    text = json.dumps(measurement.to_dict(), allow_nan=False)
    assert "throat" not in text.replace("violence.throat", "")
    data = json.loads(text)
    assert data["overall"]["alerts"]["per_1000"] == pytest.approx(4000 / 7)
    assert data["missed"] == ["C-2"]
    assert next(rule["rule"] for rule in data["rules"]) == "violence.hit"


def test_unequal_performance_shows(evaluator: Evaluator) -> None:
    north = observed(evaluator, [("He hit me.", "positive")] * 8, trust="north")
    missed: list[tuple[str, Label]] = [("He strikes me.", "positive")] * 8
    south = observed(evaluator, [*missed, ("Hello.", "negative")], trust="south")
    elsewhere = [observe(evaluator, Call("C-9", [Utterance("Hello.")]), "negative", {"trust": None})]
    (breakdown,) = measure(evaluator, [*north, *south, *elsewhere], ["trust"]).breakdowns
    groups = {group.name: group for group in breakdown.groups}
    assert list(groups) == ["south", "north", NOTHING]
    assert groups["north"].confusion.sensitivity == Proportion(8, 8)
    assert groups["south"].confusion.sensitivity == Proportion(0, 8)
    assert groups["north"].unlike_sensitivity == groups["south"].unlike_sensitivity
    assert (groups["north"].unlike_sensitivity or 1) < 0.001
    assert groups["north"].unlike_specificity is None
    assert groups["south"].unlike_specificity == 1.0


def test_a_column_with_many_values_keeps_the_largest(evaluator: Evaluator) -> None:
    calls: list[Observation] = []
    for number in range(MOST_GROUPS + 5):
        calls += observed(evaluator, [("Hello.", "none")], call_taker=number)
    calls += observed(evaluator, [("Hello.", "none")], call_taker=0)
    (breakdown,) = measure(evaluator, calls, ["call_taker"]).breakdowns
    assert len(breakdown.groups) == MOST_GROUPS + 1
    assert breakdown.groups[0].name == "0"
    assert breakdown.groups[-1][:2] == (OTHERS, 5)


@settings(max_examples=50)
@given(labelled_calls)
def test_groups_add_up_to_the_whole(evaluator: Evaluator, calls: list[tuple[Call, Label]]) -> None:
    observations = [
        observe(evaluator, call, label, {"turns": str(len(call.utterances))}, current_code="C4")
        for call, label in calls
    ]
    result = measure(evaluator, observations, ["turns"])
    groups = result.breakdowns[0].groups
    assert sum(group.calls for group in groups) == result.overall.calls == len(calls)
    assert tuple(map(sum, zip(*(group.confusion for group in groups), strict=True))) == (
        tuple(result.overall.confusion) if groups else ()
    )
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["labels"] == dict(result.labels)
    for table in measure_tables(result, calls_per_day=100).values():
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_tables_say_what_was_measured(measurement: Measurement) -> None:
    assert summary(measurement) == (
        "7 calls: 5 labelled (3 positive, 2 negative), 1 looked at and not decided, 1 without a label."
    )
    tables = measure_tables(measurement, calls_per_day=700)
    assert tables["figures"].rows == (
        ("Sensitivity: positive calls flagged", "0.67", "0.21–0.94", "2 of 3"),
        ("Specificity: negative calls left alone", "0.50", "0.09–0.91", "1 of 2"),
        ("PPV: flagged calls that are positive", "0.67", "0.21–0.94", "2 of 3"),
        ("NPV: calls left alone that are negative", "0.50", "0.09–0.91", "1 of 2"),
        ("Undecided calls flagged", "1.00", "0.21–1.00", "1 of 1"),
        ("Alerts per 1,000 calls", "571", "250–842", "4 of 7"),
        ("Escalations per 1,000 calls with a code", "429", "158–750", "3 of 7"),
        ("Alerts a day, of 700 calls", "400.0", "175.3–589.2", "4 of 7"),
    )
    assert tables["until_flag"].rows[1] == ("Minutes and seconds", "0:10", "0:10", "4")
    assert tables["missed"].rows == (("C-2", "–", "–", "–"),)
    assert tables["false_alarms"].rows == (("C-5", "–", "covert", "covert.pizza"),)
    assert ("weapon", "weapon.knife, weapon.gun", "–") in tables["quiet_rules"].rows
    assert tables["signs"].note == "1 more hold for no call."


def test_without_labels_and_without_calls_there_are_fewer_tables(evaluator: Evaluator) -> None:
    without = measure(evaluator, observed(evaluator, [("He hit me.", "none")], code=None))
    assert summary(without).startswith("1 call. None has a label of yes or no")
    tables = measure_tables(without)
    assert [row[0] for row in tables["figures"].rows] == ["Alerts per 1,000 calls"]
    assert tables["figures"].note == ""
    assert "trade_off" not in tables
    assert measure_tables(measure(evaluator, []), calls_per_day=10)["figures"].rows[0][1] == "–"
