from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies import PHRASE_LISTS, phrases
from triage_triggers.errors import PhraseError
from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.expansion import MOST_COUNTED, Expander
from triage_triggers.phrases.inflection import Inflector
from triage_triggers.phrases.syntax import (
    Choice,
    Inflected,
    Item,
    ListRef,
    Optional_,
    Phrase,
    Sequence,
    Words,
    parse_phrase,
)

LISTS = {
    "victim": ["me", "my {child}", "Her"],
    "child": ["(son|daughter)", "baby [girl]"],
}


@pytest.mark.parametrize(
    ("source", "segments"),
    [
        ("Got a  KNIFE", [["got a knife"]]),
        ("he\u2019s — er — here", [["hes here"]]),
        ("right-sided weakness", [["right sided weakness"]]),
        ("p.t. café", [["p t cafe"]]),
        ("(hit|punched) me", [["hit me", "punched me"]]),
        ("[just] hit [me]", [["hit", "hit me", "just hit", "just hit me"]]),
        ("[just|only] hit", [["hit", "just hit", "only hit"]]),
        ("(hit [me]|kicked) now", [["hit me now", "hit now", "kicked now"]]),
        ("(hit|hit|HIT) me", [["hit me"]]),
        ("([a]|b) c", [["a c", "b c", "c"]]),
        ("hit~ me", [["hit me", "hits me", "hitting me"]]),
        ("(strangle~|choke) me", [["choke me", "strangle me", "strangled me", "strangles me", "strangling me"]]),
        ("head-butt~", [["head butt", "head butted", "head butting", "head butts"]]),
        ("he ... [just] hit", [["he"], ["hit", "just hit"]]),
        ("hit {child}", [["hit baby", "hit baby girl", "hit daughter", "hit son"]]),
        ("{victim}", [["her", "me", "my baby", "my baby girl", "my daughter", "my son"]]),
        ("(right|left)-sided (um, a|b)", [["left sided a", "left sided b", "right sided a", "right sided b"]]),
    ],
)
def test_expansions(source: str, segments: list[list[str]]) -> None:
    assert [list(segment) for segment in Expander(LISTS).expand(parse_phrase(source))] == segments


@pytest.mark.parametrize(
    ("source", "offset", "message"),
    [
        ("hit {victm}", 4, "there is no list {victm}: did you mean victim?"),
        ("hit srangle~", 4, "did you mean strangle~"),
        ("he ... {broken}", 7, "the list {broken} can't be used: this '(' is never closed"),
        ("{broken-below}", 0, "the list {broken-below} can't be used: the list {broken} has a fault"),
        ("{empty}", 0, "the list {empty} can't be used: it is empty"),
    ],
)
def test_faults(source: str, offset: int, message: str) -> None:
    expander = Expander({**LISTS, "broken": ["(a"], "broken-below": ["a {broken}"], "empty": []})
    for work in (expander.count, expander.expand):
        with pytest.raises(PhraseError) as raised:
            work(parse_phrase(source))
        assert raised.value.offset == offset
        assert message in raised.value.message


def test_other_languages_have_no_inflections() -> None:
    expander = Expander({}, language="cy")
    assert expander.expand(parse_phrase("mae ganddo gyllell")) == (("mae ganddo gyllell",),)
    with pytest.raises(PhraseError, match="write the forms out"):
        expander.count(parse_phrase("hit~"))


def test_limit_says_how_many_it_would_have_been() -> None:
    phrase = parse_phrase("(a|b) (a|b) (a|b) ... c")
    assert len(Expander({}, per_phrase_limit=9).expand(phrase)[0]) == 8
    with pytest.raises(PhraseError, match="stands for 9 literal phrases, more than the 8 allowed"):
        Expander({}, per_phrase_limit=8).expand(phrase)


def test_counting_is_arithmetic_and_stops() -> None:
    lists = {"l0": ["a", "b"]} | {f"l{n}": [f"{{l{n - 1}}} " * 80] for n in range(1, 9)}
    expander = Expander(lists)
    phrase = parse_phrase("hit {l8} ... {l8}")
    assert expander.count(phrase) == MOST_COUNTED
    with pytest.raises(PhraseError, match="1,000,000,000,000,000 or more"):
        expander.expand(phrase)


def _naive(part: Sequence | Item) -> list[str]:
    match part:
        case Sequence(items):
            return [" ".join(chosen) for chosen in product(*map(_naive, items))]
        case Choice(alternatives):
            return [said for alternative in alternatives for said in _naive(alternative)]
        case Optional_(content):
            return ["", *_naive(content)]
        case ListRef(name):
            return [said for entry in PHRASE_LISTS[name] for said in _naive(parse_phrase(entry).segments[0])]
        case Inflected(word):
            return list(Inflector.for_language("en").forms(word))
        case Words(text):
            return [text]


@given(phrases)
def test_expansion_equals_a_naive_one(phrase: Phrase) -> None:
    expander = Expander(PHRASE_LISTS, per_phrase_limit=MOST_COUNTED)
    assume(expander.count(phrase) <= 5_000)
    ways = [_naive(segment) for segment in phrase.segments]
    assert expander.count(phrase) == sum(map(len, ways))
    assert expander.expand(phrase) == tuple(tuple(sorted(set(map(fold_phrase, segment)))) for segment in ways)


@given(phrases)
def test_literal_phrases_are_folded_and_never_empty(phrase: Phrase) -> None:
    expander = Expander(PHRASE_LISTS, per_phrase_limit=MOST_COUNTED)
    assume(expander.count(phrase) <= 5_000)
    for segment in expander.expand(phrase):
        assert all(literal and fold_phrase(literal) == literal for literal in segment)
        assert len(set(segment)) == len(segment) > 0


@given(phrases, st.sets(st.sampled_from(["he", "hit", "hits", "me", "my", "mum", "a", "knife", "just", "said"])))
def test_within_some_words_only_what_they_make_is_left(phrase: Phrase, said: set[str]) -> None:
    expander = Expander(PHRASE_LISTS, per_phrase_limit=MOST_COUNTED)
    assume(expander.count(phrase) <= 5_000)
    whole = expander.expand(phrase)
    said |= {word for segment in whole for literal in segment[::3] for word in literal.split()}
    narrowed = tuple(tuple(literal for literal in segment if said.issuperset(literal.split())) for segment in whole)
    assert expander.within(said).expand(phrase) == narrowed
    assert expander.expand(phrase) == whole
    assert expander.words(phrase) == {word for segment in whole for literal in segment for word in literal.split()}
