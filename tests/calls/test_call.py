from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage_triggers import Call, CallError, Utterance
from triage_triggers.calls.call import SPEAKERS
from triage_triggers.calls.speakers import SpeakerNames


def test_what_is_left_out_is_unknown() -> None:
    utterance = Utterance("He hit me.")
    assert (utterance.speaker, utterance.start, utterance.end) == ("unknown", None, None)
    call = Call("C-1", [utterance])
    assert (call.current_code, call.code_system, call.metadata) == (None, None, {})


@given(st.text(st.characters(categories=None)))
def test_any_text_is_legal(text: str) -> None:
    assert Utterance(text).text == text
    assert Call.from_text(text).utterances == (Utterance(text),)


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_speakers_are_known_by_their_names(speaker: Any) -> None:  # noqa: ANN401  any speaker
    assert Utterance("", speaker).speaker == speaker


@pytest.mark.parametrize("label", ["Call taker", "call-taker", " CALL_TAKER ", "Call-Taker"])
def test_the_usual_spellings_of_a_speaker_are_accepted(label: Any) -> None:  # noqa: ANN401  what a file may hold
    assert Utterance("", label).speaker == "call_taker"


@pytest.mark.parametrize("label", ["", "Jane Doe", "calltaker 2", None, 3, True, ["caller"]])
def test_other_speakers_are_refused_without_quoting_them(label: Any) -> None:  # noqa: ANN401  what a file may hold
    with pytest.raises(CallError) as refused:
        Utterance("", label)
    assert str(refused.value) == "a speaker must be one of caller, call_taker, other, unknown"


@pytest.mark.parametrize("text", [None, 3, b"he hit me", ["he hit me"]])
def test_a_text_must_be_a_string(text: Any) -> None:  # noqa: ANN401  what a file may hold
    with pytest.raises(CallError, match=r"text must be a string, not (NoneType|int|bytes|list)"):
        Utterance(text)


@pytest.mark.parametrize("name", ["start", "end"])
@pytest.mark.parametrize("time", [float("nan"), float("inf"), -float("inf"), "1.5", True, [1], 10**400])
def test_times_are_finite_numbers(name: str, time: Any) -> None:  # noqa: ANN401  what a file may hold
    with pytest.raises(CallError, match=f"an utterance's {name} must be a finite number of seconds"):
        Utterance("", "caller", **{name: time})


@pytest.mark.parametrize("time", [0, 3, 2.5, -1.0, 1e300])
def test_any_finite_time_is_legal(time: float) -> None:
    assert Utterance("", "caller", time, time).end == time


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"call_id": 7}, "call_id must be a string, not int"),
        ({"call_id": None}, "call_id must be a string, not NoneType"),
        ({"utterances": ["he hit me"]}, "utterances must be Utterance objects"),
        ({"current_code": 3}, "current_code must be a string, not int"),
        ({"code_system": b"x"}, "code_system must be a string, not bytes"),
    ],
)
def test_a_field_of_the_wrong_type_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(CallError, match=message):
        Call(**{"call_id": "C-1", "utterances": [], **arguments})


def test_a_call_keeps_a_copy_of_what_it_is_given() -> None:
    utterances, metadata = [Utterance("He hit me.")], {"area": "North"}
    call = Call("C-1", utterances, current_code="C3", code_system="nhs-arp", metadata=metadata)
    utterances.clear()
    metadata.clear()
    assert call == Call(
        "C-1", iter([Utterance("He hit me.")]), current_code="C3", code_system="nhs-arp", metadata={"area": "North"}
    )


def test_calls_and_utterances_are_frozen() -> None:
    call = Call.from_text("He hit me.", "C-1", current_code="C3")
    assert (call.call_id, call.current_code) == ("C-1", "C3")
    with pytest.raises(FrozenInstanceError):
        call.call_id = "C-2"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        call.utterances[0].text = ""  # type: ignore[misc]


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("AGENT", "call_taker"),
        ("Call-Handler", "call_taker"),
        ("CUSTOMER", "caller"),
        (" call   taker ", "call_taker"),
        ("Background", "other"),
        ("Jane Doe", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_usual_labels_are_known_and_others_are_unknown(label: str | None, speaker: str) -> None:
    assert SpeakerNames()[label] == speaker


def test_our_own_names_are_labels_too() -> None:
    names = SpeakerNames()
    assert [names[speaker] for speaker in SPEAKERS] == list(SPEAKERS)
    assert "caller" in names
    assert "Jane" not in names


def test_labels_are_mapped_and_may_be_mapped_anew() -> None:
    names = SpeakerNames.parse(["spk_0=call_taker", "AGENT=caller", "a=b=other", "x= Call taker "])
    assert [names[label] for label in ("SPK 0", "agent", "A=B", "x")] == ["call_taker", "caller", "other", "call_taker"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["Agent"], "a speaker is mapped by LABEL=SPEAKER, such as 'Agent=call_taker'"),
        (["Agent=Jane Doe"], "a speaker must be mapped to one of caller, call_taker, other, unknown, such as"),
        (["=caller"], "a speaker's label is empty; write it before the '='"),
        (["a=caller", "a=other"], "one speaker's label is mapped to two speakers; keep one of the two"),
        (["spk 0=caller", "SPK_0=other"], "one speaker's label is mapped to two speakers; keep one of the two"),
    ],
)
def test_what_is_not_written_as_it_should_be_is_told(options: list[str], message: str) -> None:
    with pytest.raises(CallError) as caught:
        SpeakerNames.parse(options)
    assert str(caught.value).startswith(message)
    assert "Jane" not in str(caught.value)


def test_mappings_are_equal_by_what_they_say() -> None:
    first, second = SpeakerNames({"spk_0": "caller"}), SpeakerNames({"SPK 0": "caller"})
    assert first == second
    assert first != SpeakerNames()
    assert first != SpeakerNames({"spk_0": "other"})
