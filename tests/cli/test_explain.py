from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_every_finding_and_every_policy_is_explained(run: Run, ruleset: Path, calls: Path) -> None:
    (calls.parent / "note.txt").write_text("He had his hands round my throat, nobody's got a knife.")
    result = run("explain", calls.parent / "note.txt", "-r", ruleset, "-c", "C3")
    assert result.exit_code == 0
    assert "[[hands round my throat]], nobody's ((got a knife: negated))" in result.stdout
    assert "demo.knife “got a knife” negated, current, by “nobody's” (" in result.stdout
    assert "C1 instead of C3" in result.stdout
    assert "Policy strangled holds, suggests C1" in result.stdout
    assert "yes: theme strangulation, found demo.throat in utterance 1" in result.stdout
    policy = result.stdout[result.stdout.index("Policy armed does not hold, suggests C2") :]
    assert "lacked: theme weapon; the absence of theme strangulation" in policy
    assert "no: theme weapon" in policy


def test_every_gate_is_explained(run: Run, ruleset: Path) -> None:
    gates = """
gates:
  - {id: tie, themes: [weapon], when: {theme: strangulation}, reason: No throat was named.}
  - {id: shut, rules: [demo.throat], reason: It never counts.}
"""
    ruleset.write_text(ruleset.read_text() + gates)
    result = run("explain", "-", "-r", ruleset, stdin="He's got a knife.")
    assert "Gate tie stays closed" in result.stdout
    assert "held back: demo.knife" in result.stdout
    assert "lacked: theme strangulation" in result.stdout
    assert "Gate shut stays closed" in result.stdout
    assert "lacked: anything that could open it" in result.stdout
    assert "No throat was named." in result.stdout
    opened = run("explain", "-", "-r", ruleset, stdin="He's got a knife, his hands round my throat.")
    assert "Gate tie opens" in opened.stdout
    assert "Policy armed does not hold" in opened.stdout


def test_a_policy_that_suggests_nothing_is_explained_too(run: Run, ruleset: Path) -> None:
    ruleset.write_text(ruleset.read_text().replace("    suggest: C2\n", ""))
    result = run("explain", "-", "-r", ruleset, stdin="He's got a knife.")
    assert "Policy armed holds\n" in result.stdout


def test_a_call_is_chosen_by_id(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("explain", calls, "--call-id", "C-2", "-r", ruleset)
    assert "I fell on the stairs." in result.stdout
    assert "knife" not in result.stdout.split("Policy")[0]


def test_a_bad_line_before_the_chosen_call_is_named(run: Run, ruleset: Path, calls: Path) -> None:
    calls.write_text("nonsense\n" + calls.read_text())
    result = run("explain", calls, "--call-id", "C-2", "-r", ruleset)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"triage-triggers: {calls}:1: ")
    refused = run("explain", calls, "-r", ruleset)
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_several_calls_need_an_id(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("explain", calls, "-r", ruleset)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"triage-triggers: {calls} holds several calls; choose one with --call-id, for example --call-id 'C-1'\n"
    )


def test_no_call_is_said_to_be_none(run: Run, ruleset: Path, calls: Path) -> None:
    assert run("explain", calls, "--call-id", "X", "-r", ruleset).stderr.endswith("holds no call with the id 'X'\n")
    result = run("explain", "-", "-r", ruleset, stdin="")
    assert (result.exit_code, result.stderr) == (2, "triage-triggers: - holds no call\n")
