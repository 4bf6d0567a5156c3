"""What an open call refuses, in plain words: use by two threads, after its end, with what is no utterance."""

from __future__ import annotations

import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers import CallError, DecisionLog, EvaluatorHolder, SnapshotError, Utterance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from triage_triggers import Evaluator, LiveCall

HIT = Utterance("He hit me.", "caller")


@pytest.fixture
def live(evaluator: Evaluator) -> LiveCall:
    return evaluator.open_call("C-1", current_code="C4")


@pytest.mark.parametrize("what", ["He hit me.", None, {"text": "He hit me."}])
def test_what_is_no_utterance_is_refused(live: LiveCall, what: Any) -> None:  # noqa: ANN401
    with pytest.raises(CallError, match="must be an Utterance"):
        live.add(what)
    assert live.utterance_ids == ()


def test_nothing_can_be_added_after_the_end(live: LiveCall) -> None:
    live.add(HIT)
    assert live.close() == live.assessment() == live.close()
    changes: list[Callable[[], object]] = [
        lambda: live.add(HIT),
        lambda: live.revise(0, "x"),
        lambda: live.set_code("C3"),
        lambda: live.move_to(live.evaluator),
    ]
    for change in changes:
        with pytest.raises(CallError, match="is closed"):
            change()


def test_a_call_in_use_by_another_thread_says_so(live: LiveCall) -> None:
    with live._lock, ThreadPoolExecutor(1) as pool:
        methods: list[Callable[[], object]] = [lambda: live.add(HIT), live.assessment, live.snapshot, live.close]
        for method in methods:
            with pytest.raises(CallError, match="another thread"):
                pool.submit(method).result()
    live.add(HIT)


def test_a_call_says_why_it_can_not_be_pickled(live: LiveCall, evaluator: Evaluator, tmp_path: Path) -> None:
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"hand on its snapshot\(\)"):
            copied(live)
    with DecisionLog.open(tmp_path / "log.db") as log, pytest.raises(TypeError, match="attach the log"):
        pickle.dumps(log.attach(evaluator))


def test_what_people_answer_is_kept_and_changes_nothing(live: LiveCall, evaluator: Evaluator) -> None:
    with pytest.raises(CallError, match="no such suggestion: 0 made"):
        live.respond("accepted")
    live.add(HIT)
    before = live.assessment()
    update = live.respond("dismissed", reason="crew on scene")
    assert [event.kind for event in update.events] == ["responded"]
    assert update.assessment == live.assessment() == before
    live.set_code("C3")
    live.respond("unsure", suggestion=0)
    assert [(one.code, one.answer, one.reason) for one in live.responses] == [
        ("C3", "dismissed", "crew on scene"),
        ("C3", "unsure", ""),
    ]
    snapshot = json.loads(json.dumps(live.snapshot()))
    assert evaluator.resume(snapshot).responses == live.responses
    snapshot["responses"][0]["answer"] = "maybe"
    with pytest.raises(SnapshotError, match="'responses'"):
        evaluator.resume(snapshot)
    del snapshot["responses"]
    assert evaluator.resume(snapshot).responses == ()
    answers: list[Any] = ["yes", None]
    for answer in answers:
        with pytest.raises(CallError, match="must be one of"):
            live.respond(answer)
    wrongs: list[dict[str, Any]] = [
        {"suggestion": 1},
        {"suggestion": -1},
        {"suggestion": True},
        {"reason": 7},
        {"reason": "x" * 1001},
    ]
    for wrong in wrongs:
        with pytest.raises(CallError):
            live.respond("accepted", **wrong)


def test_answers_are_logged_with_what_was_shown_and_erased_with_the_call(evaluator: Evaluator, tmp_path: Path) -> None:
    with DecisionLog.open(tmp_path / "log.db") as log:
        recorder = log.attach(evaluator)
        live = recorder.open_call("C-1", current_code="C4")
        live.add(HIT)
        live.respond("accepted", reason="Ange agreed")
        (*_, shown) = log.records("C-1")
        (answered,) = log.responses("C-1")
        assert (answered.decision_id, answered.response) == (shown.decision_id, live.responses[0])
        assert (list(log.responses("C-2")), len(list(log.records()))) == ([], 2)
        found = log.verify()
        assert (found.ok, found.decisions) == (True, 2)
        log.erase("C-1")
        assert list(log.responses()) == []
        found = log.verify()
        assert (found.ok, found.decisions, found.erased) == (True, 2, 2)
    assert all(b"Ange" not in file.read_bytes() for file in tmp_path.iterdir())


def test_an_answer_that_can_not_be_logged_is_not_kept(evaluator: Evaluator, tmp_path: Path) -> None:
    told: list[object] = []
    log = DecisionLog.open(tmp_path / "log.db")
    live = log.attach(evaluator).open_call("C-1", current_code="C4")
    other = log.attach(evaluator, on_failure=told.append).open_call("C-2", current_code="C4")
    live.add(HIT)
    other.add(HIT)
    log.close()
    with pytest.raises(OSError, match="closed"):
        live.respond("accepted")
    other.respond("accepted")
    assert (live.responses, len(other.responses), len(told)) == ((), 1, 1)


def test_two_open_calls_of_one_id_in_one_log_are_refused_and_a_resumed_one_takes_over(
    evaluator: Evaluator, tmp_path: Path
) -> None:
    with DecisionLog.open(tmp_path / "log.db") as log:
        recorder = log.attach(evaluator)
        live = recorder.open_call("C-1")
        with pytest.raises(CallError, match="open already in this log"):
            recorder.open_call("C-1")
        again = recorder.resume(live.snapshot())
        with pytest.raises(CallError, match="taken up elsewhere"):
            live.add(HIT)
        again.add(HIT)
        again.close()
        recorder.open_call("C-1").close()
        assert log.verify().ok


def test_a_holder_of_a_recorder_swaps_the_ruleset_and_keeps_the_log(evaluator: Evaluator, tmp_path: Path) -> None:
    with DecisionLog.open(tmp_path / "a.db") as one, DecisionLog.open(tmp_path / "b.db") as two:
        holder = EvaluatorHolder(one.attach(evaluator))
        live = holder.open_call("C-1")
        newer = evaluator.ruleset.model_copy(update={"version": "2.0.0"})
        holder.load(newer)
        assert holder.move(live) is not None
        assert [record.ruleset.version for record in one.records()] == ["1.0.0", "2.0.0"]
        holder.put(two.attach(holder.evaluator))  # both at once
        live.move_to(holder.evaluator)
        live.add(HIT)
        assert [record.ruleset.version for record in two.records()] == ["2.0.0", "2.0.0"]
        assert len(list(one.records())) == 2
