from __future__ import annotations

import json
import pickle
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given

from tests.strategies import calls
from triage_triggers import Assessment, Call, Evaluator, Utterance, Why, __version__
from triage_triggers.assessment import words
from triage_triggers.folding import fold_phrase

CALL = Call(
    "C-1",
    [
        Utterance("Has he got a knife?", "call_taker", 0.0, 1.5),
        Utterance("Yes, a knife. He hit", "caller", 2.0, 3.0),
        Utterance("me.", "caller", 3.0, 3.5),
    ],
    current_code="C2",
)


def test_as_plain_data(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate(CALL)
    reference = assessment.ruleset
    assert assessment.to_dict() == {
        "call_id": "C-1",
        "ruleset": {"id": "small", "version": "1.0.0", "digest": reference.digest},
        "engine": __version__,
        "lexicon": assessment.lexicon,
        "ladder": assessment.ladder,
        "code_system": "nhs-arp",
        "current_code": "C2",
        "suggested_code": "C1",
        "escalates": True,
        "flagged": True,
        "advice": ["scene_safety"],
        "policies": ["violence-now", "armed-attack"],
        "first_flag": {"utterance": 2, "end": 2, "time": 3.5},
        "findings": [
            {
                "rule": "weapon.knife",
                "theme": "weapon",
                "utterance": 0,
                "start": 13,
                "end": 18,
                "polarity": "affirmed",
                "temporality": "current",
                "counts": True,
                "cue": {"kind": "answer_yes", "utterance": 1, "start": 0, "end": 3},
                "reason": "asked, and answered yes",
                "intent": "meant",
                "agent": None,
                "patient": None,
                "tie": None,
            },
            {
                "rule": "weapon.knife",
                "theme": "weapon",
                "utterance": 1,
                "start": 7,
                "end": 12,
                "polarity": "affirmed",
                "temporality": "current",
                "counts": True,
                "cue": None,
                "reason": "said plainly",
                "intent": "meant",
                "agent": None,
                "patient": None,
                "tie": None,
            },
            {
                "rule": "violence.hit",
                "theme": "violence",
                "utterance": 1,
                "start": 17,
                "end": 2,
                "end_utterance": 2,
                "polarity": "affirmed",
                "temporality": "current",
                "counts": True,
                "cue": None,
                "reason": "said plainly",
                "intent": "meant",
                "agent": None,
                "patient": None,
                "tie": None,
            },
        ],
        "cast": [],
        "tally": None,
    }


def test_attributes_are_the_keys(evaluator: Evaluator) -> None:
    assert list(evaluator.evaluate("x").to_dict()) == [field.name for field in fields(Assessment)]


def test_json_is_one_line_of_ascii(evaluator: Evaluator) -> None:
    call = Call("\u017b\u00f3\u0142\u0107\n\u2028\ud800", [Utterance("He hit me \U0001f600\n", end=1e300)])
    for line in (evaluator.evaluate(call).to_json(), evaluator.evaluate(call).to_json(call)):
        assert line.isascii()
        assert "\n" not in line
        assert json.loads(line)["call_id"] == call.call_id


def test_words_are_there_only_when_asked_for(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate(CALL)
    assert "text" not in json.dumps(assessment.to_dict())
    assert "knife" not in assessment.to_json().replace("weapon.knife", "")
    rows = assessment.to_dict(CALL)["findings"]
    assert [row["text"] for row in rows] == ["knife", "knife", "hit me"]
    assert rows[0]["cue"]["text"] == "Yes"


def test_words_of_a_span_over_several_segments() -> None:
    call = Call("C-1", [Utterance("and he"), Utterance("really"), Utterance("hit me now")])
    assert words(call, 0, 4, 2, 6) == "he really hit me"
    assert words(call, 1, 2, 1, 4) == "al"


def test_an_assessment_is_frozen_hashable_and_can_be_sent(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate(CALL)
    with pytest.raises(FrozenInstanceError):
        assessment.flagged = False  # type: ignore[misc]
    assert hash(assessment) == hash(evaluator.evaluate(CALL))
    assert pickle.loads(pickle.dumps(assessment)) == assessment  # noqa: S301  our own


@given(calls)
def test_the_words_are_those_of_the_rule(evaluator: Evaluator, call: Call) -> None:
    heard = {
        "violence.hit": {"hit me", "hits me", "hit you"},
        "weapon.knife": {"knife"},
        "weapon.gun": {"got a gun"},
        "fear.scared": {"scared"},
    }
    for row in evaluator.evaluate(call).to_dict(call)["findings"]:
        assert fold_phrase(row["text"]) in heard[row["rule"]]


def test_why_a_finding_counts_is_for_programs_and_not_in_the_json(evaluator: Evaluator) -> None:
    negated, counted = evaluator.evaluate("I haven't got a knife. He hit me.").findings
    assert (negated.why, negated.reason) == (Why.NOT_SO, Why.NOT_SO.in_words)
    assert counted.why is Why.PLAIN
    assert "why" not in counted.to_dict()
    assert pickle.loads(pickle.dumps(negated)).why is Why.NOT_SO  # noqa: S301  our own bytes
