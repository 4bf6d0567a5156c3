from __future__ import annotations

import random
import shutil
import struct
from typing import TYPE_CHECKING

import pytest

from tests.record.conftest import CALLS
from triage_triggers.record import Anchor, DecisionLog, verify_log
from triage_triggers.record.wal import wal_damage

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers import Evaluator

FRAME = 24 + 4096


@pytest.fixture
def open_log(log: DecisionLog, path: Path, evaluator: Evaluator, tmp_path: Path) -> tuple[Path, Anchor]:
    """A copy of a log in use: its newest transactions are in the file beside it."""
    for call in CALLS * 3:
        log.attach(evaluator).evaluate(call)
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    shutil.copy(f"{path}-wal", f"{copy}-wal")
    return copy, log.anchor()


def wal(log: Path) -> Path:
    return log.with_name(f"{log.name}-wal")


def commits(content: bytes | bytearray) -> list[int]:
    """Return the ends of the transactions: where the frames begin that say how large the database then is."""
    starts = range(32, len(content), FRAME)
    return [start for start in starts if struct.unpack_from(">I", content, start + 4)[0]]


def test_a_log_in_use_is_whole(open_log: tuple[Path, Anchor]) -> None:
    assert wal_damage(open_log[0]) is None
    assert verify_log(*open_log).ok


def test_a_changed_byte_before_the_last_transaction_is_found_without_an_anchor(open_log: tuple[Path, Anchor]) -> None:
    log, anchor = open_log
    content = wal(log).read_bytes()
    chance = random.Random(5)  # noqa: S311  no secret
    for _ in range(40):
        wal(log).unlink(missing_ok=True)
        shm = log.with_name(f"{log.name}-shm")
        shm.unlink(missing_ok=True)
        offset = chance.randrange(commits(content)[-2])
        wal(log).write_bytes(
            content[:offset] + bytes((content[offset] ^ 1 << chance.randrange(8),)) + content[offset + 1 :]
        )
        assert not verify_log(log).ok, offset
        assert not verify_log(log, anchor).ok, offset


def test_a_changed_byte_in_the_last_transaction_is_found_with_the_anchor(open_log: tuple[Path, Anchor]) -> None:
    log, anchor = open_log
    content = bytearray(wal(log).read_bytes())
    content[commits(content)[-1] + 100] ^= 1
    wal(log).write_bytes(content)
    assert wal_damage(log) is None
    assert not verify_log(log, anchor).ok


def test_what_a_crash_leaves_is_no_damage(open_log: tuple[Path, Anchor]) -> None:
    log, _ = open_log
    content = wal(log).read_bytes()
    *_, before, last = commits(content)
    for size in (*range(before + FRAME, last + FRAME, 1000), before + FRAME + 10, 40, 32, 10, 0):
        wal(log).write_bytes(content[:size])
        assert wal_damage(log) is None, size


def test_frames_of_an_earlier_run_are_no_damage(log: DecisionLog, path: Path, evaluator: Evaluator) -> None:
    recorded = log.attach(evaluator)
    for call in CALLS * 3:
        recorded.evaluate(call)
    size = wal(path).stat().st_size
    with log._file._using() as connection:
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
    recorded.evaluate(CALLS[0])
    assert wal(path).stat().st_size == size
    assert wal_damage(path) is None
    assert log.verify(log.anchor()).ok


def test_a_log_that_is_closed_has_none(path: Path) -> None:
    DecisionLog.open(path).close()
    assert wal_damage(path) is None
