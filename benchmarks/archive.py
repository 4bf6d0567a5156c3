"""An archive in one process and in two: seconds, peak memory, and whether the results are the same.

    python -m benchmarks.archive                        # 20,000 and 200,000 generated calls
    python -m benchmarks.archive --calls 20000 --tries 1
    python -m benchmarks.archive --spark                # and the same on Spark, row by row

Each run is a process of its own, ``triage-triggers evaluate --output``; its memory is the sum over its processes of
what is theirs alone and their share of the rest, looked up twice a second, as looking takes time from the work. The
best try counts. Calls and results are
written to a folder that is removed in the end; 200,000 calls of 80 turns are 1.4 GB.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import psutil

from benchmarks.cases import archive
from benchmarks.generate import write_json_lines, write_parquet
from benchmarks.peers_report import load, machine

if TYPE_CHECKING:
    from collections.abc import Iterable


BETWEEN_LOOKS: Final = 0.5
"""Seconds between two looks at a run's memory."""


class Run(NamedTuple):
    """Seconds on the clock, seconds of processors, and the peak memory in bytes."""

    seconds: float
    processor: float
    memory: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--turns", type=int, default=80, help="turns a call, of about 50 characters each")
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--spark", action="store_true", help="compare Spark's local[2] with one process of ours")
    parser.add_argument("--folder", type=Path, help="where to write; a temporary folder if none")
    options = parser.parse_args()
    facts = machine()
    print(f"{facts['date']}. {facts['machine']}; Python {facts['python']}; load {facts['load']:.1f}\n")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        (in_spark if options.spark else in_processes)(Path(folder), options.calls, options.turns, options.tries)
    print(f"\nLoad at the end {load():.1f}: above 2, others were working too.")


def in_processes(folder: Path, numbers: Iterable[int], turns: int, tries: int) -> None:
    """Compare one process with two."""
    print("| calls | processes | s | calls a second | processor s | peak MB | times one process |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for number in numbers:
        calls = folder / "calls.jsonl"
        write_json_lines(calls, archive(number, turns=turns))
        best: dict[int, Run] = {}
        for _ in range(tries):
            for workers in (1, 2):
                output = folder / f"out{workers}.jsonl"
                output.unlink(missing_ok=True)
                output.with_name(f"{output.name}.run.json").unlink(missing_ok=True)
                run = evaluated(calls, output, workers)
                best[workers] = min(best.get(workers, run), run)
            assert filecmp.cmp(folder / "out1.jsonl", folder / "out2.jsonl", shallow=False)
        for workers, run in best.items():
            print(
                f"| {number:,} | {workers} | {run.seconds:.1f} | {number / run.seconds:,.0f} | {run.processor:.1f} "
                f"| {run.memory / 1e6:.0f} | {best[1].seconds / run.seconds:.2f} |",
                flush=True,
            )


def in_spark(folder: Path, numbers: Iterable[int], turns: int, tries: int) -> None:
    """Compare Spark on two cores with one process of ours, from Parquet to Parquet."""
    print("| calls | with | s | calls a second | times our process |")
    print("|--:|---|--:|--:|--:|")
    for number in numbers:
        calls = folder / "calls.parquet"
        write_parquet(calls, archive(number, turns=turns))
        ours = their = float("inf")
        for attempt in range(tries):
            output = folder / f"ours{attempt}.parquet"
            ours = min(ours, evaluated(calls, output, 1).seconds)
            spark_output = folder / f"spark{attempt}"
            started = time.perf_counter()
            program = [sys.executable, "-m", "benchmarks.spark_job", str(calls), str(spark_output)]
            done = subprocess.run(program, check=True, capture_output=True, text=True)  # noqa: S603  our own program
            whole, job = time.perf_counter() - started, float(done.stdout.split()[-1])
            their = min(their, job)
            rows = same_rows(output, spark_output)
        print(f"| {number:,} | our own process, its start included | {ours:.1f} | {number / ours:,.0f} | 1 |")
        rate = number / their
        print(f"| {number:,} | Spark local[2], after its start | {their:.1f} | {rate:,.0f} | {ours / their:.2f} |")
        print(f"\n{rows:,} rows are equal. Spark's last run took {whole:.1f} s with its start.", flush=True)


def evaluated(calls: Path, output: Path, workers: int) -> Run:
    """Evaluate a file in a process of its own, and watch it."""
    program = [sys.executable, "-m", "triage_triggers", "evaluate", str(calls), "-r", "uk-ambulance"]
    options = ["--output", str(output), "--workers", str(workers)]
    before, started = os.times(), time.perf_counter()
    with subprocess.Popen([*program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        peak = 0
        while process.poll() is None:
            try:
                process.wait(BETWEEN_LOOKS)
            except subprocess.TimeoutExpired:
                peak = max(peak, memory(process.pid))
        seconds = time.perf_counter() - started
    assert process.returncode == 0, process.returncode
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, processor, peak)


def memory(process: int) -> int:
    """Return the bytes that a process and its children hold."""
    total = 0
    try:
        parent = psutil.Process(process)
        for each in (parent, *parent.children(recursive=True)):
            held = each.memory_full_info()
            total += getattr(held, "pss", held.uss)
    except psutil.Error:
        return total  # it has just ended
    return total


def same_rows(ours: Path, theirs: Path) -> int:
    """Assert that two results are equal row by row; return how many rows there are."""
    import pyarrow.dataset as ds  # noqa: PLC0415  an extra

    table = ds.dataset(theirs, format="parquet").to_table().sort_by("call_id")
    assert table["error"].null_count == table.num_rows
    expected = ds.dataset(ours, format="parquet").to_table().sort_by("call_id")
    table = table.cast(expected.schema)
    assert table.num_rows == expected.num_rows
    for start in range(0, table.num_rows, 10_000):
        assert table.slice(start, 10_000).to_pylist() == expected.slice(start, 10_000).to_pylist()
    return int(table.num_rows)


if __name__ == "__main__":
    main()
