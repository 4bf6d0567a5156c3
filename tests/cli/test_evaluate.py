from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Evaluator, load_ruleset
from triage_triggers.calls.call import Call
from triage_triggers.calls.reading import read_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.mark.parametrize("with_text", [False, True])
def test_json_is_what_python_says_line_by_line(run: Run, ruleset: Path, calls: Path, *, with_text: bool) -> None:
    result = run("evaluate", calls, "--ruleset", ruleset, "--json", *(["--with-text"] if with_text else []))
    evaluator = Evaluator(load_ruleset(ruleset))
    expected = [
        evaluator.evaluate(call).to_json(call if with_text else None)
        for call in read_calls(calls)
        if isinstance(call, Call)
    ]
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines() == expected
    assert ("got a knife" in result.stdout) is with_text


def test_the_readable_view_shows_the_call_with_marks_and_why(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("evaluate", calls, "-r", ruleset)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Ruleset demo 1.2.3, draft: A demonstration",
        "",
        "C-1  flagged",
        "  call-taker  00:01    Has he ((got a knife: negated))?",
        "  caller      00:02    No.",
        "  caller      1:01:01  No wait, he's [[got a]]",
        "  caller               [[knife]] now.",
        "",
        "  Suggestion  C2 instead of C3 (nhs-arp); a person decides",
        "  Consider    scene_safety",
        "  Because     armed: A weapon is at hand.",
        "  Counted     demo.knife “got a knife” affirmed, current: said plainly",
        "  Set aside   demo.knife “got a knife” negated, current, by “No” (answer_no): asked, and answered no",
        "",
        "C-2  not flagged",
        "  unknown    I fell on the stairs.",
        "",
        "  Suggestion  no other code (nhs-arp)",
        "",
        "2 calls: 1 flagged, a more urgent code suggested for 1",
    ]


def test_the_help_says_that_the_call_is_shown(run: Run) -> None:
    assert "SHOWN IN FULL" in run("evaluate", "--help").stdout


def test_a_bad_line_is_named_and_the_others_are_evaluated(run: Run, ruleset: Path, calls: Path) -> None:
    with calls.open("a") as file:
        file.write('nonsense he hit me\n{"call_id": "C-3", "text": "", "current_code": "C99"}\n')
        file.write('{"call_id": "C-4", "text": "", "code_system": "scotland"}\n{"call_id": "C-5", "text": ""}\n')
    result = run("evaluate", calls, "-r", ruleset, "--json")
    assert result.exit_code == 1
    assert [json.loads(line)["call_id"] for line in result.stdout.splitlines()] == ["C-1", "C-2", "C-5"]
    bad_line, bad_code, bad_system = result.stderr.splitlines()
    assert bad_line == f"triage-triggers: {calls}:3: this is not valid JSON (from character 1 on)"
    assert bad_code.startswith("triage-triggers: call 'C-3': ")
    assert bad_system.startswith("triage-triggers: call 'C-4': ")


def test_input_in_which_nothing_can_be_read_is_status_2(run: Run, ruleset: Path, calls: Path) -> None:
    calls.write_text("nonsense\n")
    result = run("evaluate", calls, "-r", ruleset, "--json")
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("name", ["missing.jsonl", "calls.doc", "empty"])
def test_input_that_can_not_be_read_stops_everything_before_it_starts(
    run: Run, ruleset: Path, calls: Path, name: str
) -> None:
    (calls.parent / "empty").mkdir()
    result = run("evaluate", calls, calls.parent / name, "-r", ruleset, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"triage-triggers: {calls.parent / name}: ")


def ids(stdout: str) -> list[str]:
    return [json.loads(line)["call_id"] for line in stdout.splitlines()]


def test_a_guess_is_shown_once_and_can_be_refused(run: Run, ruleset: Path, tmp_path: Path) -> None:
    table = tmp_path / "calls.csv"
    rows = "".join(f"C-{at},spk_0,Who? What?\nC-{at},spk_1,He hit me.\n" for at in range(3))
    table.write_text(f"call_id,speaker,text\n{rows}")
    result = run("evaluate", table, "-r", ruleset, "--json")
    assert ids(result.stdout) == ["C-0", "C-1", "C-2"]
    (guess,) = result.stderr.splitlines()
    assert guess.endswith(
        "'spk_0' asks the questions and is taken for the call-taker, 'spk_1' for the caller; --no-guess refuses that"
    )
    (listed,) = run("evaluate", table, "-r", ruleset, "--json", "--no-guess").stderr.splitlines()
    assert "unknown: spk_0, spk_1; say who they are" in listed
    speakers = ("--speakers", "spk_0=call_taker,spk_1=caller")
    assert run("evaluate", table, "-r", ruleset, "--json", *speakers).stderr == ""


@pytest.mark.parametrize(
    ("options", "calls"),
    [((), []), (("--one-call",), ["calls"]), (("--call-a-row",), 3), (("--call-id", "incident"), ["7", "8"])],
)
def test_where_one_call_or_several_can_not_be_told_the_user_says(
    run: Run, ruleset: Path, tmp_path: Path, options: tuple[str, ...], calls: list[str] | int
) -> None:
    table = tmp_path / "calls.csv"
    table.write_text("incident,speaker,text\n7,agent,Who?\n7,caller,Me.\n8,agent,Who?\n")
    result = run("evaluate", table, "-r", ruleset, "--json", *options)
    assert (len(ids(result.stdout)) if isinstance(calls, int) else ids(result.stdout)) == calls
    assert ("--call-id COLUMN" in result.stderr) == (not options)
    assert result.exit_code == (0 if options else 2)


