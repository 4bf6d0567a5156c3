"""The code of ``docs/archives.md`` runs as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from triage_triggers import Call, Evaluator, Utterance, load_ruleset

PAGE = Path(__file__).parents[2] / "docs" / "archives.md"
RECIPES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
SAID = (
    "My ex strangled me last night.",
    "My husband strangled me.",
    "I fell on the stairs.",
    "My husband never hit me.",
)
CALLS = [
    {"call_id": f"C-{n}", "current_code": "C3", "utterances": [{"text": said, "speaker": "caller"}]}
    for n, said in enumerate(SAID * 3)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with calls in two kinds of files."""
    (tmp_path / "calls.jsonl").write_text("".join(f"{json.dumps(call)}\n" for call in CALLS))
    pa = pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.Table.from_pylist(CALLS), tmp_path / "calls.parquet")
    return tmp_path


def recipe(word: str) -> str:
    (found,) = (code for code in RECIPES if word in code)
    return str(found)


def run(code: str, folder: Path) -> str:
    (folder / "recipe.py").write_text(code)
    path = os.pathsep.join(part for part in sys.path if part)
    done = subprocess.run(
        [sys.executable, "recipe.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


@pytest.fixture(scope="module")
def flagged() -> list[dict[str, Any]]:
    """What one process says of the calls."""
    evaluator = Evaluator(load_ruleset("uk-ambulance"))
    calls = [Call(row["call_id"], [Utterance(SAID[n % 4], "caller")], current_code="C3") for n, row in enumerate(CALLS)]  # type: ignore[arg-type]
    found = [
        {"call_id": result.call_id, "suggested_code": result.suggested_code, "policies": list(result.policies)}
        for result in evaluator.evaluate_many(calls)
        if result.flagged
    ]
    assert 0 < len(found) < len(CALLS)
    return found


def parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415  an extra

    return list(pq.read_table(path).to_pylist())


def test_files_from_python(folder: Path, flagged: list[dict[str, Any]]) -> None:
    assert run(recipe("evaluate_files"), folder) == f"{len(CALLS)} calls, {len(flagged)} flagged\n"
    assert len((folder / "results.jsonl").read_text().splitlines()) == len(CALLS)


@pytest.mark.parametrize(("library", "output"), [("polars", "flagged.parquet"), ("duckdb", "flagged_too.parquet")])
def test_pipelines(folder: Path, flagged: list[dict[str, Any]], library: str, output: str) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed: pip install --group pipelines")
    run(recipe(f"import {library}"), folder)
    assert parquet(folder / output) == flagged
