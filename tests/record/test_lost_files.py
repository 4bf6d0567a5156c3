"""What is acknowledged is in the file that has the log's name; and that file is its owner's alone."""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.record.conftest import CALLS
from triage_triggers import LogBusyError, LogError, RecordError
from triage_triggers.privacy.private_file import naming, unfinished_file, write_private
from triage_triggers.record import DecisionLog, verify_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers import Evaluator


def _removed(path: Path) -> None:
    path.unlink()


def _moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def _replaced(path: Path) -> None:
    DecisionLog.open(path.with_name("other.db")).close()
    path.with_name("other.db").replace(path)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("what", [_removed, _moved, _replaced, _emptied])
def test_nothing_is_acknowledged_once_the_log_is_not_where_it_was(
    log: DecisionLog, evaluator: Evaluator, path: Path, what: Callable[[Path], None]
) -> None:
    recorder = log.attach(evaluator)
    recorder.evaluate(CALLS[0])
    what(path)
    for _ in range(2):
        with pytest.raises(LogError, match=r"decisions\.db"):
            recorder.evaluate(CALLS[0])
    with pytest.raises(LogError):
        log.erase("C-1")


@pytest.mark.parametrize("beside", ["-wal", "-shm"])
def test_a_log_that_loses_a_file_beside_it_says_so_keeps_what_it_acknowledged_and_goes_on(
    log: DecisionLog, evaluator: Evaluator, path: Path, beside: str
) -> None:
    recorder = log.attach(evaluator)
    for _ in range(5):
        recorder.evaluate(CALLS[0])
    anchor = log.anchor()
    Path(f"{path}{beside}").unlink()
    with pytest.raises(LogError, match=f"{beside}: the file is gone"):
        recorder.evaluate(CALLS[0])
    recorder.evaluate(CALLS[0])
    found = verify_log(path, anchor)
    assert (found.ok, found.decisions) == (True, 6)


def test_a_log_that_is_back_is_written_on(log: DecisionLog, evaluator: Evaluator, path: Path) -> None:
    recorder = log.attach(evaluator)
    _moved(path)
    with pytest.raises(LogError):
        recorder.evaluate(CALLS[0])
    path.with_name("elsewhere.db").rename(path)
    recorder.evaluate(CALLS[0])
    assert log.verify().decisions == 1


def test_a_log_and_what_is_made_of_it_can_be_read_by_their_owner_alone(
    log: DecisionLog, evaluator: Evaluator, tmp_path: Path
) -> None:
    log.attach(evaluator).evaluate(CALLS[0])
    log.copy(tmp_path / "copy.db")
    write_private(tmp_path / "page.html", "text")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert len(modes) == 5


def test_a_file_keeps_what_its_owner_allowed_others(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("old")
    page.chmod(0o640)
    write_private(page, "new")
    assert (page.read_text(), stat.S_IMODE(page.stat().st_mode)) == ("new", 0o640)


def test_no_planted_link_is_followed(log: DecisionLog, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    link = tmp_path / "link.db"
    link.symlink_to(victim)
    for read_only in (False, True):
        with pytest.raises(LogError, match="this is a link"):
            DecisionLog.open(link, read_only=read_only)
    with pytest.raises(LogError, match="already"):
        log.copy(link)
    write_private(link, "new")
    planted = tmp_path / "new.db"
    Path(f"{planted}-wal").symlink_to(victim)
    with pytest.raises(LogError):
        DecisionLog.open(planted)
    assert not victim.exists()
    assert not link.is_symlink()


def test_a_file_that_could_not_be_finished_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with pytest.raises(OSError, match=r"out\.jsonl"), unfinished_file(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(ValueError, match="other"), naming(target):
        raise ValueError("other")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("room", [0, 4096, 20_000])
def test_a_log_that_finds_no_room_leaves_no_file(path: Path, room: int) -> None:
    import resource  # noqa: PLC0415  not everywhere
    import signal  # noqa: PLC0415

    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        good = False
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            try:
                DecisionLog.open(path)
            except LogError as error:
                good = str(path) in str(error)
        finally:
            os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(path.parent.iterdir()) == []


def test_the_wait_for_other_threads_ends_with_the_one_deadline(path: Path, evaluator: Evaluator) -> None:
    with DecisionLog.open(path, timeout=0.2) as log:
        recorder, holding, done = log.attach(evaluator), threading.Event(), threading.Event()

        def hold() -> None:
            with log._file.writing():
                holding.set()
                done.wait(5)

        thread = threading.Thread(target=hold)
        thread.start()
        holding.wait(5)
        began = time.monotonic()
        with pytest.raises(LogBusyError):
            recorder.evaluate(CALLS[0])
        assert time.monotonic() - began < 2
        done.set()
        thread.join()
        recorder.evaluate(CALLS[0])
        assert log.verify().decisions == 1


def test_a_burst_is_written_together_and_each_gets_its_own_answer(path: Path, evaluator: Evaluator) -> None:
    with DecisionLog.open(path) as log:
        recorder, wrong = log.attach(evaluator), []

        def decide(number: int) -> None:
            for turn in range(20):
                record = recorder.decide(CALLS[turn % len(CALLS)]).record
                if record is None or record.call_id != CALLS[turn % len(CALLS)].call_id:
                    wrong.append(number)

        threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = log.verify()
        assert (wrong, found.ok, found.decisions, found.notes) == ([], True, 160, ())


def test_one_of_a_burst_that_can_not_be_written_spoils_no_other(path: Path) -> None:
    with DecisionLog.open(path) as log:
        ready = threading.Barrier(3)
        answers: list[object] = []

        def write(bad: bool) -> None:  # noqa: FBT001
            def add(_: object) -> int:
                if bad:
                    raise RecordError("bad")
                return 1

            ready.wait()
            try:
                answers.append(log._file.write(add))
            except RecordError as error:
                answers.append(str(error))

        threads = [threading.Thread(target=write, args=(bad,)) for bad in (True, False)]
        with log._file._lock:
            for thread in threads:
                thread.start()
            ready.wait()
            time.sleep(0.1)  # both wait for their turn now
        for thread in threads:
            thread.join()
        assert sorted(map(str, answers)) == ["1", "bad"]


def test_a_clock_that_goes_back_is_told_and_is_no_fault(log: DecisionLog, evaluator: Evaluator) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    log.append(CALLS[0], evaluator.evaluate(CALLS[0]), ruleset=evaluator.ruleset, at=past)
    found = log.verify()
    assert found.ok
    assert list(map(str, found.notes)) == ["entry 1: its time is before that of the entry it follows"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_time_out_of_range_is_refused_in_plain_words(log: DecisionLog, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    edge = datetime(9999, 12, 31, 23, 30, tzinfo=zone) if hours < 0 else datetime(1, 1, 1, tzinfo=zone)
    with pytest.raises(RecordError, match="out of range"):
        list(log.records(since=edge))