def test_a_folder_is_its_files(run: Run, ruleset: Path, calls: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    calls.rename(tmp_path / "more" / calls.name)
    (tmp_path / "more" / "note.txt").write_text("Caller: He hit me.\n")
    result = run("evaluate", tmp_path / "more", "-r", ruleset, "--json", "--workers", "2")
    assert ids(result.stdout)[-1] == "note"
    assert len(ids(result.stdout)) > 1


def test_no_calls_are_no_error(run: Run, ruleset: Path, calls: Path) -> None:
    calls.write_text("\n")
    assert (run("evaluate", calls, "-r", ruleset, "--json").stdout) == ""
    assert run("evaluate", calls, "-r", ruleset).exit_code == 0


def test_standard_input_and_several_files_come_in_order(run: Run, ruleset: Path, calls: Path) -> None:
    (calls.parent / "note.txt").write_text("He's got a knife.")
    result = run("evaluate", calls.parent / "note.txt", "-", calls, "-r", ruleset, "--json", stdin="I fell.")
    assert [json.loads(line)["call_id"] for line in result.stdout.splitlines()] == ["note", "-", "C-1", "C-2"]


def test_a_current_code_is_for_calls_without_their_own(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("evaluate", calls, "-r", ruleset, "--json", "--current-code", "cat 4")
    assert [json.loads(line)["current_code"] for line in result.stdout.splitlines()] == ["C3", "C4"]


def test_a_determinant_table_takes_the_place_of_the_ladder(run: Run, ruleset: Path, calls: Path) -> None:
    table = calls.parent / "ours.yaml"
    table.write_text(
        "format: 1\nid: ours\nversion: 1.0.0\ntitle: Ours\ncode_system: nhs-arp\n"
        "sources: [{id: s, grade: I, title: Made up, supports: All}]\ndeterminants: {99-X-9: C4}\n"
    )
    args = ("evaluate", "-", "-r", ruleset, "--json", "-c", "99-X-9")
    result = run(*args, "--code-system", table, stdin="He's got a knife.")
    assert json.loads(result.stdout)["suggested_code"] == "C2"
    assert run(*args, stdin="He's got a knife.").exit_code == 2


def test_a_withdrawn_ruleset_must_be_asked_for(run: Run, ruleset: Path, calls: Path) -> None:
    ruleset.write_text(ruleset.read_text().replace("status: draft", "status: withdrawn"))
    refused = run("evaluate", calls, "-r", ruleset)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "withdrawn" in refused.stderr
    assert run("evaluate", calls, "-r", ruleset, "--allow-withdrawn").exit_code == 0


def test_a_ruleset_must_be_named(run: Run, calls: Path) -> None:
    assert run("evaluate", calls).exit_code == 2
    result = run("evaluate", calls, "-r", "no-such-ruleset")
    assert result.exit_code == 2
    assert "no-such-ruleset" in result.stderr


def test_other_formats_labels_and_columns_can_be_told(run: Run, ruleset: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("Incident,Who,Words\n7,Sam,He's got a knife.\n")
    told = (
        "--column",
        "text=Words",
        "--column",
        "speaker=Who",
        "--column",
        "call_id=Incident",
        "--speaker",
        "Sam=caller",
    )
    for command, arguments in (("evaluate", ()), ("explain", ("--call-id", "7"))):
        result = run(command, path, "-r", ruleset, *told, *arguments)
        assert result.exit_code == 0
        assert "caller    He's [[got a knife]]." in result.stdout
    assert "7: flagged" in run("counterfactuals", path, "-r", ruleset, *told).stdout
    refused = run("evaluate", path, "-r", ruleset, "--speaker", "Sam")
    assert refused.exit_code == 2
    assert "a speaker is mapped by LABEL=SPEAKER" in refused.stderr
    refused = run("evaluate", path, "-r", ruleset, "--format", "cvs")
    assert refused.exit_code == 2
    assert "there is no format 'cvs'; did you mean csv" in refused.stderr


def test_completion_offers_the_formats(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_WORDS", "triage-triggers evaluate --format web")
    monkeypatch.setenv("COMP_CWORD", "3")
    monkeypatch.setenv("_TRIAGE_TRIGGERS_COMPLETE", "complete_bash")
    assert run().stdout.split() == ["webvtt"]


def test_other_formats_can_be_played(run: Run, ruleset: Path, tmp_path: Path) -> None:
    path = tmp_path / "call.txt"
    path.write_text("Voice 1: He's got a knife.\nVoice 2: Where?\n")
    labels = ("--speaker", "Voice 1=caller", "--speaker", "Voice 2=call_taker")
    result = run("live", path, "-r", ruleset, "--speed", 0, "--json", *labels)
    assert result.exit_code == 0
    assert '"flagged": true' in result.stdout


def test_a_call_in_another_language_is_said_to_be(run: Run, ruleset: Path, tmp_path: Path) -> None:
    call = tmp_path / "call.txt"
    call.write_text("Mój mąż uderzył mnie pięścią w twarz, bardzo krwawię, proszę przyjechać.", encoding="utf-8")
    said = "It seems to be in no language of the ruleset (en)."
    assert said in run("evaluate", call, "-r", ruleset).stdout
    call.write_text("I fell down the stairs and my ankle hurts, please send somebody.", encoding="utf-8")
    assert said not in run("evaluate", call, "-r", ruleset).stdout
