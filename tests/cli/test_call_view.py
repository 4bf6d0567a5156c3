from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.told import BLOKE, teller
from triage_triggers.assessment import CastMember, Cue, Finding, KnownTie, Participant, Why
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.cli.call_view import CallView, described, marked
from triage_triggers.evaluator import Evaluator
from triage_triggers.ruleset.definition import Ruleset

NEGATION = Cue("negation", 0, 0, 2)


def finding(start: int, end: int, *, counts: bool, polarity: str = "affirmed", cue: Cue | None = None) -> Finding:
    return Finding("r", "t", 0, start, end, 0, polarity, "current", counts, cue, "why", Why.PLAIN)  # type: ignore[arg-type]


def mark(text: str, *findings: Finding) -> str:
    return marked(text, [(found.start, found.end, found) for found in findings]).plain


def test_marks() -> None:
    text = "no knife but an axe"
    negated = finding(3, 8, counts=False, polarity="negated", cue=NEGATION)
    assert mark(text, negated, finding(16, 19, counts=True)) == "no ((knife: negated)) but an [[axe]]"


@pytest.mark.parametrize(
    ("cue", "label"), [(None, "set aside"), (NEGATION, "negation"), (Cue("film_or_game", 0, 0, 1), "film or game")]
)
def test_what_is_set_aside_though_affirmed_is_labelled_by_its_cue(cue: Cue | None, label: str) -> None:
    assert mark("knife", finding(0, 5, counts=False, cue=cue)) == f"((knife: {label}))"


def test_where_findings_overlap_what_counts_shows() -> None:
    aside = finding(0, 7, counts=False, polarity="negated")
    assert mark("one two three", aside, finding(4, 13, counts=True)) == "((one : negated))[[two three]]"
    assert mark("one two", aside, finding(0, 7, counts=True)) == "[[one two]]"
    questioned = finding(4, 13, counts=False, polarity="questioned")
    assert mark("one two three", aside, questioned) == "((one two three: negated, questioned))"
    touching = finding(0, 3, counts=True), finding(3, 7, counts=True)
    assert mark("one two", *touching) == "[[one two]]"


@given(
    st.text(st.characters(exclude_characters="[](:)"), min_size=1, max_size=30).flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.lists(
                st.builds(
                    lambda a, b, counts: finding(min(a, b), max(a, b), counts=counts, polarity="negated"),
                    st.integers(0, len(text)),
                    st.integers(0, len(text)),
                    st.booleans(),
                )
            ),
        )
    )
)
def test_marks_hold_what_they_should_and_lose_no_character(case: tuple[str, list[Finding]]) -> None:
    text, findings = case
    shown = mark(text, *findings)
    plain = re.sub(r"\[\[|\]\]|\(\(|: negated\)\)", "", shown)
    assert len(plain) == len(text)
    counted = {at for found in findings if found.counts for at in range(found.start, found.end)}
    assert sum(len(inner) for inner in re.findall(r"\[\[(.*?)\]\]", shown, re.DOTALL)) == len(counted)


def test_a_transcript_can_not_steer_the_terminal() -> None:
    call = Call("C\x1b[2J", [Utterance("knife\x1b[31m [red]:knife:\r\u202e\ud800", "caller")])
    said = finding(0, 9, counts=True, cue=Cue("negation", 0, 5, 9))
    shown = marked(call.utterances[0].text, [(0, 9, said)]).plain + described(call, said).plain
    assert not re.search("[\x1b\r\u202e\ud800]", shown)
    assert "[red]:knife:" in shown


def test_a_ruleset_without_policies_and_a_call_without_words(capsys: pytest.CaptureFixture[str]) -> None:
    rule = {"id": "demo.knife", "theme": "weapon", "phrases": ["knife"]}
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
    evaluator = Evaluator(Ruleset.model_validate({**head, "code_system": "nhs-arp", "rules": [rule]}))
    view = CallView(evaluator.ruleset)
    for call in (Call("C-1", [], current_code="C2"), Call("C\x1b-2", [Utterance("knife [b]\x1b[1m:axe:")])):
        view.show(call, evaluator.evaluate(call))
    shown = capsys.readouterr().out
    assert "no more urgent code than C2" in shown
    assert "C\N{REPLACEMENT CHARACTER}-2  flagged" in shown
    assert "[[knife]] [b]\N{REPLACEMENT CHARACTER}[1m:axe:" in shown


def test_a_view_says_who_did_it_and_what_is_claimed_before_what_else_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view, evaluator = CallView(teller().ruleset), teller()
    view.show(BLOKE, evaluator.evaluate(BLOKE))
    shown = capsys.readouterr().out
    conclusion = " ".join(shown[shown.index("  Suggestion") :].split())
    known = next(tie.known_by for member in evaluator.evaluate(BLOKE).cast for tie in member.ties)
    how = {"kin": "as named", "answer": "by an answer"}[known]
    rows = (
        "Suggestion C2 instead of C3 (nhs-arp); a person decides",
        "Consider safeguarding_adult",
        "Because tally: What was said adds up to 5 points or more.",
        "Tally 6, flag: by-close +4, safe +2",
        f"Counted violence.struck “He hit me” [by “He” = “My bloke”, utterance 3 (partner, {how}), to “me”, the",
        "caller] affirmed, current: said plainly",
        "Counted relationship.named “My bloke” [partner] affirmed, current: said plainly",
        "What else counted enquiry.safe “Are you safe” questioned, current, by “safe” (question): asked, and not",
        "answered; counts all the same, for the rule is never set aside",
    )
    assert conclusion == " ".join(rows)


def test_a_name_can_not_steer_the_terminal_either() -> None:
    call = Call("C-1", [Utterance("He hit me.", "caller"), Utterance("K\x1b[2Jev, my \u202ebloke.", "caller")])
    he = CastMember(2, ("K\x1b[2Jev",), (KnownTie(1, "partner", "answer", 1, 9, 18),))
    hit = finding(0, 9, counts=True)._replace(agent=Participant(2, 0, 0, 2), tie="partner", intent="play")
    shown = described(call, hit, [he]).plain
    assert not re.search("[\x1b\u202e]", shown)
    assert "by “He” = “K\N{REPLACEMENT CHARACTER}[2Jev” = “my \N{REPLACEMENT CHARACTER}bloke”, utterance 2" in shown
    assert "affirmed, current, play" in shown
