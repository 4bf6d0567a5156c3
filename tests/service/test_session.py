from __future__ import annotations

import json
from queue import Queue
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage_triggers import CallError, CodeError, Evaluator, EvaluatorHolder, RulesetNotFoundError, TriageTriggersError
from triage_triggers.service.session import Session, message_from_json

if TYPE_CHECKING:
    from pathlib import Path

HIT: dict[str, Any] = {"call_id": "C-1", "text": "He hit me.", "speaker": "caller", "end": 2.0}


@pytest.fixture
def session(evaluator: Evaluator) -> Session:
    return Session(EvaluatorHolder(evaluator), current_code="C4")


def events(session: Session, **message: Any) -> list[str]:
    return [row["event"] for row in session.handle(message)]


def test_calls_that_are_mixed_up_on_one_line(session: Session) -> None:
    assert events(session, type="open", call_id="C-2", current_code="C3") == ["opened"]
    assert events(session, **HIT) == ["opened", "finding_added", "flagged", "suggestion_raised", "heard"]
    assert events(session, call_id="C-2", text="Did he hit you?", speaker="call_taker") == ["finding_added", "heard"]
    *_, heard = session.handle({"call_id": "C-2", "text": "Yes."})
    assert (heard["flagged"], heard["suggested_code"], heard["current_code"]) == (True, None, "C3")
    assert session.open_calls == ("C-2", "C-1")
    assert events(session, type="close", call_id="C-2") == ["closed"]
    (closed,) = session.close_all("the input ended")
    assert (closed["call_id"], closed["reason"]) == ("C-1", "the input ended")
    assert closed["assessment"]["suggested_code"] == "C3"
    assert not list(session.close_all("again"))


def test_a_call_without_a_name(session: Session) -> None:
    *_, heard = session.handle({"text": "He hit me.", "call_id": ""})
    assert heard["call_id"] == "-"


def test_revisions_by_a_given_id_or_by_number(session: Session) -> None:
    list(session.handle({**HIT, "id": "s-1"}))
    list(session.handle({**HIT, "text": "he hit"}))
    assert events(session, type="revise", call_id="C-1", id=1, text="he hit me", end=3.0) == ["finding_added", "heard"]
    assert events(session, type="revise", call_id="C-1", id="s-1", text="") == ["finding_withdrawn", "heard"]
    *_, heard = session.handle({"type": "code", "call_id": "C-1", "current_code": "C3"})
    assert heard["current_code"] == "C3"


def test_a_call_moves_from_one_process_to_another(session: Session, evaluator: Evaluator) -> None:
    list(session.handle(HIT))
    (row,) = session.handle({"type": "snapshot", "call_id": "C-1"})
    other = Session(EvaluatorHolder(evaluator))
    (opened,) = other.handle({"type": "resume", "snapshot": json.loads(json.dumps(row["snapshot"]))})
    assert (opened["event"], opened["utterances"], opened["flagged"]) == ("opened", 1, True)
    with pytest.raises(CallError, match="open already"):
        list(other.handle({"type": "resume", "snapshot": row["snapshot"]}))


def test_a_ruleset_is_exchanged_and_a_bad_one_is_not(session: Session, tmp_path: Path) -> None:
    list(session.handle(HIT))
    assert events(session, type="move", call_id="C-1") == ["heard"]
    path = tmp_path / "plain.yaml"
    head = "format: 1\nid: plain\nversion: 1.0.0\ntitle: Plain\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
    path.write_text(f"{head}rules:\n  - {{id: plain.hit, theme: violence, phrases: [hit me]}}\n")
    (loaded,) = session.handle({"type": "ruleset", "ruleset": str(path)})
    assert loaded["ruleset"]["id"] == "plain"
    with pytest.raises(RulesetNotFoundError):
        list(session.handle({"type": "ruleset", "ruleset": str(tmp_path / "none.yaml")}))
    path.write_text("format: 7\n")
    with pytest.raises(TriageTriggersError):
        list(session.handle({"type": "ruleset", "ruleset": str(path)}))
    first, *_, heard = session.handle({"type": "move", "call_id": "C-1"})
    assert (first["event"], first["ruleset"]["id"], heard["flagged"]) == ("ruleset_moved", "plain", True)


