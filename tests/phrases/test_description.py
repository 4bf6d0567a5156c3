from __future__ import annotations

import pytest
from hypothesis import given

from tests.strategies import phrases
from triage_triggers.phrases.description import describe
from triage_triggers.phrases.syntax import Inflected, ListRef, Phrase, Words, parse_phrase


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("got a knife", "got a knife"),
        ("he ... hit me", "he, then up to four words, then hit me"),
        ("(hit|punched) me", "one of (hit / punched), then me"),
        ("(hit me)", "hit me"),
        ("[just] strangle~", "perhaps just, then any form of strangle"),
        ("[my {ex}] hit", "perhaps (my, then any of the list ex), then hit"),
        ("hit (me|{kid} too)", "hit, then one of (me / any of the list kid, then too)"),
    ],
)
def test_reads_aloud(source: str, said: str) -> None:
    assert describe(parse_phrase(source)) == said


@given(phrases)
def test_names_every_word(phrase: Phrase) -> None:
    said = describe(phrase)
    for item in phrase.walk():
        match item:
            case Words(word) | Inflected(word) | ListRef(word):
                assert word in said
    assert said.count("up to four words") == len(phrase.segments) - 1
