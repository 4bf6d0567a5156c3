from __future__ import annotations

import pytest

from triage_triggers.calls.call import SPEAKERS
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError


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
