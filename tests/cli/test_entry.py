"""The command as a process: what only shows there."""

from __future__ import annotations

import io
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import RULESET
from triage_triggers.cli.entry import main

ROOT = Path(__file__).parents[2]
MISSING = "import sys; sys.modules[{name!r}] = None; from triage_triggers.cli.entry import main; sys.exit(main())"


@pytest.fixture
def many(tmp_path: Path) -> tuple[Path, Path]:
    """A ruleset, and more calls than a pipe holds."""
    (tmp_path / "demo.yaml").write_text(RULESET)
    (tmp_path / "calls.jsonl").write_text('{"text": "He\'s got a knife."}\n' * 2_000)
    return tmp_path / "demo.yaml", tmp_path / "calls.jsonl"


def start(*args: object, stdin: int | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "triage_triggers", *map(str, args)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603  our own command
        command, stdin=stdin, stdout=pipe, stderr=pipe, cwd=ROOT, env=environment
    )


def python(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, args)]
    return subprocess.run(  # noqa: S603  our own command
        command, capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_main_leaves_with_the_status_of_the_command(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["triage-triggers", "show", "codes", "nowhere"])
    for start_it in (main, lambda: runpy.run_module("triage_triggers", run_name="__main__")):
        with pytest.raises(SystemExit) as caught:
            start_it()
        assert caught.value.code == 2
        assert capfd.readouterr().err.startswith("triage-triggers: there is no code ladder 'nowhere'")


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (ModuleNotFoundError(name="typer"), 2)])
def test_main_answers_what_happens_before_the_command_starts(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("triage_triggers.cli.app.app", fail)
    assert main() == status


def test_main_hides_no_error_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ModuleNotFoundError(name="yaml")

    monkeypatch.setattr("triage_triggers.cli.app.app", fail)
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # as some hosts set it, not to be reconfigured
    with pytest.raises(ModuleNotFoundError):
        main()


def test_main_lets_go_of_a_closed_pipe(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise BrokenPipeError

    monkeypatch.setattr("triage_triggers.cli.show.shipped_rulesets", fail)
    monkeypatch.setattr(sys, "argv", ["triage-triggers", "show"])
    with pytest.raises(SystemExit) as caught:
        main()
    os.write(1, b"into the void")
    assert caught.value.code == 141
    assert capfd.readouterr().out == ""


def test_the_module_runs() -> None:
    process = start("show", "codes", "nhs-arp")
    output, errors = process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert b"C1" in output


@pytest.mark.parametrize("view", [["--json"], []])
def test_a_reader_that_has_seen_enough_is_no_error(many: tuple[Path, Path], view: list[str]) -> None:
    ruleset, calls = many
    process = start("evaluate", calls, "-r", ruleset, *view)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_an_answer_comes_before_the_next_call(many: tuple[Path, Path]) -> None:
    process = start("evaluate", "-", "-r", many[0], "--json", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"call_id": "C-1", "text": ""}\n')
    process.stdin.flush()
    assert b'"C-1"' in process.stdout.readline(), "else this waits for ever"
    process.communicate()
    assert process.returncode == 0


def test_an_interruption_leaves_no_traceback(many: tuple[Path, Path]) -> None:
    process = start("evaluate", "-", "-r", many[0], "--json", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"call_id": "C-1", "text": ""}\n')
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_terminal_that_can_not_show_a_character_still_shows_the_call(tmp_path: Path, many: tuple[Path, Path]) -> None:
    (tmp_path / "note.txt").write_text("Café: he's got a knife 🗡", encoding="utf-8")
    process = start("evaluate", tmp_path / "note.txt", "-r", many[0])
    output, errors = process.communicate()
    assert process.returncode == 0
    assert errors.endswith(b"no speakers are read from this: one utterance of an unknown speaker\n")
    assert rb"Caf\xe9: he's [[got a knife]] \U0001f5e1" in output


@pytest.mark.parametrize("name", ["typer", "rich"])
def test_a_missing_extra_is_named(name: str) -> None:
    result = python(MISSING.format(name=name), "show", "codes")
    assert result.returncode == 2
    assert result.stderr == "the command line needs an extra: pip install 'triage-triggers[cli]'\n"


def test_another_missing_module_is_not_blamed_on_the_extra() -> None:
    result = python(MISSING.format(name="yaml"), "show", "codes")
    assert "ModuleNotFoundError: import of yaml" in result.stderr
    assert "triage-triggers[cli]" not in result.stderr


def test_json_needs_no_rich(many: tuple[Path, Path]) -> None:
    ruleset, calls = many
    result = python(MISSING.format(name="rich"), "evaluate", calls, "-r", ruleset, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 2_000