def test_a_file_that_can_not_be_read_is_no_end(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("triage_triggers.service.holder.load_ruleset", refused)
    with pytest.raises(RulesetNotFoundError, match="can't be read: Permission denied"):
        list(session.handle({"type": "ruleset", "ruleset": "x.yaml"}))


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"type": "opne"}, "did you mean open"),
        ({"type": 7}, "must say what to do; known: close, code"),
        ({"call_id": "C-1"}, "must say what to do"),
        ({"text": 7}, "text must be a string, not int"),
        ({"text": "x", "call_id": 7}, "call_id must be a string, not int"),
        ({"text": "x", "speaker": "Mum"}, "a speaker must be one of"),
        ({"text": "x", "start": "3"}, "start must be a finite number"),
        ({"text": "x", "call_id": "new", "id": []}, "id must be a number or text"),
        ({"type": "open", "call_id": "there"}, "call 'there' is open already"),
        ({"type": "revise", "call_id": "there", "text": "x"}, "needs the 'id'"),
        ({"type": "revise", "call_id": "there", "text": "x", "id": True}, "needs the 'id'"),
        ({"type": "revise", "call_id": "there", "text": "x", "id": 5}, "no utterance with the id 5"),
        ({"type": "code", "call_id": "there"}, "needs 'current_code'"),
        ({"type": "close", "call_id": "gone"}, "no open call 'gone'"),
        ({"type": "resume"}, "needs the 'snapshot'"),
        ({"type": "ruleset"}, "needs 'ruleset'"),
        ({"type": "flush", "call_id": "gone"}, "no open call 'gone'"),
        ({"text": "x", "call_id": "there", "final": "no"}, "final must be true or false, not str"),
    ],
)
def test_what_can_not_be_followed_changes_nothing(session: Session, message: dict[str, Any], error: str) -> None:
    list(session.handle({"call_id": "there", "text": "He hit me."}))
    with pytest.raises(TriageTriggersError, match=error):
        list(session.handle(message))
    assert session.open_calls == ("there",)


def test_a_session_wakes_itself_when_a_partial_result_is_due(evaluator: Evaluator) -> None:
    now = [0.0]
    session = Session(EvaluatorHolder(evaluator), min_interval=0.5, clock=lambda: now[0])
    *_, heard = session.handle({**HIT, "final": False})
    assert (heard["waiting"], heard["flagged"]) == (True, False)
    assert not list(session.wake())
    assert session.due is not None
    now[0] = session.due
    assert [row["event"] for row in session.wake()] == ["finding_added", "flagged", "suggestion_raised", "heard"]
    assert session.due is None


def test_flush_and_close_evaluate_what_waits(evaluator: Evaluator) -> None:
    session = Session(EvaluatorHolder(evaluator), min_interval=60.0)
    list(session.handle({**HIT, "final": False}))
    *_, heard = session.handle({"type": "flush", "call_id": "C-1"})
    assert heard["flagged"]
    assert events(session, type="flush", call_id="C-1") == ["heard"]
    list(session.handle({"call_id": "C-2", "text": "He hit me.", "final": False}))
    (closed,) = session.handle({"type": "close", "call_id": "C-2"})
    assert closed["assessment"]["flagged"]


def test_a_code_that_is_none(session: Session) -> None:
    with pytest.raises(CodeError):
        list(session.handle({"text": "x", "call_id": "C-1", "current_code": "C77"}))
    assert not session.open_calls


