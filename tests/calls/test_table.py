from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
import tracemalloc
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transcripts import SPOKEN_LABELS, conversations, rows
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.columns import Columns
from triage_triggers.calls.reading import format_of, read_calls
from triage_triggers.calls.source import ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = ["call_id", "text", "speaker", "start", "end"]
CONVERSATIONS = st.lists(conversations().filter(bool), max_size=4)


def read(text: str | bytes, **options: object) -> list[Call | CallError]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_calls("-", stdin=io.BytesIO(data), options=ReadingOptions(format="csv", **options)))  # type: ignore[arg-type]


def good(text: str, **options: object) -> list[Call]:
    calls = [item for item in read(text, **options) if isinstance(item, Call)]
    assert len(calls) == len(read(text, **options))
    return calls


def table(calls: list[tuple[Utterance, ...]]) -> list[list[object]]:
    return [[f"C-{at}", *row] for at, turns in enumerate(calls) for row in rows(turns)]


def write_csv(path: Path, lines: list[list[object]], delimiter: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADER, *lines])


def write_parquet(path: Path, lines: list[list[object]], _: str) -> None:
    pq.write_table(pa.table({name: [line[at] for line in lines] for at, name in enumerate(HEADER)}), path)


@pytest.mark.parametrize(("write", "suffix"), [(write_csv, ".csv"), (write_csv, ".tsv"), (write_parquet, ".parquet")])
@settings(deadline=None, max_examples=15)
@given(calls=CONVERSATIONS, delimiter=st.sampled_from(",;\t|"))
def test_an_utterance_a_row_comes_back_with_times_and_speakers(
    tmp_path_factory: pytest.TempPathFactory,
    write: Callable[[Path, list[list[object]], str], None],
    suffix: str,
    calls: list[tuple[Utterance, ...]],
    delimiter: str,
) -> None:
    path = tmp_path_factory.mktemp("table") / f"calls{suffix}"
    write(path, table(calls), delimiter)
    options = ReadingOptions(speakers=SpeakerNames(SPOKEN_LABELS))
    assert list(read_calls(path, options=options)) == [Call(f"C-{at}", turns) for at, turns in enumerate(calls)]
    assert format_of(path) == suffix[1:].replace("tsv", "csv")


def test_a_call_a_row_keeps_its_columns_as_metadata() -> None:
    calls = good('Call ID,Text,Current Code,area\nC-1,"He said, ""now"".\nThen.",C3,north\n,hi,,\n', one_call=False)
    assert calls == [
        Call("C-1", [Utterance('He said, "now".\nThen.')], current_code="C3", metadata={"area": "north"}),
        Call("-:4", [Utterance("hi")], metadata={"area": ""}),
    ]


def test_columns_are_mapped_and_what_is_not_ours_stays_metadata() -> None:
    columns = Columns.parse(["text=What was said", "call_id=Incident", "start=From"])
    (call,) = good("Incident,What was said,From,text\n7,hi,00:01:02.5,x\n", columns=columns)
    assert call == Call("7", [Utterance("hi", "unknown", 62.5)], metadata={"text": "x"})


def test_columns_that_differ_within_a_call_belong_to_its_utterances() -> None:
    (call,) = good("call_id,text,area,score\n1,a,north,1\n1,b,north,2\n")
    assert call.metadata == {"area": "north", "utterances": [{"score": "1"}, {"score": "2"}]}


def test_a_cell_may_hold_a_whole_dialogue() -> None:
    (call,) = good('call_id,text,score\n1,"Caller: He\'s here.\r\nAgent: Who?",3\n')
    assert call.utterances == (Utterance("He's here.", "caller"), Utterance("Who?", "call_taker"))
    (call,) = good('call_id,speaker,text\n1,agent,"Caller: hi"\n')
    assert call.utterances == (Utterance("Caller: hi", "call_taker"),), "a speaker's column is believed"


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("", None), ("62.5", 62.5), (" 7 ", 7.0), ("1:02", 62.0), ("00:01:02,25", 62.25), ("00:00:03.200", 3.2)],
)
def test_times_are_seconds_or_by_the_clock(cell: str, seconds: float | None) -> None:
    assert good(f'text,start\nx,"{cell}"\n')[0].utterances[0].start == seconds


def test_times_of_day_count_from_the_first_and_are_shown_as_such() -> None:
    (call,) = good("time,speaker,text\n23:59:58,agent,hi\n00:00:03,caller,ho\n")
    assert [turn.start for turn in call.utterances] == [0.0, 5.0]
    assert call.metadata == {"started_at": "23:59:58"}
    assert [call.shown_time(turn.start) for turn in call.utterances] == [86_398.0, 3.0]


