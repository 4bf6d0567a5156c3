"""The policy officer's path: every command on the page runs, in its order, and quotes calls only where it says so."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from triage_triggers import Evaluator, Ruleset, load_ruleset
from triage_triggers.cli.app import app

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "policy-officer.md").read_text("utf-8")
COMMANDS = [
    shlex.split(line.removeprefix("$ "))
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
SMALL = """\
format: 1
id: small
version: 1.0.0
title: Small
language: en
status: draft
code_system: nhs-arp
rules: [{id: small.hurt, theme: hurt, phrases: ["(hit|punched|kicked|pushed) (me|her)"]}]
"""
SAID = [
    utterance["text"]
    for line in (ROOT / "examples" / "labelled.jsonl").read_text("utf-8").splitlines()
    for utterance in json.loads(line)["utterances"]
    if len(utterance["text"].split()) > 6
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples, where files may be written."""
    path = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "examples", path / "examples")
    return path


@pytest.fixture
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load and compile each ruleset once, not once a command: a ruleset never changes."""
    load = cache(load_ruleset)
    evaluators: dict[str, Evaluator] = {}

    def compiled(ruleset: Ruleset, **_: object) -> Evaluator:
        if ruleset.digest not in evaluators:
            evaluators[ruleset.digest] = Evaluator(ruleset)
        return evaluators[ruleset.digest]

    for module in ("inputs", "phrases"):
        monkeypatch.setattr(f"triage_triggers.cli.{module}.load_ruleset", lambda name, **_: load(name))
    monkeypatch.setattr("triage_triggers.cli.inputs.Evaluator", compiled)
    monkeypatch.setattr("triage_triggers.lab.phrases.Evaluator", compiled)


@pytest.mark.usefixtures("_loaded_once")
def test_every_command_on_the_page_runs_and_shows_no_call_unasked(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    assert len(COMMANDS) >= 14
    for name, *arguments in COMMANDS:
        assert name == "triage-triggers"
        to_file = arguments[-2:-1] == [">"]
        result = CliRunner().invoke(app, arguments[:-2] if to_file else arguments, prog_name=name)
        # The overlay lies on the shipped ruleset: whether that has faults is for .ci/run to say.
        status = (0, 1) if arguments[0] in {"lint", "test"} else (int(arguments[0] == "check-corpus"),)
        assert result.exit_code in status, (arguments, result.output)
        assert result.stdout
        if to_file:
            Path(arguments[-1]).write_text(result.stdout, "utf-8")
            continue
        written = ""
        if "--html" in arguments:
            written = Path(arguments[arguments.index("--html") + 1]).read_text("utf-8")
            assert written.startswith("<!doctype html>")
        if "--with-text" not in arguments:
            assert not [text for text in SAID if text in result.stdout or text in written]


def test_a_redacted_copy_measures_the_same(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    (desk / "small.yaml").write_text(SMALL)
    redacted = CliRunner().invoke(app, ["redact", "examples/labelled.jsonl"]).stdout
    assert "Larkmoor" not in redacted
    figures = [
        CliRunner().invoke(app, ["measure", calls, "-r", "small.yaml", "--json"], input=redacted).stdout
        for calls in ("-", "examples/labelled.jsonl")
    ]
    assert figures[0] == figures[1]
    assert json.loads(figures[0])["overall"]["sensitivity"]["part"] > 0


def test_the_commands_name_what_the_repository_has() -> None:
    named = {part for command in COMMANDS for part in command if part.startswith("examples/")}
    assert all((ROOT / part).is_file() for part in named)
    assert {command[1] for command in COMMANDS} >= {
        "measure",
        "suggest-phrases",
        "try",
        "lint",
        "test",
        "compare",
        "redact",
    }


@pytest.mark.parametrize("page", ["policy-officer", "lab"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert all((ROOT / "docs" / link).exists() for link in links)


def test_the_program_in_the_reference_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "lab.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "program.py").write_text(program)
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(tmp_path / "program.py"))
    assert re.fullmatch(r"0\.\d{3} \(\d+ of 18, 95% .*\)\n", capsys.readouterr().out)


def test_the_example_calls_are_labelled_and_their_numbers_are_for_fiction() -> None:
    text = (ROOT / "examples" / "labelled.jsonl").read_text("utf-8")
    calls = [json.loads(line) for line in text.splitlines()]
    assert len({call["call_id"] for call in calls}) == len(calls) == 43
    assert {call["label"] for call in calls} == {"yes", "no", "unclear"}
    assert not re.findall(r"\d[\d ]{8,}\d", text)
