"""Hostile titles, rationales, sources, file names and calls: nothing printed steers a terminal or a CI server."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import RULESET

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

HARM = "\x1b[2J\x07\u200b\u2028\u2029\ufeff\u202e\u2066\x9b\n::error::x\r\n ##[error]##vso[task.x]"
_STEERS = re.compile(r"(?m)^\s*::|##\[|##vso\[")


def steering(output: str) -> list[str]:
    """Return what in some output could steer who shows it."""
    hidden = [char for char in output if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} and char not in "\t\n"]
    lines = [line for line in output.splitlines() if not line.startswith("{")]  # JSON is for programs, in ASCII
    return hidden + _STEERS.findall("\n".join(lines))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    quoted = json.dumps(HARM)
    folder = tmp_path / f"rules{HARM.replace('/', '')}"
    folder.mkdir()
    path = folder / "demo.yaml"
    text = RULESET.replace("A demonstration", quoted).replace("A weapon changes what a crew needs to know.", quoted)
    text = text.replace("[Our own judgement]", f"[{quoted}]").replace("The policy team", quoted)
    text = text.replace("A weapon is at hand.", quoted)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def hostile_calls(tmp_path: Path) -> Path:
    path = tmp_path / f"calls{HARM.replace('/', '')}.jsonl"
    call = {"call_id": HARM, "current_code": "C3", "text": f"{HARM} he's got a knife {HARM} my number is 07700 900123"}
    path.write_text(f"{json.dumps(call)}\n{{broken\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate", "CALLS", "-r", "RULES"),
        ("explain", "CALLS", "-r", "RULES"),
        ("live", "CALLS", "-r", "RULES", "--speed", 0),
        ("evaluate", "CALLS", "-r", "RULES", "--json", "--with-text"),
        ("evaluate", "CALLS", "-r", "RULES", "--log", "LOG"),
        ("counterfactuals", "CALLS", "--call-id", HARM, "-r", "RULES"),
        ("try", "got a knife", "CALLS"),
        ("check-corpus", "CALLS"),
        ("check-corpus", "CALLS", "--json"),
        ("redact", "CALLS"),
        ("show", "RULES"),
        ("show", "RULES", "--rule", "demo.knife"),
        ("lint", "RULES", "--all"),
        ("lint", "RULES", "--all", "--format", "json"),
        ("test", "RULES", "--coverage"),
        ("test", "RULES", "--format", "json"),
        ("replay", "RULES"),
        ("report", "RULES", "-r", "RULES", "-o", "-"),
        ("log", "verify", "RULES"),
        ("log", "export", "RULES", "CALLS"),
        ("suggest-phrases", "CALLS", "-r", "RULES"),
        ("measure", "CALLS", "-r", "RULES"),
    ],
    ids=lambda command: " ".join(str(part)[:12] for part in command if part != HARM),
)
def test_nothing_printed_steers(
    run: Run, hostile: Path, hostile_calls: Path, tmp_path: Path, command: tuple[object, ...]
) -> None:
    names: dict[object, object] = {"CALLS": hostile_calls, "RULES": hostile, "LOG": tmp_path / "log.db"}
    result = run(*(names.get(part, part) for part in command))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.output
    assert not steering(result.output), result.output


def test_a_fault_s_annotation_is_one_command_and_nothing_else(run: Run, hostile: Path) -> None:
    text = hostile.read_text(encoding="utf-8").replace("theme: weapon", f"theme: {json.dumps(HARM)}")
    hostile.write_text(text, encoding="utf-8")
    printed = run("lint", hostile, "--format", "github").output
    for line in printed.splitlines():
        assert line.startswith("::error file="), line
        assert not steering(line.removeprefix("::"))
    assert not steering(run("lint", hostile).output)
