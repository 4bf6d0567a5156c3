from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import CALLS
from triage_triggers import DecisionLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run

KNIFE = {"call_id": "C-9", "text": "He's got a knife.", "speaker": "caller", "end": 2.5}


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(f"{json.dumps(call)}\n" for call in CALLS))
    return path


def rows(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_file_is_played_as_events(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("live", calls, "-r", ruleset, "--speed", 0, "--json")
    assert result.exit_code == 0
    found = rows(result.stdout)
    assert [row["call_id"] for row in found if row["event"] == "closed"] == ["C-1", "C-2"]
    first = [row["event"] for row in found if row["call_id"] == "C-1"]
    assert first[:4] == ["opened", "finding_added", "heard", "finding_reread"]
    assert first[-1] == "closed"
    flagged = next(row for row in found if row["event"] == "flagged")
    assert (flagged["utterance"], flagged["time"]) == (3, None)
    assert "knife" not in result.stdout.replace("demo.knife", "")


def test_the_last_event_is_what_evaluate_says(run: Run, ruleset: Path, calls: Path) -> None:
    live = rows(run("live", calls, "-r", ruleset, "--speed", 0, "--json").stdout)
    closed = [row["assessment"] for row in live if row["event"] == "closed"]
    assert closed == rows(run("evaluate", calls, "-r", ruleset, "--json").stdout)


def test_a_call_is_shown_as_it_happens(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("live", calls, "-r", ruleset, "--speed", 0, "--call-id", "C-1")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "Has he ((got a knife: questioned))?" in text
    assert "set aside: demo.knife: asked, and answered no" in text
    assert text.index("flagged: armed") < text.index("suggested: C2; a person decides") < text.index("Suggestion C2")
    assert "C-2" not in text


def test_a_terminal_keeps_the_suggestion_in_sight(
    run: Run, ruleset: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("live", calls, "-r", ruleset, "--speed", 0)
    assert "\x1b[" in result.stdout
    assert "instead of C3" in result.stdout


def test_it_takes_as_long_as_the_call_did(
    run: Run, ruleset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "call.jsonl"
    utterances = [{"text": "one two three four five", "end": 10.0}, {"text": "one two three four five"}]
    path.write_text(json.dumps({"call_id": "C-1", "utterances": utterances}))
    slept: list[float] = []
    monkeypatch.setattr("triage_triggers.cli.live.time.sleep", slept.append)
    monkeypatch.setattr("triage_triggers.cli.live.time.monotonic", lambda: 0.0)
    assert run("live", path, "-r", ruleset, "--speed", 2, "--json").exit_code == 0
    assert slept == [5.0, 6.0]


def test_messages_in_events_out(run: Run, ruleset: Path) -> None:
    lines = [
        json.dumps(KNIFE),
        "{broken",
        "",
        json.dumps({"type": "revise", "call_id": "C-9", "id": 0, "text": "He's got a cat."}),
        json.dumps({"type": "nope"}),
        json.dumps({"type": "code", "call_id": "C-9", "current_code": "C77"}),
    ]
    result = run("live", "-", "-r", ruleset, "-c", "C4", stdin="\n".join(lines).encode() + b"\n\xff\n")
    assert result.exit_code == 1
    assert [row["event"] for row in rows(result.stdout)] == [
        *("opened", "finding_added", "flagged", "suggestion_raised", "advice_changed", "heard"),
        "error",
        *("finding_withdrawn", "suggestion_superseded", "advice_changed", "unflagged", "heard"),
        *("error", "error", "error", "closed"),
    ]
    assert [row["line"] for row in rows(result.stdout) if row["event"] == "error"] == [2, 5, 6, 7]
    assert result.stderr.splitlines()[0] == "triage-triggers: -:2: this is not valid JSON (from character 2 on)"
    assert result.stderr.splitlines()[-1] == "triage-triggers: -:7: this is not UTF-8 text"


def test_nothing_that_can_be_followed(run: Run, ruleset: Path) -> None:
    assert run("live", "-", "-r", ruleset, stdin="{\n").exit_code == 2
    assert run("live", "-", "-r", ruleset, stdin="").exit_code == 0


def test_a_number_too_large(run: Run, ruleset: Path) -> None:
    line = json.dumps({"text": "x"})[:-1] + ', "start": ' + "9" * 400 + "}"
    result = run("live", "-", "-r", ruleset, stdin=line)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_bad_calls_in_a_file(run: Run, ruleset: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"text": 7}\n{"text": "hello", "current_code": "C77"}\n')
    result = run("live", path, "-r", ruleset, "--speed", 0)
    assert result.exit_code == 2
    assert result.stderr.count("triage-triggers:") == 2
    path.write_text('{"text": 7}\n{"text": "hello"}\n')
    assert run("live", path, "-r", ruleset, "--speed", 0).exit_code == 1
    result = run("live", path, "-r", ruleset, "--speed", 0, "--call-id", "none")
    assert result.exit_code == 2
    path.write_text("")
    result = run("live", path, "-r", ruleset, "--speed", 0, "--call-id", "none")
    assert "holds no call with the id 'none'" in result.stderr


class Child:
    """The command as a child process of another program."""

    def __init__(self, path: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "triage_triggers", "live", *arguments, "--ruleset", str(path)]
        self.process = subprocess.Popen(  # noqa: S603  our own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def say(self, message: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def read_until(self, event: str) -> dict[str, Any]:
        assert self.process.stdout
        for line in self.process.stdout:
            row: dict[str, Any] = json.loads(line)
            if row["event"] == event:
                return row
        raise AssertionError(f"no {event}")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@pytest.fixture
def child(ruleset: Path) -> Iterator[Child]:
    child = Child(ruleset, "-")
    yield child
    child.end()


def test_events_come_at_once_and_a_signal_closes_the_calls(child: Child) -> None:
    child.say(KNIFE)
    assert child.read_until("heard")["flagged"]  # although the input goes on
    child.process.send_signal(signal.SIGTERM)
    closed = child.read_until("closed")
    assert (closed["reason"], closed["assessment"]["suggested_code"]) == ("interrupted", "C2")
    assert child.process.wait(20) == 128 + signal.SIGTERM
    assert child.process.stderr
    assert child.process.stderr.read() == b""


def test_an_interrupt_has_its_own_status(child: Child) -> None:
    child.say(KNIFE)
    child.read_until("heard")
    child.process.send_signal(signal.SIGINT)
    assert child.process.wait(20) == 130


def test_whoever_reads_the_events_may_leave(child: Child) -> None:
    child.say(KNIFE)
    child.read_until("heard")
    assert child.process.stdout
    child.process.stdout.close()
    child.say(KNIFE)
    assert child.process.wait(20) == 141


def test_a_slow_reader_slows_the_writer_down(child: Child) -> None:
    """What isn't read is neither lost nor piled up: the writer has to wait."""
    said = 0

    def say_all() -> None:
        nonlocal said
        for _ in range(4000):
            child.say({**KNIFE, "speaker": ("caller", "other")[said % 2], "text": "It's raining."})
            said += 1
        child.process.stdin.close()  # type: ignore[union-attr]

    writer = threading.Thread(target=say_all)
    writer.start()
    child.read_until("heard")
    before = -1
    while said != before:
        before = said
        time.sleep(0.5)
    assert before < 4000  # both pipes are full
    assert child.process.stdout
    events = [json.loads(line)["event"] for line in child.process.stdout]
    writer.join()
    assert events.count("heard") == 4000 - 1
    assert events[-1] == "closed"


def test_playing_a_file_stops_at_a_signal(ruleset: Path, calls: Path) -> None:
    child = Child(ruleset, str(calls), "--json")
    try:
        child.read_until("opened")
        child.process.send_signal(signal.SIGTERM)
        assert child.read_until("closed")["reason"] == "interrupted"
        assert child.process.wait(20) == 143
    finally:
        child.end()


def test_a_partial_result_is_evaluated_though_no_line_comes(ruleset: Path) -> None:
    command = [sys.executable, "-m", "triage_triggers", "live", "-", "-r", str(ruleset), "--min-interval", "0.05"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({**KNIFE, "final": False}) + "\n")
        process.stdin.flush()
        seen = [json.loads(process.stdout.readline())["event"] for _ in range(3)]
        assert seen == ["opened", "heard", "finding_added"]
        rest, _ = process.communicate("")
    assert rows(rest)[-1]["assessment"]["flagged"]
    assert process.returncode == 0


def test_what_the_child_answers_is_in_the_log_first(run: Run, ruleset: Path, calls: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.db"
    respond = {"type": "respond", "call_id": "C-9", "answer": "accepted"}
    lines = [json.dumps(KNIFE), json.dumps(respond), json.dumps({**KNIFE, "text": "Bye."})]
    assert run("live", "-", "-r", ruleset, "-c", "C4", "--log", log, stdin="\n".join(lines)).exit_code == 0
    assert run("live", calls, "-r", ruleset, "--speed", 0, "--log", log).exit_code == 0
    with DecisionLog.open(log, read_only=True) as opened:
        assert [len(list(opened.records(call_id))) for call_id in ("C-9", "C-1", "C-2")] == [3, 4, 2]
        assert len(list(opened.responses("C-9"))) == 1
        assert opened.verify().ok
