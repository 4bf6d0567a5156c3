from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage_triggers import Evaluator, MissingExtraError, ResumeError, Ruleset, TriageTriggersError
from triage_triggers.archive import chunks
from triage_triggers.archive import run as archive_run
from triage_triggers.archive.arrow import result_row, result_schema
from triage_triggers.archive.run import evaluate_files, json_lines
from triage_triggers.archive.work import ChunkResult, Totals
from triage_triggers.calls.reading import ReadingOptions, read_calls
from triage_triggers.calls.speakers import SpeakerNames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from triage_triggers import Assessment, Call, CallError

SAID = ("He hit me.", "He never hit me.", "Has he got a knife?", "I fell.", "", "Hands round my throat.")


@pytest.fixture(autouse=True)
def _small_chunks_and_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_BYTES_A_CHUNK", 300)
    monkeypatch.setattr(chunks, "_CALLS_A_CHUNK", 3)
    monkeypatch.setattr(archive_run, "_ROWS_A_PART", 7)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Forty calls, two of them bad, in three files."""
    rows = [json.dumps({"call_id": f"C-{number}", "text": SAID[number % len(SAID)]}) for number in range(40)]
    rows[7] = "nonsense"
    rows[9] = json.dumps({"call_id": "C-9", "text": "", "current_code": "none of ours"})
    first, second, third = tmp_path / "a.jsonl", tmp_path / "b", tmp_path / "c.txt"
    first.write_text("\n".join(rows[:25]))
    second.write_text("\n".join(rows[25:]))
    third.write_text("He hit me.")
    return [first, second, third]


class Crash(BaseException):
    """What ``kill -9`` does, as near as one process can."""


def crash_after(number: int) -> Callable[[ChunkResult, Totals], None]:
    def on_result(_: ChunkResult, __: Totals) -> None:
        nonlocal number
        number -= 1
        if number < 0:
            raise Crash

    return on_result


def left_over(output: Path) -> set[str]:
    return {path.name.removeprefix(output.name) for path in output.parent.glob(f"{output.name}*")}


def judged(evaluator: Evaluator, paths: list[Path]) -> list[tuple[Call | CallError, Assessment | Exception]]:
    """The calls one at a time, with what becomes of each."""
    found: list[tuple[Call | CallError, Assessment | Exception]] = []
    for call in read_calls(paths):
        try:
            found.append((call, call if isinstance(call, Exception) else evaluator.evaluate(call)))
        except TriageTriggersError as error:
            found.append((call, error))
    return found


def test_results_are_what_one_call_at_a_time_gives(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> None:
    expected = judged(evaluator, paths)
    output = tmp_path / "out.jsonl"
    totals = evaluate_files(evaluator, paths, output)
    lines = output.read_text().splitlines()
    assert lines == [
        json.dumps(result_row(call, result)) if isinstance(result, Exception) else result.to_json()
        for call, result in expected
    ]
    rows = [json.loads(line) for line in lines]
    assert totals == Totals(
        evaluated=39,
        flagged=sum(row.get("flagged", False) for row in rows),
        escalated=sum(row.get("escalates") is True for row in rows),
        failed=2,
        read=sum(path.stat().st_size for path in paths),
    )
    assert rows[7]["call_id"] is None
    assert rows[7]["error"].startswith(f"{paths[0]}:8: ")
    assert rows[9].keys() == {"call_id", "error"}
    assert rows[9]["call_id"] == "C-9"
    assert left_over(output) == {"", ".run.json"}
    printed = list(json_lines(evaluator, paths))
    assert b"".join(result.data for result in printed).decode().splitlines() == lines[:7] + lines[8:9] + lines[10:]
    assert [error for result in printed for error in result.errors] == [
        rows[7]["error"],
        f"call 'C-9': {rows[9]['error']}",
    ]


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
@given(crashes=st.lists(st.integers(0, 8), max_size=4), junk=st.binary(max_size=9))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_call_is_lost_or_repeated_however_often_it_crashes(
    evaluator: Evaluator,
    paths: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
    *,
    suffix: str,
    crashes: list[int],
    junk: bytes,
) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
    folder = tmp_path_factory.mktemp("results")
    output, unfinished = folder / f"out.{suffix}", folder / f"out.{suffix}.partial"
    for number in crashes:
        try:
            evaluate_files(evaluator, paths, output, resume=True, on_result=crash_after(number))
            break
        except Crash:
            with (unfinished / "unfinished" if unfinished.is_dir() else unfinished).open("ab") as file:
                file.write(junk)
    totals = evaluate_files(evaluator, paths, output, resume=True)
    whole = folder / f"whole.{suffix}"
    assert evaluate_files(evaluator, paths, whole)[:-1] == totals[:-1]
    assert content(output) == content(whole)
    assert left_over(output) == {"", ".run.json"}


def content(path: Path) -> dict[str, bytes]:
    return (
        {part.name: part.read_bytes() for part in sorted(path.iterdir())} if path.is_dir() else {"": path.read_bytes()}
    )


@pytest.mark.parametrize("with_text", [False, True])
def test_parquet_holds_the_same_as_json(
    evaluator: Evaluator, paths: list[Path], tmp_path: Path, *, with_text: bool
) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'arrow' is not installed")
    output = tmp_path / "out.parquet"
    evaluate_files(evaluator, paths, output, with_text=with_text)
    assert [part.name for part in sorted(output.iterdir())] == [f"part-{number:06}.parquet" for number in range(6)]
    table = pq.read_table(output)
    assert table.schema == result_schema(with_text=with_text)
    missing = dict.fromkeys(table.schema.names)
    assert table.to_pylist() == [
        missing | result_row(call, result, with_text=with_text) for call, result in judged(evaluator, paths)
    ]


def test_no_calls_make_an_empty_file(evaluator: Evaluator, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'arrow' is not installed")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    for name in ("out.jsonl", "out.parquet"):
        for _ in range(2):
            totals = evaluate_files(evaluator, [empty], tmp_path / name, resume=True)
            assert totals.calls == 0
        assert left_over(tmp_path / name) == {"", ".run.json"}
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_nothing_is_overwritten(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> None:
    for name in ("out.jsonl", "out.jsonl.partial"):
        (tmp_path / name).write_text("precious")
        for resume in (False, True):
            with pytest.raises(ResumeError, match=f"{name}: this is there already"):
                evaluate_files(evaluator, paths, tmp_path / "out.jsonl", resume=resume)
        assert (tmp_path / name).read_text() == "precious"
        (tmp_path / name).unlink()


def test_two_can_not_write_at_once(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="no locks of this kind on Windows")
    output = tmp_path / "out.jsonl"

    def another(_: ChunkResult, __: Totals) -> None:
        with pytest.raises(ResumeError, match="another process is writing"):
            evaluate_files(evaluator, paths, output, resume=True)

    assert evaluate_files(evaluator, paths, output, on_result=another).calls == 41


@pytest.fixture
def begun(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> Path:
    """Results of which a part is there."""
    output = tmp_path / "out.jsonl"
    with pytest.raises(Crash):
        evaluate_files(evaluator, paths, output, on_result=crash_after(3))
    return output


def test_what_was_begun_is_gone_on_with_only_on_request(evaluator: Evaluator, paths: list[Path], begun: Path) -> None:
    with pytest.raises(ResumeError, match="were begun; go on with them"):
        evaluate_files(evaluator, paths, begun)
    begun.write_text("somebody else's")
    with pytest.raises(ResumeError, match="in the way"):
        evaluate_files(evaluator, paths, begun, resume=True)
    begun.unlink()
    assert evaluate_files(evaluator, paths, begun, resume=True).evaluated == 39


def test_what_was_begun_otherwise_is_not_mixed(
    evaluator: Evaluator, ruleset: Ruleset, paths: list[Path], begun: Path
) -> None:
    other = Evaluator(ruleset.model_copy(update={"rules": ruleset.rules[:-1]}))
    mixed = partial(evaluate_files, output=begun, resume=True)
    with pytest.raises(ResumeError, match=r"would be mixed\. Not the same: the ruleset$"):
        mixed(other, paths)
    with pytest.raises(ResumeError, match=r"Not the same: --current-code; --with-text$"):
        mixed(evaluator, paths, current_code="C3", with_text=True)
    with pytest.raises(ResumeError, match=r"Not the same: --format, --speaker or --column$"):
        mixed(evaluator, paths, options=ReadingOptions(speakers=SpeakerNames({"Sam": "caller"})))
    with pytest.raises(ResumeError, match=r"Not the same: the files of calls, or what is in them$"):
        mixed(evaluator, paths[:2])
    with paths[0].open("a") as file:
        file.write('\n{"text": "one more"}')
    with pytest.raises(ResumeError, match="the files of calls, or what is in them"):
        mixed(evaluator, paths)


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_whole_results_are_only_counted_again(
    evaluator: Evaluator, paths: list[Path], tmp_path: Path, suffix: str
) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
    output = tmp_path / f"out.{suffix}"
    totals, written = evaluate_files(evaluator, paths, output), content(output)
    assert evaluate_files(evaluator, paths, output, resume=True) == totals._replace(read=0)
    assert content(output) == written


def test_the_header_says_what_results_are_made_of_and_holds_no_name(
    evaluator: Evaluator, paths: list[Path], tmp_path: Path
) -> None:
    options = ReadingOptions(speakers=SpeakerNames({"Sam Doe": "caller"}))
    evaluate_files(evaluator, paths, tmp_path / "out.jsonl", options=options, current_code="C3")
    written = (tmp_path / "out.jsonl.run.json").read_text()
    header = json.loads(written)
    assert header["current_code"] == "C3"
    assert header["inputs"][0][:2] == [str(paths[0]), paths[0].stat().st_size]
    assert "sam" not in written.lower()


@pytest.mark.parametrize("content", ["{}", "[]", '{"format": 2}', '{"format": 1'])
def test_a_file_that_is_no_header_is_an_error(
    evaluator: Evaluator, paths: list[Path], begun: Path, content: str
) -> None:
    begun.with_name("out.jsonl.run.json").write_text(content)
    with pytest.raises(ResumeError, match="tells of no run"):
        evaluate_files(evaluator, paths, begun, resume=True)


def test_what_can_be_read_only_once_is_refused(evaluator: Evaluator, tmp_path: Path) -> None:
    with pytest.raises(ResumeError, match="a pipe can be read only once"):
        evaluate_files(evaluator, ["-"], tmp_path / "out.jsonl")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ResumeError, match="pipe: a pipe can be read only once"):
            evaluate_files(evaluator, [tmp_path / "pipe"], tmp_path / "out.jsonl")


def test_an_unknown_kind_of_output_is_refused_before_anything_is_read(evaluator: Evaluator, tmp_path: Path) -> None:
    with pytest.raises(ResumeError, match=r"out.csv: results are written to \.jsonl or \.parquet files"):
        evaluate_files(evaluator, [], tmp_path / "out.csv")


def test_parquet_needs_arrow(evaluator: Evaluator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[arrow\]"):
        evaluate_files(evaluator, [], tmp_path / "out.parquet")
    assert left_over(tmp_path / "out.parquet") == set()


PROGRAM = """
import sys
from triage_triggers import Evaluator, load_ruleset
from triage_triggers.archive import run as archive_run
from triage_triggers.archive.run import evaluate_files

