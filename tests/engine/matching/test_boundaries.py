from __future__ import annotations

import pytest
from hypothesis import given

from tests.reference import sentence_ends
from tests.strategies import match_texts
from triage_triggers.engine.matching.boundaries import ends_sentence
from triage_triggers.folding import fold


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("He hit. Me", [6]),
        ("He hit.", [6]),
        (".", [0]),
        ("he... hit", []),
        ("he.. hit", []),
        ("he . . . hit", []),
        ("he... hit. Me", [9]),
        ("p.t. was", [3]),
        ("p.t.", [3]),
        ("?LOC ?fracture", []),
        ("hit? me! ok", [3, 7]),
        ("hit?! me", [3, 4]),
        ("what?? me", [4, 5]),
        ("hit.) me", [3]),
        ('hit." me', [3]),
        ("hit\n\nme, no; ok - so: yes", []),
        ("3.5 and 12.30.", [13]),
        ("打。吗", []),
        ("打。 吗\uff1f", [1, 4]),
        ("a\x1eb", [1]),
        ("a|b", []),
        ("...", []),
        ("", []),
    ],
)
def test_where_sentences_end(text: str, ends: list[int]) -> None:
    folded = fold(text)
    assert [at for at in range(len(folded)) if ends_sentence(folded, at)] == ends


@given(match_texts)
def test_sentences_end_where_the_reference_says(text: str) -> None:
    folded = fold(text)
    assert [at for at in range(len(folded)) if ends_sentence(folded, at)] == sentence_ends(folded)
