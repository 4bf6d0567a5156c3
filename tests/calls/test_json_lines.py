from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.json_document import JsonPart
from triage_triggers.calls.json_lines import call_from_json, call_to_json
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable

DEEP = 200_000


def read(**row: object) -> Call:
    return call_from_json(json.dumps(row), "calls.jsonl:1")


def test_text_is_one_utterance_of_an_unknown_speaker() -> None:
    assert read(call_id="C-1", text="He hit me.") == Call("C-1", [Utterance("He hit me.")])


def test_utterances_keep_speaker_and_times() -> None:
    call = read(
        call_id="C-1",
        current_code="C3",
        code_system="nhs-arp",
        utterances=[
            {"text": "Is he there?", "speaker": "Call taker", "start": 1, "end": 2.5},
            {"text": "Yeah.", "speaker": None, "start": None},
        ],
    )
    assert call.utterances == (Utterance("Is he there?", "call_taker", 1, 2.5), Utterance("Yeah."))
    assert (call.current_code, call.code_system) == ("C3", "nhs-arp")


def test_unknown_keys_are_kept() -> None:
    call = read(call_id="C-1", text="", area="north", scores=[1, {"a": 0.5}])
    assert call.metadata == {"area": "north", "scores": [1, {"a": 0.5}]}


def test_unknown_keys_of_utterances_are_kept_beside_their_utterance() -> None:
    call = read(utterances=[{"text": "a"}, {"text": "b", "confidence": 0.9}])
    assert call.metadata == {"utterances": [{}, {"confidence": 0.9}]}
    assert read(utterances=[{"text": "a"}]).metadata == {}


@pytest.mark.parametrize("call_id", [{}, {"call_id": None}, {"call_id": ""}])
def test_a_call_without_an_id_is_named_by_its_place(call_id: dict[str, object]) -> None:
    assert read(text="", **call_id).call_id == "calls.jsonl:1"


def test_null_and_empty_names_count_as_not_given() -> None:
    call = read(text=None, utterances=[{"text": "", "speaker": ""}], current_code="", code_system=None)
    assert call.utterances == (Utterance(""),)
    assert (call.current_code, call.code_system) == (None, None)
    assert read(text="a", utterances=None).utterances == (Utterance("a"),)


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "\U0001f5e1", "a\tb"])
def test_any_text_is_legal(text: str) -> None:
    assert read(text=text).utterances[0].text == text


def test_a_raw_control_character_in_a_string_loses_no_call() -> None:
    assert call_from_json('{"text": "a\tb\0"}', "x").utterances[0].text == "a\tb\0"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "this is not valid JSON (from character 2 on)"),
        ('{"text": "a"} x', "this is not valid JSON (from character 15 on)"),
        ("[1]", "a line must hold one call as a JSON object, {…}, not list"),
        ('"a"', "a line must hold one call as a JSON object, {…}, not str"),
        ('{"call_id": "C-1"}', "the call has neither 'text' nor 'utterances'"),
        ('{"text": "a", "utterances": []}', "the call has both 'text' and 'utterances'; keep the one that holds"),
        ('{"text": 5}', "text must be a string, not int"),
        ('{"text": "a", "call_id": 7}', "call_id must be a string, not int"),
        ('{"text": "a", "current_code": 3}', "current_code must be a string, not int"),
        ('{"text": "a", "code_system": ["nhs-arp"]}', "code_system must be a string, not list"),
        ('{"utterances": {"text": "a"}}', "utterances must be a list, not dict"),
        ('{"utterances": ["a"]}', "utterances[0] must be a JSON object, {…}, not str"),
        ('{"utterances": [{"text": "a"}, {"speaker": "caller"}]}', "utterances[1] has no 'text'"),
        ('{"utterances": [{"text": 1}]}', "utterances[0]: an utterance's text must be a string, not int"),
        ('{"utterances": [{"text": "a", "speaker": "Dave"}]}', "utterances[0]: a speaker must be one of caller, call_"),
        ('{"utterances": [{"text": "a", "start": "3"}]}', "utterances[0]: an utterance's start must be a finite"),
        ('{"utterances": [{"text": "a", "end": NaN}]}', "utterances[0]: an utterance's end must be a finite"),
        ('{"utterances": [{"text": "a", "end": 1e999}]}', "utterances[0]: an utterance's end must be a finite"),
        ('{"text": "a", "score": [{"x": -Infinity}]}', "score must hold finite numbers only"),
        ('{"text": "a", "he hit me again": NaN}', "a key must hold finite numbers only"),
        ('{"text": "a", "text": "b"}', "text is given twice"),
        ('{"text": "a", "x": {"he hit me": 1, "he hit me": 2}}', "a key is given twice"),
        ('{"text": "a", "n": ' + "9" * 5_000 + "}", "a number has more digits than can be read"),
        ('{"text": "a", "n": ' + "[" * DEEP + "}", "the JSON is nested too deeply"),
    ],
)
def test_what_is_wrong_is_named_by_field(line: str, message: str) -> None:
    with pytest.raises(CallError) as caught:
        call_from_json(line, "x")
    assert str(caught.value).startswith(message)