if __name__ == "__main__":
    archive_run._ROWS_A_PART = 300
    totals = evaluate_files(Evaluator(load_ruleset(sys.argv[1])), [sys.argv[2]], sys.argv[3], workers=2, resume=True)
    print(totals.evaluated)
"""
RULESET = """\
format: 1
id: demo
version: 1.0.0
title: Demo
language: en
status: draft
code_system: nhs-arp
rules: [{id: demo.hit, theme: violence, phrases: [hit me]}]
"""


def size(path: Path) -> int:
    return sum(part.stat().st_size for part in path.iterdir()) if path.is_dir() else path.stat().st_size


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_two_processes_killed_again_and_again_lose_and_repeat_no_call(tmp_path: Path, suffix: str) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
    calls, output, ruleset = tmp_path / "calls.jsonl", tmp_path / f"out.{suffix}", tmp_path / "demo.yaml"
    ruleset.write_text(RULESET)
    said = f"{'I fell on the stairs. ' * 100} He hit me."
    calls.write_text("".join(f"{json.dumps({'call_id': f'C-{n}', 'text': said})}\n" for n in range(4_000)))
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)

    def program(output: Path) -> list[str]:
        return [sys.executable, str(script), str(ruleset), str(calls), str(output)]

    unfinished = output.with_name(f"{output.name}.partial")
    for _ in range(3):
        before = size(unfinished) if unfinished.exists() else 0
        process = subprocess.Popen(program(output))  # noqa: S603  our own program
        while process.poll() is None and not (unfinished.exists() and size(unfinished) > before):
            time.sleep(0.002)
        process.kill()
        process.wait()
        assert not output.exists()
    done = subprocess.run(program(output), check=True, capture_output=True, text=True)  # noqa: S603  our own program
    assert done.stdout == "4000\n"
    whole = tmp_path / f"whole.{suffix}"
    subprocess.run(program(whole), check=True, capture_output=True)  # noqa: S603  our own program
    assert content(output) == content(whole)
    assert left_over(output) == {"", ".run.json"}
