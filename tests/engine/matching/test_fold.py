from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import match_texts
from triage_triggers.folding import SEPARATORS, fold, fold_phrase

any_text = st.text(st.characters(categories=None) | st.characters(categories=["Cs", "M", "Cf", "Lu", "Lt"]))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("HIT", "hit"),
        ("hit\u00a0me\u2003now\x00then", "hit me now then"),
        ("he\u2019s he's he\u02bcs he`s", "he\ts he\ts he\ts he\ts"),
        ("\u2018hit\u2019", "\thit\t"),
        ("p.t.", "p\nt\n"),
        ("?LOC!", "\rloc\r"),
        ("你好。吗\uff1f", "你好\n吗\r"),
        ("a/b-c_d%e&f,g;h:(i)", "a b c d e f g h  i "),
        ("a\u2026b\u2014c", "a b c"),
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe\x0b"),
        ("İstanbul", "istanbul"),
        ("I ı", "i i"),
        ("Straße ẞ", "straße ß"),
        ("Łódź Ørsted đ ħ ŧ", "lodz orsted d h t"),
        ("ﬁnger", "ﬁnger"),  # two letters would change the length
        ("\uff28\uff29\uff34 ①", "hit 1"),
        ("\U0001d407\U0001d422\U0001d42d", "hit"),
        ("hit\u00adme\u200dnow\ufeff", "hit\x0bme\x0bnow\x0b"),
        ("😀hit👩\u200d👦", " hit \x0b "),
        ("\ud800hit\udfff", " hit "),
        ("1 2/7 3½", "1 2 7 3½"),
        ("कि", "क\x0b"),
        ("a|b\x1ec", "a b|c"),
    ],
)
def test_every_character_becomes_one(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("he um hit", "he hit"),
        ("he, um, hit", "he hit"),
        ("he um um er erm uh hit", "he hit"),
        ("he UM hit", "he hit"),
        ("he - er - hit", "he hit"),
        ("he um... hit", "he hit"),
        ("he ...um hit", "he hit"),
        ("he...er...um...hit", "he hit"),
        ("he\u2026um\u2026hit", "he hit"),
        ("drum umbrella her erm's", "drum umbrella her erm's"),
        ("he um'd", "he um'd"),
        ("um he", "um he"),  # nothing runs on before the first word
        ("he. Um. Hit", "he um hit"),  # nor over a sentence end
    ],
)
def test_hesitations_are_blanked_between_words(text: str, words: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert folded.replace("\t", "'").split() == words.split()


def test_blanking_a_hesitation_moves_no_sentence_end() -> None:
    assert fold("he um... hit. Me") == "he   \n\n\n hit\n me"


@given(any_text | match_texts)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(any_text, any_text)
def test_a_character_folds_the_same_wherever_it_stands(left: str, right: str) -> None:
    # "x" on either side, lest a hesitation be made or parted.
    assert fold(f"{left}x{right}") == fold(f"{left}x")[:-1] + "x" + fold(f"x{right}")[1:]


def test_folding_a_folded_letter_changes_nothing() -> None:
    for code_point in range(sys.maxunicode + 1):
        character = chr(code_point)
        if unicodedata.category(character)[0] in "LNM":
            folded = fold(character)
            assert len(folded) == 1
            assert folded in SEPARATORS or fold(folded) == folded, hex(code_point)


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("Got  a\nknife", "got a knife"),
        ("he\u2019s", "hes"),
        ("'he's'", "hes"),
        ("right-sided, p.t.", "right sided p t"),
        ("he, um, er hit me", "he hit me"),
        ("um", ""),
        ("... \u2026 ' \u00ad", ""),
        ("cafe\u0301", "cafe"),
        ("12:30 & 100%", "12 30 100"),
        ("a\x1eb|c", "a b c"),
    ],
)
def test_a_phrase_is_its_words(source: str, folded: str) -> None:
    assert fold_phrase(source) == folded


@given(any_text | match_texts)
def test_folding_a_folded_phrase_changes_nothing(text: str) -> None:
    once = fold_phrase(text)
    assert fold_phrase(once) == once
    assert SEPARATORS.isdisjoint(set(once) - {" "})
    assert once == " ".join(once.split())
