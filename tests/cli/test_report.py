from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from tests.report.pages import check_harmless

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

CASE = """\
format: 1
id: case-1
title: A case
calls:
  - {id: C-1, at: 2025-03-02, transcript: calls.jsonl}
  - {id: C-2, at: 2025-03-03, transcript: calls.jsonl}
"""


@pytest.fixture
def case(calls: Path) -> Path:
    path = calls.parent / "case.yaml"
    path.write_text(CASE)
    return path


@pytest.fixture
def log(run: Run, calls: Path, ruleset: Path) -> Path:
    path = calls.parent / "decisions.db"
    assert run("evaluate", calls, "-r", ruleset, "--json", "--log", path).exit_code == 0
    return path


def test_a_report_is_a_file_for_its_owner(run: Run, case: Path, ruleset: Path) -> None:
    page = case.parent / "case.html"
    result = run("report", case, "-r", ruleset, "-o", page)
    assert (result.exit_code, result.stdout) == (0, f"{page}: 2 entries\n")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "I fell on the stairs." in check_harmless(page.read_text("utf-8")).text
    page.chmod(0o640)
    assert run("report", case, "-r", ruleset, "-o", page).exit_code == 0
    assert stat.S_IMODE(page.stat().st_mode) == 0o640, "what somebody opened to others stays so"


def test_a_report_can_be_printed_and_shows_as_much_as_asked(run: Run, case: Path, ruleset: Path) -> None:
    redacted = run("report", case, "-r", ruleset, "-o", "-", "--redacted").stdout
    assert "got a knife" in redacted
    assert "Has he " not in redacted
    bare = run("report", case, "-r", ruleset, "-o", "-", "--no-text").stdout
    assert "got a knife" not in bare
    assert bare.startswith("<!doctype html>")


def test_with_a_log_its_own_rules_are_used_and_it_is_verified(run: Run, case: Path, log: Path) -> None:
    anchors = case.parent / "anchors.jsonl"
    anchors.write_text(run("log", "anchor", log).stdout + "\n")
    result = run("report", case, "--log", log, "--anchor", anchors, "-o", "-")
    assert result.exit_code == 0, result.stderr
    text = check_harmless(result.stdout).text
    assert text.count("Identical to the byte.") == 2
    assert "demo 1.2.3" in text
    assert "checked against an anchor" in text
    assert "LogdecisionS.db".lower() in text.lower().replace("\n", "")


def test_what_the_log_does_not_know_needs_rules(run: Run, case: Path, log: Path, ruleset: Path) -> None:
    case.write_text(CASE + "notes:\n  - {id: N-1, at: 2025-03-04, text: Hm.}\n")
    result = run("report", case, "--log", log, "-o", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the log holds no decision about 'N-1'; name the rules" in result.stderr
    assert "No decision about this entry." in run("report", case, "--log", log, "-r", ruleset, "-o", "-").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "-"], "name the rules with --ruleset, or the decision log"),
        (["-o", "-", "-r", "demo.yaml", "--redacted", "--no-text"], "exclude each other"),
        (["-r", "demo.yaml"], "--output"),
        (["-o", "-", "--log", "none.db"], "none.db"),
        (["-o", "-", "-r", "none"], "there is no ruleset 'none'"),
        (["-o", "no/such/folder.html", "-r", "demo.yaml"], "No such file"),
        (
            ["-o", "-", "--log", "decisions.db", "--anchor", "empty.jsonl"],
            "empty.jsonl: there is no anchor in this file",
        ),
        (["-o", "-", "--anchor", "empty.jsonl", "-r", "demo.yaml"], "--anchor goes with --log"),
    ],
)
@pytest.mark.usefixtures("case", "log")
def test_wrong_use_is_a_sentence(
    run: Run, tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.jsonl").write_text("\n")
    result = run("report", "case.yaml", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr


def test_faults_in_the_case_are_named(run: Run, case: Path, ruleset: Path) -> None:
    case.write_text(CASE.replace("at: 2025-03-02", "at: then").replace("title: A case\n", ""))
    result = run("report", case, "-r", ruleset, "-o", "-")
    assert result.exit_code == 2
    assert f"{case}:1:1: 'title' is missing" in result.stderr
    assert f"{case}:4:19: C-1: 'at' must be a day" in result.stderr
