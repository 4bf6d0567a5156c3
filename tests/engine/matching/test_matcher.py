from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import Said, matcher_of, matches
from tests.strategies import MATCH_LISTS, match_phrases, match_texts
from triage_triggers.engine.matching.matcher import Match, Matcher, Span
from triage_triggers.folding import fold

if TYPE_CHECKING:
    from random import Random


def phrase_of(source: str, owner: int = 0, *, idiom: bool = False) -> Said:
    """A phrase of a rule; in each part between ``...`` the bar stands for a choice."""
    return Said(owner, idiom, " ... ".join(f"({part})" if "|" in part else part for part in source.split("...")))


def found(text: str, *phrases: str) -> list[str]:
    """The matched words, of each phrase as a rule of its own."""
    matcher = matcher_of(phrase_of(phrase, owner) for owner, phrase in enumerate(phrases))
    return [text[match.start : match.end] for match in matcher.scan(fold(text), text)]


@pytest.mark.parametrize(
    ("text", "phrase", "words"),
    [
        # spacing and line breaks
        ("He HIT me", "hit me", ["HIT me"]),
        ("he hit  \t me", "hit me", ["hit  \t me"]),
        ("hit\r\nme", "hit me", ["hit\r\nme"]),
        ("hit\n\nme", "hit me", ["hit\n\nme"]),
        ("hit\u00a0me hit\u2028me", "hit me", ["hit\u00a0me", "hit\u2028me"]),
        ("hitme", "hit me", []),
        ("h it me", "hit me", []),
        # punctuation between words
        ("he hit, me", "hit me", ["hit, me"]),
        ("hit-me hit/me hit(me)", "hit me", ["hit-me", "hit/me", "hit(me"]),
        ("right sided pain", "right-sided", ["right sided"]),
        ("right-sided pain", "right sided", ["right-sided"]),
        ("hit\u2014me", "hit me", ["hit\u2014me"]),
        ("hit\u00adme", "hit me", []),  # a soft hyphen parts no words
        ("he... hit me", "he hit me", ["he... hit me"]),
        ("he\u2026hit me", "he hit me", ["he\u2026hit me"]),
        ("he . . . hit me", "he hit me", ["he . . . hit me"]),
        ("He hit. Me", "hit me", []),
        ("He hit? Me", "hit me", []),
        ("He hit! me", "hit me", []),
        ("He hit\u3002 me", "hit me", []),
        ("hit: me; hit", "hit me", ["hit: me"]),
        ("the p.t. fell", "p.t.", ["p.t"]),
        ("the P.T fell, pt", "p.t.", ["P.T"]),
        ("?LOC", "loc", ["LOC"]),
        ("query ?hit me", "query hit me", ["query ?hit me"]),
        # hesitations
        ("he um hit me", "he hit me", ["he um hit me"]),
        ("he, um, er, hit, uh, erm, me", "he hit me", ["he, um, er, hit, uh, erm, me"]),
        ("he um um um hit me", "he hit me", ["he um um um hit me"]),
        ("he um... hit me", "he hit me", ["he um... hit me"]),
        ("he hum hit me", "he hit me", []),
        ("he hit me", "he, um, hit me", ["he hit me"]),
        # apostrophes and clitics
        ("he's got, he\u2019s got, hes got", "he's got", ["he's got", "he\u2019s got", "hes got"]),
        ("shes got he s got", "hes got", []),
        ("my husband's hit me", "my husband", ["my husband"]),
        ("my husband\u2019ll hit me", "my husband", ["my husband"]),
        ("my husbands", "my husband", []),
        ("I can't", "can", []),
        ("I can\u2019t and I can''t", "can", []),
        ("I can't", "cant", ["can't"]),
        ("he'd've gone", "he", ["he"]),
        ("'hit me'", "hit me", ["hit me"]),
        ("\u2018hit me\u2019", "hit me", ["hit me"]),
        ("hit me'she said", "hit me", []),
        ("my husband's hit me", "husband hit me", []),
        ("rock'n'roll", "rock", []),
        # whole words
        ("white hit whit", "hit", ["hit"]),
        ("the rapist", "therapist", []),
        ("therapist", "the rapist", []),
        ("therapist the rapist", "the rapist", ["the rapist"]),
        ("hit1 2hit hit_it", "hit", ["hit"]),
        ("hit😀me", "hit me", ["hit😀me"]),
        # letters
        ("CAF\u00c9", "cafe", ["CAF\u00c9"]),
        ("cafe\u0301!", "caf\u00e9", ["cafe\u0301"]),
        ("cafe\u0301\u0323 x", "cafe", ["cafe\u0301\u0323"]),
        ("cafe\u0301s", "cafe", []),
        ("İSTANBUL", "istanbul", ["İSTANBUL"]),
        ("STRASSE straße", "straße", ["straße"]),
        ("ﬁnger finger", "finger", ["finger"]),
        ("👩\u200d👧 hit me 👩\u200d👧", "hit me", ["hit me"]),
        ("\U0001d559\U0001d55a\U0001d565 me", "hit me", ["\U0001d559\U0001d55a\U0001d565 me"]),
        ("h\u00adit \u200bme", "hit me", ["h\u00adit \u200bme"]),
        ("hit\ud800me \udfff", "hit me", ["hit\ud800me"]),
        ("hit\x00me", "hit me", ["hit\x00me"]),
        ("他打了我。", "他打了我", ["他打了我"]),
        # the ends of a text
        ("hit me", "hit me", ["hit me"]),
        ("", "hit me", []),
        ("hit", "hit me", []),
        ("me hit", "hit me", []),
        ("\u0301\u0301'hit me'\u0301", "hit me", ["hit me"]),
        # overlaps within a rule
        ("hit me hit me", "hit me|hit|me hit", ["hit me", "hit me"]),
        ("a b c d", "a b|b c d", ["b c d"]),
        ("a b c", "a b|b c", ["a b"]),
        ("a a a", "a a", ["a a"]),
    ],
)
def test_what_a_phrase_matches(text: str, phrase: str, words: list[str]) -> None:
    assert found(text, phrase) == words


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
    assert found(text, phrase) == ([] if words is None else [words])


