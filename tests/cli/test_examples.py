"""The examples do what their README says, with the ruleset that is shipped."""

from __future__ import annotations

import json
import re
import runpy
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, Evaluator, load_ruleset
from triage_triggers.calls.reading import read_calls
from triage_triggers.cli.app import COMMANDS, examples_of

if TYPE_CHECKING:
    from tests.cli.conftest import Run

FOLDER = Path(__file__).parents[2] / "examples"
README = dict(re.findall(r"^\| `([^`]+)` \|.*\| (yes|no) \|$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE))
CALLS = {call.call_id: call for call in read_calls(FOLDER / "calls.jsonl") if isinstance(call, Call)}
PLAIN = ("pregnant", "direct-report", "child-caller", "question-confirmed", "past-only", "shorthand-note", "note.txt")
TEXTS = {path.name: call for path in FOLDER.glob("*.txt") for call in read_calls(path) if isinstance(call, Call)}


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


@pytest.fixture
def loaded_once(evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the commands the seconds that the shipped ruleset takes to load."""
    for module in ("inputs", "show", "phrases"):
        monkeypatch.setattr(f"triage_triggers.cli.{module}.load_ruleset", lambda *_, **__: evaluator.ruleset)
    monkeypatch.setattr("triage_triggers.cli.inputs.Evaluator", lambda *_, **__: evaluator)
    monkeypatch.setattr("triage_triggers.load_ruleset", lambda *_: evaluator.ruleset)
    monkeypatch.setattr("triage_triggers.Evaluator", lambda _: evaluator)


def test_the_readme_lists_every_call_as_the_files_do() -> None:
    assert README.keys() == CALLS.keys() | TEXTS.keys()
    assert len(CALLS) == len((FOLDER / "calls.jsonl").read_text("utf-8").splitlines()) >= 12
    for call_id, call in CALLS.items():
        assert call.metadata["expect"] is (README[call_id] == "yes")
        assert call.metadata["title"]


@pytest.mark.parametrize("name", [*PLAIN, *(name for name in README if README[name] == "no")])
def test_plain_examples_are_flagged_as_expected(evaluator: Evaluator, name: str) -> None:
    assert evaluator.evaluate((CALLS | TEXTS)[name]).flagged is (README[name] == "yes")


def test_the_first_example_shows_what_it_is_for(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate(next(iter(CALLS.values())))
    assert (assessment.call_id, assessment.current_code, assessment.suggested_code) == ("pregnant", "C3", "C2")


def test_the_past_alone_suggests_no_code(evaluator: Evaluator) -> None:
    assert evaluator.evaluate(CALLS["past-only"]).suggested_code is None


def test_the_telephone_numbers_are_from_the_ranges_for_fiction() -> None:
    for path in [FOLDER / "calls.jsonl", *FOLDER.glob("*.txt")]:
        for number in re.findall(r"\d[\d ]{8,}\d", path.read_text("utf-8")):
            assert re.fullmatch(r"07700900\d{3}|01632\d{6}", number.replace(" ", "")), number


@pytest.mark.usefixtures("loaded_once")
def test_the_quickstart_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(FOLDER / "quickstart.py"), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[: len(CALLS)]] == list(CALLS)
    assert lines[-2:] == ["live: Has your husband strangled you? -> no change", "live: Yeah. -> C2"]


@pytest.mark.usefixtures("loaded_once")
def test_calls_are_followed_at_the_same_time(
    evaluator: Evaluator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["live_asyncio.py", "--speed", "1000"])
    runpy.run_path(str(FOLDER / "live_asyncio.py"), run_name="__main__")
    *suggestions, total = capsys.readouterr().out.splitlines()
    assert suggestions
    flagged = sum(evaluator.evaluate(call).flagged for call in CALLS.values())
    assert total == f"{flagged} of {len(CALLS)} calls flagged"


@pytest.mark.usefixtures("loaded_once")
@pytest.mark.parametrize(
    "example",
    [example for command in COMMANDS for example in examples_of(command)],
)
def test_every_example_in_the_help_runs(run: Run, example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "my-" in example:
        pytest.skip("names a file of the reader's")
    monkeypatch.chdir(FOLDER.parent)
    said, _, command = example.rpartition(" | ") if example.startswith("echo ") else ("", "", example)
    _, *arguments = shlex.split(re.split(r" [>|] ", command)[0])
    result = run(*arguments, stdin=shlex.split(said)[1] if said else None)
    # What they find is no matter here.
    assert result.exit_code <= (arguments[0] in {"lint", "test", "check-corpus"}), result.output
    assert result.stdout
    if "--json" in arguments and arguments[0] == "evaluate":
        assert all(json.loads(line)["ruleset"]["id"] == "uk-ambulance" for line in result.stdout.splitlines())
