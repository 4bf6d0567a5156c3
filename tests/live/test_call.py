from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.strategies import calls
from triage_triggers import Call, CodeError, Evaluator, Utterance


def test_a_call_is_read_as_it_comes_in(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-7", current_code="C4")
    assert not live.assessment().flagged
    assert not live.add(Utterance("Did he hit you?", "call_taker", 1.0, 2.0)).flagged
    assessment = live.add(Utterance("Yes.", "caller", 3.0, 3.5)).assessment
    assert (assessment.call_id, assessment.suggested_code, assessment.first_flag) == ("C-7", "C3", (1, 3, 3.5))
    assert live.add(Utterance("He's got a knife.", "caller", 4.0, 5.0)).suggested_code == "C1"
    assert live.assessment().first_flag == (1, 3, 3.5)


def test_segments_are_joined_as_they_come_in(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-7")
    assert not live.add(Utterance("he hit", "caller")).assessment.findings
    assert live.add(Utterance("me", "caller")).flagged


def test_an_unknown_code_is_refused_when_the_call_is_opened(evaluator: Evaluator) -> None:
    with pytest.raises(CodeError):
        evaluator.open_call("C-7", current_code="C77")
    with pytest.raises(CodeError):
        evaluator.open_call("C-7", code_system="wales-2025")


def test_two_open_calls_know_nothing_of_each_other(evaluator: Evaluator) -> None:
    one, other = evaluator.open_call("C-1"), evaluator.open_call("C-2")
    one.add(Utterance("He hit me."))
    assert not other.assessment().findings
    assert other.call == Call("C-2", [])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls)
def test_live_equals_the_whole_call_after_every_utterance(evaluator: Evaluator, call: Call) -> None:
    live = evaluator.open_call(call.call_id, current_code="C4", code_system="nhs-arp")
    for number, utterance in enumerate(call.utterances, start=1):
        so_far = Call(call.call_id, call.utterances[:number], current_code="C4", code_system="nhs-arp")
        assert live.add(utterance).assessment == evaluator.evaluate(so_far)
        assert live.call == so_far
        assert live.assessment() == evaluator.evaluate(so_far)
