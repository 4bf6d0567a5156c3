from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from triage_triggers import __version__
from triage_triggers.cli.app import COMMANDS, examples_of
from triage_triggers.errors import TriageTriggersError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_help_lists_every_command_in_words(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"  {command} " in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(run: Run, command: str) -> None:
    result = run(command, "-h")
    assert result.exit_code == 0
    examples = examples_of(command)
    assert examples
    for example in examples:
        assert f"  {example}\n" in result.stdout, "examples must not be wrapped"
        assert f"triage-triggers {command}" in example


def test_no_arguments_show_the_help(run: Run) -> None:
    result = run()
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"{__version__}\n"


def test_a_command_that_is_not_there_is_answered_with_near_ones(run: Run) -> None:
    result = run("evalute")
    assert result.exit_code == 2
    assert "There is no command 'evalute'; did you mean evaluate?" in result.stderr


def test_completion_finds_commands_and_stays_silent_about_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def complete(words: str) -> str:
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(shlex.split(words)) - (not words.endswith(" "))))
        monkeypatch.setenv("_TRIAGE_TRIGGERS_COMPLETE", "complete_bash")
        return run().stdout

    assert complete("triage-triggers sho").split() == ["show"]
    assert complete("triage-triggers evaluate --code-system scot").split() == ["scotland"]
    assert complete("triage-triggers nosuch --x").split() == []


def test_completion_offers_shipped_rulesets_and_those_here(
    run: Run, ruleset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ruleset.parent)
    monkeypatch.setattr("triage_triggers.cli.inputs.shipped_rulesets", lambda: ("demand", "other"))
    monkeypatch.setenv("COMP_WORDS", "triage-triggers show dem")
    monkeypatch.setenv("COMP_CWORD", "2")
    monkeypatch.setenv("_TRIAGE_TRIGGERS_COMPLETE", "complete_bash")
    assert run().stdout.split() == ["demand", "demo.yaml"]


def test_an_error_of_ours_is_a_sentence_and_status_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise TriageTriggersError("something is amiss")

    monkeypatch.setattr("triage_triggers.cli.show.shipped_rulesets", fail)
    result = run("show")
    assert (result.exit_code, result.stderr) == (2, "triage-triggers: something is amiss\n")


def test_a_full_disk_is_a_sentence_and_status_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("triage_triggers.cli.show.shipped_rulesets", fail)
    result = run("show")
    assert result.exit_code == 2
    assert result.stderr == "triage-triggers: [Errno 28] No space left on device\n"


def test_an_interruption_is_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("triage_triggers.cli.show.shipped_rulesets", interrupt)
    assert run("show").exit_code == 130


def test_a_ruleset_with_faults_is_refused_with_all_of_them(run: Run, ruleset: Path, calls: Path) -> None:
    ruleset.write_text(ruleset.read_text().replace("got a knife", "got a (knife").replace("round my", "ro*d my"))
    result = run("evaluate", calls, "--ruleset", ruleset)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{ruleset}:" in result.stderr
    assert "The ruleset has " in result.stderr
    assert " faults.\n" in result.stderr
