from __future__ import annotations

import json
import pickle
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from triage_triggers import CaseError, Utterance
from triage_triggers.replay.case_file import load_case

if TYPE_CHECKING:
    from pathlib import Path

CASE = """\
format: 1
id: case-1
title: A case
calls:
  - id: C-2
    at: 2025-03-02T21:14:05+00:00
    current_code: C3
    utterances:
      - {speaker: caller, start: 1.5, end: 2, text: "No: he hit me."}
      - {text: Oh}
    dispatched:
      - {at: "2025-03-02T21:20:00+00:00", code: C2}
      - {at: "2025-03-02T21:15:00+00:00", code: C3, remark: Sent}
    outcome: Conveyed
  - {id: C-1, at: 2025-01-01, transcript: calls/one.txt}
notes:
  - {id: N-1, at: 2025-03-02, by: Crew, text: Denies LOC.}
outcomes:
  - {at: 2025-04-01, remark: Closed}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "one.txt").write_text("He's got a knife.")
    lines = [{"call_id": "C-1", "text": "a", "area": "north"}, {"call_id": "C-3", "text": "b", "current_code": "C2"}]
    (tmp_path / "calls" / "two.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return tmp_path


def faults(folder: Path, text: str, name: str = "case.yaml") -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load_case(path)
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults  # noqa: S301  our own
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


def test_a_case_is_read_in_the_order_of_time(folder: Path) -> None:
    (folder / "case.yaml").write_text(CASE)
    case = load_case(folder / "case.yaml")
    assert (case.id, case.title, [outcome.remark for outcome in case.outcomes]) == ("case-1", "A case", ["Closed"])
    first, note, second = case.entries
    assert (first.kind, first.call.call_id, first.call.utterances[0].text) == ("call", "C-1", "He's got a knife.")
    assert (note.kind, note.by, note.call.utterances) == ("note", "Crew", (Utterance("Denies LOC."),))
    assert second.call.utterances == (Utterance("No: he hit me.", "caller", 1.5, 2.0), Utterance("Oh"))
    assert (second.call.current_code, second.outcome) == ("C3", "Conveyed")
    assert [(sent.code, sent.remark) for sent in second.dispatched] == [("C3", "Sent"), ("C2", None)]


def test_only_what_is_sure_to_lie_before_is_earlier(folder: Path) -> None:
    (folder / "case.yaml").write_text(CASE)
    case = load_case(str(folder / "case.yaml"))
    first, note, second = case.entries
    assert case.earlier(first) == ()
    assert case.earlier(note) == (first,)
    assert case.earlier(second) == (first,), "a note of the same day may be later"


def test_json_is_read_alike(folder: Path) -> None:
    data = yaml.safe_load(re.sub(r"at: ([^\s,}]+)", r'at: "\1"', CASE).replace('""', '"'))
    data["calls"][0]["utterances"][1] |= {"text": "\U0001f600 \u202e\x1b\\\\ud83d", "start": None}
    (folder / "case.json").write_text(json.dumps(data, indent="\t"))
    (folder / "case.yaml").write_text(CASE)
    read, same = load_case(folder / "case.json"), load_case(folder / "case.yaml")
    assert read.entries[2].call.utterances[1].text == "\U0001f600 \u202e\x1b\\\\ud83d"
    assert read.entries[:2] == same.entries[:2]
    assert read.entries[2].dispatched == same.entries[2].dispatched


def test_of_several_calls_in_a_file_the_one_of_that_id_is_taken_whole(folder: Path) -> None:
    text = CASE.replace("calls/one.txt", "calls/two.jsonl").replace("id: C-2", "id: C-9")
    (folder / "case.yaml").write_text(text)
    call = load_case(folder / "case.yaml").entries[0].call
    assert (call.utterances[0].text, call.metadata) == ("a", {"area": "north"})
    (folder / "case.yaml").write_text(text.replace("id: C-1", "id: C-3"))
    assert load_case(folder / "case.yaml").entries[0].call.current_code == "C2"
    (fault,) = faults(folder, text.replace("id: C-1", "id: C-4"))
    assert fault == "15:43: C-4: calls/two.jsonl holds 2 calls, of which none has the id 'C-4'"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: case-1", "id: ''", ["2:5: 'id' is empty"]),
        ("title: A case\n", "", ["1:1: 'title' is missing"]),
        ("outcome: Conveyed", "outcom: Conveyed", ["14:5: C-2: unknown key 'outcom'; did you mean outcome?"]),
        ("2025-03-02T21:14:05+00:00", "soon", ["6:9: C-2: 'at' must be a day or a day and a time, such as"]),
        (
            "speaker: caller",
            "speaker: Gary",
            ["9:19: C-2: 'speaker' must be one of caller, call_taker, other, unknown"],
        ),
        ("start: 1.5", "start: nan", ["9:34: C-2: 'start' must be a number"]),
        ("start: 1.5", "start: early", ["9:34: C-2: 'start' must be a number"]),
        ("id: N-1", "id: C-1", ["17:10: C-1: the id 'C-1' stands here twice"]),
        ("calls/one.txt", "calls/none.txt", ["15:43: C-1: ", "No such file"]),
        ("calls/one.txt", "calls", ["15:43: C-1: ", "this is a folder"]),
        ("calls/one.txt", "../one.txt", ["15:43: C-1: a transcript must lie in the folder of the case file"]),
        ("calls/one.txt", "/etc/hostname", ["15:43: C-1: a transcript must lie in the folder of the case file"]),
        (
            "text: Denies LOC.",
            "text: a, transcript: b.txt",
            ["17:5: N-1: ", "exactly one of 'transcript' (a file), 'text'"],
        ),
        (", text: Denies LOC.", "", ["17:5: N-1: ", "exactly one of 'transcript'"]),
        (
            "21:20:00+00:00",
            "21:20:00",
            ["12:14: C-2: ", "write all times with an offset such as +00:00, or none of them"],
        ),
    ],
)
def test_every_fault_says_where_and_what(folder: Path, old: str, new: str, expected: list[str]) -> None:
    assert old in CASE
    (fault,) = faults(folder, CASE.replace(old, new))
    assert fault.startswith(expected[0]), fault
    assert all(part in fault for part in expected), fault
    assert "Gary" not in fault


def test_all_faults_are_named_at_once(folder: Path) -> None:
    text = CASE.replace("id: N-1", "id: C-1").replace("calls/one.txt", "/none").replace("21:20:00+00:00", "21:20:00")
    assert [fault.partition(": ")[0] for fault in faults(folder, text)] == ["12:14", "15:43", "17:10"]


def test_a_case_without_calls_and_notes_is_none(folder: Path) -> None:
    (fault,) = faults(folder, "format: 1\nid: a\ntitle: A\n")
    assert fault == "1:1: the file is not right: needs 'calls' or 'notes'"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "1:2: this is not valid JSON: "),
        ('{"format": 1,\n"format": 1}', "2:1: 'format' stands here twice"),
        ('{"format": 1, "id": 7}', "1:21: 'id' must be text"),
        ("[" * 100_000, "1:1: the JSON is nested too deeply"),
        ("[]", "1:1: the file must be a group of keys"),
        ("", "1:1: this is not valid JSON: "),
    ],
)
def test_faults_in_json_have_lines_too(folder: Path, text: str, expected: str) -> None:
    assert faults(folder, text, "case.json")[0].startswith(expected)


def test_files_that_are_none(folder: Path) -> None:
    for name in ("none.json", "none.yaml"):
        with pytest.raises(CaseError, match="the file can't be read: No such file"):
            load_case(folder / name)
    (folder / "bytes.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CaseError, match="it is not UTF-8 text"):
        load_case(folder / "bytes.json")
    with pytest.raises(CaseError, match="the file can't be read"):
        load_case("a\0.yaml")
    (folder / "big.yaml").write_text("#" * 2_000_001)
    with pytest.raises(CaseError, match="put what was said into files of its own, and name each under 'transcript'"):
        load_case(folder / "big.yaml")


def test_a_transcript_may_not_lead_out_of_the_folder_by_a_link(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("x")
    (folder / "calls" / "one.txt").unlink()
    (folder / "calls" / "one.txt").symlink_to(secret)
    assert "must lie in the folder" in faults(folder, CASE)[0]
    assert "the transcript's name is no file name" in faults(folder, CASE.replace("calls/one.txt", '"a\\0.txt"'))[0]


def test_a_bad_transcript_is_no_reason_to_quote_it(folder: Path) -> None:
    (folder / "calls" / "two.jsonl").write_text('{"call_id": 7, "text": "Mary"}\n')
    (fault,) = faults(folder, CASE.replace("calls/one.txt", "calls/two.jsonl"))
    assert "two.jsonl:1: call_id must be a string, not int" in fault
    assert "Mary" not in fault
    (folder / "calls" / "two.jsonl").write_text("")
    assert "holds no call" in faults(folder, CASE.replace("calls/one.txt", "calls/two.jsonl"))[0]
