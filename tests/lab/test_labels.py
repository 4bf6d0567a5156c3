from __future__ import annotations

from typing import Any

import pytest

from triage_triggers import Call, CallError, ColumnError
from triage_triggers.lab.labels import Label, LabelColumn, column_filter, column_value, missing_column


def call(**metadata: Any) -> Call:
    return Call("C-1", [], current_code="C3", metadata=metadata)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("yes", "positive"),
        ("YES", "positive"),
        (True, "positive"),
        (1, "positive"),
        (1.0, "positive"),
        ("no", "negative"),
        (False, "negative"),
        (0, "negative"),
        ("Unclear", "ignored"),
        ("", "none"),
        (None, "none"),
    ],
)
def test_the_usual_values_are_known(value: object, label: Label) -> None:
    assert LabelColumn().read(call(label=value)) == label


def test_any_other_value_may_stand_for_one_label_and_gives_way_to_named_ones() -> None:
    column = LabelColumn(positive=("domestic",), negative=("*",))
    assert [column.read(call(label=value)) for value in ("Domestic", "fall", "unclear")] == [
        "positive",
        "negative",
        "ignored",
    ]
    assert LabelColumn(ignored=("*",)).read(call(label="perhaps")) == "ignored"


def test_a_value_that_is_not_known_is_named_by_its_column_and_never_quoted() -> None:
    with pytest.raises(CallError) as caught:
        LabelColumn().read(call(label="he said he would"))
    assert "positive: yes, y, true, 1, positive" in str(caught.value)
    assert "he said" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("north", "north"),
        ("  north ", "north"),
        ("   ", None),
        ("", None),
        (None, None),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1"),
        (0.5, "0.5"),
    ],
)
def test_a_value_is_read_as_text(value: object, text: str | None) -> None:
    assert column_value(call(trust=value), "trust") == text


def test_dots_reach_into_nested_columns_unless_there_is_one_of_that_very_name() -> None:
    nested = {"da": {"sure": "yes"}}
    assert column_value(call(label=nested), "label.da.sure") == "yes"
    assert column_value(call(**{"label.da.sure": "no", "label": nested}), "label.da.sure") == "no"
    assert column_value(call(label="yes"), "label.da") is None
    assert column_value(call(), "label.da") is None


def test_the_code_is_a_column_and_gives_way_to_one_of_that_name() -> None:
    assert column_value(call(), "current_code") == "C3"
    assert column_value(call(), "code_system") is None
    assert column_value(call(current_code="ours"), "current_code") == "ours"


def test_several_values_are_refused_with_a_way_to_name_one() -> None:
    with pytest.raises(ColumnError, match=r"name one of them, such as label\.da"):
        column_value(call(label={"cues": ["x"], "da": "yes", "he said he would": 1}), "label")
    with pytest.raises(ColumnError, match=r"name one of them$"):
        column_value(call(label={"he said he would": 1}), "label")
    with pytest.raises(ColumnError, match="holds a list"):
        column_value(call(tags=["a"]), "tags")


def test_only_names_that_look_like_names_are_offered() -> None:
    calls = [call(trust="n", label={"da": 1, "note": "x"}, **{"he hit me and": 1}, tags=[1])]
    error = missing_column("trusts", calls)
    assert isinstance(error, ColumnError)
    assert "did you mean trust?" in str(error)
    assert str(missing_column("x", calls)).endswith("known: code_system, current_code, label.da, label.note, trust")


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("trust=north", True),
        ("trust = North", True),
        ("trust!=north", False),
        ("trust=south", False),
        ("area=", True),
        ("area!=", False),
        ("trust=a=b", False),
    ],
)
def test_a_filter_keeps_calls(condition: str, *, kept: bool) -> None:
    assert column_filter(condition)(call(trust="NORTH")) is kept


@pytest.mark.parametrize("condition", ["trust", "=north", "!=north", ""])
def test_a_condition_that_is_none_is_refused_with_an_example(condition: str) -> None:
    with pytest.raises(ColumnError, match="write COLUMN=VALUE"):
        column_filter(condition)