def test_whispers_own_table_counts_milliseconds() -> None:
    (call,) = good("start\tend\ttext\n0\t2500\thi\n2500\t4000\tho\n")
    assert [(turn.start, turn.end) for turn in call.utterances] == [(0.0, 2.5), (2.5, 4.0)]
    (call,) = good("start\tend\ttext\n0\t2\thi\n3\t4\tho\n")
    assert call.utterances[1].end == 4.0


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("text,a\rb\nx,y", ["-:1: expected the names of the columns; this line is no row of a table"]),
        ("", ["-: expected the names of the columns in the first line; the file is empty"]),
        ("\n \n", ["-: expected the names of the columns in the first line; the file is empty"]),
        ('"call_id,text\n1,x', ["-:1: expected the names of the columns; this line is no row of a table"]),
        (
            "id,words\n1,x",
            ["-: no column holds the text; name it with --column text=NAME; the columns are 'id', 'word"],
        ),
        ("call_id,texts\n1,x", ["-: no column holds the text; name it with --column text=NAME; did you mean 'texts'?"]),
        ("text,text\n1,x", ["-: two columns are called 'text'; rename one of them"]),
        (
            "call_id,text\n1,secret,word\n2,x\n3\n",
            [
                "-:2: expected 2 cells, as in the first line, and found 3; is a comma",
                "-:4: expected 2 cells, as in the",
            ],
        ),
        ("text,start\nsecret,word\n", ["-:2: column 'start': expected seconds from the start of the call, such as 62"]),
        ("text,end\nx,-1\n", ["-:2: column 'end': expected seconds"]),
        ("call_id,text\n1,a\n2,b\n1,c\n", ["-:4: the rows of one call must follow each other; sort the table by"]),
        ('call_id,text\n1,"sec"ret\n2,x\n', ["-:2: this row's quotation marks don't pair up"]),
        ('call_id,text\n1,x\n2,"secret\nword', ["-:3: this row's quotation marks don't pair up"]),
    ],
)
def test_a_near_miss_is_told_where_and_what(text: str, messages: list[str]) -> None:
    faults = [str(item) for item in read(text) if isinstance(item, CallError)]
    assert len(faults) == len(messages)
    for fault, message in zip(faults, messages, strict=True):
        assert fault.startswith(message)
        assert "secret" not in fault
        assert "word'" not in fault.replace("'words'", "")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": "Speech"}, "-: no column is called 'Speech'; the columns are 'call_id', 'text'"),
        ({"text": "Text", "call_id": "text"}, "-: one column is named for two fields; keep one of the two"),
    ],
)
def test_a_column_named_wrongly_is_told(columns: dict[str, str], message: str) -> None:
    assert [str(item) for item in read("call_id,text\n1,x\n", columns=Columns(columns))] == [message]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["text"], "a column is named by FIELD=COLUMN, such as 'text=Transcript'"),
        (
            ["words=Transcript"],
            "a column can hold one of call_id, text, speaker, start, end, current_code, code_system",
        ),
        (["text="], "the column that holds text has no name; write it as in 'text=Transcript'"),
        (["text=a", "text=b"], "two columns are named for 'text'; keep one of the two"),
    ],
)
def test_columns_not_written_as_they_should_be_are_told(options: list[str], message: str) -> None:
    with pytest.raises(CallError) as caught:
        Columns.parse(options)
    assert str(caught.value).startswith(message)


def test_column_choices_are_equal_by_what_they_say() -> None:
    assert Columns({"text": "a"}) == Columns.parse(["text=a"]) != Columns()


def test_a_bad_row_costs_its_own_call_and_no_other() -> None:
    items = read("call_id,text,start\n1,a,0\n1,b,x\n1,c,2\n2,d,\n")
    assert [type(item) for item in items] == [CallError, Call]


def test_bytes_that_are_no_text_cost_their_line_only() -> None:
    items = read(b"call_id,text\n1,\xff\n2,x\n")
    assert (
        str(items[0]) == "-:2: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
    )
    assert items[1:] == [Call("2", [Utterance("x")])]
    (first, second) = read(b"\xff\n")
    assert "not UTF-8" in str(first)
    assert "the file is empty" in str(second)


def test_a_cell_of_five_megabytes_is_read() -> None:
    assert len(good(f'call_id,text\n1,"{"he hit me " * 500_000}"\n')[0].utterances[0].text) == 5_000_000


class Endless(io.RawIOBase):
    """A table without end, of which only so much is read as is asked for."""

    def __init__(self) -> None:
        self.rows = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  a buffer has no type of its own in 3.11
        line = b"call_id,text\n" if not self.rows else b"%d,%b\n" % (self.rows, b"x" * 1000)
        self.rows += 1
        buffer[: len(line)] = line
        return len(line)


def test_a_table_is_read_in_bounded_memory() -> None:
    endless = Endless()
    calls = read_calls("-", stdin=io.BufferedReader(endless), options=ReadingOptions(format="csv"))
    next(calls)
    tracemalloc.start()
    try:
        for _ in range(5_000):
            next(calls)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert endless.rows < 6_000
    assert peak < 2_000_000, "five megabytes were read; only ids may add up"