@pytest.mark.parametrize(
    ("text", "phrase", "words"),
    [
        ("he hit me", "he...me", ["he hit me"]),
        ("he me", "he...me", ["he me"]),
        ("he a b c d me", "he...me", ["he a b c d me"]),
        ("he a b c d e me", "he...me", []),
        ("he um a er b c d me", "he...me", ["he um a er b c d me"]),
        ("he's a b c d me", "he...me", ["he's a b c d me"]),
        ("he'd a-b-c d me", "he...me", ["he'd a-b-c d me"]),
        ("he a-b-c-d-e me", "he...me", []),
        ("he 'a' b-c/d me", "he...me", ["he 'a' b-c/d me"]),
        # the end of a clause
        ("he a, b me", "he...me", []),
        ("he, me", "he...me", []),
        ("he a: b me", "he...me", []),
        ("he a; b me", "he...me", []),
        ("he (a) me", "he...me", []),
        ("he a - b me", "he...me", []),
        ("he a \u2014 b me", "he...me", []),
        ("he a, love, b me", "he...me", ["he a, love, b me"]),
        ("he a, um, b me", "he...me", ["he a, um, b me"]),
        ("he a, um b me", "he...me", ["he a, um b me"]),
        ("he 1,000 me", "he...me", ["he 1,000 me"]),
        ("he went, my love, and me", "he...me", []),
        ("he a\u00adb c\u0301 d's e me", "he...me", ["he a\u00adb c\u0301 d's e me"]),
        ("he went. Me", "he...me", []),
        ("he? me", "he...me", []),
        ("he. me", "he...me", []),
        ("he... a me", "he...me", ["he... a me"]),
        ("he\x1eme", "he...me", []),
        ("he a\x1eme", "he...me", []),
        ("me he", "he...me", []),
        ("heme", "he...me", []),
        ("he a he b me", "he...me", ["he a he b me"]),
        ("he me a me", "he...me", ["he me a me"]),
        ("he me. He me", "he...me", ["he me", "He me"]),
        ("he a x b me", "he...x...me", ["he a x b me"]),
        ("he a me", "he...x...me", []),
        ("he x a b c d e me", "he...x...me", []),
        ("he 1 2 3 4 x 1 2 3 4 me", "he...x...me", ["he 1 2 3 4 x 1 2 3 4 me"]),
        (
            "she put a pillow over my face",
            "he|she...over (my|her)".replace("(my|her)", "my"),
            ["she put a pillow over my"],
        ),
        ("a a", "a...a...a", []),
        ("a a a", "a...a...a", ["a a a"]),
        ("a b a b", "a b...a b", ["a b a b"]),
        ("a b", "a b...b", []),  # a word is used once
        # beside a change of speaker, and at the ends
        ("x\x1ehe went and hit me", "he...hit me", ["he went and hit me"]),
        ("x\x1ehe hit me\x1ex", "he...hit me", ["he hit me"]),
        ("hit me and he\x1ex", "hit me...he", ["hit me and he"]),
        ("x? He hit me", "he...hit me", ["He hit me"]),
        # clitics at the ends of parts
        ("he'd've hit me now", "he...hit me now", ["he'd've hit me now"]),
        ("hit me now and he'd've", "hit me now...he", ["hit me now and he"]),
        ("he\u0301's hit me now", "he...hit me now", ["he\u0301's hit me now"]),
        ("hit me and he\u00ad's", "hit me...he", ["hit me and he\u00ad"]),
        ("'he' hit me now", "he...hit me now", ["he' hit me now"]),
        ("x'he hit me now", "he...hit me now", []),
        ("he can't hit me now", "he...can...hit me now", []),
        ("hit me now's a b c d he", "hit me now...he", ["hit me now's a b c d he"]),
        ("hit me now''s a b c d he", "hit me now...he", ["hit me now''s a b c d he"]),
        # A chain that a longer match hides lets a shorter one be seen.
        ("a b x b c c c d", "a...b", ["a b x b"]),
    ],
)
def test_up_to_four_words_between(text: str, phrase: str, words: list[str]) -> None:
    assert found(text, phrase) == words


