from __future__ import annotations

import pytest
from hypothesis import given

from tests.strategies import phrase_like, phrases
from triage_triggers.errors import PhraseError
from triage_triggers.phrases.syntax import (
    MAX_DEPTH,
    MAX_LENGTH,
    Choice,
    Inflected,
    ListRef,
    Optional_,
    Phrase,
    Sequence,
    Words,
    parse_phrase,
)


def test_tree() -> None:
    phrase = parse_phrase("he ... [just] (strangle~|hit {victim})")
    assert phrase.segments == (
        Sequence((Words("he"),)),
        Sequence(
            (
                Optional_(Sequence((Words("just"),))),
                Choice((Sequence((Inflected("strangle"),)), Sequence((Words("hit"), ListRef("victim"))))),
            )
        ),
    )
    assert phrase.source == "he ... [just] (strangle~|hit {victim})"


def test_offsets_point_at_where_an_item_starts() -> None:
    source = "  he …  [just] (strangle~|{victim})"
    for item in parse_phrase(source).walk():
        assert source[item.offset :].startswith(str(item))


@pytest.mark.parametrize(
    ("source", "normalised"),
    [
        ("  got\n a\tknife ", "got a knife"),
        ("right-sided weakness", "right-sided weakness"),
        ("pe's", "pe's"),
        ("pharynx - clear with moist mucous membranes", "pharynx - clear with moist mucous membranes"),
        ("a&e, 5% and/or #nof", "a&e, 5% and/or #nof"),
        ("p.t. says e.g. 3.5 $20 .22 rifle", "p.t. says e.g. 3.5 $20 .22 rifle"),
        ("( hit |punched ) me", "(hit|punched) me"),
        ("(right|left)-sided", "(right|left) -sided"),
        ("{ victim }", "{victim}"),
        ("he…hit me", "he ... hit me"),
        ("he...(hit|bit)...me", "he ... (hit|bit) ... me"),
        ("head-butt~ me", "head- butt~ me"),
        ("(he|she), {victim} - [no] now", "(he|she) {victim} [no] now"),
        ("[[very] much] so", "[[very] much] so"),
        ("([a]|b) c", "([a]|b) c"),
        ("[just |only] hit", "[(just|only)] hit"),
        ("er, (he|she) um hit", "(he|she) um hit"),
    ],
)
def test_normalised_source(source: str, normalised: str) -> None:
    assert str(parse_phrase(source)) == normalised
    assert parse_phrase(normalised) == parse_phrase(source)


