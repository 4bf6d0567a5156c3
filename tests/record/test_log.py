from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given, settings

from tests.record.conftest import CALLS
from tests.strategies import calls as conversations
from tests.strategies import conversation_rulesets
from triage_triggers import Call, Evaluator, LogBusyError, LogError, RecordError, Ruleset, Utterance, load_ladder
from triage_triggers.record import DecisionLog, TextMode, verify_log
from triage_triggers.record.storage import connect

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers import Assessment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def items(evaluator: Evaluator) -> list[tuple[Call, Assessment]]:
    return [(call, evaluator.evaluate(call)) for call in CALLS]


def test_a_record_says_all_that_was_decided_and_comes_back_as_it_was_given(
    path: Path, log: DecisionLog, evaluator: Evaluator
) -> None:
    call, assessment = items(evaluator)[0]
    before = datetime.now(UTC)
    record = log.append(call, assessment, ruleset=evaluator.ruleset, ladder=evaluator.ladder)
    assert before <= record.at <= datetime.now(UTC)
    assert record.call == call
    assert record.assessment == assessment.to_json()
    assert (record.sequence, record.call_id, record.text, record.erased) == (1, "C-1", "full", None)
    assert (record.ruleset.id, record.ruleset.version) == ("small", "1.0.0")
    assert (record.engine, record.lexicon, record.ladder) == (assessment.engine, assessment.lexicon, assessment.ladder)
    assert list(log.records()) == [record]
    assert log.record(record.decision_id) == log.record(str(record.decision_id)) == record
    with DecisionLog.open(path, read_only=True) as again:
        assert list(again.records()) == [record]


def test_any_text_and_id_come_back_code_point_by_code_point(log: DecisionLog, evaluator: Evaluator) -> None:
    records = log.append_many(items(evaluator), ruleset=evaluator.ruleset)
    assert [record.call for record in records] == list(CALLS)
    assert list(log.records()) == list(records)
    assert [record.call_id for record in log.records(CALLS[2].call_id)] == [CALLS[2].call_id]


@pytest.mark.parametrize("text", ["none", "masked"])
def test_what_was_said_is_kept_only_if_asked_for(
    path: Path, evaluator: Evaluator, text: TextMode, log: DecisionLog
) -> None:
    full = log.append_many(items(evaluator), ruleset=evaluator.ruleset)
    log.close()
    path.unlink()
    with DecisionLog.open(path, text=text) as opened:
        records = opened.append_many(items(evaluator), ruleset=evaluator.ruleset)
        assert list(opened.records()) == list(records)
    content = path.read_bytes()
    assert not any(word in content for word in (b"Mill Lane", b"stairs", b"north"))
    assert [record.input_digest for record in records] == [record.input_digest for record in full]
    if text == "none":
        assert all(record.call is None for record in records)
    else:
        assert records[0].call
        assert records[0].call.utterances[1] == Utterance("Xx’x xxx xx, X’x xx 00 Xxxx Xxxx.", "caller", 2.5, 4.0)
        assert records[0].call.current_code == "C4"


def test_the_default_is_to_keep_nothing_that_was_said(path: Path) -> None:
    with DecisionLog.open(path) as log:
        assert log.text == "none"
        assert repr(log) == f"<DecisionLog {str(path)!r}, text='none'>"


def test_each_entry_names_the_hash_of_the_one_before(log: DecisionLog, evaluator: Evaluator) -> None:
    log.append_many(items(evaluator), ruleset=evaluator.ruleset)
    for item in items(evaluator):
        log.append(*item, ruleset=evaluator.ruleset)
    records = list(log.records())
    assert all(second.previous == first.hash for first, second in pairwise(records))
    assert [record.sequence for record in records] == list(range(1, 7))
    assert len({record.decision_id for record in records}) == 6
    anchor = log.anchor()
    assert (anchor.sequence, anchor.hash) == (6, records[-1].hash)


def test_records_are_found_by_call_and_by_time_through_more_than_a_page(log: DecisionLog, evaluator: Evaluator) -> None:
    many = items(evaluator) * 150
    for hours in range(3):
        log.append_many(many, ruleset=evaluator.ruleset, at=NOON + timedelta(hours=hours))
    assert len(list(log.records())) == 1350
    assert len(list(log.records("C-2"))) == 450
    one = timedelta(hours=1)
    assert {record.at for record in log.records(since=NOON + one, until=NOON + 2 * one)} == {NOON + one}
    in_india = (NOON + one).astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert len(list(log.records("C-1", since=in_india))) == 300
    assert list(log.records("nobody")) == []
    assert log.record(uuid4()) is None