@pytest.mark.parametrize("long", ["x" * 300, " " * 300, "x' " * 2 + " " * 300, "\u0301" * 300, "ab " * 4 + "," * 300])
@pytest.mark.parametrize("beside", ["", "and so on ", "z" * 300 + " ", "Well. ", "x " * 300])
def test_words_and_gaps_may_be_long(long: str, beside: str) -> None:
    for phrase in ("he...hit me now", "come here now...he"):
        first, _, last = phrase.partition("...")
        text = f"{beside}{first} {long} {last} {beside}"
        folded = fold(text)
        expected = matches([phrase_of(phrase)], folded)
        assert matcher_of([phrase_of(phrase)]).scan(folded) == expected
        assert [text[match.start : match.end] for match in expected] == [f"{first} {long} {last}"]


def test_a_longer_match_hides_only_what_it_overlaps() -> None:
    matcher = matcher_of([phrase_of("a...b"), phrase_of("b c c c d")])
    assert matcher.scan(fold("a b x b c c c d")) == [Match(0, 3, 0, None), Match(6, 15, 0, None)]


def test_rules_that_share_a_phrase_all_match() -> None:
    matcher = matcher_of(
        [phrase_of("hit me", 2), phrase_of("hit me", 0), phrase_of("hit|hit me", 1), phrase_of("hit me", 0)]
    )
    assert matcher.scan("hit me") == [Match(0, 6, 0, None), Match(0, 6, 1, None), Match(0, 6, 2, None)]


def test_phrases_of_the_same_letters_are_told_apart() -> None:
    matcher = matcher_of([phrase_of("the rapist", 0), phrase_of("therapist", 1), phrase_of("there a...pist", 2)])
    assert [match.owner for match in matcher.scan("the rapist")] == [0]
    assert [match.owner for match in matcher.scan("therapist")] == [1]
    assert [match.owner for match in matcher.scan("there a pist")] == [2]


def test_matches_come_in_order_of_start() -> None:
    matcher = matcher_of([phrase_of("me", 0), phrase_of("he", 1), phrase_of("he...me", 2)])
    matches = matcher.scan("he hit me me he")
    assert matches == sorted(matches)
    assert len(matches) == 5


@pytest.mark.parametrize(
    ("text", "phrase", "unless", "idiom"),
    [
        ("killing me this back", "killing me", "killing me this back", (0, 20)),
        ("killing me. This back", "killing me", "killing me this back", None),
        ("hit my head on", "he hit|hit my", "my head", (4, 11)),
        ("hit my head", "hit", "my head", None),  # side by side is no overlap
        ("my head hit", "hit", "my head", None),
        ("a hit b", "hit", "a hit|hit b", (0, 5)),  # the first of equals is shown
        ("a hit bb", "hit", "a hit|hit bb", (2, 8)),  # or else the longest
        ("he kicks his shoes off", "kicks", "kicks...off", (3, 22)),
        ("hit hit me hit", "hit", "hit me", (4, 10)),
    ],
)
def test_idioms_that_overlap_cancel(text: str, phrase: str, unless: str, idiom: tuple[int, int] | None) -> None:
    found = matcher_of([phrase_of(phrase), phrase_of(unless, idiom=True)]).scan(fold(text))
    assert [match.idiom for match in found if match.idiom] == ([Span(*idiom)] if idiom else [])
    assert found


