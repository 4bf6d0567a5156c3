from __future__ import annotations

import pytest
from hypothesis import given

from tests.reference import sentence_ends
from tests.strategies import match_texts
from triage_triggers.engine.matching.boundaries import ends_sentence, whole_words
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


@pytest.mark.parametrize(
    ("text", "phrase", "words"),
    [
        ("hit", "hit", "hit"),
        ("he hit me now", "hit me", "hit me"),
        ("white", "hit", None),
        ("hits", "hit", None),
        ("hit2", "hit", None),
        ("the rapist", "therapist", None),
        ("therapist", "the rapist", None),
        ("the-rapist", "the rapist", "the-rapist"),
        ("hi t", "hit", None),
        ("h\u00adit", "hit", "h\u00adit"),
        ("h'it", "hit", "h'it"),
        ("'hit'", "hit", "hit"),
        ("\u00adhit\u00ad", "hit", "hit\u00ad"),
        ("hit\u0301 me", "hit", "hit\u0301"),
        ("hit\u00ads", "hit", None),
        ("hit\u00ad's", "hit", "hit\u00ad"),
        ("x'hit", "hit", None),
        ("hit'", "hit", "hit"),
        ("hit''s", "hit", "hit"),
        ("hit's'", "hit", "hit"),
        ("hit'd've", "hit", "hit"),
        ("hit't", "hit", None),
        ("hit''t", "hit", None),
        ("hit'\u00adt", "hit", None),
        ("hit'said", "hit", None),
        ("me hit", "e hit", None),
        ("hit me", "hitme", None),
        ("hit   \n me", "hit me", "hit   \n me"),
        ("hit' 'me", "hit me", "hit' 'me"),
        ("hit'me", "hit me", None),
        ("hit\u00adme", "hit me", None),
        ("hit's me", "hit me", None),
        ("hit. me", "hit me", None),
        ("hit.me", "hit me", "hit.me"),
        ("hit... me", "hit me", "hit... me"),
        ("hit\x1eme", "hit me", None),
    ],
)
def test_whole_words_only(text: str, phrase: str, words: str | None) -> None:
    folded = fold(text)
    last = folded.rindex(phrase[-1])
    span = whole_words(folded, last, phrase) if _letters(folded[: last + 1]).endswith(_letters(phrase)) else None
    assert (text[slice(*span)] if span else None) == words


def _letters(folded: str) -> str:
    """What the automaton compares before any boundary is checked."""
    return "".join(folded.split())
