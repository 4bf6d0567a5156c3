"""Take a decision log's files away while threads write it: is anything acknowledged that is in no file any more?

    python tools/lost_log_trials.py [TRIALS]

Each trial: four threads record; after a moment a file is removed, moved, replaced or emptied; the threads go on until
each was refused, or for a moment longer. Counted is what was acknowledged after the fault was done, and what of all
that was acknowledged before can't be found where the file went.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from triage_triggers import Evaluator, LogError, load_ruleset
from triage_triggers.record import DecisionLog, verify_log

Fault = Callable[[Path], Path | None]


def removed(path: Path) -> Path | None:
    """Take the log away; nothing is left to look in."""
    path.unlink()
    return None


def moved(path: Path) -> Path | None:
    """Move the log, and what stands beside it."""
    for end in ("-wal", "-shm", ""):
        Path(f"{path}{end}").rename(path.with_name(f"elsewhere.db{end}"))
    return path.with_name("elsewhere.db")


def without_wal(path: Path) -> Path | None:
    """Take the newest entries' file away."""
    Path(f"{path}-wal").unlink()
    return path


def without_shm(path: Path) -> Path | None:
    """Take the file away by which processes know of one another."""
    Path(f"{path}-shm").unlink()
    return path


def replaced(path: Path) -> Path | None:
    """Put another log in its place."""
    other = path.with_name("other.db")
    DecisionLog.open(other).close()
    path.rename(path.with_name("old.db"))
    other.replace(path)
    return None


def emptied(path: Path) -> Path | None:
    """Cut the log to nothing."""
    path.write_bytes(b"")
    return None


def trial(evaluator: Evaluator, folder: Path, fault: Fault) -> tuple[int, int, int]:
    """Return how many were acknowledged before, how many after the fault, and how many of those before are lost."""
    path = folder / "log.db"
    done = threading.Event()
    before: list[str] = []
    after: list[str] = []
    log = DecisionLog.open(path)
    recorder = log.attach(evaluator)

    def write() -> None:
        refused = 0
        while refused < 3:  # noqa: PLR2004
            late = done.is_set()
            try:
                record = recorder.decide("He had his hands round my throat.").record
            except LogError:
                refused += 1
                continue
            assert record is not None  # noqa: S101
            (after if late else before).append(str(record.decision_id))
            if len(after) > 200:  # noqa: PLR2004  it goes on as before
                return

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    where = fault(path)
    done.set()
    for thread in threads:
        thread.join()
    log.close()
    if where is None:
        return len(before), len(after), 0
    with DecisionLog.open(where, read_only=True) as left:
        kept = {str(record.decision_id) for record in left.records()}
    lost = sum(name not in kept for name in (*before, *(after if where == path else ())))
    return len(before), len(after), lost + (0 if verify_log(where).ok else 1)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    evaluator = Evaluator(load_ruleset("uk-ambulance"))
    evaluator.evaluate("He had his hands round my throat.")
    for fault in (removed, moved, replaced, emptied, without_wal, without_shm):
        totals = [0, 0, 0]
        for _ in range(count):
            folder = Path(tempfile.mkdtemp())
            with contextlib.suppress(KeyboardInterrupt):
                totals = [sum(pair) for pair in zip(totals, trial(evaluator, folder, fault), strict=True)]
            shutil.rmtree(folder, ignore_errors=True)
        acknowledged, late, lost = totals
        print(f"{fault.__name__}: {count} trials, {acknowledged:,} acknowledged before, {late:,} after, {lost:,} lost")
