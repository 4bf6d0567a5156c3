from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Evaluator, load_ruleset
from triage_triggers.calls.call import Call
from triage_triggers.calls.reading import read_calls
from triage_triggers.record import DecisionLog

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
  - {id: C-3, at: 2025-03-04, text: He never strangled me.}
"""


@pytest.fixture
def case(calls: Path) -> Path:
    path = calls.parent / "case.yaml"
    path.write_text(CASE)
    return path


@pytest.fixture
def log(calls: Path, ruleset: Path) -> Path:
    """A log that kept what was said."""
    path = calls.parent / "decisions.db"
    with DecisionLog.open(path, text="full") as opened:
        recorded = opened.attach(Evaluator(load_ruleset(ruleset)))
        for call in read_calls(calls):
            assert isinstance(call, Call)
            recorded.evaluate(call)
    return path


@pytest.fixture
def bare_log(run: Run, calls: Path, ruleset: Path) -> Path:
    """A log that kept nothing that was said."""
    path = calls.parent / "bare.db"
    assert run("evaluate", calls, "-r", ruleset, "--json", "--log", path).exit_code == 0
    return path


def test_a_log_is_replayed_by_itself(run: Run, log: Path) -> None:
    result = run("replay", log)
    assert (result.exit_code, result.stdout) == (0, "2 decisions: 2 identical\n")
    rows = [json.loads(line) for line in run("replay", log, "--json").stdout.splitlines()]
    assert [(row["call_id"], row["status"], row["reasons"], row["differences"]) for row in rows] == [
        ("C-1", "identical", [], []),
        ("C-2", "identical", [], []),
    ]


def test_some_of_a_log_can_be_chosen(run: Run, log: Path) -> None:
    assert run("replay", log, "--call-id", "C-2").stdout == "1 decision: 1 identical\n"
    assert run("replay", log, "--until", "2020-01-01").stdout == "0 decisions\n"
    assert run("replay", log, "--since", "2020-01-01").stdout == "2 decisions: 2 identical\n"


def test_without_the_words_a_case_file_is_needed(run: Run, case: Path, bare_log: Path) -> None:
    result = run("replay", bare_log)
    assert result.exit_code == 1
    assert result.stdout.count("  the log kept no text of this call; replay it from a case file that holds it\n") == 2
    assert result.stdout.endswith("2 decisions: 2 impossible to replay\n")
    result = run("replay", case, "--log", bare_log)
    assert (result.exit_code, result.stdout) == (1, "C-3: not in the log\n3 decisions: 2 identical, 1 not in the log\n")
    assert run("replay", case, "--log", bare_log, "--call-id", "C-1").exit_code == 0
    rows = [json.loads(line) for line in run("replay", case, "--log", bare_log, "--json").stdout.splitlines()]
    assert [row.get("status") for row in rows] == ["identical", "identical", None]


def test_what_differs_is_printed_with_why(run: Run, case: Path, bare_log: Path) -> None:
    case.write_text(
        CASE.replace("id: C-1, at: 2025-03-02, transcript: calls.jsonl", "id: C-1, at: 2025-03-02, text: Hi")
    )
    result = run("replay", case, "--log", bare_log, "--call-id", "C-1")
    assert result.exit_code == 1
    assert "C-1 (entry 1, 2025-03-02): differs\n" in result.stdout
    assert "  the call is not the one that was judged, nor the beginning of one: its digest differs\n" in result.stdout
    assert "  flagged: then true, now false\n" in result.stdout
    assert "knife" not in result.stdout.replace("demo.knife", "")


def test_rulesets_are_compared_call_by_call(run: Run, case: Path, log: Path, ruleset: Path) -> None:
    other = ruleset.with_name("other.yaml")
    other.write_text(ruleset.read_text().replace("suggest: C2", "suggest: C1").replace("1.2.3", "2.0.0"))
    result = run("replay", log, "-r", ruleset, "-r", other)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].endswith(" demo 2.0.0")
    assert "C2, utterance 4" in lines[1]
    assert lines[1].endswith("C1, utterance 4")
    assert lines[2].endswith("no flag")
    result = run("replay", case, "-r", ruleset, "--json")
    row = json.loads(result.stdout.splitlines()[0])
    assert (row["recorded"], row["under"][0]["first_suggested"]) == ([], {"utterance": 3, "time": None})
    result = run("replay", case, "-r", ruleset)
    assert "recorded" not in result.stdout
    assert "demo 1.2.3" in result.stdout


def test_the_second_is_shown_where_it_is_known(run: Run, ruleset: Path, tmp_path: Path) -> None:
    said = '{text: "He\'s got a knife.", speaker: caller, start: 61, end: 62.5}'
    (tmp_path / "case.yaml").write_text(
        f"format: 1\nid: a\ntitle: A\ncalls:\n  - id: C-1\n    at: 2025-01-01\n    utterances: [{said}]\n"
    )
    assert "C2, utterance 1, 01:02" in run("replay", tmp_path / "case.yaml", "-r", ruleset).stdout


def test_without_the_words_nothing_can_be_compared(run: Run, bare_log: Path, ruleset: Path) -> None:
    result = run("replay", bare_log, "-r", ruleset)
    assert result.exit_code == 1
    assert result.stdout.count("the log kept no text") == 2
    rows = [json.loads(line) for line in run("replay", bare_log, "-r", ruleset, "--json").stdout.splitlines()]
    assert [row["under"] for row in rows] == [None, None]
    assert rows[0]["recorded"][0]["suggested_code"] == "C2"


def test_an_erased_call_is_listed_without_its_name(run: Run, log: Path) -> None:
    assert run("log", "erase", log, "C-1", "--yes").exit_code == 0
    result = run("replay", log)
    assert result.exit_code == 1
    assert result.stdout.startswith("(erased) (entry 1, ")
    assert "the call was erased from the log (request)" in result.stdout


def test_a_code_of_another_system_names_the_call(run: Run, case: Path, ruleset: Path) -> None:
    case.write_text(CASE.replace("text: He", "current_code: K9, text: He"))
    result = run("replay", case, "-r", ruleset)
    assert result.exit_code == 2
    assert "'C-3': this is no code of nhs-arp" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["case.yaml"], "name the decision log with --log, or rules to judge by with --ruleset"),
        (
            ["case.yaml", "--log", "decisions.db", "--since", "2025-01-01"],
            "go with a decision log, not with a case file",
        ),
        (["decisions.db", "--log", "decisions.db"], "--log goes with a case file"),
        (["case.yaml", "-r", "demo.yaml", "--call-id", "X"], "case.yaml holds nothing with the id 'X'"),
        (["none.db"], "none.db"),
        (["decisions.db", "--since", "soon"], "'soon' is no time"),
    ],
)
@pytest.mark.usefixtures("case", "log")
def test_wrong_use_is_a_sentence(
    run: Run, tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("replay", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "none.db").exists(), "a log that is only read is not made"


def test_a_damaged_log_is_an_error_not_a_result(run: Run, log: Path) -> None:
    with sqlite3.connect(log) as connection:
        connection.execute("UPDATE payloads SET assessment = ?", (b"{}",))
    result = run("replay", log)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert str(log) in result.stderr
