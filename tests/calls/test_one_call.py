"""Rows, lines and lists that are the parts of one call are read as one call, whatever says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, CallError
from triage_triggers.archive.chunks import cut
from triage_triggers.calls.reading import ReadingOptions, read_calls

if TYPE_CHECKING:
    from pathlib import Path

SEGMENTS = [
    {"start": 0.0, "end": 2.5, "text": "Ambulance, is the patient breathing?", "speaker": "spk_0"},
    {"start": 2.6, "end": 4.0, "text": "He pushed me down the stairs.", "speaker": "caller", "confidence": 0.9},
]


def read(path: Path, content: str) -> list[Call | CallError]:
    path.write_text(content, encoding="utf-8")
    return list(read_calls(path))


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("call.jsonl", lines(*SEGMENTS)),
        ("call.json", json.dumps(SEGMENTS)),
        ("call.csv", "speaker,start,text\nspk_0,0.0,Is the patient breathing?\ncaller,2.6,He pushed me.\n"),
        ("timed.csv", "start,text\n0.0,Is the patient breathing?\n2.6,He pushed me.\n"),
        ("said.csv", "speaker,text\nspk_0,Is the patient breathing?\ncaller,He pushed me.\n"),
    ],
)
def test_parts_without_an_id_are_one_call(tmp_path: Path, name: str, content: str) -> None:
    (call,) = read(tmp_path / name, content)
    assert isinstance(call, Call)
    assert call.call_id == name.partition(".")[0]
    assert len(call.utterances) == 2
    assert [said.speaker for said in call.utterances] in (["unknown", "caller"], ["unknown", "unknown"])


def test_what_a_segment_holds_beside_is_kept(tmp_path: Path) -> None:
    (call,) = read(tmp_path / "call.jsonl", lines(*SEGMENTS))
    assert isinstance(call, Call)
    assert call.metadata["utterances"] == [{}, {"confidence": 0.9}]
    assert call.utterances[1].time == 4.0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.jsonl",
            lines(SEGMENTS[0], {"call_id": "C-2", "text": "Hello."}),
            "a.jsonl:2: the lines before are",
        ),
        ("b.jsonl", lines(SEGMENTS[0]) + "{", "b.jsonl:2: "),
        ("c.jsonl", lines({"text": "Hello.", "start": "soon"}), "c.jsonl: utterances[0]: "),
        ("d.json", json.dumps([{"text": "Hello.", "start": "soon"}]), "d.json: utterances[0]: "),
        ("e.csv", "start,text\n5.0,Hello.\n1.0,Hello.\n", "--call-id COLUMN"),
    ],
)
def test_a_near_miss_is_refused_whole_and_says_where(tmp_path: Path, name: str, content: str, said: str) -> None:
    found = read(tmp_path / name, content)
    assert all(isinstance(error, CallError) for error in found)
    assert any(said in str(error) for error in found)
    assert "Hello" not in str(found)


def test_a_line_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "call.jsonl"
    path.write_bytes(lines(SEGMENTS[0]).encode() + b"\xff\n")
    (error,) = read_calls(path)
    assert isinstance(error, CallError)
    assert "call.jsonl:2" in str(error)


def test_calls_with_ids_stay_calls(tmp_path: Path) -> None:
    table = read(tmp_path / "calls.csv", "call_id,speaker,text\nC-1,caller,Hello.\nC-2,caller,Hello.\n")
    assert [call.call_id for call in table if isinstance(call, Call)] == ["C-1", "C-2"]
    plain = read(tmp_path / "calls.jsonl", lines({"text": "Hello."}, {"text": "Hello."}))
    assert len(plain) == 2


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ("Speaker Name,Start Time,Transcript\nA,0:00:01,Hello.\nB,0:00:04,Yes?\n", 2),
        ("begin_ms,end_ms,text\n0,900,Hello.\n12379.999999999999,13000,Yes?\n", 2),
        ("sep=;\nspeaker;text\nA;Hello.\nB;Yes?\n;;\n;\n", 2),
        ("call_id,speaker,text,DA label\nC-1,A,Hello.,yes\n,B,Yes?,\n", 2),
        ("speaker,text,turn_id\nA,Hello.,1\nB,Yes?,2\n", 2),
    ],
)
def test_a_table_of_one_call_is_one_call_whatever_its_columns_are_called(
    tmp_path: Path, content: str, count: int
) -> None:
    (call,) = read(tmp_path / "C-1.csv", content)
    assert isinstance(call, Call)
    assert (call.call_id, len(call.utterances)) == ("C-1", count)
    assert "DA label" not in content or call.metadata == {"DA label": "yes"}


@pytest.mark.parametrize(
    "content",
    [
        "Time,text\n2026-01-02 10:00,Hello.\n2026-01-02 11:00,Hello.\n",
        "Time,text\n09:41:05,Hello.\n09:42:05,Hello.\n",
        "incident,speaker,text\n7,A,Hello.\n7,B,Hello.\n8,A,Hello.\n",
        "call_id,text\nC-1,Hello.\n,Hello.\n",
    ],
)
def test_where_one_call_or_several_can_not_be_told_it_is_asked(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calls.csv"
    (error,) = read(path, content)
    assert isinstance(error, CallError)
    assert "--call-a-row" in str(error)
    for one_call, count in ((True, 1), (False, content.count("Hello."))):
        calls = list(read_calls(path, options=ReadingOptions(one_call=one_call)))
        assert [type(call) for call in calls] == [Call] * count


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ([{"speakerName": "A", "startTime": "00:00:01.5", "endTime": 2, "transcript": " Hello."}], ["Hello."]),
        ([{"timestamp": [0.0, None], "text": "Hello."}], ["Hello."]),
        ([{"start": 0.0, "end": 1.5, "text": " Hello.", "words": [{"word": "Hello."}], "speaker": "A"}], ["Hello."]),
        ([{"start": 0, "end": 15, "text": "Hello.", "confidence": 0.9, "words": [], "speaker": "A"}], ["Hello."]),
        ({"call_id": "C-1", "text": "Hello.", "segments": [{"start": 0, "end": 1, "text": "Hello."}]}, ["Hello."]),
        ([{"offsets": {"from": 0, "to": 5}, "text": " Hello."}], ["Hello."]),
        ([{"Content": "Hello.", "BeginOffsetMillis": 1, "EndOffsetMillis": 2, "ParticipantRole": "A"}], ["Hello."]),
        ([{"alternatives": [{"transcript": "Hello."}], "resultEndTime": "1s"}], ["Hello."]),
        (
            [{"word": word, "start": at / 9, "end": at / 8} for at, word in enumerate(["He", "hit", "me"])],
            ["He hit me"],
        ),
        (
            {"meeting": "x", "turns": [{"speaker": 1, "text": "Hello."}, {"speaker": 2, "text": "Yes?"}]},
            ["Hello.", "Yes?"],
        ),
    ],
)
def test_lists_of_parts_are_one_call_under_any_names(tmp_path: Path, rows: object, texts: list[str]) -> None:
    (call,) = read(tmp_path / "call.json", json.dumps(rows))
    assert isinstance(call, Call)
    assert [said.text for said in call.utterances] == texts


@pytest.mark.parametrize("rows", [[], [SEGMENTS[0], {"text": "Hello."}], [SEGMENTS[0], 3]])
def test_a_list_with_other_things_among_the_parts_is_refused(tmp_path: Path, rows: object) -> None:
    (error,) = read(tmp_path / "call.json", json.dumps(rows))
    assert isinstance(error, CallError)


def test_an_archive_does_not_cut_one_call(tmp_path: Path) -> None:
    path = tmp_path / "call.jsonl"
    path.write_text("\n" + lines(*SEGMENTS * 3), encoding="utf-8")
    (chunk,) = cut([path])
    (call,) = chunk.read()
    assert isinstance(call, Call)
    assert len(call.utterances) == 6


def test_rows_of_separators_only_are_no_calls(tmp_path: Path) -> None:
    found = read(tmp_path / "calls.csv", "call_id,text\nC-1,Hello.\n,\n ,\n")
    assert [call.call_id for call in found if isinstance(call, Call)] == ["C-1"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.json", json.dumps({"text": "Hello.", "segments": []})),
        ("a.json", json.dumps({"results": {"transcripts": [{"transcript": "Hello."}], "items": []}})),
        ("c.json", json.dumps({"text": "Hello.", "chunks": []})),
        ("e.json", json.dumps({"text": "Hello.", "words": []})),
        ("r.json", json.dumps({"monologues": [{"speaker": 0, "elements": []}]})),
        ("g.json", json.dumps({"results": [{"resultEndTime": "1s"}]})),
        ("m.json", json.dumps({"text": "Hello.", "audio_url": "x", "words": []})),
        ("v.vtt", "WEBVTT\n"),
    ],
)
def test_an_export_without_its_parts_is_no_call_in_which_nothing_was_said(
    tmp_path: Path, name: str, content: str
) -> None:
    (error,) = read(tmp_path / name, content)
    assert isinstance(error, CallError)
    assert str(error).endswith("cut short?")