def test_a_reader_holds_up_no_writer_and_goes_on_reading(log: DecisionLog, path: Path, evaluator: Evaluator) -> None:
    log.append_many(items(evaluator) * 100, ruleset=evaluator.ruleset)
    with DecisionLog.open(path, read_only=True) as reader:
        reading = reader.records()
        next(reading)
        log.append_many(items(evaluator) * 100, ruleset=evaluator.ruleset)
        assert sum(1 for _ in reading) == 599


def test_the_ruleset_and_the_ladder_are_stored_once_and_built_again(
    log: DecisionLog, path: Path, evaluator: Evaluator
) -> None:
    for _ in range(3):
        log.append_many(items(evaluator), ruleset=evaluator.ruleset, ladder=evaluator.ladder)
    record = next(log.records())
    assert log.ruleset(record) == log.ruleset(record.ruleset.digest) == evaluator.ruleset
    ladder = log.ladder(record)
    assert ladder is not None
    assert (ladder.file, ladder.table) == (evaluator.ladder.file, evaluator.ladder.table)
    connection = connect(path, create=False, timeout=1)
    assert connection.execute("SELECT count(*) FROM contents").fetchone() == (2,)
    connection.close()
    assert log.ladder(log.append(*items(evaluator)[0], ruleset=evaluator.ruleset)) is None
    for found in (log.ruleset, log.ladder):
        with pytest.raises(LogError, match="holds no"):
            found("sha256:00")


@settings(max_examples=20, deadline=None)
@given(ruleset=conversation_rulesets(), call=conversations)
def test_a_call_evaluated_again_under_the_stored_ruleset_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, ruleset: Ruleset, call: Call
) -> None:
    evaluator = Evaluator(ruleset)
    with DecisionLog.open(tmp_path_factory.mktemp("log") / "log.db", text="full") as log:
        log.attach(evaluator).evaluate(call)
        (record,) = log.records()
        again = Evaluator(log.ruleset(record), ladder=log.ladder(record))
        assert record.call is not None
        assert again.evaluate(record.call).to_json() == record.assessment


def test_a_service_s_own_determinants_come_back_with_the_ladder(
    log: DecisionLog, ruleset: Ruleset, tmp_path: Path
) -> None:
    table = tmp_path / "ours.yaml"
    table.write_text(
        "format: 1\nid: ours\nversion: 1.0.0\ntitle: Ours\ncode_system: nhs-arp\n"
        "sources: [{id: s, grade: I, title: Made up, supports: All}]\ndeterminants: {99-X-9: C4}\n"
    )
    evaluator = Evaluator(ruleset, ladder=load_ladder(table))
    log.attach(evaluator).evaluate("He hit me.", current_code="99-X-9")
    (record,) = log.records()
    again = Evaluator(log.ruleset(record), ladder=log.ladder(record))
    assert record.call
    assert again.evaluate(record.call).to_json() == record.assessment


def test_nothing_to_record_is_no_error(log: DecisionLog, evaluator: Evaluator) -> None:
    assert log.append_many([], ruleset=evaluator.ruleset) == ()


def test_what_can_not_be_true_is_not_recorded(log: DecisionLog, evaluator: Evaluator, ruleset: Ruleset) -> None:
    (call, assessment), (other, _), _ = items(evaluator)
    with pytest.raises(RecordError, match="another call"):
        log.append(other, assessment, ruleset=ruleset)
    with pytest.raises(RecordError, match="time zone"):
        log.append(call, assessment, ruleset=ruleset, at=datetime(2026, 11, 24))  # noqa: DTZ001
    with pytest.raises(RecordError, match="was changed after it was loaded"):
        log.append(call, assessment, ruleset=ruleset.model_copy(update={"digest": "sha256:00"}))
    under_another = evaluator.evaluate(call)
    object.__setattr__(under_another, "ruleset", under_another.ruleset._replace(digest="sha256:00"))
    with pytest.raises(RecordError, match="was made under small"):
        log.append(call, under_another, ruleset=ruleset)
    for metadata in ({"a": object()}, {"a": float("nan")}, {"a": 1, 2: "b"}):
        odd = Call("C-1", call.utterances, current_code="C4", metadata=metadata)  # type: ignore[arg-type]
        with pytest.raises(RecordError, match="plain JSON"):
            log.append(odd, assessment, ruleset=ruleset)
    with pytest.raises(RecordError, match="must be a UUID"):
        log.record("C-1")
    with pytest.raises(RecordError, match="none, masked, full"):
        DecisionLog.open(log.path, text="some")  # type: ignore[arg-type]
    assert list(log.records()) == []


def test_a_batch_is_recorded_whole_or_not_at_all(log: DecisionLog, evaluator: Evaluator) -> None:
    good = items(evaluator)
    with pytest.raises(RecordError):
        log.append_many([*good, (good[0][0], good[1][1])], ruleset=evaluator.ruleset)
    assert list(log.records()) == []


