"""What the shipped ruleset must do whatever its points and phrases are: plain cases, and properties of calls."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, Evaluator, Ruleset, Utterance, load_ladder, load_ruleset
from triage_triggers.lint.rule_tests import run_rule_tests

if TYPE_CHECKING:
    from triage_triggers import Assessment

FOLDER = Path(__file__).parent / "uk_ambulance"
LEAST_RECALL, LEAST_SPECIFICITY = 0.9, 0.95
PLAIN_HARM = "My stepdad strangled me."  # nobody else speaks of a stepdad, who could be the patient
GRADED = re.compile(r"\[(R|E|2|I|E, partial|R-code excerpt)\]")
EXPERT = re.compile(r"expert-authored, needs review|Code: draft, needs clinical review")


def calls(name: str) -> list[Call]:
    """The calls of a file; see its first lines."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [call_of(f"{name}-{number}", line) for number, line in enumerate(lines, 1) if not line.startswith("#")]


def call_of(call_id: str, line: str) -> Call:
    turns = line.split(" | ")
    voices = ["call_taker" if turn.startswith("?") else "caller" if len(turns) > 1 else "unknown" for turn in turns]
    said = [Utterance(turn.removeprefix("?"), voice) for turn, voice in zip(turns, voices, strict=True)]  # type: ignore[arg-type]
    return Call(call_id, said, current_code="C4")


MUST_FLAG, MUST_NOT = calls("must_flag"), calls("must_not")


@cache
def shipped() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


@cache
def judgements() -> dict[str, Assessment]:
    return {call.call_id: shipped().evaluate(call) for call in (*MUST_FLAG, *MUST_NOT)}


def judged(call: Call) -> Assessment:
    return judgements()[call.call_id]


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return shipped().ruleset


@pytest.mark.parametrize(
    "line",
    [
        "My husband strangled me.",
        "My husband had his hands round my throat.",
        "?Has your husband strangled you? | Yeah.",
        "?Has he got a knife? | No. My husband had his hands round my throat.",
        "I'm twenty weeks pregnant. My partner pushed me down the stairs and I'm scared of him.",
    ],
)
def test_the_gravest_is_flagged_with_its_code(line: str) -> None:
    assessment = shipped().evaluate(call_of("-", line))
    assert (assessment.flagged, assessment.suggested_code) == (True, "C2")
    assert {"safeguarding_adult", "police_request", "scene_safety"} <= set(assessment.advice)


@pytest.mark.parametrize(
    "line",
    [
        "I've burnt my hand on the kettle.",
        "My husband has never strangled me.",
        "My husband didn't hit me, I fell.",
        "?Has your husband strangled you? | No.",
        "?Has your husband strangled you?",
        "A stranger punched my husband in the street.",
        "He's choking on a sweet.",
        "",
    ],
)
def test_nothing_is_made_of_a_denial_an_accident_or_a_stranger(line: str) -> None:
    assessment = shipped().evaluate(call_of("-", line))
    assert (assessment.flagged, assessment.suggested_code) == (False, None)


def test_the_past_alone_asks_for_safeguarding_and_for_no_code() -> None:
    assessment = shipped().evaluate("My husband used to strangle me.", current_code="C4")
    assert (assessment.flagged, assessment.suggested_code) == (True, None)
    assert "safeguarding_adult" in assessment.advice


def test_it_says_who_did_what_to_whom() -> None:
    text = "My husband strangled me."
    (finding,) = [one for one in shipped().evaluate(text).findings if one.rule == "strangulation.throttled"]
    assert (finding.theme, finding.tie) == ("strangulation", "partner")
    assert finding.agent is not None
    assert finding.patient is not None
    assert text[finding.agent.start : finding.agent.end] == "My husband"
    assert text[finding.patient.start : finding.patient.end] == "me"


def test_abuse_is_flagged_and_other_calls_are_left_alone() -> None:
    missed = [call.call_id for call in MUST_FLAG if not judged(call).flagged]
    disturbed = [call.call_id for call in MUST_NOT if judged(call).flagged]
    assert min(len(MUST_FLAG), len(MUST_NOT)) >= 24
    assert len(missed) <= (1 - LEAST_RECALL) * len(MUST_FLAG), missed
    assert len(disturbed) <= (1 - LEAST_SPECIFICITY) * len(MUST_NOT), disturbed


@pytest.mark.parametrize("call", MUST_FLAG + MUST_NOT, ids=lambda call: call.call_id)
def test_plain_harm_by_someone_close_never_lowers_anything(call: Call) -> None:
    ladder, before = load_ladder("nhs-arp"), judged(call)
    said = list(call.utterances)
    if len(said) == 1:  # a note stays a note
        said = [Utterance(f"{said[0].text} {PLAIN_HARM}", said[0].speaker)]
    else:
        said.append(Utterance(PLAIN_HARM, "caller"))
    after = shipped().evaluate(Call("-", said, current_code="C4"))
    assert after.flagged
    assert set(before.policies) <= set(after.policies)
    assert set(before.advice) <= set(after.advice)
    assert after.suggested_code is not None
    assert before.suggested_code is None or not ladder.outranks(before.suggested_code, after.suggested_code)


@pytest.mark.parametrize("call", MUST_FLAG + MUST_NOT, ids=lambda call: call.call_id)
def test_offsets_cut_whole_words(call: Call) -> None:
    assessment = judged(call)
    spans = [(one.utterance, one.start, one.end) for one in assessment.findings if one.utterance == one.end_utterance]
    people = [who for one in assessment.findings for who in (one.agent, one.patient) if who is not None]
    spans += [(who.utterance, who.start, who.end) for who in people if None not in (who.utterance, who.start, who.end)]  # type: ignore[misc]
    for utterance, start, end in spans:
        text = call.utterances[utterance].text
        assert text[start:end] == text[start:end].strip() != ""
        assert not (start and text[start - 1].isalnum() and text[start].isalnum()), text[start:end]
        assert not (text[end : end + 1].isalnum() and text[end - 1].isalnum()), text[start:end]
    assert all(line.findings for line in (assessment.tally.lines if assessment.tally else ()))


def test_losing_the_speakers_of_a_plain_disclosure_changes_nothing() -> None:
    said = ["What's happened?", "My husband strangled me."]
    voices = (("call_taker", "caller"), ("unknown", "unknown"))
    told = [shipped().evaluate(Call("-", list(map(Utterance, said, pair)))) for pair in voices]  # type: ignore[arg-type]
    assert told[0].suggested_code == told[1].suggested_code == "C2"


def test_every_rule_finds_its_own_examples(ruleset: Ruleset) -> None:
    report = run_rule_tests(ruleset, evaluator=shipped())
    assert not report.failures


def test_it_can_be_read_aloud(ruleset: Ruleset) -> None:
    assert ruleset.status == "draft"
    assert ruleset.tally is not None
    assert max(len(ruleset.signs), len(ruleset.tally.lines)) <= 20
    assert all(ask.reason for ask in ruleset.asks)
    for line in ruleset.then:
        assert not line.suggest or "Code: draft, needs clinical review" in line.sources, line.id


def test_a_source_says_how_well_it_is_known(ruleset: Ruleset) -> None:
    sources = [source for part in (*ruleset.rules, *ruleset.asks) for source in part.sources]
    assert not [source for source in sources if not GRADED.search(source) and not EXPERT.search(source)]


def test_no_phrase_stands_twice_in_a_rule(ruleset: Ruleset) -> None:
    for rule in ruleset.rules:
        assert len(set(rule.phrases)) == len(rule.phrases), rule.id
        assert len(set(rule.unless)) == len(rule.unless), rule.id
