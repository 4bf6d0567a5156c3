"""Calls in another language than the ruleset's are told from its word list."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage_triggers.calls.call import Call
from triage_triggers.calls.reading import read_calls
from triage_triggers.vocabulary.spoken import is_foreign

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    "text",
    [
        "Mój mąż mnie uderzył, to było wczoraj, proszę przyjechać do domu, on jest w kuchni.",
        "Mon mari m'a frappée hier soir et je saigne beaucoup du visage.",
        "Mi marido me ha pegado otra vez y estoy sangrando mucho por la nariz.",
        "Uderzył mnie dwa razy.",
        "Мой муж меня ударил, приезжайте скорее.",
    ],
)
def test_other_languages_are_foreign(text: str) -> None:
    assert is_foreign(text, ["en"])
    assert not is_foreign(text, ["en", "pl"])


@pytest.mark.parametrize("text", ["", "Hello?", "Ya wha?", "Maw's heid's burst, he skelpt her, ken.", "17 Rhyl Rd"])
def test_english_is_not(text: str) -> None:
    assert not is_foreign(text, ["en"])


def test_no_example_call_is_foreign() -> None:
    for call in read_calls(EXAMPLES / "labelled.jsonl"):
        assert isinstance(call, Call)
        assert not is_foreign(" ".join(said.text for said in call.utterances), ["en-GB"])
