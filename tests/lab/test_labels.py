from __future__ import annotations

import pytest

from triage_triggers import Call, CallError
from triage_triggers.lab.labels import Label, LabelColumn


def call(value: object) -> Call:
    return Call("C-1", [], metadata={"label": value})


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
    assert LabelColumn().read(call(value)) == label


def test_any_other_value_may_stand_for_one_label_and_gives_way_to_named_ones() -> None:
    column = LabelColumn(positive=("domestic",), negative=("*",))
    assert [column.read(call(value)) for value in ("Domestic", "fall", "unclear")] == [
        "positive",
        "negative",
        "ignored",
    ]
    assert LabelColumn(ignored=("*",)).read(call("perhaps")) == "ignored"


def test_a_value_that_is_not_known_is_named_by_its_column_and_never_quoted() -> None:
    with pytest.raises(CallError) as caught:
        LabelColumn().read(call("he said he would"))
    assert "positive: yes, y, true, 1, positive" in str(caught.value)
    assert "he said" not in str(caught.value)