def test_threads_share_a_log(log: DecisionLog, evaluator: Evaluator) -> None:
    recorded = log.attach(evaluator)

    def write(number: int) -> None:
        for call in range(5):
            recorded.evaluate(Call(f"T-{number}-{call}", [Utterance("He hit me.")]))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({record.call_id for record in log.records()}) == 20
    assert log.verify().ok


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_writes_through_a_connection_of_its_own(log: DecisionLog, evaluator: Evaluator) -> None:
    recorded = log.attach(evaluator)
    recorded.evaluate("I fell.")
    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        try:
            recorded.evaluate("He hit me.")
            log.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    recorded.evaluate("He's got a knife.")
    assert len(list(log.records())) == 3
    assert log.verify().ok


def test_a_log_locked_by_another_process_is_a_clear_error_and_can_be_tried_again(
    path: Path, evaluator: Evaluator
) -> None:
    with DecisionLog.open(path, timeout=0.05) as log:
        recorded = log.attach(evaluator)
        other = connect(path, create=False, timeout=0.05)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogBusyError, match="another process kept the decision log locked"):
            recorded.evaluate("He hit me.")
        other.execute("ROLLBACK")
        other.close()
        recorded.evaluate("He hit me.")
        assert len(list(log.records())) == 1


def test_a_full_disk_is_a_clear_error_and_nothing_is_half_recorded(
    path: Path, log: DecisionLog, evaluator: Evaluator
) -> None:
    log.append(*items(evaluator)[0], ruleset=evaluator.ruleset)
    with log._file.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    log._file._connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[union-attr]
    with pytest.raises(LogError, match=f"{path}: the disk is full"):
        log.append_many(items(evaluator) * 50, ruleset=evaluator.ruleset)
    log._file._connection.execute("PRAGMA max_page_count = 100000")  # type: ignore[union-attr]
    assert len(list(log.records())) == 1
    log.append(*items(evaluator)[1], ruleset=evaluator.ruleset)
    assert log.verify().ok


def test_a_closed_log_says_so(log: DecisionLog, evaluator: Evaluator) -> None:
    log.close()
    log.close()
    with pytest.raises(LogError, match="is closed"):
        log.append(*items(evaluator)[0], ruleset=evaluator.ruleset)


def test_a_log_opened_to_read_is_not_written(path: Path, log: DecisionLog, evaluator: Evaluator) -> None:
    with DecisionLog.open(path, read_only=True) as reader, pytest.raises(LogError, match="to read only"):
        reader.append(*items(evaluator)[0], ruleset=evaluator.ruleset)
    assert log.verify().ok


def test_a_copy_is_the_log_as_it_stood(log: DecisionLog, path: Path, evaluator: Evaluator) -> None:
    recorded = log.attach(evaluator)
    recorded.evaluate(CALLS[0])
    anchor = log.anchor()
    target = path.with_name("copy.db")
    log.copy(target)
    recorded.evaluate(CALLS[1])
    found = verify_log(target, anchor)
    assert found.ok
    assert found.anchor == anchor
    with DecisionLog.open(target, read_only=True) as copy:
        assert list(copy.records()) == list(log.records())[:1]
    with pytest.raises(LogError, match="a file of this name already"):
        log.copy(target)
    with pytest.raises(LogError, match="can't be opened"):
        log.copy(path.parent / "nowhere" / "copy.db")
    assert [file.name for file in path.parent.glob("*.unfinished")] == []


def test_reading_hands_out_nothing_that_was_changed(log: DecisionLog, path: Path, evaluator: Evaluator) -> None:
    log.append_many(items(evaluator), ruleset=evaluator.ruleset)
    other = connect(path, create=False, timeout=1)
    other.execute("UPDATE payloads SET assessment = replace(assessment, 'true', 'null') WHERE sequence = 1")
    with pytest.raises(LogError, match=r"entry 1 is not what was recorded; run 'triage-triggers log verify'"):
        list(log.records())
    other.execute("UPDATE entries SET entry = replace(entry, 'small', 'large') WHERE sequence = 2")
    with pytest.raises(LogError, match="entry 2"):
        list(log.records("C-2"))
    other.close()


def test_the_assessment_is_the_one_that_was_returned(log: DecisionLog, evaluator: Evaluator) -> None:
    assessment = log.attach(evaluator).evaluate(CALLS[0], current_code="C3")
    (record,) = log.records()
    assert record.assessment is not None
    assert json.loads(record.assessment) == assessment.to_dict()
    assert record.call
    assert record.call.current_code == "C3"
