"""The commands in docs/panel.md run, one after the other, and print what the page shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.report.pages import check_harmless
from triage_triggers import Evaluator, load_ruleset
from triage_triggers.replay.case_file import load_case

if TYPE_CHECKING:
    from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "panel.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [
    line for kind, block in BLOCKS if not kind for line in block.splitlines() if line.startswith("triage-triggers ")
]
(SHOWN,) = [block for kind, block in BLOCKS if not kind and block.startswith("call ")]


def calls_of(table: str) -> list[list[str]]:
    """The calls of a table and when they were; what is made of them changes with the shipped ruleset."""
    return [line.split()[:2] for line in table.splitlines()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "examples" / "case", folder / "examples" / "case")
    return folder


@pytest.fixture(scope="module")
def shipped() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


@pytest.fixture(autouse=True)
def loaded_once(shipped: Evaluator, monkeypatch: pytest.MonkeyPatch, desk: Path) -> None:
    """Spare the commands the seconds that the shipped ruleset takes to load."""
    monkeypatch.chdir(desk)
    monkeypatch.setattr(
        "triage_triggers.cli.inputs.load_ruleset",
        lambda source, **options: shipped.ruleset if source == "uk-ambulance" else load_ruleset(source, **options),
    )
    monkeypatch.setattr(
        "triage_triggers.cli.inputs.Evaluator",
        lambda ruleset, **options: shipped if ruleset is shipped.ruleset else Evaluator(ruleset, **options),
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(run: Run, command: str, desk: Path) -> None:
    result = run(*shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    if "proposal" in command:
        assert calls_of(result.stdout) == calls_of(SHOWN)
    if " replay " in command and "--log" in command:
        assert result.stdout == "1 decision: 1 identical\n"
    if " counterfactuals " in command:
        assert "been flagged" in result.stdout
    if "--output" in command:
        page = desk / shlex.split(command)[-1]
        assert page.stat().st_mode & 0o077 == 0, "a report is its owner's to read"
        found = check_harmless(page.read_text("utf-8"))
        words = "what's the emergency?"
        assert (words in found.text) is not any(option in command for option in ("--redacted", "--no-text"))
        assert ("Identical to the byte." in found.text) is ("--log" in command)


def test_there_are_commands() -> None:
    assert len(COMMANDS) == 9
    assert {command.split()[1] for command in COMMANDS} == {"report", "counterfactuals", "replay", "evaluate", "log"}


def test_the_case_shown_is_one(tmp_path: Path) -> None:
    (shown,) = [block for kind, block in BLOCKS if kind == "yaml"]
    (tmp_path / "case.yaml").write_text(shown, "utf-8")
    assert [entry.call.call_id for entry in load_case(tmp_path / "case.yaml").entries] == ["call-1", "note-1"]


def test_the_python_shown_runs(shipped: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = [block for kind, block in BLOCKS if kind == "python"]
    monkeypatch.setattr("triage_triggers.load_ruleset", lambda _: shipped.ruleset)
    monkeypatch.setattr("triage_triggers.Evaluator", lambda _: shipped)
    names: dict[str, str] = {}
    exec(shown, names)  # noqa: S102  our own page
    assert names["page"].startswith("<!doctype html>")
