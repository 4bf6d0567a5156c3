from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.strategies import calls, conversation_rulesets
from triage_triggers import Call, Evaluator, Ruleset, Utterance
from triage_triggers.replay.review import unfold

if TYPE_CHECKING:
    from triage_triggers.replay.case import Case

SAID = (
    Utterance("Hello?", "call_taker", 0, 1),
    Utterance("He hit me.", "caller", 2, 3),
    Utterance("Has he got a knife?", "call_taker", 4),
    Utterance("Yes.", "caller", 6, 7),
)


def test_each_change_is_a_step_with_its_time(evaluator: Evaluator) -> None:
    unfolding = unfold(evaluator, Call("C-1", SAID, current_code="C4"))
    steps = unfolding.steps
    assert [(step.utterance, step.time, step.assessment.suggested_code) for step in steps] == [
        (1, 3, "C3"),
        (3, 7, "C1"),
    ]
    assert (unfolding.flagged, unfolding.suggested) == steps


def test_where_nothing_is_found_there_are_no_steps(evaluator: Evaluator) -> None:
    unfolding = unfold(evaluator, Call("C-1", SAID[:1]))
    assert (unfolding.steps, unfolding.flagged, unfolding.suggested) == ((), None, None)
    assert (unfolding.to_dict()["first_flagged"], unfolding.to_dict()["first_suggested"]) == (None, None)


def test_each_ruleset_has_its_own_moment(evaluator: Evaluator, ruleset: Ruleset, case: Case) -> None:
    quiet = Evaluator(
        ruleset.model_copy(update={"signs": ruleset.signs[:1], "then": ruleset.then[:1], "version": "2.0.0"})
    )
    one, other = (unfold(each, case.entries[2].call) for each in (evaluator, quiet))
    assert one.to_dict() == {
        "ruleset": {"id": "small", "version": "1.0.0", "digest": ruleset.digest},
        "flagged": True,
        "suggested_code": "C1",
        "policies": ["violence-now", "armed-attack"],
        "first_flagged": {"utterance": 1, "time": 4.4},
        "first_suggested": {"utterance": 2, "time": 10},
    }
    assert other.to_dict()["first_suggested"] == {"utterance": 1, "time": 4.4}


def test_an_utterance_without_an_end_is_timed_by_its_start(evaluator: Evaluator) -> None:
    (step,) = unfold(evaluator, Call("C-1", [Utterance("He hit me.", "caller", 4)])).steps
    assert step.time == 4
    (step,) = unfold(evaluator, Call.from_text("He hit me.")).steps
    assert step.time is None


@given(calls)
def test_the_last_step_is_what_the_whole_call_gives(evaluator: Evaluator, call: Call) -> None:
    unfolding = unfold(evaluator, call)
    steps, whole = unfolding.steps, evaluator.evaluate(call)
    assert unfolding.assessment == whole
    last = steps[-1].assessment if steps else evaluator.evaluate(Call("C-1", ()))
    assert (last.flagged, last.suggested_code, last.policies) == (whole.flagged, whole.suggested_code, whole.policies)
    for number, step in enumerate(steps):
        so_far = evaluator.evaluate(Call(call.call_id, call.utterances[: step.utterance + 1]))
        assert step.assessment == so_far
        assert number == 0 or steps[number - 1].utterance < step.utterance


@settings(max_examples=40, deadline=None)
@given(calls, conversation_rulesets())
def test_each_step_is_what_was_said_by_then_under_any_gates(call: Call, ruleset: Ruleset) -> None:
    evaluator = Evaluator(ruleset)
    for step in unfold(evaluator, call).steps:
        so_far = Call(call.call_id, call.utterances[: step.utterance + 1])
        assert step.assessment == evaluator.evaluate(so_far)