_FAULTS = [
    # what was written, where the fault is, what the message says to do
    ("", 0, "this phrase is empty"),
    (" \t", 2, "this phrase is empty"),
    ("um, er", 0, "there are no words here"),
    ("hit (um|her)", 5, "there are no words here"),
    ("hit () me", 5, "nothing in these brackets"),
    ("hit [ ] me", 6, "nothing in these brackets"),
    ("(a|)", 3, "an empty alternative"),
    ("(|a)", 1, "an empty alternative"),
    ("(a||b)", 3, "an empty alternative"),
    ("hit|bit", 3, "'|' stands only between alternatives in brackets"),
    ("[just|] hit", 6, "an empty alternative"),
    ("hit (me", 4, "this '(' is never closed: add ')'"),
    ("[(a|b) hit", 0, "this '[' is never closed: add ']'"),
    ("hit (me|", 4, "this '(' is never closed"),
    ("hit me)", 6, "this ')' closes nothing"),
    ("hit me]", 6, "this ']' closes nothing"),
    ("(hit] me", 4, "this ']' can't close a '(': write ')'"),
    ("hit {victim", 4, "this '{' is never closed"),
    ("hit victim}", 10, "this '}' closes nothing"),
    ("hit ({victim)", 5, "this '{' is never closed"),
    ("hit {}", 4, "a list's name is small letters"),
    ("hit {Victim}", 4, "a list's name is small letters"),
    ("no{2,3} hit", 2, "there is no counting"),
    ("no {2}", 3, "there is no counting"),
    ("~hit", 0, "'~' follows a word directly"),
    ("hit ~", 4, "'~' follows a word directly"),
    ("hit-~", 4, "'~' follows a word directly"),
    ("hit~~", 4, "'~' follows a word directly"),
    ("(hit)~", 5, "'~' follows a word directly"),
    ("x.hit~", 5, "'~' follows a word directly"),
    ("(hit)me", 5, "an ending can't be added"),
    ("strangle~d", 9, "an ending can't be added"),
    ("(he|she)'s here", 8, "as in (he's|she's)"),
    ("{victim}'s neck", 8, "as in (he's|she's)"),
    ("child(ren)", 5, "rather than child(ren)"),
    ("(a|b)(c|d)", 5, "put a space before this"),
    ("{victim}{victim}", 8, "put a space before this"),
    ("hit~[me]", 4, "put a space before this"),
    ("... hit", 0, "'...' stands between two parts"),
    ("hit ...", 4, "'...' stands between two parts"),
    ("he …… hit", 3, "write three dots"),
    ("he ... ... hit", 3, "'...' stands between two parts"),
    ("he ... , ... hit", 7, "there are no words here"),
    ("he (hit ... me)", 8, "'...' can't stand inside brackets"),
    ("he [... me] hit", 4, "'...' can't stand inside brackets"),
    ("he .... hit", 3, "write three dots"),
    ("he .. hit", 3, "write three dots"),
    ("p.t.... hit", 3, "write three dots"),
    ("he .* hit", 3, "write three dots"),
    ("he .+ hit", 3, "write three dots"),
    ("he.{0,4}hit", 2, "write three dots"),
    ("hit me. Now", 6, "never runs across the end of a sentence"),
    ("hit me.", 6, "never runs across the end of a sentence"),
    ("(hit me.|bit me)", 7, "never runs across the end of a sentence"),
    ("dr. smith", 2, "leave the full stop out"),
    ("hit me!", 6, "leave exclamation marks out"),
    ("has he got a knife?", 18, "leave question marks out"),
    ("colou?r", 5, "(color|colour)"),
    ("(?:hit|bit)", 0, "plain round brackets are enough"),
    ("strang*", 6, "write strangle~"),
    ("no+", 2, "'+' has no meaning"),
    (r"\d days", 0, "has no meaning in a phrase"),
    ("[^a] hit", 0, "there is no 'anything but'"),
    ("[a-z] hit", 0, "no ranges"),
    ("[ 0-9a-f ] hit", 0, "no ranges"),
    ("^hit me", 0, "leave '^' out"),
    ("hit me$", 6, "leave '$' out"),
    ("[just] [now]", 0, "everything in this phrase is optional"),
    ("he ... ([just]|hit)", 7, "everything in this phrase is optional"),
    ("x" * (MAX_LENGTH + 1), MAX_LENGTH, "501 characters, more than the 500 allowed"),
    ("(" * 11 + "a" + ")" * 11, MAX_DEPTH, "more than 10 deep"),
]


@pytest.mark.parametrize(("source", "offset", "message"), _FAULTS)
def test_faults_are_located_and_say_what_to_write(source: str, offset: int, message: str) -> None:
    with pytest.raises(PhraseError) as raised:
        parse_phrase(source)
    assert (raised.value.offset, raised.value.phrase) == (offset, source)
    assert message in raised.value.message
    assert not raised.value.message.endswith(".")


def test_limits_are_inclusive() -> None:
    assert parse_phrase("x" * MAX_LENGTH)
    assert parse_phrase("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH + " [b] (c)")


@given(phrases)
def test_source_of_a_tree_reads_back_as_that_tree(phrase: Phrase) -> None:
    assert parse_phrase(str(phrase)) == phrase


@given(phrase_like)
def test_any_text_is_a_phrase_or_a_located_fault(text: str) -> None:
    try:
        phrase = parse_phrase(text)
    except PhraseError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017  raising is one of two right answers
    else:
        assert parse_phrase(str(phrase)) == phrase
