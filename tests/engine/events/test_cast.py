from __future__ import annotations

import pytest

from tests.engine.events.stage import cast_of
from triage_triggers.engine.events.cast import CALLER, Cast, Mention
from triage_triggers.engine.events.frames.registry import find_events


def mention_of(cast: Cast, word: str) -> Mention:
    """Return the first mention that begins with a word."""
    return next(mention for mention in cast.mentions if cast.words.spelled[mention.first] == word)


def tie_of(text: str, word: str) -> str:
    """Return what the first mention that begins with a word is to the caller."""
    cast = cast_of(text)
    return cast.tie(mention_of(cast, word), Mention(0, 1, CALLER, "self", "pronoun", subject=False))


@pytest.mark.parametrize(
    ("text", "word", "tie"),
    [
        ("My husband is here.", "my", "partner"),
        ("my ex bf is here", "my", "ex_partner"),
        ("Our Kev is here.", "our", "relative"),
        ("Mum is here.", "mum", "relative"),
        ("My flatmate is here.", "my", "household"),
        ("My carer is here.", "my", "carer"),
        ("My mate is here.", "my", "acquaintance"),
        ("A bouncer is here.", "a", "stranger"),
        ("Two men are here.", "two", "stranger"),
        ("The fella I live with is here.", "the", "partner"),
        ("My husband Kev is here. Then Kev left.", "kev", "partner"),
        ("son Colin found her, Colin rang", "colin", "relative"),
        ("Kev's my brother. So Kev came.", "kev's", "relative"),
        ("This is Phil, my ex.", "phil", "ex_partner"),
        ("Kev, that's my fella, is here.", "kev", "partner"),
        ("I've two kids with Darren.", "darren", "partner"),
        ("I chucked Liam at Easter.", "liam", "ex_partner"),
        ("Me and Aaron have been together years.", "aaron", "partner"),
        ("I share a flat with Moira.", "moira", "household"),
        ("He kicked off, never met him before.", "he", "stranger"),
        ("C: Kev hit me.\nT: Who's Kev?\nC: My bloke.", "kev", "partner"),
        ("C: Kev hit me.\nT: Kev is?\nC: My brother.", "kev", "relative"),
        ("C: Kev hit me.\nT: What's Kev to you?\nC: We're married.", "kev", "partner"),
        ("T: Are you breathing alright?\nC: He hit me.\nT: Is he your husband?\nC: Yes.", "he", "partner"),
        ("C: He hit me.\nT: Who did it?\nC: My dad.", "he", "relative"),
        ("C: Kev hit me.\nT: Who's Kev?\nC: A doorman.", "kev", "stranger"),
    ],
)
def test_a_tie_is_found_however_it_is_told(text: str, word: str, tie: str) -> None:
    assert tie_of(text, word) == tie


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Kev hit me.", "kev"),
        ("A car is here with Sam.", "sam"),
        ("C: Kev hit me.\nT: Who's Kev?\nC: I don't know.", "kev"),
        ("C: Kev hit me.\nT: Who's on the line?\nC: My bloke.", "kev"),
        ("C: Kev hit me.\nT: Is he your husband?\nC: No.", "kev"),
    ],
)
def test_nobody_is_close_because_nobody_else_is_named(text: str, word: str) -> None:
    assert tie_of(text, word) == "unknown"


@pytest.mark.parametrize(
    ("text", "one", "other", "same"),
    [
        ("My husband came in. He hit me.", "my", "he", True),
        ("My sister came in. He hit me.", "my", "he", False),
        ("My dad rang, then my brother. He hit me.", "my", "he", False),
        ("Her bloke hit her.", "her", "he", None),
        ("My husband rang. " + "It was raining. " * 30 + "He hit me.", "my", "he", False),
    ],
)
def test_a_pronoun_goes_to_the_latest_who_fits_within_reach(text: str, one: str, other: str, same: bool | None) -> None:  # noqa: FBT001
    cast = cast_of(text)
    if same is None:
        event = find_events(cast)[0]
        assert event.tie == "partner"
        return
    assert (mention_of(cast, one).person == mention_of(cast, other).person) is same


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("T: Is she breathing?\nC: Yes.", "f"),
        ("T: Are you breathing alright?\nC: Yes.", "self"),
        ("T: How old is he?\nC: Fifty.", "m"),
        ("C: He hit me.\nT: Where is that?", None),
    ],
)
def test_the_questions_of_every_call_taker_tell_who_the_patient_is(text: str, sex: str | None) -> None:
    assert cast_of(text).patient_sex == sex


def test_the_caller_s_people_of_the_patient_s_sex_are_the_patient() -> None:
    cast = cast_of("C: It's my dad, he's collapsed.\nT: Is he breathing?\nC: My brother's with him.")
    assert cast.patient == mention_of(cast, "my").person


def test_a_relative_is_nobody_else_s_namesake() -> None:
    cast = cast_of("My brother is here with my uncle.")
    assert len({mention.person for mention in cast.mentions}) == 2


def test_a_word_with_a_capital_within_a_sentence_is_a_name_and_an_ordinary_one_is_none() -> None:
    assert [mention.role for mention in cast_of("Then Zorblax left.").mentions] == ["name"]
    assert cast_of("Then tables left.").mentions == []
