from __future__ import annotations

import math

import pytest

from triage_triggers.calls.json_part import JsonPart
from triage_triggers.errors import CallError


def faults(document: JsonPart) -> str:
    with pytest.raises(CallError) as caught:
        document.check("x")
    return str(caught.value).removeprefix("x: ")


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
    document.check("x")


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
    document = JsonPart({"at": value})
    assert document["at"].time() == 0.0
    assert faults(document) == f"at: {expected}"


@pytest.mark.parametrize("value", [True, 1.5, math.inf, math.nan, "one", []])
def test_a_whole_number_is_one(value: object) -> None:
    document = JsonPart({"speaker": value})
    assert document["speaker"].whole_if_any() == 0
    assert faults(document) == "speaker: expected a whole number"


def test_one_fault_is_told_of_what_is_no_container_and_none_of_what_would_be_in_it() -> None:
    document = JsonPart({"a": "said", "b": "said", "c": [], "d": None})
    document["a"]["x"]["y"].text()
    assert list(document["a"]["x"]) == []
    document["b"][0].text()
    document["c"][0]["x"].text()
    document["d"]["x"].text()
    assert faults(document) == (
        "a: expected an object, {…}; a: expected an object, {…}; b: expected a list, […] (and 2 more)"
    )


def test_the_whole_document_has_a_place_too() -> None:
    document = JsonPart([])
    assert list(document["segments"]) == []
    assert faults(document) == "the whole file: expected an object, {…}"
