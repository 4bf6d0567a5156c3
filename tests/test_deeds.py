"""Who did what to whom, in words: with what was said, and without."""

from __future__ import annotations

import pytest

from tests.told import BLOKE, teller
from triage_triggers import Call, Utterance
from triage_triggers.assessment import CastMember, Finding, KnownTie, Participant, Why
from triage_triggers.deeds import CALLER, Said, by_claim, how_tied, who_to_whom

CALL = Call("C-1", [Utterance("Kev hit her.", "caller"), Utterance("He's my mum's fella, he is.", "caller")])
HIT = Finding("v.hit", "physical_violence", 0, 0, 11, 0, "affirmed", "current", True, None, "said plainly", Why.PLAIN)
KEV, HE, HER = Participant(2, 0, 0, 3), Participant(2, 1, 0, 4), Participant(3, 0, 8, 11)
PREDICATE = KnownTie(3, "partner", "predicate", 1, 5, 19)


def told(finding: Finding, *cast: CastMember, call: Call | None = CALL) -> str:
    parts = who_to_whom(finding, cast, call)
    return "".join(f"“{part.text}”" if isinstance(part, Said) else part for part in parts)


@pytest.mark.parametrize(
    ("finding", "with_words", "without"),
    [
        (HIT, "", ""),
        (HIT._replace(tie="relative"), "relative", "relative"),
        (
            HIT._replace(agent=KEV, patient=HER, tie="partner"),
            "by “Kev” = “my mum's fella”, utterance 2 (partner, as told), to “her”",
            "by person 2 (partner, as told in utterance 2), to person 3",
        ),
        (
            HIT._replace(agent=HE, patient=HER, tie="partner"),
            "by “He's” = “Kev” = “my mum's fella”, utterance 2 (partner, as told), to “her”",
            "by person 2 (partner, as told in utterance 2), to person 3",
        ),
        (HIT._replace(patient=HER), "to “her”", "to person 3"),
        (
            HIT._replace(agent=Participant(None, 1, 21, 23), tie="unknown"),
            "by “he” (tie not known)",
            "by somebody not named (tie not known)",
        ),
        (
            HIT._replace(agent=Participant(CALLER, None, None, None), patient=HER, tie="relative"),
            "by the caller, to “her”",
            "by the caller, to person 3",
        ),
        (
            HIT._replace(agent=Participant(7, None, None, None), tie="ex_partner"),
            "by person 7 (former partner)",
            "by person 7 (former partner)",
        ),
    ],
)
def test_people_are_named_as_they_were_and_without_words_by_numbers(
    finding: Finding, with_words: str, without: str
) -> None:
    cast = CastMember(2, ("Kev",), (PREDICATE,)), CastMember(3, (), ())
    assert told(finding, *cast) == with_words
    assert told(finding, *cast, call=None) == without


def test_words_that_name_somebody_are_not_repeated() -> None:
    he = CastMember(2, ("Kev",), (KnownTie(CALLER, "partner", "kin", 0, 0, 3),))
    assert told(HIT._replace(agent=KEV, tie="partner"), he) == "by “Kev” (partner, as named)"


def test_the_nearest_tie_is_how_we_know() -> None:
    other, mine = KnownTie(9, "relative", "kin", 0, 0, 3), KnownTie(CALLER, "partner", "answer", 1, 0, 4)
    back = KnownTie(2, "ex_partner", "some_new_way", 1, 0, 4)
    finding = HIT._replace(agent=KEV, patient=HER, tie="partner")
    assert how_tied(finding, [CastMember(2, (), (other, mine, PREDICATE))]) == PREDICATE
    assert how_tied(finding, [CastMember(2, (), (other, mine)), CastMember(3, (), (back,))]) == back
    assert how_tied(finding, [CastMember(2, (), (other, mine))]) == mine
    assert how_tied(finding, [CastMember(2, (), (other,))]) == other
    assert how_tied(finding, [CastMember(CALLER, (), (back,))]) == back
    assert how_tied(finding, []) is None
    assert told(finding, CastMember(CALLER, (), (back,)), call=None).startswith("by person 2 (partner, some new way in")


def test_what_is_claimed_comes_before_what_else_counted() -> None:
    asked, aside = HIT._replace(theme="enquiry"), HIT._replace(counts=False)
    assert by_claim([asked, aside, HIT]) == ((HIT,), (asked,), (aside,))


def test_a_call_tells_who_he_is_two_turns_later() -> None:
    assessment = teller().evaluate(BLOKE)
    struck = assessment.findings[0]
    assert told(struck, *assessment.cast, call=BLOKE).startswith("by “He” = “My bloke”, utterance 3 (partner, ")
    assert told(struck, *assessment.cast, call=BLOKE).endswith(", to “me”, the caller")


def test_names_leave_only_with_the_words() -> None:
    assessment = teller().evaluate(BLOKE)
    assert "bloke" not in assessment.to_json()
    assert all("names" not in member for member in assessment.to_dict()["cast"])
    assert ["My bloke"] in [member["names"] for member in assessment.to_dict(BLOKE)["cast"]]
