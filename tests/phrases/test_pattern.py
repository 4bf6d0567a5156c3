from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import assume, given

from tests.reference import Said, matcher_of
from tests.strategies import PHRASE_LISTS, phrases
from triage_triggers.errors import PhraseError
from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.inflection import Inflector
from triage_triggers.phrases.pattern import MAX_ELEMENTS, MAX_WORDS, Vocabulary, words_of
from triage_triggers.phrases.spelling import spellings_of
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
    ("source", "found", "not_found"),
    [
        ("Got a  KNIFE", ["got a knife"], ["got knife"]),
        ("he\u2019s \u2014 er \u2014 here", ["hes here"], ["he is here"]),
        ("right-sided weakness", ["right sided weakness"], ["right weakness"]),
        ("p.t. caf\u00e9", ["p t cafe"], ["pt cafe"]),
        ("(hit|punched) me", ["hit me", "punched me"], ["hit punched me"]),
        ("[just] hit [me]", ["hit", "hit me", "just hit", "just hit me"], ["just me"]),
        ("[just|only] hit", ["hit", "just hit", "only hit"], []),
        ("(hit [me]|kicked) now", ["hit me now", "hit now", "kicked now"], ["kicked me now"]),
        ("(hit|hit|HIT) me", ["hit me"], []),
        ("([a]|b) c", ["a c", "b c", "c"], []),
        ("hit~ me", ["hit me", "hits me", "hitting me"], ["hitted me"]),
        ("head-butt~", ["head butt", "head butted", "head butting", "head butts"], ["heads butt"]),
        ("hit {child}", ["hit baby", "hit baby girl", "hit daughter", "hit son"], ["hit girl"]),
        ("{victim}", ["her", "me", "my baby", "my baby girl", "my daughter", "my son"], ["my"]),
        ("(right|left)-sided (um, a|b)", ["left sided a", "right sided b"], ["sided a"]),
    ],
)
def test_what_a_phrase_stands_for(source: str, found: list[str], not_found: list[str]) -> None:
    matcher = matcher_of([Said(0, False, source)], LISTS)
    assert all([match[:2] for match in matcher.scan(text)] == [(0, len(text))] for text in found)
    assert not any(match[:2] == (0, len(text)) for text in not_found for match in matcher.scan(text))


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
    vocabulary = Vocabulary({**LISTS, "broken": ["(a"], "broken-below": ["a {broken}"], "empty": []})
    with pytest.raises(PhraseError) as raised:
        vocabulary.check(parse_phrase(source))
    assert raised.value.offset == offset
    assert message in raised.value.message


def test_other_languages_have_no_inflections() -> None:
    vocabulary = Vocabulary({}, language="cy")
    assert words_of(vocabulary.segments_of("mae ganddo gyllell")[0]) == {"mae", "ganddo", "gyllell"}
    with pytest.raises(PhraseError, match="write the forms out"):
        vocabulary.check(parse_phrase("hit~"))


def test_what_is_too_large_is_refused_at_once() -> None:
    doubled = {"l0": ["a [b]"]} | {f"l{n}": [f"{{l{n - 1}}} {{l{n - 1}}}"] for n in range(1, 10)}
    wide = {"w0": [f"w{n}" for n in range(MAX_ELEMENTS // 2)], "w1": ["{w0} {w0} x"], "w2": ["{w1}"]}
    before = time.process_time()
    vocabulary = Vocabulary({**doubled, **wide})
    messages = {fault.name: fault.error.message for fault in vocabulary.list_faults}
    assert set(messages) == {"l7", "w1"}
    assert messages["l7"] == f"this list may run to 256 words, more than the {MAX_WORDS} allowed: split it"
    assert messages["w1"] == f"this list holds 20,001 words, more than the {MAX_ELEMENTS:,} allowed: split it"
    for source, message in (
        ("{l6} {l6}", "this phrase may run to 256 words"),
        ("{w0} ... {w0} ... {w0}", "this phrase holds 30,000 words"),
        ("{l7}", "the list {l7} can't be used: this list may run to"),
        ("{w2}", "the list {w2} can't be used: it uses a list that is too large"),
    ):
        with pytest.raises(PhraseError, match=message):
            vocabulary.check(parse_phrase(source))
    assert time.process_time() - before < 1


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
def test_every_way_to_say_a_phrase_is_found(phrase: Phrase) -> None:
    vocabulary = Vocabulary(PHRASE_LISTS)
    assume(vocabulary.check(phrase) <= 40)
    matcher = matcher_of([Said(0, False, phrase.source)], PHRASE_LISTS)
    for ways in product(*([fold_phrase(way) for way in _naive(segment)][:8] for segment in phrase.segments)):
        said = " ".join(ways)
        assert (0, len(said)) in {match[:2] for match in matcher.scan(said)}
    words = frozenset[str]().union(*map(words_of, vocabulary.segments(phrase)))
    written = {word for part in phrase.segments for way in _naive(part) for word in fold_phrase(way).split()}
    assert words == written.union(*map(spellings_of("en").of, written))
