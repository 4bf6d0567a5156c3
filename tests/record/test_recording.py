from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.record.conftest import CALLS
from tests.told import BLOKE, teller
from triage_triggers import Call, CodeError, Evaluator, LogError, RecordError, Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.record import DecisionLog


def test_it_answers_as_the_evaluator_does(log: DecisionLog, evaluator: Evaluator) -> None:
    recorded = log.attach(evaluator)
    assert (recorded.ruleset, recorded.ladder) == (evaluator.ruleset, evaluator.ladder)
    for call in CALLS:
        assert recorded.evaluate(call) == evaluator.evaluate(call)
    assert recorded.evaluate(CALLS[0], current_code="cat 2") == evaluator.evaluate(CALLS[0], current_code="C2")
    assert recorded.evaluate("He hit me.", current_code="C4") == evaluator.evaluate("He hit me.", current_code="C4")
    assert recorded.explain(CALLS[0]) == evaluator.explain(CALLS[0])
    records = list(log.records())
    assert len(records) == 5
    for record in records:
        assert record.call is not None
        assert evaluator.evaluate(record.call).to_json() == record.assessment


def test_a_decision_comes_with_its_record(log: DecisionLog, evaluator: Evaluator) -> None:
    decided = log.attach(evaluator).decide("He hit me.", current_code="C4")
    assert decided.record is not None
    assert log.record(decided.record.decision_id) == decided.record
    assert decided.assessment.suggested_code == "C3"


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_many_are_recorded_before_they_are_returned_and_read_no_further_than_a_batch(
    log: DecisionLog, evaluator: Evaluator, batch: int
) -> None:
    taken: list[str] = []

    def source() -> Iterator[Call]:
        for number in range(5):
            taken.append(f"M-{number}")
            yield Call(taken[-1], [Utterance("He hit me.")])

    answers = log.attach(evaluator).evaluate_many(source(), batch=batch)
    assert taken == []
    first = next(answers)
    assert len(taken) == min(batch, 5)
    assert [record.call_id for record in log.records()] == taken
    assert [first.call_id, *(assessment.call_id for assessment in answers)] == taken
    assert len(list(log.records())) == 5


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_what_came_before_a_call_that_can_not_be_evaluated_is_recorded_and_returned(
    log: DecisionLog, evaluator: Evaluator, batch: int
) -> None:
    calls = [*CALLS, Call("C-9", (), current_code="C99"), *CALLS]
    answers = log.attach(evaluator).evaluate_many(calls, batch=batch)
    assert [next(answers).call_id for _ in CALLS] == [call.call_id for call in CALLS]
    with pytest.raises(CodeError):
        next(answers)
    assert len(list(log.records())) == len(CALLS)


def test_a_call_that_can_not_be_evaluated_is_not_recorded(log: DecisionLog, evaluator: Evaluator) -> None:
    with pytest.raises(CodeError):
        log.attach(evaluator).evaluate(CALLS[0], current_code="C99")
    assert list(log.records()) == []


def test_without_the_record_there_is_no_suggestion_unless_asked_for(log: DecisionLog, evaluator: Evaluator) -> None:
    log.close()
    with pytest.raises(LogError):
        log.attach(evaluator).evaluate("He hit me.")
    told: list[LogError | RecordError] = []
    recorded = log.attach(evaluator, on_failure=told.append)
    assert recorded.evaluate("He hit me.") == evaluator.evaluate("He hit me.")
    assert recorded.decide("He hit me.").record is None
    assert [type(error) for error in told] == [LogError, LogError]


