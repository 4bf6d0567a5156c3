"""The blocks of docs/integrators.md and docs/decision-log.md run, one after the other, as their readers run them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from triage_triggers import Evaluator, load_ruleset
from triage_triggers.cli.log import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


@pytest.fixture
def loaded_once(evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the blocks the seconds that the shipped ruleset takes to load."""
    monkeypatch.setattr("triage_triggers.load_ruleset", lambda _: evaluator.ruleset)
    monkeypatch.setattr("triage_triggers.Evaluator", lambda _: evaluator)


def run(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for number, block in enumerate(blocks):
        exec(compile(block, f"{page}, block {number + 1}", "exec"), names)  # noqa: S102  our own page
    if page == "decision-log.md":
        names["log"].close()  # type: ignore[attr-defined]


def known_anyhow(text: str) -> str:
    """Leave out how a tie is known, which the page explains and the engine may come to know better."""
    return re.sub(r'("known_by": "|\(partner, )[a-z ]+', r"\1", text)


@pytest.mark.usefixtures("loaded_once")
def test_the_integrators_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("integrators.md", tmp_path, monkeypatch)
    printed = capsys.readouterr().out
    page = (DOCS / "integrators.md").read_text(encoding="utf-8")
    for shown in re.findall(r"```text\n(.*?)```", page, flags=re.DOTALL):
        assert known_anyhow(shown) in known_anyhow(printed)
    assert "5.0 suggestion_raised\n" in printed
    assert "suggest C2 instead of C3 consider " in printed
    assert "still C2\n" in printed
    assert '"intent": "proposal"' in printed
    assert printed.count('"code": "SS"') == 1
    assert '"sequence": ' in printed.splitlines()[-1]


@pytest.mark.usefixtures("loaded_once")
def test_the_decision_log_s_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("decision-log.md", tmp_path, monkeypatch)
    assert (tmp_path / "decisions.db").stat().st_size > 0


@pytest.mark.usefixtures("loaded_once")
def test_the_example_prints_a_plan_and_flags(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(DOCS.parent / "examples" / "suggestion_as_fhir.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert [printed.count(f'"resourceType": "{kind}"') for kind in ("CarePlan", "Flag")] == [1, 2]
    assert "throat" not in printed


def test_the_page_names_every_command() -> None:
    page = (DOCS / "decision-log.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `log ([a-z]+) ", page, flags=re.MULTILINE)) == set(COMMANDS)
