from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from triage_triggers.archive.work import Totals
from triage_triggers.cli.say import PaceShown, pace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def more_calls(calls: Path) -> Path:
    """The two calls, a line that is no call, and another."""
    with calls.open("a", encoding="utf-8") as file:
        file.write('nonsense\n{"call_id": "C-4", "text": "He\'s got a knife."}\n')
    return calls


@pytest.mark.parametrize("with_text", [False, True])
def test_several_processes_print_what_one_prints(run: Run, ruleset: Path, more_calls: Path, *, with_text: bool) -> None:
    options = ("-r", ruleset, "--json", "-c", "C4", *(["--with-text"] if with_text else []))
    one, two = run("evaluate", more_calls, *options), run("evaluate", more_calls, *options, "--workers", 2)
    assert two.exit_code == one.exit_code == 1
    assert (two.stdout, two.stderr) == (one.stdout, one.stderr)
    assert ("got a knife" in two.stdout) is with_text


def test_results_go_to_a_file_and_a_summary_to_the_screen(run: Run, ruleset: Path, more_calls: Path) -> None:
    output = more_calls.parent / "out.jsonl"
    printed = run("evaluate", more_calls, "-r", ruleset, "--json")
    written = run("evaluate", more_calls, "-r", ruleset, "--output", output)
    *good, bad = sorted(output.read_text().splitlines(), key=lambda line: "error" in json.loads(line))
    assert good == printed.stdout.splitlines()
    assert f"triage-triggers: {json.loads(bad)['error']}\n" == printed.stderr
    assert (written.exit_code, written.stderr) == (1, printed.stderr)
    assert written.stdout.splitlines() == [
        f"{output}: 3 calls, 2 flagged, a more urgent code suggested for 1",
        f"{output}: 1 calls could not be read or evaluated; each has its reason in 'error'",
    ]


def test_results_are_not_overwritten_and_what_was_begun_can_be_gone_on_with(
    run: Run, ruleset: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("evaluate", calls, "-r", ruleset, "-o", calls.parent / "out.jsonl")
    with monkeypatch.context() as broken:
        broken.setattr(PaceShown, "update", lambda *_: 1 / 0)
        assert isinstance(run(*command).exception, ZeroDivisionError)
    refused = run(*command)
    assert refused.exit_code == 2
    assert "--resume" in refused.stderr
    assert run(*command, "--resume").exit_code == 0
    again = run(*command)
    assert again.exit_code == 2
    assert "were begun" in again.stderr


def test_an_archive_in_which_nothing_can_be_read_is_status_2(run: Run, ruleset: Path, calls: Path) -> None:
    calls.write_text("nonsense\n")
    assert run("evaluate", calls, "-r", ruleset, "-o", calls.parent / "out.jsonl").exit_code == 2


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--resume",), "--resume"),
        (("--workers", "2"), "--workers"),
        (("--workers", "0", "--json"), "--workers"),
        (("-o", "out.csv"), "out.csv"),
    ],
)
def test_wrong_use_is_named(run: Run, ruleset: Path, calls: Path, options: tuple[str, ...], named: str) -> None:
    result = run("evaluate", calls, "-r", ruleset, *options)
    assert result.exit_code == 2
    assert named in result.stderr


def test_standard_input_can_not_be_gone_on_with(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("evaluate", "-", "-r", ruleset, "-o", calls.parent / "out.jsonl", stdin="He's got a knife.")
    assert result.exit_code == 2
    assert "only once" in result.stderr


def test_the_pace_is_that_of_this_run_alone() -> None:
    before, totals = Totals(evaluated=9_000, read=9_000_000), Totals(evaluated=9_900, failed=100, read=10_000_000)
    assert pace(totals, before, 10, 20_000_000) == "50 %, 10,000 calls, 100 a second, about 2 min left"
    assert pace(totals, before, 10, 500_000_000) == "2 %, 10,000 calls, 100 a second, about 1 h 21 min left"
    assert pace(totals, before, 10, 0) == "10,000 calls, 100 a second"
    assert pace(totals, totals, 10, 20_000_000) == "10,000 calls, 0 a second"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "seconds"), [(Terminal(), 2.0), (io.StringIO(), 31.0)])
def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere_and_both_come_late(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, seconds: float
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    clock = [0.0]
    monkeypatch.setattr("triage_triggers.cli.say.time.monotonic", lambda: clock[0])
    shown = PaceShown(100)
    for _ in range(3):
        shown.update(Totals(evaluated=11, read=50))
    assert stream.getvalue() == ""
    clock[0] = seconds
    shown.update(Totals(evaluated=22, read=60))
    shown.stop()
    assert "22 calls, " in stream.getvalue()
    assert ("\x1b" in stream.getvalue()) is stream.isatty()