def test_an_open_call_is_recorded_as_it_changes(log: DecisionLog, evaluator: Evaluator) -> None:
    live = log.attach(evaluator).open_call("C-7", current_code="C4")
    assert len(list(log.records())) == 1
    assert not live.add(Utterance("Did he hit you?", "call_taker", 1.0, 2.0)).flagged
    assert live.add(Utterance("Yes.", "caller", 3.0, 3.5), utterance_id="last").suggested_code == "C3"
    assert len(list(log.records())) == 3
    live.add(Utterance("Please come.", "caller", 4.0, 4.5))
    assert live.assessment().suggested_code == "C3"
    assert len(list(log.records())) == 3, "nothing that is shown has changed"
    assert live.set_code("cat 3").suggested_code is None
    assert live.revise("last", "No.", speaker="caller").events
    records = list(log.records("C-7"))
    assert len(records) == 5
    assert records[-1].call == live.call
    live.close()
    assert len(list(log.records())) == 5, "the last record holds all of the call"
    for record in log.records():
        assert record.call is not None
        assert evaluator.evaluate(record.call).to_json() == record.assessment
    assert log.verify().ok


def test_a_call_closed_is_recorded_to_its_last_word(log: DecisionLog, evaluator: Evaluator) -> None:
    live = log.attach(evaluator).open_call("C-7")
    live.add(Utterance("Goodbye.", "caller"))
    assert len(list(log.records())) == 1
    assert live.close() == live.assessment()
    live.close()
    (_, last) = log.records()
    assert last.call == live.call


def test_a_call_taken_up_by_another_process_goes_on_being_recorded(log: DecisionLog, evaluator: Evaluator) -> None:
    recorded = log.attach(evaluator)
    live = recorded.open_call("C-7", current_code="C4")
    live.add(Utterance("Did he hit you?", "call_taker"))
    again = recorded.resume(live.snapshot())
    assert again.add(Utterance("Yes.", "caller")).suggested_code == "C3"
    records = list(log.records("C-7"))
    assert len(records) == 4
    assert records[-1].call == again.call


def test_a_call_moved_to_another_ruleset_is_recorded_under_it(log: DecisionLog, evaluator: Evaluator) -> None:
    other = Evaluator(evaluator.ruleset.model_copy(update={"version": "2.0.0", "rules": evaluator.ruleset.rules[1:]}))
    recorded = log.attach(evaluator)
    live = recorded.open_call("C-7")
    live.add(Utterance("He hit me.", "caller"))
    assert not live.move_to(log.attach(other)).flagged
    assert live.move_to(evaluator).flagged
    records = list(log.records())
    assert [record.ruleset.version for record in records] == ["1.0.0", "1.0.0", "2.0.0", "1.0.0"]
    assert log.ruleset(records[2]) == other.ruleset


def test_an_update_that_could_not_be_recorded_is_tried_again_with_the_next(
    log: DecisionLog, evaluator: Evaluator
) -> None:
    told: list[object] = []
    live = log.attach(evaluator, on_failure=told.append).open_call("C-7")
    live.add(Utterance("Hello.", "caller"))
    assert told == []
    log.close()
    live.add(Utterance("He hit me.", "caller"))
    live.add(Utterance("Please come.", "caller"))
    live.assessment()
    live.close()
    assert len(told) == 4


def test_a_partial_result_that_waits_is_recorded_when_it_is_read(log: DecisionLog, evaluator: Evaluator) -> None:
    live = log.attach(evaluator).open_call("C-7", min_interval=60)
    assert live.add(Utterance("He hit", "caller"), utterance_id="last", final=False).waiting
    assert live.revise("last", "He hit me.", final=False).waiting
    assert len(list(log.records())) == 1
    update = live.flush()
    assert update is not None
    assert update.flagged
    (_, record) = log.records()
    assert record.call == live.call
    live.add(Utterance("Please", "caller"), final=False)
    live.close()
    assert [each.call for each in log.records()][-1] == live.call
    assert log.verify().ok


def test_who_did_what_is_kept_and_nobody_s_name(log: DecisionLog) -> None:
    assessment = log.attach(teller()).evaluate(BLOKE)
    *_, record = log.records()
    kept = json.loads(str(record.assessment))
    assert kept == assessment.to_dict()
    assert (kept["findings"][0]["tie"], kept["cast"][1]["ties"][0]["tie"]) == ("partner", "partner")
    assert "bloke" not in str(record.assessment)
