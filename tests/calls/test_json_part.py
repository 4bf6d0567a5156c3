from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from triage_triggers.calls.json_part import JsonPart
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable


def test_what_is_there_is_read_and_what_is_not_asked_for_is_no_fault() -> None:
    document = JsonPart({"a": [{"b": "text", "c": "1.5", "d": 2.0, "e": None, "f": "7"}], "z": object()})
    (part,) = document["a"]
    assert (part["b"].text(), part["c"].time(), part["d"].whole_if_any(), part["f"].whole_if_any()) == (
        "text",
        1.5,
        2,
        7,
    )
    assert (part["e"].text_if_any(), part["g"].time_if_any(), part["e"].whole_if_any()) == (None, None, None)
    assert document["a"][0]["b"].text() == "text"
    assert (part.first("g", "c").time(), bool(part.first("g", "h"))) == (1.5, False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "expected a number"),
        ("soon", "expected a number"),
        ([], "expected a number"),
        (10**400, "expected a number"),
        (math.nan, "expected a finite number"),
        ("inf", "expected a finite number"),
        (-0.1, "expected a time that is not before the call"),
    ],
)
def test_a_time_is_a_number_from_the_start_of_the_call(value: object, expected: str) -> None:
    with pytest.raises(CallError, match=f"at: {expected}"):
        JsonPart({"at": value})["at"].time()


@pytest.mark.parametrize("value", [True, 1.5, math.inf, math.nan, "one", []])
def test_a_whole_number_is_one(value: object) -> None:
    with pytest.raises(CallError, match="speaker: expected a whole number"):
        JsonPart({"speaker": value})["speaker"].whole_if_any()


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda document: document["a"]["x"], "a: expected an object, {…}"),
        (lambda document: list(document["a"]), "a: expected a list, […]"),
        (lambda document: document["b"][0], "b: expected a list, […]"),
        (lambda document: document["c"][0]["x"].text(), "c[0].x: expected here, but it is not there"),
        (lambda document: document["d"]["x"].text(), "d.x: expected here, but it is not there"),
        (lambda document: document[0], "the whole file: expected a list, […]"),
    ],
)
def test_what_is_not_as_expected_is_named_by_its_place(read: Callable[[JsonPart], object], message: str) -> None:
    with pytest.raises(CallError) as caught:
        read(JsonPart({"a": "said", "b": "said", "c": [], "d": None}))
    assert str(caught.value) == message
