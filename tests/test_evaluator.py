from __future__ import annotations

import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import calls, conversation_rulesets, nhs_arp, sentences
from triage_triggers import (
    Assessment,
    Call,
    CallError,
    CodeError,
    Evaluator,
    Finding,
    Ruleset,
    RulesetError,
    RulesetNotFoundError,
    Utterance,
    Why,
    load_ladder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from triage_triggers.calls.call import Speaker


def turns(*said: tuple[Speaker, str], code: str | None = None) -> Call:
    """A call whose turns last a second each."""
    utterances = [Utterance(text, speaker, at, at + 1.0) for at, (speaker, text) in enumerate(said)]
    return Call("C-1", utterances, current_code=code)


def only(assessment: Assessment) -> Finding:
    (finding,) = assessment.findings
    return finding


# The assessment


def test_a_plain_disclosure(evaluator: Evaluator, ruleset: Ruleset) -> None:
    assessment = evaluator.evaluate("He had his hands round my throat.", current_code="C3")
    assert (assessment.call_id, assessment.code_system, assessment.current_code) == ("-", "nhs-arp", "C3")
    assert (assessment.suggested_code, assessment.escalates, assessment.flagged) == ("C2", True, True)
    assert assessment.advice == ("scene_safety", "police_request")
    assert assessment.policies == ("strangulation-now",)
    assert assessment.ruleset == (ruleset.id, ruleset.version, ruleset.digest)
    assert assessment.first_flag == (0, 32, None)
    finding = only(assessment)
    assert finding[:6] == ("violence.throat", "strangulation", 0, 11, 32, 0)
    assert finding[6:12] == ("affirmed", "current", True, None, "said plainly", Why.PLAIN)


def test_a_denial_is_kept_and_does_not_count(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate("He hasn't hit me.", current_code="C3")
    assert not assessment.flagged
    assert assessment.first_flag is None
    finding = only(assessment)
    assert (finding.polarity, finding.counts) == ("negated", False)
    assert finding.cue == ("negation", 0, 3, 9)


@pytest.mark.parametrize(
    ("current", "suggested", "escalates"),
    [(None, "C2", None), ("C4", "C2", True), ("C3", "C2", True), ("C2", None, False), ("C1", None, False)],
)
def test_never_less_urgent(evaluator: Evaluator, current: str | None, suggested: str | None, escalates: object) -> None:
    assessment = evaluator.evaluate("hands round my throat", current_code=current)
    assert (assessment.suggested_code, assessment.escalates) == (suggested, escalates)
    assert assessment.flagged


def test_nothing_found_suggests_nothing(evaluator: Evaluator) -> None:
    for call in ("", "I fell off a ladder.", Call("C-1", []), Call("C-1", [Utterance("")])):
        assessment = evaluator.evaluate(call, current_code="C3")
        assert (assessment.suggested_code, assessment.escalates, assessment.flagged) == (None, False, False)
        assert (assessment.findings, assessment.policies, assessment.advice) == ((), (), ())
        assert evaluator.evaluate(call).escalates is None


def test_without_signs_any_counted_finding_flags_and_no_code_is_suggested(ruleset: Ruleset) -> None:
    evaluator = Evaluator(ruleset.model_copy(update={"signs": (), "then": ()}))
    assessment = evaluator.evaluate("He hasn't hit me. He has a knife.", current_code="C4")
    assert (assessment.flagged, assessment.suggested_code, assessment.escalates) == (True, None, False)
    assert assessment.first_flag == (0, 32, None)
    assert not evaluator.evaluate("He hasn't hit me.").flagged


# Rules that listen only to some, or to all


def test_idioms_under_unless_are_set_aside(evaluator: Evaluator) -> None:
    finding = only(evaluator.evaluate("He said hit me up later."))
    assert not finding.counts
    assert finding.cue == ("idiom", 0, 8, 17)


def test_an_idiom_that_runs_on_is_shown_where_it_starts(evaluator: Evaluator) -> None:
    call = Call("C-1", [Utterance("He said hit me", "caller"), Utterance("up later", "caller")])
    finding = only(evaluator.evaluate(call))
    assert finding.cue == ("idiom", 0, 8, 14)


@pytest.mark.parametrize(
    ("speaker", "counts"), [("caller", True), ("unknown", True), ("call_taker", False), ("other", False)]
)
def test_a_rule_may_listen_to_some_speakers_only(evaluator: Evaluator, speaker: Speaker, *, counts: bool) -> None:
    finding = only(evaluator.evaluate(turns((speaker, "he's got a gun"))))
    assert finding.counts is counts
    assert ("the rule listens to caller only" in finding.reason) is not counts


def test_a_rule_that_is_never_set_aside_counts_however_it_was_said(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate("There's no pizza.")
    finding = only(assessment)
    assert (finding.polarity, finding.counts) == ("negated", True)
    assert finding.reason.endswith("counts all the same, for the rule is never set aside")
    assert assessment.advice == ("do_not_disclose",)
    assert only(evaluator.evaluate("A pizza please.")).reason == "said plainly"


# When a call was first flagged


def test_first_flag_is_the_end_of_the_evidence(evaluator: Evaluator) -> None:
    call = turns(("call_taker", "Ambulance."), ("caller", "Please. He hit me and left. He hit me."))
    assert evaluator.evaluate(call).first_flag == (1, 17, 2.0)


def test_a_confirmed_question_flags_at_the_answer(evaluator: Evaluator) -> None:
    call = turns(("caller", "Help."), ("call_taker", "Has he hit you?"), ("caller", "Well, yeah, he has."))
    assert evaluator.evaluate(call).first_flag == (2, 10, 3.0)


def test_a_sign_of_two_flags_at_the_second(ruleset: Ruleset) -> None:
    armed = tuple(sign for sign in ruleset.signs if sign.id == "armed-attack")
    evaluator = Evaluator(ruleset.model_copy(update={"signs": armed, "then": ()}))
    assert evaluator.evaluate(turns(("caller", "a knife"), ("caller", "um he hit me"))).first_flag == (1, 12, 2.0)


def test_without_an_end_the_start_is_the_time_and_without_times_none(evaluator: Evaluator) -> None:
    for start, end, seconds in ((4.0, 6.5, 6.5), (4.0, None, 4.0), (None, 6.5, 6.5), (None, None, None)):
        call = Call("C-1", [Utterance("He hit me.", "caller", start, end)])
        assert evaluator.evaluate(call).first_flag == (0, 9, seconds)


def test_a_finding_may_run_on_into_the_next_segment(evaluator: Evaluator) -> None:
    call = turns(("caller", "he hit"), ("caller", "me"), ("call_taker", "okay"))
    assessment = evaluator.evaluate(call)
    finding = only(assessment)
    assert (finding.utterance, finding.start, finding.end_utterance, finding.end) == (0, 3, 1, 2)
    assert assessment.first_flag == (1, 2, 2.0)
    assert not evaluator.evaluate(turns(("caller", "he hit"), ("call_taker", "me"))).findings


# Codes


@pytest.mark.parametrize("spelling", ["C3", "c3", " C 3 ", "Cat 3", "category-3"])
def test_codes_are_known_however_they_are_written(evaluator: Evaluator, spelling: str) -> None:
    assert evaluator.evaluate("x", current_code=spelling).current_code == "C3"


def test_the_argument_overrides_the_calls_own_code(evaluator: Evaluator) -> None:
    call = turns(("caller", "hands round my throat"), code="C3")
    assert evaluator.evaluate(call).escalates is True
    assert evaluator.evaluate(call, current_code="C1").escalates is False


def test_an_unknown_code_is_refused_with_near_ones(evaluator: Evaluator) -> None:
    with pytest.raises(CodeError, match=r"did you mean .*HCP2"):
        evaluator.evaluate("x", current_code="HCP22")
    with pytest.raises(CodeError, match="known: C1, C2, C3"):
        evaluator.evaluate(turns(("caller", "x"), code="Jane Doe, 4 Elm Row"))
    with pytest.raises(CodeError, match="known: C1") as refused:
        evaluator.explain("x", current_code="Jane Doe, 4 Elm Row")
    assert "Jane" not in str(refused.value)


def test_another_code_system_is_refused(evaluator: Evaluator) -> None:
    call = Call("C-1", [], code_system="scotland")
    for evaluate in (evaluator.evaluate, evaluator.explain):
        with pytest.raises(CodeError, match=r"'scotland'; .* 'nhs-arp'"):
            evaluate(call)
    with pytest.raises(CodeError, match="'scotland'"):
        evaluator.open_call("C-1", code_system="scotland")
    assert evaluator.evaluate(Call("C-1", [], code_system="nhs-arp")).current_code is None


def test_a_ladder_may_be_given_and_must_be_the_rulesets(ruleset: Ruleset) -> None:
    assert Evaluator(ruleset, ladder=load_ladder("nhs-arp")).ladder.id == "nhs-arp"
    with pytest.raises(RulesetError, match="scotland"):
        Evaluator(ruleset, ladder=load_ladder("scotland"))


def test_an_unknown_language_or_code_system_is_refused(ruleset: Ruleset) -> None:
    plain = {"rules": (ruleset.rules[5],), "signs": (), "then": ()}
    with pytest.raises(RulesetNotFoundError, match="no cue lexicon for the language 'cy'; known: en"):
        Evaluator(ruleset.model_copy(update={**plain, "language": "cy"}))
    with pytest.raises(RulesetNotFoundError, match=r"known: .*nhs-arp"):
        Evaluator(ruleset.model_copy(update={**plain, "code_system": "qqq"}))
    assert Evaluator(ruleset.model_copy(update={"language": "en-GB"})).evaluate("I'm scared.").findings


def test_a_fault_in_a_phrase_is_refused(ruleset: Ruleset) -> None:
    broken = ruleset.rules[0].model_copy(update={"phrases": ("hit (me",)})
    with pytest.raises(RulesetError, match=r"violence\.hit"):
        Evaluator(ruleset.model_copy(update={"rules": (broken,), "signs": (), "then": ()}))


# Many calls


def test_many_calls_are_evaluated_lazily_and_in_order(evaluator: Evaluator) -> None:
    taken = []

    def calls() -> Iterator[str | Call]:
        for number in range(1000):
            taken.append(number)
            yield Call(f"C-{number}", [Utterance("He hit me." if number % 2 else "I fell.")])

    many = evaluator.evaluate_many(calls())
    assert taken == []
    assert next(many).call_id == "C-0"
    assert taken == [0]
    assert [(assessment.call_id, assessment.flagged) for assessment in many][:3] == [
        ("C-1", True),
        ("C-2", False),
        ("C-3", True),
    ]


def test_threads_share_an_evaluator(evaluator: Evaluator) -> None:
    said = [
        "He hit me.",
        "He hasn't hit me, he's got a knife.",
        "Did he hit you? No.",
        "Scared \u017b\u00f3\u0142\u0107.",
    ]
    calls = [Call(f"C-{number}", [Utterance(said[number % 4] * (number % 9))]) for number in range(400)]
    expected = [evaluator.evaluate(call) for call in calls]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(evaluator.evaluate, calls)) == expected


def test_an_evaluator_can_be_sent_to_another_process(evaluator: Evaluator) -> None:
    copy = pickle.loads(pickle.dumps(evaluator))  # noqa: S301  our own
    assert copy.evaluate("He hit me.") == evaluator.evaluate("He hit me.")


def test_a_very_long_call_takes_seconds(evaluator: Evaluator) -> None:
    text = "I was sitting in the kitchen and then the door went and nobody was there. " * 140_000
    assert len(text) > 10_000_000
    began = time.perf_counter()
    assessment = evaluator.evaluate(f"{text}He hit me. {text[:1000]}")
    assert time.perf_counter() - began < 20
    assert assessment.first_flag == (0, len(text) + 9, None)


# Explanations


def test_an_explanation_holds_the_assessment_and_every_sign(evaluator: Evaluator) -> None:
    for call in ("He hit me.", "", "I fell.", turns(("call_taker", "Has he hit you?"), ("caller", "Yes."), code="C4")):
        explanation = evaluator.explain(call)
        assert explanation.assessment == evaluator.evaluate(call)
        assert [trace.id for trace in explanation.traces.signs] == [
            "violence-now",
            "strangulation-now",
            "armed-attack",
            "covert",
        ]
        held = tuple(trace.id for trace in explanation.traces.signs if trace.held)
        assert held == explanation.assessment.policies


def test_a_tally_names_the_findings_that_feed_it(ruleset: Ruleset) -> None:
    line = {"id": "fear", "find": ["fear"], "points": 2, "reason": "Fear."}
    written = ruleset.model_dump(by_alias=True, exclude={"digest"})
    written |= {"tally": {"look_again": 1, "flag": 2, "lines": [line]}}
    evaluator = Evaluator(Ruleset.model_validate(written))
    assessment = evaluator.evaluate("I'm not scared. I am scared.")
    assert (assessment.policies, assessment.first_flag) == (("tally",), (0, 27, None))
    assert assessment.to_dict()["tally"] == {
        "points": 2,
        "level": "flag",
        "lines": [{"kind": "fear", "points": 2, "findings": [1]}],
    }
    assert evaluator.reassess(Call.from_text("I'm not scared. I am scared."), assessment.findings) == assessment


def test_what_is_never_set_aside_is_known_once_it_is_said(evaluator: Evaluator) -> None:
    call = turns(("call_taker", "Did you order a pizza?"), ("caller", "He's here."))
    first_flag = evaluator.evaluate(call).first_flag
    assert first_flag is not None
    assert first_flag.utterance == 0


# What holds for any ruleset and any call


@given(conversation_rulesets(), calls)
def test_no_beginning_of_a_call_counts_more_than_the_whole(ruleset: Ruleset, call: Call) -> None:
    # An answer may still change how a question was meant, and "it's the telly" what was heard before.
    evaluator = Evaluator(ruleset, ladder=nhs_arp())
    whole = evaluator.evaluate(call)
    if whole.first_flag is not None:
        until = call.utterances[: whole.first_flag.utterance]
        told_later = any("telly" in turn.text for turn in call.utterances[len(until) :])
        assert (
            not evaluator.evaluate(Call("C-1", until)).flagged or told_later or any("?" in turn.text for turn in until)
        )


@given(conversation_rulesets(), calls, st.sampled_from(("C1", "C2", "C3", "C4", "HCP2", None)))
def test_a_suggestion_is_more_urgent_than_the_current_code(ruleset: Ruleset, call: Call, code: str | None) -> None:
    evaluator = Evaluator(ruleset, ladder=nhs_arp())
    assessment = evaluator.evaluate(call, current_code=code)
    if assessment.suggested_code is None:
        assert not assessment.escalates
    elif code is None:
        assert assessment.escalates is None
    else:
        assert assessment.escalates
        assert evaluator.ladder.more_urgent(assessment.suggested_code, code)
    assert assessment.flagged == (assessment.first_flag is not None)
    assert assessment.flagged or (not assessment.policies and assessment.suggested_code is None)


@given(conversation_rulesets(), calls, st.sampled_from(("caller", "unknown")))
def test_more_plain_harm_never_lowers_a_suggestion(ruleset: Ruleset, call: Call, speaker: Speaker) -> None:
    evaluator = Evaluator(ruleset, ladder=nhs_arp())
    # A line of the call-taker's between them, for harm said in one breath with "I don't think" is not plain.
    more = (Utterance("Okay.", "call_taker"), Utterance("He hit me with a knife.", speaker))
    before, after = evaluator.evaluate(call), evaluator.evaluate(Call("C-1", (*call.utterances, *more)))
    assert set(before.policies) <= set(after.policies)
    assert after.flagged >= before.flagged
    if before.suggested_code is not None:
        assert after.suggested_code is not None
        assert not evaluator.ladder.more_urgent(before.suggested_code, after.suggested_code)


@given(conversation_rulesets(), calls, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(ruleset: Ruleset, call: Call, random: Random) -> None:
    rules = list(ruleset.rules)
    random.shuffle(rules)
    one = Evaluator(ruleset, ladder=nhs_arp()).evaluate(call)
    other = Evaluator(ruleset.model_copy(update={"rules": tuple(rules)}), ladder=nhs_arp()).evaluate(call)
    assert set(one.findings) == set(other.findings)
    assert len(one.findings) == len(other.findings)
    for name in ("suggested_code", "flagged", "policies", "advice", "first_flag", "ruleset"):
        assert getattr(one, name) == getattr(other, name)


@given(sentences, st.data())
def test_a_text_reads_the_same_in_segments_of_one_speaker(evaluator: Evaluator, text: str, data: st.DataObject) -> None:
    spaces = [at for at, character in enumerate(text) if character == " "]
    cut = data.draw(st.sampled_from(spaces)) if spaces else len(text)
    whole = evaluator.evaluate(Call("C-1", [Utterance(text, "caller")]))
    parts = evaluator.evaluate(Call("C-1", [Utterance(text[:cut], "caller"), Utterance(text[cut + 1 :], "caller")]))
    assert [finding[6:9] for finding in whole.findings] == [finding[6:9] for finding in parts.findings]
    assert (whole.flagged, whole.suggested_code) == (parts.flagged, parts.suggested_code)
    for one, other in zip(whole.findings, parts.findings, strict=True):
        assert one.start == other.start + (cut + 1) * other.utterance
        assert one.end == other.end + (cut + 1) * other.end_utterance


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(Utterance, st.text(st.characters(categories=None)) | sentences)))
def test_no_text_is_lost_or_crashes(evaluator: Evaluator, utterances: list[Utterance]) -> None:
    assessment = evaluator.evaluate(Call("C-1", utterances))
    assert assessment.to_json(Call("C-1", utterances)).isascii()
    for finding in assessment.findings:
        assert 0 <= finding.start < len(utterances[finding.utterance].text)
        assert 0 < finding.end <= len(utterances[finding.end_utterance].text)
        if finding.cue:
            assert 0 <= finding.cue.start < finding.cue.end <= len(utterances[finding.cue.utterance].text)


@given(calls)
def test_findings_judged_again_as_they_are_give_the_same_assessment(evaluator: Evaluator, call: Call) -> None:
    assessment = evaluator.evaluate(call, current_code="C4")
    assert evaluator.reassess(call, assessment.findings, current_code="C4") == assessment
    assert evaluator.reassess(call, ()).findings == ()


@given(calls, st.data())
def test_findings_left_out_are_as_if_their_rules_were_not_there(
    ruleset: Ruleset, evaluator: Evaluator, call: Call, data: st.DataObject
) -> None:
    findings = evaluator.evaluate(call).findings
    rule = data.draw(st.sampled_from(sorted({finding.rule for finding in findings}) or [""]))
    kept = [finding for finding in findings if finding.rule != rule]
    without = Evaluator(ruleset.model_copy(update={"rules": tuple(part for part in ruleset.rules if part.id != rule)}))
    assert evaluator.reassess(call, kept) == without.evaluate(call)


def test_a_finding_of_another_place_is_refused(evaluator: Evaluator) -> None:
    call = Call.from_text("He hit me.", "C-1")
    (finding,) = evaluator.evaluate(call).findings
    with pytest.raises(CallError, match=r"the rule violence\.hit finds nothing at that place in call 'C-1'"):
        evaluator.reassess(call, [finding._replace(start=0)])
    with pytest.raises(CodeError):
        evaluator.reassess(call, [finding], current_code="K9")
