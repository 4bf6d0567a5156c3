from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage_triggers import Evaluator, MissingExtraError, ResumeError, Ruleset
from triage_triggers.archive import chunks
from triage_triggers.archive.arrow import assessment_row, assessment_schema
from triage_triggers.archive.checkpoint import read_checkpoint, write_checkpoint
from triage_triggers.archive.output import Parquet
from triage_triggers.archive.run import evaluate_files, json_lines
from triage_triggers.archive.work import Outcome, Totals
from triage_triggers.calls.call import Call
from triage_triggers.calls.reading import read_calls

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAID = ("He hit me.", "He never hit me.", "Has he got a knife?", "I fell.", "", "Hands round my throat.")


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_BYTES_A_CHUNK", 300)
    monkeypatch.setattr(chunks, "_CALLS_A_CHUNK", 3)


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


def crash_after(number: int) -> Callable[[Outcome, Totals], None]:
    def on_outcome(_: Outcome, __: Totals) -> None:
        nonlocal number
        number -= 1
        if number < 0:
            raise Crash

    return on_outcome


def left_over(output: Path) -> set[str]:
    return {path.name.removeprefix(output.name) for path in output.parent.glob(f"{output.name}*")}


def test_results_are_what_one_call_at_a_time_gives(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> None:
    expected = [
        evaluator.evaluate(call, current_code="C3").to_json()
        for call in read_calls(paths)
        if isinstance(call, Call) and call.current_code is None
    ]
    output = tmp_path / "out.jsonl"
    totals = evaluate_files(evaluator, paths, output, current_code="C3")
    assert output.read_text().splitlines() == expected
    results = [json.loads(line) for line in expected]
    assert totals == Totals(
        evaluated=39,
        flagged=sum(result["flagged"] for result in results),
        escalated=sum(result["escalates"] for result in results),
        failed=2,
        read=sum(path.stat().st_size for path in paths),
    )
    bad_line, bad_code = (tmp_path / "out.jsonl.errors").read_text().splitlines()
    assert bad_line.startswith(f"{paths[0]}:8: ")
    assert bad_code.startswith("call 'C-9': ")
    assert left_over(output) == {"", ".errors"}
    assert b"".join(out.data for out in json_lines(evaluator, paths, current_code="C3")) == output.read_bytes()


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
@given(crashes=st.lists(st.integers(0, 8), max_size=4), between=st.sampled_from((0.0, 1e9)), junk=st.binary(max_size=9))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_call_is_lost_or_repeated_however_often_it_crashes(
    evaluator: Evaluator,
    paths: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
    *,
    suffix: str,
    crashes: list[int],
    between: float,
    junk: bytes,
) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
    folder = tmp_path_factory.mktemp("results")
    output = folder / f"out.{suffix}"
    for number in crashes:
        try:
            totals = evaluate_files(
                evaluator,
                paths,
                output,
                resume=True,
                on_outcome=crash_after(number),
                seconds_between_checkpoints=between,
            )
            break
        except Crash:
            for kind in ("partial", "errors"):
                with (folder / f"out.{suffix}.{kind}").open("ab") as file:
                    file.write(junk)  # written after the last checkpoint
    if not output.exists():
        totals = evaluate_files(evaluator, paths, output, resume=True)
    whole = folder / f"whole.{suffix}"
    assert evaluate_files(evaluator, paths, whole) == totals
    assert rows(output) == rows(whole)
    assert (folder / f"out.{suffix}.errors").read_text() == (folder / f"whole.{suffix}.errors").read_text()
    assert left_over(output) == {"", ".errors"}


def rows(path: Path) -> list[Any]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    import pyarrow.parquet as pq  # noqa: PLC0415  an extra

    return list(pq.read_table(path).to_pylist())


@pytest.mark.parametrize("with_text", [False, True])
def test_parquet_holds_the_same_as_json(
    evaluator: Evaluator, paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_text: bool
) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'arrow' is not installed")
    monkeypatch.setattr("triage_triggers.archive.output._ROWS_A_GROUP", 20)
    output = tmp_path / "out.parquet"
    evaluate_files(evaluator, paths, output, with_text=with_text)
    file = pq.ParquetFile(output)
    assert file.schema_arrow == assessment_schema(with_text=with_text)
    assert file.num_row_groups > 1
    expected = [
        assessment_row(evaluator.evaluate(call), call if with_text else None)
        for call in read_calls(paths)
        if isinstance(call, Call) and call.current_code is None
    ]
    assert file.read().to_pylist() == expected


def test_no_calls_make_an_empty_file(evaluator: Evaluator, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'arrow' is not installed")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    for name in ("out.jsonl", "out.parquet"):
        assert evaluate_files(evaluator, [empty], tmp_path / name) == Totals(read=1)
        assert left_over(tmp_path / name) == {""}
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0
    assert Parquet(with_text=False).encode([]) == b""


def test_nothing_is_overwritten(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> None:
    for name in ("out.jsonl", "out.jsonl.partial", "out.jsonl.errors"):
        (tmp_path / name).write_text("precious")
        for resume in (False, True):
            with pytest.raises(ResumeError, match=f"{name}: this file is there already"):
                evaluate_files(evaluator, paths, tmp_path / "out.jsonl", resume=resume)
        assert (tmp_path / name).read_text() == "precious"
        (tmp_path / name).unlink()


@pytest.fixture
def begun(evaluator: Evaluator, paths: list[Path], tmp_path: Path) -> Path:
    """Results of which a part is there."""
    output = tmp_path / "out.jsonl"
    with pytest.raises(Crash):
        evaluate_files(evaluator, paths, output, on_outcome=crash_after(3), seconds_between_checkpoints=0)
    return output


def test_what_was_begun_is_gone_on_with_only_on_request(evaluator: Evaluator, paths: list[Path], begun: Path) -> None:
    with pytest.raises(ResumeError, match="begun and not finished"):
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
    with pytest.raises(ResumeError, match=r"Not the same: the files of calls, or what is in them$"):
        mixed(evaluator, paths[:2])
    with paths[0].open("a") as file:
        file.write('\n{"text": "one more"}')
    with pytest.raises(ResumeError, match="the files of calls, or what is in them"):
        mixed(evaluator, paths)


def test_a_crash_between_the_last_two_steps_leaves_only_tidying(
    evaluator: Evaluator, paths: list[Path], begun: Path
) -> None:
    checkpoint = read_checkpoint(begun.with_name("out.jsonl.checkpoint"))
    totals = evaluate_files(evaluator, paths, begun, resume=True)
    begun.with_name("out.jsonl.errors").write_bytes(b"")
    write_checkpoint(begun.with_name("out.jsonl.checkpoint"), replace(checkpoint, totals=totals, done=True))
    written = begun.read_bytes()
    assert evaluate_files(evaluator, paths, begun, resume=True) == totals
    assert begun.read_bytes() == written
    assert left_over(begun) == {""}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 2}', '{"format": 1, "run": {"inputs": []}}'])
def test_a_file_that_is_no_checkpoint_is_an_error(
    evaluator: Evaluator, paths: list[Path], begun: Path, content: str
) -> None:
    begun.with_name("out.jsonl.checkpoint").write_text(content)
    with pytest.raises(ResumeError, match="no checkpoint"):
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
from triage_triggers.archive.run import evaluate_files

if __name__ == "__main__":
    evaluator = Evaluator(load_ruleset(sys.argv[1]))
    totals = evaluate_files(
        evaluator, [sys.argv[2]], sys.argv[3], workers=2, resume=True, seconds_between_checkpoints=0.02
    )
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


def test_two_processes_killed_again_and_again_lose_and_repeat_no_call(tmp_path: Path) -> None:
    calls, output, ruleset = tmp_path / "calls.jsonl", tmp_path / "out.jsonl", tmp_path / "demo.yaml"
    ruleset.write_text(RULESET)
    said = f"{'I fell on the stairs. ' * 100} He hit me."
    calls.write_text("".join(f"{json.dumps({'call_id': f'C-{n}', 'text': said})}\n" for n in range(4_000)))
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    program = [sys.executable, str(script), str(ruleset), str(calls), str(output)]
    partial = output.with_name("out.jsonl.partial")
    for _ in range(2):
        before = partial.stat().st_size if partial.exists() else 0
        process = subprocess.Popen(program)  # noqa: S603  our own program
        while process.poll() is None and not (partial.exists() and partial.stat().st_size > before):
            time.sleep(0.002)
        process.kill()
        process.wait()
        assert not output.exists()
    done = subprocess.run(program, check=True, capture_output=True, text=True)  # noqa: S603  our own program
    assert done.stdout == "4000\n"
    assert [json.loads(line)["call_id"] for line in output.read_text().splitlines()] == [
        f"C-{number}" for number in range(4_000)
    ]
    assert left_over(output) == {""}
