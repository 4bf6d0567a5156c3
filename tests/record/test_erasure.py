from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.record.conftest import CALLS
from triage_triggers import Call, Evaluator, LogError, Utterance
from triage_triggers.record import DecisionLog
from triage_triggers.record.entries import ranges

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_erased_call_is_gone_from_every_file_and_the_log_verifies(
    log: DecisionLog, path: Path, evaluator: Evaluator
) -> None:
    recorded = log.attach(evaluator)
    for call in (*CALLS, Call("C-1", [Utterance("She lives in Mill Lane. " * 400)]), CALLS[1]):
        recorded.evaluate(call)
    before = log.anchor()
    first = next(log.records("C-1"))
    assert first.input_digest
    erasure = log.erase("C-1", note="request 17")
    assert erasure is not None
    assert (erasure.sequence, erasure.reason, erasure.note, erasure.records) == (6, "request", "request 17", 2)
    for file in path.parent.glob(f"{path.name}*"):
        content = file.read_bytes()
        assert b"Mill Lane" not in content
        assert b"C-1" not in content
        assert first.input_digest.encode() not in content
    found = log.verify([before, log.anchor()])
    assert found.ok
    assert (found.decisions, found.erased) == (5, 2)
    erased, *_ = log.records()
    assert (erased.call_id, erased.input_digest, erased.call, erased.assessment) == (None, None, None, None)
    assert erased.erased == erasure
    assert (erased.decision_id, erased.at, erased.ruleset, erased.hash) == (
        first.decision_id,
        first.at,
        first.ruleset,
        first.hash,
    )
    assert list(log.records("C-1")) == []
    assert [record.call_id for record in log.records() if not record.erased] == ["C-2", CALLS[2].call_id, "C-2"]


def test_there_is_nothing_to_erase_twice(log: DecisionLog, evaluator: Evaluator) -> None:
    log.attach(evaluator).evaluate(CALLS[0])
    assert log.erase("nobody") is None
    assert log.erase("C-1")
    anchor = log.anchor()
    assert log.erase("C-1") is None
    assert log.retain(before=datetime.now(UTC) + timedelta(days=1)) is None
    assert log.anchor() == anchor


def test_retention_ends_for_what_is_older(log: DecisionLog, evaluator: Evaluator) -> None:
    for days in range(4):
        items = [(call, evaluator.evaluate(call)) for call in CALLS]
        log.append_many(items, ruleset=evaluator.ruleset, at=NOON + timedelta(days=days))
    log.erase("C-2")
    erasure = log.retain(before=NOON + timedelta(days=2), note="two years", at=NOON + timedelta(days=9))
    assert erasure is not None
    assert (erasure.reason, erasure.records, erasure.at) == ("retention", 4, NOON + timedelta(days=9))
    assert log.verify().ok
    left = [record for record in log.records() if not record.erased]
    assert [(record.call_id, record.at.day) for record in left] == [
        (call.call_id, day) for day in (26, 27) for call in (CALLS[0], CALLS[2])
    ]
    log.attach(evaluator).evaluate(CALLS[0])
    assert log.verify().ok


def test_a_reader_that_keeps_an_older_state_is_named(log: DecisionLog, path: Path, evaluator: Evaluator) -> None:
    log.attach(evaluator).evaluate(CALLS[0])
    with DecisionLog.open(path, read_only=True) as other, DecisionLog.open(path, timeout=0.05) as eraser:
        with other._file.reading() as connection:
            connection.execute("SELECT count(*) FROM entries").fetchone()
            with pytest.raises(LogError, match="erased; but another process still reads"):
                eraser.erase("C-1")
        eraser._file.tidy()
    assert next(log.records()).erased
    assert b"Mill Lane" not in path.read_bytes()


@settings(deadline=None)
@given(st.sets(st.integers(0, 60)))
def test_ranges_hold_the_numbers_and_no_other(numbers: set[int]) -> None:
    found = ranges(sorted(numbers))
    assert {number for first, last in found for number in range(first, last + 1)} == numbers
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(st.sampled_from(["write", "erase C-1", "erase C-2", "retain"]), max_size=8))
def test_whatever_is_erased_in_whatever_order_the_log_verifies(
    tmp_path_factory: pytest.TempPathFactory, evaluator: Evaluator, steps: list[str]
) -> None:
    with DecisionLog.open(tmp_path_factory.mktemp("log") / "log.db", text="masked") as log:
        anchors = [log.anchor()]
        gone: set[str] = set()
        kept: list[str] = []
        for step in steps:
            if step == "write":
                for call in CALLS[:2]:
                    log.attach(evaluator).evaluate(call)
                    kept.append(call.call_id)
            elif step == "retain":
                log.retain(before=datetime.now(UTC) + timedelta(days=1))
                kept.clear()
            else:
                gone.add(step)
                log.erase(step[6:])
                kept = [call_id for call_id in kept if call_id != step[6:]]
            anchors.append(log.anchor())
        assert [record.call_id for record in log.records() if record.erased is None] == kept
        assert log.verify(anchors).ok
