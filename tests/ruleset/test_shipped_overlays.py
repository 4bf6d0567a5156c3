"""The shipped overlays: another nation's ladder over the same rules, and another language beside English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, Evaluator, Utterance, load_ladder, load_ruleset

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment

SAID = (
    "My husband has just strangled me and my voice has gone.",
    "My boyfriend stabbed me.",
    "My husband punched me in the face and I'm scared of him.",
    "My husband used to hit me.",
    "I fell down the stairs.",
)


@pytest.fixture(scope="module")
def english() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


@pytest.fixture(scope="module")
def polish() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance-pl"))


def test_scotland_changes_codes_and_nothing_else(english: Evaluator) -> None:
    ruleset = load_ruleset("scotland-ambulance")
    assert ruleset.rules == english.ruleset.rules
    assert ruleset.signs == english.ruleset.signs
    scottish = Evaluator(ruleset)
    becomes: dict[str, str] = {}
    for said in SAID:
        one, other = english.evaluate(said), scottish.evaluate(said)
        assert one.findings == other.findings
        assert (one.policies, one.advice, one.first_flag) == (other.policies, other.advice, other.first_flag)
        assert (one.suggested_code is None) == (other.suggested_code is None)
        if one.suggested_code is not None and other.suggested_code is not None:
            assert becomes.setdefault(one.suggested_code, other.suggested_code) == other.suggested_code
    assert len(becomes) >= 2
    england, scotland = load_ladder("nhs-arp"), load_ladder("scotland")
    ordered = sorted(becomes, key=england.place)
    assert [becomes[code] for code in ordered] == sorted(becomes.values(), key=scotland.place)


def test_english_is_found_as_ever_beside_polish(english: Evaluator, polish: Evaluator) -> None:
    for said in SAID:
        one, other = english.evaluate(said), polish.evaluate(said)
        assert one.findings == other.findings
        assert (one.policies, one.suggested_code, one.advice) == (other.policies, other.suggested_code, other.advice)


def judged(assessment: Assessment) -> tuple[bool, str | None]:
    return assessment.flagged, assessment.suggested_code


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Mój mąż mnie dusił. Nie mogę mówić.", (True, "C2")),
        ("Mąż mnie pobił i jest nieprzytomna córka.", (True, "C1")),
        ("Mąż mnie bije, dzieci są w domu.", (True, "C3")),
        ("Mój partner. He hit me in the face.", (True, "C3")),
        ("Kilka lat temu mąż mnie bił.", (True, None)),
        ("Mąż nigdy mnie nie uderzył. Spadłam ze schodów.", (False, None)),
        ("Dusi mnie kaszel, mój mąż dzwoni.", (False, None)),
        ("Pobili się w barze i ktoś ma nóż.", (False, None)),
    ],
)
def test_polish_calls_and_mixed_ones(polish: Evaluator, said: str, expected: tuple[bool, str | None]) -> None:
    assert judged(polish.evaluate(said)) == expected


def test_children_ask_for_their_own_advice(polish: Evaluator) -> None:
    assert "safeguarding_child" in polish.evaluate("Mąż mnie bije, dzieci są w domu.").advice


@pytest.mark.parametrize(("answer", "flagged"), [("Tak, mój mąż, szybko!", True), ("Nie, mój mąż śpi.", False)])
def test_an_english_question_has_a_polish_answer(polish: Evaluator, answer: str, flagged: bool) -> None:  # noqa: FBT001
    turns = [Utterance("Has he got a knife?", "call_taker"), Utterance(answer, "caller")]
    assert polish.evaluate(Call("-", turns)).flagged is flagged