def test_idioms_are_their_own_rules_only() -> None:
    matcher = matcher_of([phrase_of("hit", 0), phrase_of("hit me", 0, idiom=True), phrase_of("hit", 1)])
    assert matcher.scan("hit me") == [Match(0, 3, 0, Span(0, 6)), Match(0, 3, 1, None)]


def test_an_idiom_alone_is_no_match() -> None:
    assert matcher_of([phrase_of("hit me", idiom=True)]).scan("hit me") == []


def test_nothing_to_search_for_finds_nothing() -> None:
    assert Matcher([]).scan("hit me") == []


def test_many_parts_over_much_repetition_take_no_time() -> None:
    # Chains are counted once however many ways lead along them; counted each, there would be 5 ** 19 a word.
    text = "a " * 60
    assert matcher_of([phrase_of("...".join("a" * 20))]).scan(text)[0].start == 0


def test_long_runs_between_words_take_no_time() -> None:
    for run in (" ", "'", "\u0301", "\ud800", "\n"):
        text = f"hit{run * 50_000} me. " * 3
        assert len(found(text, "hit me", "hit...me")) == 6


def test_threads_share_a_matcher() -> None:
    matcher = matcher_of([phrase_of("hit me"), phrase_of("he...me", 1), phrase_of("knife", 2)])
    texts = [f"he {'x ' * (number % 7)}hit me knife " * 20 for number in range(200)]
    expected = [matcher.scan(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(matcher.scan, texts)) == expected


def test_an_idiom_takes_away_no_more_than_what_it_cancels() -> None:
    """What happened before "she hit her head" was said in the same breath."""
    phrases = [phrase_of("pushed mum"), phrase_of("pushed mum...hit her")]
    matcher = matcher_of([*phrases, phrase_of("hit her head", idiom=True)])
    assert matcher.scan("he pushed mum and she hit her head") == [Match(3, 13, 0, None)]
    assert matcher.scan("he pushed mum and she hit her") == [Match(3, 29, 0, None)]
    alone = matcher_of([phrases[1], phrase_of("hit her head", idiom=True)])
    assert alone.scan("he pushed mum and she hit her head") == [Match(3, 29, 0, Span(22, 34))]


@pytest.mark.parametrize(
    ("text", "cancelled"),
    [
        ("somebody just hit me", True),
        ("somebody has come and hit me", True),
        ("send somebody he hit me", False),
        ("send somebody he's just hit me", False),
        ("send somebody my husband's just hit me", False),
        ("he knows somebody who hit me", True),
    ],
)
def test_no_gap_of_an_idiom_holds_a_barred_word(text: str, *, cancelled: bool) -> None:
    idiom = Said(0, True, "somebody ... hit me", frozenset({"he", "husband"}))
    (match,) = matcher_of([phrase_of("hit me"), idiom]).scan(fold(text))
    assert (match.idiom is not None) is cancelled


@given(phrases=match_phrases, text=match_texts, punctuated=st.booleans())
def test_it_equals_the_reference(phrases: list[Said], text: str, *, punctuated: bool) -> None:
    folded, raw = fold(text), text if punctuated else ""
    assert matcher_of(phrases, MATCH_LISTS).scan(folded, raw) == matches(phrases, folded, raw, MATCH_LISTS)


@settings(max_examples=50)
@given(match_phrases, match_texts, st.randoms())
def test_the_order_of_phrases_does_not_matter(phrases: list[Said], text: str, random: Random) -> None:
    shuffled = copy.copy(phrases)
    random.shuffle(shuffled)
    assert matcher_of(shuffled, MATCH_LISTS).scan(fold(text)) == matcher_of(phrases, MATCH_LISTS).scan(fold(text))


@settings(max_examples=50)
@given(match_phrases, st.text(st.characters(categories=None)))
def test_any_text_can_be_searched(phrases: list[Said], text: str) -> None:
    for match in matcher_of(phrases, MATCH_LISTS).scan(fold(text), text):
        assert 0 <= match.start < match.end <= len(text)


def test_lists_in_lists_take_no_time() -> None:
    lists = {"l0": ["a [a]"]} | {f"l{n}": [f"{{l{n - 1}}} [{{l{n - 1}}}]"] for n in range(1, 7)}
    matcher = matcher_of([phrase_of("{l6} b"), phrase_of("b {l6}", 1)], lists)
    assert [match[:3] for match in matcher.scan("a " * 200 + "b" + " a" * 200)] == [(144, 401, 0), (400, 657, 1)]
