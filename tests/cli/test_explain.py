from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.told import BLOKE, CONTENT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_every_finding_and_every_sign_is_explained(run: Run, ruleset: Path, calls: Path) -> None:
    (calls.parent / "note.txt").write_text("He had his hands round my throat, nobody's got a knife.")
    result = run("explain", calls.parent / "note.txt", "-r", ruleset, "-c", "C3")
    assert result.exit_code == 0
    assert "[[hands round my throat]], nobody's ((got a knife: negated))" in result.stdout
    assert "demo.knife “got a knife” negated, current, by “nobody's” (" in result.stdout
    assert "C1 instead of C3" in result.stdout
    assert "Then strangled holds, suggests C1" in result.stdout
    sign = result.stdout[result.stdout.index("Sign strangled holds") :]
    assert "asks for strangulation" in sign
    assert "found demo.throat in utterance 1: “hands round my throat”" in sign
    sign = result.stdout[result.stdout.index("Sign armed does not hold") :]
    assert "lacked: weapon" in sign
    assert "Then armed does not hold, suggests C2" in sign
    assert "lacked: the sign armed" in sign


def test_the_tally_is_explained_line_by_line(run: Run, ruleset: Path) -> None:
    lines = "".join(
        f"    - {{id: {theme}, find: {theme}, points: 3, reason: R.}}\n" for theme in ("weapon", "strangulation")
    )
    ruleset.write_text(f"{ruleset.read_text()}tally:\n  look_again: 3\n  flag: 4\n  lines:\n{lines}")
    result = run("explain", "-", "-r", ruleset, stdin="He's got a knife.")
    assert "Tally       3, look again: weapon +3" in result.stdout
    assert "Tally 3, look again: 1 short of flag (4)" in result.stdout
    assert "Tally weapon counts +3" in result.stdout
    assert "Tally strangulation does not count (+3)" in result.stdout


def test_a_line_that_suggests_nothing_is_explained_too(run: Run, ruleset: Path) -> None:
    ruleset.write_text(ruleset.read_text().replace("    suggest: C2\n", ""))
    result = run("explain", "-", "-r", ruleset, stdin="He's got a knife.")
    assert "Then armed holds\n" in result.stdout


def test_a_call_is_chosen_by_id(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("explain", calls, "--call-id", "C-2", "-r", ruleset)
    assert "I fell on the stairs." in result.stdout
    assert "knife" not in result.stdout.split("Sign")[0]


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


def test_the_tally_is_read_aloud_with_the_words_and_who_did_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "told.yaml").write_text(json.dumps(CONTENT))
    rows = [{"text": said.text, "speaker": said.speaker} for said in BLOKE.utterances[:3]]
    (tmp_path / "bloke.jsonl").write_text(json.dumps({"call_id": "C-1", "current_code": "C3", "utterances": rows}))
    result = run("explain", tmp_path / "bloke.jsonl", "-r", tmp_path / "told.yaml")
    tally = result.stdout[result.stdout.index("Tally 4, look again: 1 short of flag (5)") :]
    assert "Tally by-close counts +4\n  ├── Someone close did it.\n" in tally
    assert "found violence.struck in utterance 1: “He hit me” [by “He” = “My bloke”, utterance 3 (partner" in tally
    assert "Tally safe does not count (+2)" in tally
    assert "lacked: enquiry.safe" in tally
