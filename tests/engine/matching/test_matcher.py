from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import agree, matches
from tests.strategies import match_patterns, match_texts
from triage_triggers.engine.matching.matcher import Match, Matcher, Pattern, Span
from triage_triggers.folding import fold, fold_phrase

if TYPE_CHECKING:
    from random import Random


def pattern(phrase: str, owner: int = 0, *, idiom: bool = False) -> Pattern:
    """A pattern as the phrase language makes it: "(" and "[" aside, ``...`` parts it and ``|`` spells it otherwise."""
    parts = [tuple(fold_phrase(literal) for literal in part.split("|")) for part in phrase.split("...")]
    return Pattern(owner, idiom, tuple(parts))


def found(text: str, *phrases: str) -> list[str]:
    """The matched words, of each phrase as a rule of its own."""
    matcher = Matcher([pattern(phrase, owner) for owner, phrase in enumerate(phrases)])
    return [text[match.start : match.end] for match in matcher.scan(fold(text))]


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
        ("he hit me", "he...me", ["he hit me"]),
        ("he me", "he...me", ["he me"]),
        ("he a b c d me", "he...me", ["he a b c d me"]),
        ("he a b c d e me", "he...me", []),
        ("he um a er b c d me", "he...me", ["he um a er b c d me"]),
        ("he's a b c d me", "he...me", ["he's a b c d me"]),
        ("he'd a-b-c d me", "he...me", ["he'd a-b-c d me"]),
        ("he a-b-c-d-e me", "he...me", []),
        ("he 'a' b, (c) d me", "he...me", ["he 'a' b, (c) d me"]),
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
        expected = matches([pattern(phrase)], folded).matches
        assert Matcher([pattern(phrase)]).scan(folded) == expected
        assert [text[match.start : match.end] for match in expected] == [f"{first} {long} {last}"]


def test_a_longer_match_hides_only_what_it_overlaps() -> None:
    matcher = Matcher([pattern("a...b"), pattern("b c c c d")])
    assert matcher.scan(fold("a b x b c c c d")) == [Match(0, 3, 0, None), Match(6, 15, 0, None)]


def test_rules_that_share_a_phrase_all_match() -> None:
    matcher = Matcher([pattern("hit me", 2), pattern("hit me", 0), pattern("hit|hit me", 1), pattern("hit me", 0)])
    assert matcher.scan("hit me") == [Match(0, 6, 0, None), Match(0, 6, 1, None), Match(0, 6, 2, None)]


def test_phrases_of_the_same_letters_are_told_apart() -> None:
    matcher = Matcher([pattern("the rapist", 0), pattern("therapist", 1), pattern("there a...pist", 2)])
    assert [match.owner for match in matcher.scan("the rapist")] == [0]
    assert [match.owner for match in matcher.scan("therapist")] == [1]
    assert [match.owner for match in matcher.scan("there a pist")] == [2]


def test_literals_are_counted_once() -> None:
    assert Matcher([pattern("the rapist|hit"), pattern("therapist|hit", 1)]).literals == 3


def test_matches_come_in_order_of_start() -> None:
    matcher = Matcher([pattern("me", 0), pattern("he", 1), pattern("he...me", 2)])
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
    found = Matcher([pattern(phrase), pattern(unless, idiom=True)]).scan(fold(text))
    assert [match.idiom for match in found if match.idiom] == ([Span(*idiom)] if idiom else [])
    assert found


def test_idioms_are_their_own_rules_only() -> None:
    matcher = Matcher([pattern("hit", 0), pattern("hit me", 0, idiom=True), pattern("hit", 1)])
    assert matcher.scan("hit me") == [Match(0, 3, 0, Span(0, 6)), Match(0, 3, 1, None)]


def test_an_idiom_alone_is_no_match() -> None:
    assert Matcher([pattern("hit me", idiom=True)]).scan("hit me") == []


def test_nothing_to_search_for_finds_nothing() -> None:
    assert Matcher([]).scan("hit me") == []
    assert Matcher([]).literals == 0


def test_many_parts_over_much_repetition_take_no_time() -> None:
    # Chains are counted once however many ways lead along them; counted each, there would be 5 ** 19 a word.
    text = "a " * 60
    assert Matcher([pattern("...".join("a" * 20))]).scan(text)[0].start == 0


def test_long_runs_between_words_take_no_time() -> None:
    for run in (" ", "'", "\u0301", "\ud800", "\n"):
        text = f"hit{run * 50_000} me. " * 3
        assert len(found(text, "hit me", "hit...me")) == 6


def test_threads_share_a_matcher() -> None:
    matcher = Matcher([pattern("hit me"), pattern("he...me", 1), pattern("knife", 2)])
    texts = [f"he {'x ' * (number % 7)}hit me knife " * 20 for number in range(200)]
    expected = [matcher.scan(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(matcher.scan, texts)) == expected


def test_an_idiom_takes_away_no_more_than_what_it_cancels() -> None:
    """What happened before "she hit her head" was said in the same breath."""
    phrases = [pattern("pushed mum"), pattern("pushed mum...hit her")]
    matcher = Matcher([*phrases, pattern("hit her head", idiom=True)])
    assert matcher.scan("he pushed mum and she hit her head") == [Match(3, 13, 0, None)]
    assert matcher.scan("he pushed mum and she hit her") == [Match(3, 29, 0, None)]
    alone = Matcher([phrases[1], pattern("hit her head", idiom=True)])
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
    idiom = Pattern(0, True, (("somebody",), ("hit me",)), frozenset({"he", "husband"}))
    (match,) = Matcher([pattern("hit me"), idiom]).scan(fold(text))
    assert (match.idiom is not None) is cancelled


@given(match_patterns, match_texts)
def test_it_equals_the_reference(patterns: list[Pattern], text: str) -> None:
    folded = fold(text)
    assert agree(Matcher(patterns).scan(folded), matches(patterns, folded))


@given(match_patterns, match_texts)
def test_offsets_cut_the_words_of_a_phrase(patterns: list[Pattern], text: str) -> None:
    for match in Matcher(patterns).scan(fold(text)):
        words = fold_phrase(text[match.start : match.end])
        own = [pattern.parts for pattern in patterns if pattern.owner == match.owner and not pattern.idiom]
        assert any(
            (words in parts[0]) if len(parts) == 1 else (words.startswith(parts[0]) and words.endswith(parts[-1]))
            for parts in own
        )


@settings(max_examples=50)
@given(match_patterns, match_texts, st.randoms())
def test_the_order_of_patterns_does_not_matter(patterns: list[Pattern], text: str, random: Random) -> None:
    shuffled = copy.copy(patterns)
    random.shuffle(shuffled)
    assert Matcher(shuffled).scan(fold(text)) == Matcher(patterns).scan(fold(text))


@settings(max_examples=50)
@given(match_patterns, st.text(st.characters(categories=None)))
def test_any_text_can_be_searched(patterns: list[Pattern], text: str) -> None:
    for match in Matcher(patterns).scan(fold(text)):
        assert 0 <= match.start < match.end <= len(text)
