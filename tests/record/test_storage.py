from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.record.conftest import CALLS
from triage_triggers import LogError
from triage_triggers.record import DecisionLog, storage, verify_log
from triage_triggers.record.entries import digest
from triage_triggers.record.storage import connect, empty_schema, schema, speaking_plainly
from triage_triggers.replay.replaying import Replayer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers import Evaluator

_NOBODY = 65_534


@pytest.fixture
def medium(evaluator: Evaluator) -> Iterator[Path]:
    """A log that may be read, in a folder that may not be written."""
    folder = Path(tempfile.mkdtemp())
    with DecisionLog.open(folder / "log.db") as log:
        log.attach(evaluator).evaluate(CALLS[0])
    (folder / "log.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder / "log.db"
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_log_on_a_medium_that_may_only_be_read_is_read_and_verified(medium: Path) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        good = False
        try:
            if os.getuid() == 0:
                os.setuid(_NOBODY)
            with DecisionLog.open(medium, read_only=True) as log:
                good = verify_log(medium, log.anchor()).ok and len(list(log.records())) == 1
        finally:
            os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(medium.parent.iterdir()) == [medium]


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR])
@pytest.mark.parametrize("wal", [b"", b"what was written last"])
def test_what_stands_in_a_wal_is_never_passed_over(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int, wal: bytes
) -> None:
    DecisionLog.open(path).close()
    real = storage._version
    refused: list[sqlite3.OperationalError] = []

    def version(connection: sqlite3.Connection) -> int:
        if not refused:
            error = sqlite3.OperationalError("refused")
            error.sqlite_errorcode = code
            refused.append(error)
            raise error
        return real(connection)

    monkeypatch.setattr(storage, "_version", version)
    Path(f"{path}-wal").write_bytes(wal)
    if wal or code == sqlite3.SQLITE_IOERR:
        with pytest.raises(LogError):
            DecisionLog.open(path, read_only=True)
    else:
        with DecisionLog.open(path, read_only=True) as log:
            assert log.anchor().sequence == 0


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_IOERR, "an error in reading or writing"),
        (sqlite3.SQLITE_READONLY, "may not be written"),
        (sqlite3.SQLITE_CORRUPT, "run 'triage-triggers log verify' on it"),
        (sqlite3.SQLITE_INTERNAL, "SQLite refuses: whatever"),
    ],
)
def test_errors_name_the_file_and_say_what_to_do(path: Path, code: int, message: str) -> None:
    error = sqlite3.OperationalError("whatever")
    error.sqlite_errorcode = code
    with pytest.raises(LogError, match=f"{path}: .*{message}"), speaking_plainly(path):
        raise error


def test_a_file_is_set_up_once_and_waits_for_who_is_doing_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_PAUSE", 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            connect(path, create=True, timeout=0.02)
        other.execute("ROLLBACK")
    with closing(connect(path, create=True, timeout=1)) as connection:
        assert schema(connection) == empty_schema()
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        connect(path, create=True, timeout=1).close()


def test_a_log_that_was_set_up_but_never_begun_is_begun(path: Path) -> None:
    connect(path, create=True, timeout=1).close()
    assert not verify_log(path).ok
    with DecisionLog.open(path) as log:
        assert log.anchor().sequence == 0
        assert log.verify().ok


def test_a_log_that_version_0_1_0_wrote_is_read_and_written_on(path: Path, evaluator: Evaluator) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(Path(__file__).with_name("written_by_0_1_0.sql").read_text())
    with DecisionLog.open(path, text="full") as log:
        found = log.verify()
        assert (found.ok, found.decisions, found.erased) == (True, 4, 1)
        records = list(log.records())
        assert [record.call and record.call.call_id for record in records] == ["C-1", None, None, "C-1"]
        assert records[1].erased is not None
        assert records[1].erased.note == "request 1"
        with pytest.raises(LogError, match="use the one that the record names as its engine"):
            log.ruleset(records[0])  # policies decided then
        assert log.ladder(records[0]) is not None
        assert Replayer(log).replay(records[0]).status == "impossible"
        log.attach(evaluator).evaluate(CALLS[0])
        assert log.verify(found.anchor).ok


def test_a_ruleset_that_can_not_be_built_again_names_the_version_that_can(path: Path, evaluator: Evaluator) -> None:
    unknown = b'{"format": 9}'
    with DecisionLog.open(path) as log:
        log.attach(evaluator).evaluate(CALLS[0])
        (record,) = log.records()
    with closing(sqlite3.connect(path)) as connection:
        row = (digest(unknown).encode(), b"ruleset", b"sha256:9", unknown)
        connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?)", row)
        connection.commit()
    with (
        DecisionLog.open(path) as log,
        pytest.raises(LogError, match="use the one that the record names as its engine"),
    ):
        log.ruleset(replace(record, ruleset_content=digest(unknown)))


def test_a_changed_byte_in_the_newest_entries_is_found_with_an_anchor(
    log: DecisionLog, path: Path, evaluator: Evaluator, tmp_path: Path
) -> None:
    for call in CALLS * 3:
        log.attach(evaluator).evaluate(call)
    anchor = log.anchor()
    copy = tmp_path / "copy.db"
    content = path.with_name(f"{path.name}-wal").read_bytes()
    chance = random.Random(5)  # noqa: S311  no secret
    for offset in [None, *(chance.randrange(32, len(content)) for _ in range(40))]:
        for name in (f"{copy.name}-shm", f"{copy.name}-wal"):
            copy.with_name(name).unlink(missing_ok=True)
        shutil.copy(path, copy)
        changed = bytearray(content)
        if offset is not None:
            changed[offset] ^= 1 << chance.randrange(8)
        copy.with_name(f"{copy.name}-wal").write_bytes(changed)
        assert verify_log(copy, anchor).ok is (offset is None), offset