def parquet(path: Path, columns: dict[str, list[Any]]) -> Path:
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def test_parquet_values_become_plain_ones(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "calls.parquet",
        {
            "call_id": [7],
            "text": ["hi"],
            "start": [float("nan")],
            "day": [dt.date(2026, 1, 2)],
            "cost": [Decimal("1.50")],
            "took": [dt.timedelta(seconds=3)],
            "score": [float("inf")],
            "raw": [b"ab"],
            "more": [{"a": [dt.datetime(2026, 1, 2, tzinfo=dt.UTC)]}],
            "nothing": [None],
            "count": [3],
        },
    )
    (call,) = read_calls(path)
    assert isinstance(call, Call)
    assert (call.call_id, call.utterances) == ("7", (Utterance("hi"),))
    assert json.loads(json.dumps(call.metadata)) == {
        "day": "2026-01-02",
        "cost": "1.50",
        "took": "0:00:03",
        "score": None,
        "raw": "ab",
        "more": {"a": ["2026-01-02T00:00:00+00:00"]},
        "nothing": None,
        "count": 3,
    }


def test_parquet_may_hold_a_call_a_row_with_all_its_utterances(tmp_path: Path) -> None:
    said = [{"text": "hi", "speaker": "caller", "start": 1.0, "end": None}]
    path = parquet(tmp_path / "c.parquet", {"ID": ["A", None], "utterances": [said, [{"text": None}]], "n": [1, 2]})
    call, fault = read_calls(path, options=ReadingOptions(columns=Columns({"call_id": "ID"})))
    assert call == Call("A", [Utterance("hi", "caller", 1.0)], metadata={"n": 1})
    assert str(fault) == f"{path}: row 2: utterances[0] has no 'text'"


def test_a_column_called_utterances_beside_a_text_is_a_column(tmp_path: Path) -> None:
    assert good("text,utterances\nhi,12\n")[0].metadata == {"utterances": "12"}
    faults = read(b"utterances\n\xff\n12\n")
    assert [str(fault) for fault in faults] == [
        "-:2: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252",
        "-:3: utterances must be a list, not str",
    ]
    path = parquet(tmp_path / "a.parquet", {"text": ["hi"], "start": [1.5], "speaker": [3]})
    options = ReadingOptions(speakers=SpeakerNames({"3": "other"}))
    assert list(read_calls(path, options=options)) == [Call("a", [Utterance("hi", "other", 1.5)])]


def test_an_empty_line_is_no_row() -> None:
    assert len(good("text\n\nhi\n\n")) == 1


def test_near_misses_of_parquet_are_told(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", {"call_id": ["1", "2"], "text": [None, "x"], "current_code": ["C3", "C3"]})
    fault, call = read_calls(path)
    assert str(fault) == f"{path}: row 1: column 'text': expected what was said, found nothing"
    assert call == Call("2", [Utterance("x")], current_code="C3")
    path = parquet(tmp_path / "b.parquet", {"text": ["x"], "current_code": [3]})
    assert [str(item) for item in read_calls(path)] == [
        f"{path}: row 1: column 'current_code': expected text, found int"
    ]
    path = tmp_path / "c.parquet"
    path.write_bytes(b"PAR1 and no more")
    expected = "expected a Parquet file; this is none, or it is damaged or not complete"
    assert [str(item) for item in read_calls(path)] == [f"{path}: {expected}"]
    path = parquet(tmp_path / "d.parquet", {"words": ["x"]})
    assert str(next(read_calls(path))).startswith(f"{path}: no column holds the text; name it with --column")


def test_a_damaged_parquet_file_is_told_with_how_far_it_was_read(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", {"text": ["x" * 50 + str(at) for at in range(600)]})
    data = bytearray(path.read_bytes())
    data[4:40] = b"\xff" * 36  # the first page; the table of contents is at the end
    path.write_bytes(data)
    items = list(read_calls(path))
    assert isinstance(items[-1], CallError)
    assert str(items[-1]).startswith(f"{path}: the Parquet file is damaged after row 0")


def test_parquet_is_recognised_without_a_suffix_and_tells_what_was_read(tmp_path: Path) -> None:
    path = parquet(tmp_path / "calls", {"text": ["x", "y", "z"]})
    assert format_of(path) == "parquet"
    told: list[int] = []
    calls = [call for call in read_calls(path, on_bytes=told.append) if isinstance(call, Call)]
    assert [call.call_id for call in calls] == ["calls:1", "calls:2", "calls:3"]
    assert sum(told) == path.stat().st_size


def test_parquet_can_not_come_through_a_pipe() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    (fault,) = read_calls("-", stdin=Pipe(b"PAR1"), options=ReadingOptions(format="parquet"))
    assert str(fault) == "-: this can't be read from a pipe; save it as a file first"


def test_without_the_extra_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet(tmp_path / "a.parquet", {"text": ["x"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        MissingExtraError, match=r"reading Parquet needs an extra: pip install 'triage-triggers\[arrow\]'"
    ):
        list(read_calls(path))
