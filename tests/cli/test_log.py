from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from triage_triggers.record import DecisionLog

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def log(run: Run, ruleset: Path, calls: Path) -> Path:
    """A log that evaluate has written, of two decisions."""
    path = calls.with_name("decisions.db")
    result = run("evaluate", calls, "-r", ruleset, "--json", "--log", path)
    assert (result.exit_code, result.stderr) == (0, "")
    return path


def test_evaluate_records_what_it_prints(run: Run, ruleset: Path, calls: Path, log: Path) -> None:
    for options in (["--json"], []):
        printed = run("evaluate", calls, "-r", ruleset, *options, "--log", log)
        assert printed.stdout == run("evaluate", calls, "-r", ruleset, *options).stdout
    printed = run("evaluate", calls, "-r", ruleset, "--json")
    with DecisionLog.open(log, read_only=True) as opened:
        recorded = [record.assessment for record in opened.records()]
    assert recorded == printed.stdout.splitlines() * 3
    assert b"kitchen" in ruleset.read_bytes()
    assert b"stairs" not in log.read_bytes()


def test_a_log_that_can_not_be_written_stops_before_anything_is_printed(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("evaluate", calls, "-r", ruleset, "--json", "--log", calls)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "this is no decision log" in result.stderr


def test_verify_says_that_all_is_well_and_what_it_can_not_know(run: Run, log: Path) -> None:
    result = run("log", "verify", log)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "as it was recorded: 2 decisions, 0 of them erased, in 3 entries"
    assert "without an anchor" in result.stdout


def test_verify_compares_with_every_anchor(run: Run, log: Path, ruleset: Path, calls: Path) -> None:
    anchors = log.with_name("anchors.jsonl")
    anchors.write_text(run("log", "anchor", log).stdout)
    run("evaluate", calls, "-r", ruleset, "--json", "--log", log)
    with anchors.open("a") as file:
        file.write(f"\n{run('log', 'anchor', log).stdout}")
    result = run("log", "verify", log, "--anchor", anchors)
    assert (result.exit_code, result.stdout) == (
        0,
        "as it was recorded, and as the anchor says: 4 decisions, 0 of them erased, in 5 entries\n",
    )
    anchors.write_text(anchors.read_text().replace('"sequence": 4', '"sequence": 9'))
    result = run("log", "verify", log, "--anchor", anchors)
    assert result.exit_code == 1
    assert "entry 9: the anchor's entry is not there" in result.stdout


@pytest.mark.parametrize(("content", "message"), [("", "no anchor in this file"), ("{}\n", ":1: an anchor must be")])
def test_verify_names_what_is_wrong_with_a_file_of_anchors(run: Run, log: Path, content: str, message: str) -> None:
    anchors = log.with_name("anchors.jsonl")
    anchors.write_text(content)
    result = run("log", "verify", log, "--anchor", anchors)
    assert result.exit_code == 2
    assert message in result.stderr


def test_verify_names_faults_and_never_fails_on_a_damaged_file(run: Run, log: Path) -> None:
    content = log.read_bytes()
    log.write_bytes(content.replace(b'"kind":"decision"', b'"kind":"decisiom"', 1))
    result = run("log", "verify", log)
    assert result.exit_code == 1
    assert re.search(r"decisions\.db: entry [12]: the entry, or its hash, was changed\n", result.stdout)
    assert "NOT as it was recorded: " in result.stdout
    found = json.loads(run("log", "verify", log, "--json").stdout)
    assert (found["ok"], found["anchored"], found["entries"]) == (False, False, 3)
    assert found["faults"][0]["kind"] == "changed"
    log.write_bytes(content[:5000])
    result = run("log", "verify", log)
    assert result.exit_code == 1
    assert "damaged" in result.stdout
    assert run("log", "verify", log.with_name("nothing.db")).exit_code == 2


def test_show_lists_decisions(run: Run, log: Path) -> None:
    heading, first, second = run("log", "show", log).stdout.splitlines()
    assert heading.split() == ["entry", "at", "decision", "ruleset", "code", "suggested", "call"]
    assert first.split()[0] == "1"
    assert first.split()[-5:] == ["demo", "1.2.3", "C3", "C2", "C-1"]
    assert second.split()[-5:] == ["demo", "1.2.3", "-", "-", "C-2"]


def test_show_finds_a_call_a_decision_and_a_time(run: Run, log: Path) -> None:
    (row,) = [json.loads(line) for line in run("log", "show", log, "C-2", "--json").stdout.splitlines()]
    assert (row["call_id"], row["text"], row["call"]) == ("C-2", "none", None)
    by_decision = run("log", "show", log, row["decision_id"], "--json")
    assert json.loads(by_decision.stdout) == row
    assert run("log", "show", log, "--until", "2026-01-01").stdout == "no decisions\n"
    assert len(run("log", "show", log, "--since", "2026-01-01T00:00Z", "--json").stdout.splitlines()) == 2
    result = run("log", "show", log, "--since", "yesterday")
    assert result.exit_code == 2
    assert "'yesterday' is no time" in result.stderr


def test_export_writes_json_lines_and_parquet(run: Run, log: Path) -> None:
    for name in ("out.jsonl", "out.parquet"):
        file = log.with_name(name)
        result = run("log", "export", log, file)
        assert (result.exit_code, result.stdout) == (0, f"2 decisions written to {file}\n")
        refused = run("log", "export", log, file)
        assert refused.exit_code == 2
        assert "--force" in refused.stderr
        assert run("log", "export", log, file, "--force").exit_code == 0
    lines = log.with_name("out.jsonl").read_text()
    assert run("log", "export", log, "-").stdout == lines == run("log", "show", log, "--json").stdout
    assert pq.read_table(log.with_name("out.parquet")).num_rows == 2
    assert run("log", "export", log, log.with_name("out.csv")).exit_code == 2


def test_copy_prints_the_anchor_of_the_copy(run: Run, log: Path) -> None:
    copied = run("log", "copy", log, log.with_name("copy.db"))
    assert copied.stdout == run("log", "anchor", log.with_name("copy.db")).stdout == run("log", "anchor", log).stdout
    assert run("log", "copy", log, log.with_name("copy.db")).exit_code == 2


def test_erase_asks_first(run: Run, log: Path) -> None:
    refused = run("log", "erase", log, "C-1", stdin="n\n")
    assert refused.exit_code == 1
    assert "Erase 1 decision about this call for good?" in refused.output
    assert run("log", "verify", log).stdout.startswith("as it was recorded: 2 decisions, 0 of them erased")
    result = run("log", "erase", log, "C-1", "--note", "request 17", stdin="y\n")
    assert result.stdout.endswith("erased 1 decision; see entry 3\n")
    assert run("log", "erase", log, "C-1", "--yes").stdout == "nothing to erase\n"
    assert run("log", "verify", log).stdout.startswith("as it was recorded: 2 decisions, 1 of them erased, in 4")
    assert run("log", "show", log).stdout.splitlines()[1].endswith("erased: request")
    (row, _) = [json.loads(line) for line in run("log", "show", log, "--json").stdout.splitlines()]
    assert row["erased"]["note"] == "request 17"


def test_retain_takes_a_date_or_days(run: Run, log: Path) -> None:
    for options in ([], ["--before", "2026-01-01", "--days", "7"]):
        result = run("log", "retain", log, *options, "--yes")
        assert result.exit_code == 2
        assert "either --before or --days" in result.stderr
    assert run("log", "retain", log, "--days", 2190, "--yes").stdout == "nothing to erase\n"
    result = run("log", "retain", log, "--before", "2999-01-01", stdin="y\n")
    assert "Erase 2 decisions for good?" in result.output
    assert result.output.endswith("erased 2 decisions; see entry 3\n")


def test_a_log_that_is_not_there_is_not_made(run: Run, log: Path) -> None:
    for words in (["show"], ["anchor"], ["erase"], ["retain"]):
        more = {"erase": ["C-1", "--yes"], "retain": ["--days", "1", "--yes"]}.get(words[0], [])
        result = run("log", *words, log.with_name("nothing.db"), *more)
        assert result.exit_code == 2
        assert "nothing.db" in result.stderr
    assert not log.with_name("nothing.db").exists()


def test_help_of_the_group_and_of_each_command(run: Run) -> None:
    assert "verify" in run("log").output
    result = run("log", "verify", "--help")
    assert result.exit_code == 0
    assert "  triage-triggers log verify my-log.db" in result.stdout
    assert "retain" not in result.stdout
    assert run("log", "nothing").exit_code == 2


@pytest.mark.parametrize("days", ["800000", "99999999999"])
def test_days_that_no_calendar_has_are_refused(run: Run, log: Path, days: str) -> None:
    result = run("log", "retain", log, "--days", days, "--yes")
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    assert run("log", "show", log, "--since", "0001-01-01T00:00:00+14:00").exit_code == 2
