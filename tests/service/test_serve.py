"""``triage-triggers serve`` as a process: stopped, killed, and asked from another language."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers import DecisionLog

pytest.importorskip("uvicorn", reason="needs the extra 'service'")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
TOKEN = "0123456789abcdef"  # noqa: S105
RULES = """
format: 1
id: demo
version: 1.0.0
title: Demo
language: en
status: draft
code_system: nhs-arp
rules:
  - {id: demo.throat, theme: strangulation, phrases: ["hands round (my|her) throat"]}
"""


@contextmanager
def serving(folder: Path, ruleset: str, log: str = "log.db") -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [
        sys.executable,
        "-m",
        "triage_triggers",
        "serve",
        "-r",
        ruleset,
        "--port",
        "0",
        "--log",
        str(folder / log),
    ]
    given = {**os.environ, "TRIAGE_TRIGGERS_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=given, stderr=subprocess.PIPE, text=True, cwd=folder) as service:  # noqa: S603
        assert service.stderr is not None
        try:
            yield service.stderr.readline().split(" on ")[1].split(";")[0], service
        finally:
            if service.poll() is None:
                service.terminate()


def ask(address: str, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401  whatever JSON can say
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{address}{path}", data, {"authorization": f"Bearer {TOKEN}"})  # noqa: S310
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


def test_it_loads_its_ruleset_again_and_ends_with_its_log_closed(tmp_path: Path, rules: Path) -> None:
    with serving(tmp_path, str(rules)) as (address, service):
        assert ask(address, "/ready")["ruleset"]["version"] == "1.0.0"
        ask(address, "/v1/messages", {"call_id": "C-1", "text": "hands round my throat"})
        rules.write_text(RULES.replace("1.0.0", "1.1.0"))
        service.send_signal(signal.SIGHUP)
        assert service.stderr is not None
        assert "now demo 1.1.0" in service.stderr.readline()
        rules.write_text("format: 7")
        with pytest.raises(urllib.error.HTTPError):
            ask(address, "/v1/ruleset", {})
        assert ask(address, "/ready")["ruleset"]["version"] == "1.1.0"
        service.terminate()
        assert service.wait(20) == 128 + signal.SIGTERM
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.db", "rules.yaml"]
    with DecisionLog.open(tmp_path / "log.db", read_only=True) as log:
        assert (log.verify().ok, len(list(log.records()))) == (True, 2)


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path, rules: Path) -> None:
    with serving(tmp_path, str(rules)) as (address, service):
        answered = 0
        for number in range(30):
            rows = ask(address, "/v1/messages", {"call_id": f"C-{number}", "text": "hands round my throat"})["events"]
            answered += rows[-1]["flagged"]
        service.kill()
        service.wait()
    with DecisionLog.open(tmp_path / "log.db", read_only=True) as log:
        flagged = sum('"flagged": true' in (record.assessment or "") for record in log.records())
        assert (answered, flagged, log.verify().ok) == (30, 30, True)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_a_client_in_another_language(tmp_path: Path) -> None:
    with serving(tmp_path, "uk-ambulance") as (address, _):
        program = [shutil.which("node") or "", str(ROOT / "examples" / "service" / "client.mjs"), address]
        given = {**os.environ, "TRIAGE_TRIGGERS_TOKEN": TOKEN}
        done = subprocess.run(program, env=given, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("uk-ambulance ")
    assert "5 s: suggest C2; a person decides" in lines
    assert lines[-1] == "closed at C2, flagged: true"


def test_the_integrators_page_leads_from_nothing_to_a_logged_suggestion(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^triage-triggers (serve --ruleset uk-ambulance .*)$", page, re.MULTILINE)
    (body,) = re.findall(r"-d '(\{.*\})'$", page, re.MULTILINE)
    (tmp_path / "token.txt").write_text(TOKEN)
    program = [sys.executable, "-m", "triage_triggers", *shlex.split(command), "--port", "0"]
    given = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, env=given, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as service:  # noqa: S603
        assert service.stderr is not None
        address = service.stderr.readline().split(" on ")[1].split(";")[0]
        try:
            heard = ask(address, "/v1/messages", json.loads(body))["events"][-1]
        finally:
            service.terminate()
    assert heard["suggested_code"] == "C2"
    with DecisionLog.open(tmp_path / "decisions.db", read_only=True) as log:
        *_, record = log.records("INC-7")
        assert '"suggested_code": "C2"' in (record.assessment or "")
        assert log.verify().ok


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "name a file with the token"),
        (["--token-file", "SHORT"], "at least 16 characters"),
        (["--no-token", "--text", "all"], "is not one of 'none', 'masked', 'full'"),
    ],
)
def test_it_does_not_start_open_to_all_by_mistake(  # noqa: PLR0917
    tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str, run: Run
) -> None:
    monkeypatch.delenv("TRIAGE_TRIGGERS_TOKEN", raising=False)
    short = tmp_path / "short"
    short.write_text("abc")
    given = [str(short) if option == "SHORT" else option for option in options]
    result = run("serve", "-r", rules, "--log", tmp_path / "log.db", *given)
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
    assert not (tmp_path / "log.db").exists()


def test_the_image_is_built_of_what_is_there_and_runs_without_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("USER triage") for line in lines)
    copied = [name for line in lines if line.startswith("COPY") and "--from" not in line for name in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
    assert "read_only: true" in (ROOT / "compose.yaml").read_text(encoding="utf-8")
