from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from triage_triggers import WorkerError
from triage_triggers.archive.work import TASKS_AHEAD, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


def double(task: int) -> int:
    time.sleep(0.01 * (task % 3))  # so that the second process overtakes the first
    return task * 2


def die(task: int) -> int:
    if task == 3:
        os._exit(7)
    return task


def counted(read: list[int], number: int) -> Iterator[int]:
    for task in range(number):
        read.append(task)
        yield task


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_and_tasks_are_read_as_they_are_needed(workers: int) -> None:
    read: list[int] = []
    results = in_order(double, counted(read, 40), workers=workers)
    assert read == []
    most = 0
    for number, result in enumerate(results):
        assert result == number * 2
        most = max(most, len(read) - number)
    assert len(read) == 40
    assert most <= workers * TASKS_AHEAD


def test_a_lost_process_is_an_error_that_says_what_may_have_happened() -> None:
    results = in_order(die, range(20), workers=2)
    with pytest.raises(WorkerError, match="killed, ran out of memory"):
        list(results)


@pytest.mark.parametrize("workers", [0, -1])
def test_there_is_at_least_one_worker(workers: int) -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more"):
        in_order(double, [], workers=workers)


SCRIPT = """
import sys, time, os
from triage_triggers.archive.work import in_order

def work(task):
    os.write(1, f"{os.getpid()}\\n".encode())  # at once, or two processes' lines may mix
    time.sleep(0.05)
    return task

if __name__ == "__main__":
    for _ in in_order(work, range(10_000), workers=2):
        pass
"""


def started(tmp_path: Path) -> tuple[subprocess.Popen[str], set[int]]:
    """A process with two workers, and their process ids once both have begun."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    workers: set[int] = set()
    while len(workers) < 2:
        workers.add(int(process.stdout.readline()))
    return process, workers


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_end(processes: set[int]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(map(is_alive, processes)):
            return True
        time.sleep(0.02)
    return False


@posix
def test_an_interrupt_ends_all_processes_and_only_the_first_speaks_of_it(tmp_path: Path) -> None:
    process, workers = started(tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal's Ctrl-C does
    _, said = process.communicate(timeout=30)
    assert said.count("KeyboardInterrupt") == 1
    assert wait_for_end(workers)


@posix
def test_no_worker_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    process, workers = started(tmp_path)
    process.kill()
    process.communicate(timeout=30)
    assert wait_for_end(workers)