def test_a_time_too_long_to_be_a_number_is_named() -> None:
    with pytest.raises(CallError, match=r"^utterances\[0\]: a"):
        call_from_json('{"utterances": [{"text": "a", "start": ' + "9" * 400 + "}]}", "x")


@given(st.text(alphabet="xyz ", min_size=8), st.sampled_from(["speaker", "start", "end", "current_code"]))
def test_no_error_quotes_what_was_said(said: str, field: str) -> None:
    said = f"secret {said}"
    for row in ({"utterances": [{"text": 3, field: said}]}, {"text": [said], field: said}, {said: said}):
        with pytest.raises(CallError) as caught:
            read(**row)
        assert "secret" not in str(caught.value)


@given(
    st.lists(
        st.builds(
            Utterance,
            st.text(),
            st.sampled_from(("caller", "call_taker", "other", "unknown")),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.integers(0, 10**6),
        )
    )
)
def test_what_was_written_is_read_again(utterances: list[Utterance]) -> None:
    rows = [{"text": u.text, "speaker": u.speaker, "start": u.start, "end": u.end} for u in utterances]
    assert read(call_id="C-1", utterances=rows) == Call("C-1", utterances)


METADATA = st.dictionaries(
    st.text(min_size=1).filter(lambda key: key not in {"call_id", "text", "utterances", "current_code", "code_system"}),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)


@given(
    st.text(min_size=1),
    st.lists(
        st.builds(Utterance, st.text(st.characters(categories=None)), st.just("other"), st.none() | st.floats(0, 9))
    ),
    st.none() | st.text(min_size=1),
    METADATA,
)
def test_a_call_comes_back_from_its_json(
    call_id: str, utterances: list[Utterance], code: str | None, metadata: dict[str, object]
) -> None:
    extra = [{"confidence": at} for at in range(len(utterances))]
    call = Call(call_id, utterances, current_code=code, metadata=metadata | ({"utterances": extra} if extra else {}))
    assert call_from_json(call_to_json(call), "x") == call


def test_what_can_not_be_metadata_is_left_out() -> None:
    call = Call("C-1", [Utterance("a")], metadata={"utterances": "no list", "text": "b", "area": "north"})
    assert call_from_json(call_to_json(call), "x").metadata == {"area": "north"}


def test_labels_are_mapped_and_others_still_refused() -> None:
    line = '{"utterances": [{"text": "a", "speaker": "spk_0"}]}'
    assert call_from_json(line, "x", SpeakerNames({"spk_0": "other"})).utterances[0].speaker == "other"
    with pytest.raises(CallError):
        call_from_json(line, "x")


def test_what_is_there_is_read_and_what_is_not_asked_for_is_no_fault() -> None:
    document = JsonPart({"a": [{"b": "text", "c": "1.5", "d": 2.0, "e": None, "f": "7"}], "z": object()})
    (part,) = document["a"]
    assert (part["b"].text(), part["c"].time(), part["f"].time()) == ("text", 1.5, 7.0)
    assert (part["e"].text_if_any(), part["g"].time_if_any()) == (None, None)
    assert document["a"][0]["b"].text() == "text"
    assert (part.at("g|c").time(), bool(part.at("g|h"))) == (1.5, False)


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


def test_a_number_is_a_speaker_s_label_or_a_channel_s() -> None:
    document = JsonPart({"speaker": 7, "channelTag": 0, "name": "A", "none": None})
    labels = [document[key].label_if_any() for key in ("speaker", "channelTag", "name", "none", "missing")]
    assert labels == ["speaker 7", "channel 0", "A", None, None]


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
