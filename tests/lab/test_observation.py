from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import calls, conversation_rulesets
from triage_triggers import Call, CallError, Evaluator, Ruleset, Utterance
from triage_triggers.lab.observation import judge, observe


def test_the_share_and_the_time_until_the_flag(evaluator: Evaluator) -> None:
    call = Call("C-1", [Utterance("Hello now.", "caller", 0, 2), Utterance("He hit me once more", "caller", 3, 5)])
    observation = observe(evaluator, call)
    assert observation.share_until_flag == (10 + 9) / (10 + 19)
    assert observation.time_until_flag == 5


def test_a_call_that_is_not_flagged_has_neither(evaluator: Evaluator) -> None:
    observation = observe(evaluator, Call("C-1", []))
    assert (observation.share_until_flag, observation.time_until_flag, observation.outcome) == (None, None, None)


def test_what_was_missed_and_what_was_a_false_alarm(evaluator: Evaluator) -> None:
    for text, label, missed, false_alarm in [
        ("He hit me.", "positive", False, False),
        ("He hit me.", "negative", False, True),
        ("Hello.", "positive", True, False),
        ("Hello.", "negative", False, False),
        ("He hit me.", "ignored", False, False),
    ]:
        observation = observe(evaluator, Call.from_text(text), label)  # type: ignore[arg-type]
        assert (observation.is_missed, observation.is_false_alarm) == (missed, false_alarm)


def test_the_outcome_is_the_suggestion_or_else_the_current_code(evaluator: Evaluator) -> None:
    call = Call("C-1", [Utterance("He hit me.")])
    assert observe(evaluator, call, current_code="C4").outcome == "C3"
    assert observe(evaluator, call, current_code="C1").outcome == "C1"
    assert observe(evaluator, Call("C-1", call.utterances, current_code="C2"), current_code="C4").outcome == "C2"


def test_an_unknown_code_names_the_call(evaluator: Evaluator) -> None:
    with pytest.raises(CallError, match="call 'C-9': "):
        observe(evaluator, Call("C-9", [], current_code="C99"))


@given(conversation_rulesets(), calls, st.sampled_from(("C1", "C3", None)))
def test_it_is_what_the_evaluator_says_of_the_call(ruleset: Ruleset, call: Call, code: str | None) -> None:
    evaluator = Evaluator(ruleset)
    observation = observe(evaluator, call, current_code=code)
    assert observation.assessment == evaluator.evaluate(call, current_code=code)


@given(calls)
def test_judging_without_a_rule_is_what_a_ruleset_without_it_says(
    evaluator: Evaluator, without: dict[str, Evaluator], call: Call
) -> None:
    observation = observe(evaluator, call, current_code="C4")
    for rule, other in without.items():
        decision = judge(evaluator, observation, {rule})
        expected = other.evaluate(call, current_code="C4")
        assert decision.flagged is expected.flagged
        assert decision.suggested_code == expected.suggested_code
        assert decision.advice == expected.advice
        assert decision.policies == expected.policies


@pytest.fixture(scope="module")
def without(ruleset: Ruleset) -> dict[str, Evaluator]:
    """By rule, the evaluator of the ruleset without it."""
    return {
        rule.id: Evaluator(ruleset.model_copy(update={"rules": tuple(r for r in ruleset.rules if r.id != rule.id)}))
        for rule in ruleset.rules
    }
