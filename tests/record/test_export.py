from __future__ import annotations

import builtins
import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from tests.record.conftest import CALLS
from triage_triggers import MissingExtraError
from triage_triggers.calls.json_lines import call_from_json
from triage_triggers.record.export import json_lines, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers import Evaluator
    from triage_triggers.record import DecisionLog


@pytest.fixture
def written(log: DecisionLog, evaluator: Evaluator) -> DecisionLog:
    recorded = log.attach(evaluator)
    for call in CALLS:
        recorded.evaluate(call)
    log.erase("C-2")
    return log


def test_json_lines_hold_the_records(written: DecisionLog) -> None:
    lines = list(json_lines(written.records()))
    assert all(line.isascii() for line in lines)
    rows = [json.loads(line) for line in lines]
    for row, record in zip(rows, written.records(), strict=True):
        assert (row["decision_id"], row["hash"], row["previous"]) == (
            str(record.decision_id),
            record.hash,
            record.previous,
        )
        if record.assessment is None:
            assert (row["call_id"], row["call"], row["assessment"]) == (None, None, None)
            assert row["erased"]["reason"] == "request"
        else:
            assert json.dumps(row["assessment"]) == record.assessment
            if record.call_id == "C-1":  # JSON can't tell the two surrogates of the other one from a single character
                assert call_from_json(json.dumps(row["call"]), "?") == CALLS[0]
            assert row["erased"] is None


def test_parquet_holds_the_records(written: DecisionLog, tmp_path: Path) -> None:
    file = tmp_path / "decisions.parquet"
    file.write_text("an older export")
    assert write_parquet(written.records(), file) == 3
    rows = pq.read_table(file).to_pylist()
    for row, record in zip(rows, written.records(), strict=True):
        assert (row["sequence"], row["at"], row["hash"]) == (record.sequence, record.at, record.hash)
        assert row["assessment"] == record.assessment
        assert row["ruleset_digest"] == record.ruleset.digest
    assert [row["suggested_code"] for row in rows] == ["C3", None, "C2"]
    assert [row["flagged"] for row in rows] == [True, None, True]
    assert [row["erased"] for row in rows] == [None, "request", None]
    assert rows[2]["call_id"].startswith("C-3 ")
    assert list(tmp_path.glob("*.unfinished")) == []


def test_parquet_comes_in_groups(
    log: DecisionLog, evaluator: Evaluator, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [(CALLS[1], evaluator.evaluate(CALLS[1]))] * 11
    log.append_many(items, ruleset=evaluator.ruleset)
    monkeypatch.setattr("triage_triggers.record.export._ROW_GROUP", 5)
    file = path.with_name("decisions.parquet")
    assert write_parquet(log.records(), file) == 11
    assert pq.ParquetFile(file).num_row_groups == 3


def test_an_export_that_fails_leaves_the_older_one(written: DecisionLog, tmp_path: Path) -> None:
    file = tmp_path / "decisions.parquet"
    file.write_text("an older export")
    records = written.records()
    written.close()
    with pytest.raises(OSError, match="closed"):
        write_parquet(records, file)
    assert file.read_text() == "an older export"
    assert list(tmp_path.glob("*.unfinished")) == []


def test_parquet_needs_its_extra(written: DecisionLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pyarrow(name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  the builtin's signature
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pyarrow)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[arrow\]"):
        write_parquet(written.records(), tmp_path / "decisions.parquet")
