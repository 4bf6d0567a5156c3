"""Partial results may wait until they stand still; whatever needs an answer evaluates."""

from __future__ import annotations

import pytest

from triage_triggers import CallError, Evaluator, Utterance
from triage_triggers.live.call import LiveCall


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(evaluator: Evaluator, clock: Clock) -> LiveCall:
    return LiveCall(evaluator, "C-1", current_code="C4", min_interval=0.5, clock=clock)


def test_a_partial_result_waits_and_flush_evaluates_it(live: LiveCall, clock: Clock) -> None:
    update = live.add(Utterance("He", "caller"), final=False)
    assert (update.waiting, update.events, live.due) == (True, (), 0.5)
    clock.now = 0.3
    update = live.revise(0, "He hit me.", final=False)
    assert (update.waiting, update.flagged, live.due) == (True, False, 0.8)
    flushed = live.flush()
    assert flushed is not None
    assert (flushed.flagged, flushed.waiting, live.due) == (True, False, None)
    assert live.flush() is None


def test_what_is_flushed_is_told_of_the_utterance_that_waited(live: LiveCall) -> None:
    live.add(Utterance("He", "caller", 1.0, 2.0), utterance_id="earlier", final=False)
    live.add(Utterance("Hello.", "call_taker", 3.0, 4.0), utterance_id="later")
    live.revise("earlier", "He hit me.", final=False)
    flushed = live.flush()
    assert flushed is not None
    assert (flushed.utterance, flushed.time) == ("earlier", 2.0)


def test_final_words_are_evaluated_at_once(live: LiveCall) -> None:
    live.add(Utterance("He hit", "caller"), final=False)
    update = live.revise(0, "He hit me.")
    assert [event.kind for event in update.events] == ["finding_added", "flagged", "suggestion_raised"]
    assert live.due is None


@pytest.mark.parametrize("asked", ["assessment", "snapshot", "set_code"])
def test_whatever_needs_an_answer_evaluates(live: LiveCall, asked: str) -> None:
    live.add(Utterance("He hit me.", "caller"), final=False)
    getattr(live, asked)(*(["C4"] if asked == "set_code" else []))
    assert live.due is None
    assert live.assessment().flagged


def test_without_an_interval_nothing_waits(evaluator: Evaluator) -> None:
    update = evaluator.open_call("C-1").add(Utterance("He hit me.", "caller"), final=False)
    assert update.flagged
    assert not update.waiting
    assert "waiting" not in update.to_dict()


def test_a_resumed_call_waits_as_well(live: LiveCall, evaluator: Evaluator) -> None:
    live.add(Utterance("He", "caller"), final=False)
    resumed = evaluator.resume(live.snapshot(), min_interval=60.0)
    assert resumed.revise(0, "He hit me.", final=False).to_dict()["waiting"] is True
    assert resumed.assessment().flagged


@pytest.mark.parametrize("interval", [-1.0, float("nan")])
def test_an_interval_that_is_none(evaluator: Evaluator, interval: float) -> None:
    with pytest.raises(CallError, match="0 or more"):
        evaluator.open_call("C-1", min_interval=interval)
