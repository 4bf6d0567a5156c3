"""``fit`` from a shell: who is left out, and the draft that is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from triage_triggers import load_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

TALLY = """\
tally:
  look_again: 1
  flag: 2
  lines:
    - {id: weapon, points: 1, find: weapon, reason: A weapon.}
    - {id: throat, points: 3, find: strangulation, reason: A throat.}
"""
SAID = [("He's got a knife.", "yes"), ("Hands round my throat.", "no"), ("He's got a knife.", "yes"), ("I fell.", "no")]


@pytest.fixture
def adding_up(ruleset: Path) -> Path:
    head = ruleset.read_text(encoding="utf-8").partition("signs:")[0]
    ruleset.write_text(head + TALLY, encoding="utf-8")
    return ruleset


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for writer in ("ann", "bob"):
        path = tmp_path / f"{writer}.jsonl"
        rows = [
            {"call_id": f"{writer[0]}{number % 2}-{number}", "by": writer, "label": label, "text": text}
            for number, (text, label) in enumerate(SAID)
        ]
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        paths.append(path)
    return paths


@pytest.mark.parametrize(
    ("group", "names"),
    [("file", ["ann", "bob"]), ("by", ["ann", "bob"]), ("call_id", ["a0", "a1", "b0", "b1"])],
)
def test_a_column_the_file_or_the_call_id_says_who_is_left_out(
    run: Run, adding_up: Path, files: list[Path], group: str, names: list[str]
) -> None:
    result = run("fit", adding_up, *files, "--group", group, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [row["name"] for row in json.loads(result.stdout)["groups"]] == names


def test_the_draft_loads_and_nothing_that_was_said_appears(
    run: Run, adding_up: Path, files: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "below" / "draft.yaml"
    out.parent.mkdir()
    result = run("fit", adding_up, *files, "--out", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "knife" not in result.stdout + out.read_text(encoding="utf-8")
    tally = load_ruleset(out).tally
    assert tally is not None
    assert [line.points for line in tally.lines] == [3, 1]
    assert run("fit", adding_up, *files, "--markdown").stdout.startswith("## Points for demo")


def test_wrong_use_is_said_in_a_sentence(run: Run, ruleset: Path, files: list[Path]) -> None:
    result = run("fit", ruleset, *files)
    assert result.exit_code == 2
    assert "there is none, so there are no points to learn" in result.stderr
    assert "no call has anything in a column 'of'" in run("fit", ruleset, *files, "--group", "of").stderr
