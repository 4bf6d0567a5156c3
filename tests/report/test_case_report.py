"""The page of a case: what it holds, what it leaves out, and that nothing said can break it."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from tests.replay.conftest import case, entry, log  # noqa: F401  fixtures
from tests.report.hostile import HARM
from tests.report.pages import Page, check_harmless
from tests.strategies import calls
from tests.told import BLOKE, teller
from triage_triggers import Call, Evaluator, Ruleset, Utterance
from triage_triggers.assessment import CastMember, KnownTie, Participant
from triage_triggers.record.entries import LogFault
from triage_triggers.replay.case import Case, CaseOutcome, parse_moment
from triage_triggers.replay.replaying import Replayer
from triage_triggers.replay.review import Review, Unfolding, review_case
from triage_triggers.report.case_report import LEFT_OUT, LogCheck, case_report
from triage_triggers.ruleset.definition import Approval

if TYPE_CHECKING:
    from triage_triggers.record import DecisionLog
    from triage_triggers.report.marking import WordsShown

NASTY = "<script>alert('knife')</script>\u202e\x1b[2J\0 hit me \"&amp;'></mark></p></body>\ud800\u200b"


def report(evaluator: Evaluator, told: Case, words: WordsShown = "full") -> str:
    return case_report(told, review_case(told, lambda _: evaluator), words=words)


def test_a_report_holds_the_case_and_equal_input_gives_an_equal_page(evaluator: Evaluator, case: Case) -> None:  # noqa: F811
    html = report(evaluator, case)
    assert html == report(evaluator, case)
    text = " ".join(check_harmless(html).text.split())
    for said in (
        "He's got a knife",
        "2 counted: weapon",
        "cue of 1: answer yes",
        "C1 instead of C4",
        "yes, at utterance 2, 00:04 into the call (1 February 2025, 10:00:04)",
        "Against what was sent on 1 February 2025, 10:00:10 (C2): the flag 6 s before it;",
        "the suggestion of C1 in the same second.",
        "armed-attack, since utterance 3: Violence, and a weapon at hand.",
        "armed-attack, suggests C1: Violence, and a weapon at hand.",
        "violence (past), call C-1, 1 January 2025, 10:00:00: “hit me”",
        "Had the question in utterance 1 been answered no, it would not have been flagged.",
        "1 March 2025: afterwardsClosed",
        "A call came in on 1 February 2025, 10:00:00, as C4 (less urgent). It tells of",
        "The rules would have flagged it and suggested C1 (life-threatening).",
        "The flag would have come 1 min 4 s after C4",
        "The flag would have come 6 s before C2 (emergency) was sent.",
        "By then 2 earlier entries, the last 30 days 10 h before, had told of fear; violence counted beside it.",
        "C4Less urgentEngland, Ambulance Response Programme (ARP) categories",
        "Weapon: knife weapon.knife",
        "1 Crew",
        "Written byCrew",
        "Draft: no clinician has signed it.",
        "No decision log was given.",
        "Whether anybody was abused.",
        "small 1.0.0 is not approved by any clinician.",
    ):
        assert said in text, said


def test_entries_and_what_happened_stand_in_the_order_of_time(evaluator: Evaluator, case: Case) -> None:  # noqa: F811
    text = check_harmless(report(evaluator, case)).text
    places = [
        text.index(f"{at}: ") for at in ("1 January 2025, 10:00:00", "2 January 2025", "1 February 2025, 10:00:00")
    ]
    assert places == sorted(places)
    assert text.index("1 March 2025: afterwards") > places[-1]


def test_headings_go_down_one_step_at_a_time(evaluator: Evaluator, case: Case) -> None:  # noqa: F811
    page = Page(report(evaluator, case))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("words", ["redacted", "none"])
def test_the_variants_leave_out_what_was_said_and_the_remarks(
    evaluator: Evaluator,
    case: Case,  # noqa: F811
    words: WordsShown,
) -> None:
    html = report(evaluator, case, words)
    text = check_harmless(html).text
    for secret in ("used to", "Yes.", "He's got", "Closed", "Conveyed", "Crew", "Sent:"):
        assert secret not in text.replace("He used", ""), secret
    assert ("hit you" in text) is (words == "redacted")
    assert ("knife" in text.replace("weapon.knife", "").replace("Weapon: knife", "")) is (words == "redacted")
    assert text.count(LEFT_OUT) == 3 * 2 + 3 + 1
    assert "not anonymous" in text or "without what was said" in text


def test_a_decision_log_is_shown_with_its_verification(evaluator: Evaluator, case: Case, log: DecisionLog) -> None:  # noqa: F811
    replayer = Replayer(log)
    told = Case(case.id, case.title, (*case.entries, entry(Call.from_text("Hm.", "N-2"), "2025-03-01")), ())
    reviews = list(review_case(told, lambda _: evaluator, recorded=lambda entry: replayer.about(entry.call)))
    text = check_harmless(case_report(told, reviews, log=LogCheck("decisions.db", log.verify(log.anchor())))).text
    assert text.count("Identical to the byte.") == 3
    assert text.count("No decision about this entry.") == 1
    assert "Whole: no change, gap or reordering was found." in text
    assert "checked against an anchor kept elsewhere" in text
    broken = dataclasses.replace(log.verify(), faults=(LogFault(2, "changed", "the entry was changed <b>"),))
    text = check_harmless(case_report(told, reviews, log=LogCheck("decisions.db", broken))).text
    assert "NOT WHOLE" in text
    assert "entry 2: the entry was changed <b>" in text
    assert "none given: a log that somebody wrote anew" in text


def test_an_approved_ruleset_names_who_approved_it(ruleset: Ruleset, case: Case) -> None:  # noqa: F811
    approval = Approval(by="Dr <A>", role="Medical director", on=date(2025, 1, 1), expires=date(2026, 1, 1))
    approved = Evaluator(ruleset.model_copy(update={"status": "approved", "approval": approval}))
    text = check_harmless(report(approved, case)).text
    assert "by Dr <A>, Medical director, on 2025-01-01, until 2026-01-01" in text
    assert "is not approved" not in text


def test_a_ruleset_without_signs_is_no_riddle(ruleset: Ruleset, case: Case) -> None:  # noqa: F811
    text = check_harmless(report(Evaluator(ruleset.model_copy(update={"signs": (), "then": ()})), case)).text
    assert "The ruleset has neither signs nor a tally: any counted finding flags a call." in text


def test_a_flag_that_went_away_again_is_told(ruleset: Ruleset) -> None:
    lines = [{"id": "t", "find": "weapon", "points": 2}, {"id": "u", "find": "fear", "points": -1}]
    tally = {"look_again": 1, "flag": 2, "lines": [{**line, "reason": "R."} for line in lines]}
    evaluator = Evaluator(
        Ruleset.model_validate(ruleset.model_dump(exclude={"signs", "then"}, by_alias=True) | {"tally": tally})
    )
    told = Call("C-1", [Utterance("He's got a knife.", "caller", 1, 2), Utterance("I'm scared.", "caller", 3, 4)])
    text = check_harmless(report(evaluator, Case("a", "A", (entry(told, "2025-01-01"),), ()))).text
    assert "for a while, not in the end" in text
    assert "The tally: 1 points, look again" in text


@pytest.mark.parametrize("words", ["full", "redacted", "none"])
def test_nothing_that_was_said_or_written_can_break_the_page(ruleset: Ruleset, words: WordsShown) -> None:
    nasty = ruleset.model_copy(update={"title": NASTY, "signs": tuple(
        sign.model_copy(update={"reason": NASTY}) for sign in ruleset.signs
    )})  # fmt: skip
    said = Call(NASTY, [Utterance(NASTY, "caller", 1, 2), Utterance(NASTY, "other")], current_code="C4")
    first = entry(said, "2025-01-01T10:00:00Z", ("2025-01-01T10:01:00Z", NASTY))._replace(by=NASTY, outcome=NASTY)
    told = Case(NASTY, NASTY, (first,), (CaseOutcome.model_construct(at=parse_moment("2025-01-01"), remark=NASTY),))
    found = check_harmless(report(Evaluator(nasty), told, words))
    assert found.text.count("<script>alert('knife')</script>") >= 3


def test_a_line_of_five_million_characters_is_shown_whole(evaluator: Evaluator) -> None:
    said = "He hit me. " + ("<b>\u202e word" + " and so on" * 10) * 46_000
    whole = entry(Call("C-1", [Utterance(said, "caller")]), "2025-01-01")
    unfolding, traces = Unfolding(evaluator.evaluate(whole.call), ()), evaluator.explain("He hit me.").traces
    html = case_report(Case("a", "A", (whole,), ()), [Review(whole, evaluator, unfolding, traces, (), (), ())])
    assert len(said) > 5_000_000
    assert html.count("U+202E") == 46_000 + 1
    assert "<b>" not in html


@settings(max_examples=15, deadline=None)
@given(calls)
def test_every_call_makes_a_sound_page(evaluator: Evaluator, call: Call) -> None:
    for words in ("full", "redacted", "none"):
        check_harmless(report(evaluator, Case("a", "A", (entry(call, "2025-01-01T10:00:00Z"),), ()), words))


def test_a_report_says_who_did_it_to_whom_and_without_words_by_number() -> None:
    told = Case("a", "A", (entry(BLOKE, "2025-01-01T10:00:00Z"),), ())
    text = check_harmless(report(teller(), told)).text
    assert text.index("What is claimed") < text.index("What else counted")
    assert re.search("by “He” = “My bloke”, utterance 3 \\(partner, [a-z ]+\\), to “me”, the caller", text)
    assert "4: by-close: Someone close did it. Finding 1" in text
    assert "2 asks for another look, 5 flags." in text
    for words in ("redacted", "none"):
        text = check_harmless(report(teller(), told, words)).text
        assert re.search("by person 2 \\(partner, [a-z ]+ in utterance 3\\), to the caller", text)


def test_a_hostile_name_stays_inert() -> None:
    said = Call("C-1", [Utterance("He hit me.", "caller"), Utterance(f"My {HARM} bloke.", "caller")])
    evaluator = teller()
    assessment = evaluator.evaluate(said)
    he = CastMember(2, (HARM,), (KnownTie(1, "partner", "answer", 1, 0, len(HARM)),))
    hit = assessment.findings[0]._replace(agent=Participant(2, 0, 0, 2), tie="partner", intent="accident")
    other = dataclasses.replace(assessment, findings=(hit,), cast=(he,))
    whole, traces = entry(said, "2025-01-01"), evaluator.explain(said).traces
    html = case_report(
        Case("a", "A", (whole,), ()), [Review(whole, evaluator, Unfolding(other, ()), traces, (), (), ())]
    )
    text = check_harmless(html).text
    assert f"by “He” = “{HARM.split(chr(27), maxsplit=1)[0]}" in text
    assert "read as affirmed, current, accident" in text
