"""What it costs to record a decision, beside evaluating the call, one by one and in batches.

    python benchmarks/decision_log.py
    python benchmarks/decision_log.py calls.jsonl --batch 500 --folder /somewhere/on/a/real/disk

Prints the median of several rounds for each text mode: the time that passed, and in brackets the processor's. A commit
waits for the disk, so the time that passes one by one says more about the disk than about this package.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from benchmarks.cases import emergency_calls
from triage_triggers import Call, Evaluator, load_ruleset
from triage_triggers.calls.reading import read_calls
from triage_triggers.record import DecisionLog, TextMode

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="*", help="call files; generated calls if none")
    parser.add_argument("--ruleset", default="uk-ambulance")
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path, help="where to put the logs; by default where temporary files go")
    options = parser.parse_args()
    read = [call for call in read_calls(options.calls) if isinstance(call, Call)] if options.calls else None
    calls = (read or list(emergency_calls(options.batch)))[: options.batch]
    evaluator = Evaluator(load_ruleset(options.ruleset))
    items = [(call, evaluator.evaluate(call)) for call in calls]
    text = sum(len(part.text) for call in calls for part in call.utterances) / len(calls)
    findings = sum(len(assessment.findings) for _, assessment in items) / len(items)
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}")
    print(f"{len(calls)} calls, {text:,.0f} characters and {findings:.1f} findings each; ms a decision")
    evaluating = median(lambda: [evaluator.evaluate(call) for call in calls], options.rounds, len(calls))
    print(f"  evaluate alone                {evaluating}")
    for mode in get_args(TextMode):
        with (
            tempfile.TemporaryDirectory(dir=options.folder) as folder,
            DecisionLog.open(Path(folder) / "log.db", text=mode) as log,
        ):

            def batch(log: DecisionLog = log) -> object:
                return log.append_many(items, ruleset=evaluator.ruleset, ladder=evaluator.ladder)

            def single(log: DecisionLog = log) -> object:
                return [log.append(*item, ruleset=evaluator.ruleset, ladder=evaluator.ladder) for item in items[:20]]

            batch()
            in_batches = median(batch, options.rounds, len(items))
            one_by_one = median(single, options.rounds, len(items[:20]))
            print(f"  record, text {mode:<6}  batches {in_batches}   one by one {one_by_one}")


def median(work: Callable[[], object], rounds: int, count: int) -> str:
    """Return how many milliseconds one of so many pieces of work takes: by the clock, and of the processor."""
    passed, worked = [], []
    for _ in range(rounds):
        start, start_of_work = time.perf_counter(), time.process_time()
        work()
        passed.append(time.perf_counter() - start)
        worked.append(time.process_time() - start_of_work)
    return f"{statistics.median(passed) * 1_000 / count:.3f} ({statistics.median(worked) * 1_000 / count:.3f})"


if __name__ == "__main__":
    main()