_values: st.SearchStrategy[object] = st.sampled_from((None, True, 0, 7, 1.5, float("inf"), "x", "C3", "open", "revise"))
_kinds = st.sampled_from(("open", "segment", "revise", "code", "close", "snapshot", "resume", "move"))
_keys = st.sampled_from(("call_id", "text", "speaker", "start", "end", "id", "current_code", "snapshot"))
_messages = st.builds(lambda kind, rest: {**rest, "type": kind}, _kinds, st.dictionaries(_keys, _values, max_size=4))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_messages | st.just(HIT), max_size=8))
def test_any_message_is_answered_in_json_or_refused_in_plain_words(
    evaluator: Evaluator, messages: list[dict[str, Any]]
) -> None:
    session = Session(EvaluatorHolder(evaluator))
    for message in messages:
        try:
            rows = list(session.handle(message))
        except (TriageTriggersError, OverflowError):
            continue
        json.dumps(rows, allow_nan=False)
        assert rows


@pytest.mark.parametrize("line", ["{", "[1]", "7", "nul", "", "9" * 5000, "[" * 100_000])
def test_a_line_that_is_no_message(line: str) -> None:
    with pytest.raises(CallError):
        message_from_json(line)


def test_what_comes_late_for_a_closed_call_opens_no_new_one_unless_asked_for(session: Session) -> None:
    list(session.handle(HIT))
    list(session.handle({"type": "close", "call_id": "C-1"}))
    with pytest.raises(CallError, match="came late"):
        list(session.handle(HIT))
    assert session.open_calls == ()
    assert events(session, type="open", call_id="C-1") == ["opened"]
    assert events(session, **HIT)[-1] == "heard"


def test_closed_calls_are_remembered_up_to_a_limit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage_triggers.service.session.MOST_CLOSED", 2)
    for number in range(4):
        list(session.handle({**HIT, "call_id": f"C-{number}"}))
        list(session.handle({"type": "close", "call_id": f"C-{number}"}))
    assert events(session, **{**HIT, "call_id": "C-0"})[0] == "opened"
    with pytest.raises(CallError, match="came late"):
        list(session.handle({**HIT, "call_id": "C-3"}))


def test_an_answer_from_the_screen_changes_nothing(session: Session) -> None:
    *_, before = session.handle(HIT)
    responded, heard = session.handle({"type": "respond", "call_id": "C-1", "answer": "dismissed", "reason": "seen"})
    assert (responded["event"], responded["answer"], responded["code"]) == ("responded", "dismissed", "C3")
    assert {key: heard[key] for key in ("flagged", "suggested_code", "advice")} == {
        key: before[key] for key in ("flagged", "suggested_code", "advice")
    }
    for wrong in ({"answer": "no"}, {}, {"answer": "unsure", "suggestion": 7}, {"answer": "unsure", "reason": ["x"]}):
        with pytest.raises(CallError):
            list(session.handle({"type": "respond", "call_id": "C-1", **wrong}))


def test_a_ruleset_is_loaded_aside_and_stalls_nobody(
    evaluator: Evaluator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: Queue[dict[str, Any]] = Queue()
    go_on = Event()
    holder = EvaluatorHolder(evaluator)
    real = EvaluatorHolder.load

    def slow(self: EvaluatorHolder, name: str) -> Evaluator:
        go_on.wait(10)
        return real(self, name)

    monkeypatch.setattr(EvaluatorHolder, "load", slow)
    session = Session(holder, current_code="C4", tell=told.put)
    assert events(session, type="ruleset", ruleset="scotland-ambulance") == ["ruleset_loading"]
    assert events(session, **HIT)[-1] == "heard"
    assert events(session, type="ruleset", ruleset=str(tmp_path)) == ["ruleset_loading"]
    go_on.set()
    assert len(list(session.close_all("the input ended"))) == 1  # and waits for both
    rows = sorted((told.get_nowait() for _ in range(2)), key=lambda row: str(row["event"]))
    assert [row["event"] for row in rows] == ["error", "ruleset_loaded"]
    assert rows[0]["ruleset"] == str(tmp_path)


@pytest.mark.parametrize("line", ['{"text": "a", "text": "b"}', '{"text": "a", "x": {"y": 1, "y": 2}}'])
def test_a_key_that_stands_twice_is_refused(line: str) -> None:
    with pytest.raises(CallError, match="twice"):
        message_from_json(line)
