from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import calls
from triage_triggers import Assessment, Call, CodeError, Evaluator
from triage_triggers.archive.work import evaluate_many

if TYPE_CHECKING:
    from collections.abc import Iterator

BAD = Call.from_text("He hit me.", "C-bad", current_code="none of ours")


def outcomes(results: Iterator[Assessment]) -> list[Assessment | str]:
    """Everything an iterator gives, errors too."""
    found: list[Assessment | str] = []
    while True:
        try:
            found.append(next(results))
        except StopIteration:
            return found
        except CodeError as error:
            found.append(str(error))


@given(call=calls)
def test_a_call_is_the_same_in_another_process(call: Call) -> None:
    assert pickle.loads(pickle.dumps(call)) == call  # noqa: S301  our own bytes


@given(given_calls=st.lists(calls | st.just(BAD) | st.sampled_from(["He hit me.", ""]), max_size=5))
def test_results_and_errors_are_those_of_one_call_at_a_time(
    evaluator: Evaluator, given_calls: list[Call | str]
) -> None:
    one_by_one = outcomes(evaluator.evaluate_many(given_calls))
    assert outcomes(evaluate_many(evaluator, given_calls, workers=1)) == one_by_one


def test_several_processes_give_the_same_in_the_same_order(evaluator: Evaluator) -> None:
    many: list[Call | str] = [f"He hit me {'and then ' * (number % 50)}again." for number in range(400)]
    many[150] = many[151] = BAD
    found = outcomes(evaluator.evaluate_many(many, workers=2))
    assert found == outcomes(evaluator.evaluate_many(many))
    assert sum(isinstance(result, str) for result in found) == 2


@pytest.mark.parametrize("number", [0, 3, 100])
def test_where_the_calls_end_in_an_error_what_came_before_is_evaluated(evaluator: Evaluator, number: int) -> None:
    def broken() -> Iterator[str]:
        for _ in range(number):
            yield "He hit me."
        raise LookupError("the recorder is gone")

    results = evaluate_many(evaluator, broken(), workers=1)
    assert [next(results).flagged for _ in range(number)] == [True] * number
    with pytest.raises(LookupError, match="the recorder is gone"):
        next(results)
    assert list(results) == []


def test_there_is_at_least_one_worker(evaluator: Evaluator) -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more"):
        evaluator.evaluate_many([], workers=0)
