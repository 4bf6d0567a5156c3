from __future__ import annotations

import datetime as dt
import io
import sys
from typing import TYPE_CHECKING

import pytest
from docx import Document
from hypothesis import given, settings
from openpyxl import Workbook

from tests.transcripts import SPOKEN_LABELS, conversations, dialogue, rows
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.reading import format_of, read_calls
from triage_triggers.calls.source import ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPTIONS = ReadingOptions(speakers=SpeakerNames(SPOKEN_LABELS))
HEADER = ("Text", "Speaker", "Start", "End")


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    book.save(path)
    return path


def document(path: Path, *paragraphs: str, table: Sequence[Sequence[str]] = ()) -> Path:
    whole = Document()
    for paragraph in paragraphs:
        whole.add_paragraph(paragraph)
    if table:
        cells = whole.add_table(rows=len(table), cols=len(table[0]))
        for at, line in enumerate(table):
            for column, text in enumerate(line):
                cells.cell(at, column).text = text
    whole.save(str(path))
    return path


@settings(max_examples=10, deadline=None)
@given(turns=conversations().filter(bool))
def test_a_call_reads_back_from_a_sheet_and_a_document(
    tmp_path_factory: pytest.TempPathFactory, turns: tuple[Utterance, ...]
) -> None:
    folder = tmp_path_factory.mktemp("office")
    path = workbook(folder / "C-1.xlsx", notes=[["nothing"]], calls=[HEADER, *rows(turns), [None, " "]])
    assert list(read_calls(path, options=OPTIONS)) == [Call("C-1", turns)]
    path = document(folder / "C-2.docx", *dialogue((Utterance("hello.", "caller", 0.0), *turns)).splitlines())
    (call,) = read_calls(path, options=OPTIONS)
    assert isinstance(call, Call)
    assert [(said.text, said.speaker, said.start) for said in call.utterances[1:]] == [
        (said.text, said.speaker, said.start) for said in turns
    ]
    assert format_of(path) == "docx"


def test_cells_of_a_sheet_become_plain_ones(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        ["call_id", "text", "start", "day", "DA label"],
        [7, "hi", dt.time(0, 1, 2, 500_000), dt.date(2026, 1, 2), "yes"],
        [None, 999, dt.timedelta(seconds=70)],
        [8.0, "ho", 3, None, None, None],
    ]
    first, second = read_calls(workbook(tmp_path / "a.xlsx", calls=lines))
    assert first == Call(
        "7",
        [Utterance("hi", "unknown", 62.5), Utterance("999", "unknown", 70.0)],
        metadata={"day": "2026-01-02T00:00:00", "DA label": "yes"},
    )
    assert isinstance(second, Call)
    assert (second.call_id, second.utterances) == ("8", (Utterance("ho", "unknown", 3),))


def test_a_document_may_hold_a_table_or_no_speakers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    table = [["0:01", "Agent", "Who?"], ["0:03", "Caller", "Me."]]
    (call,) = read_calls(document(tmp_path / "a.docx", "Call 17", table=table))
    assert isinstance(call, Call)
    assert call.utterances[1:] == (Utterance("Who?", "call_taker", 1.0), Utterance("Me.", "caller", 3.0))
    assert not caplog.messages
    assert list(read_calls(document(tmp_path / "b.docx", "He hit me."))) == [Call.from_text("He hit me.\n", "b")]
    assert "one utterance of an unknown speaker" in caplog.text


@pytest.mark.parametrize(
    ("name", "sheet", "message"),
    [
        ("two", None, "several sheets have a column for the text; name the sheet of the calls with --sheet: 'a', 'b'"),
        ("two", "c", "no sheet with rows in it is called 'c'; there are 'a', 'b'"),
        ("none", None, "no column holds the text; name it with --column text=NAME; the columns are 'x'"),
        ("empty", None, "no sheet has a column for the text"),
    ],
)
def test_a_near_miss_of_a_workbook_is_told(tmp_path: Path, name: str, sheet: str | None, message: str) -> None:
    sheets: dict[str, dict[str, list[list[object]]]] = {
        "two": {"a": [["text"], ["hi"]], "b": [["text"], ["ho"]]},
        "none": {"a": [["x"], [1]]},
        "empty": {"a": []},
    }
    path = workbook(tmp_path / "a.xlsx", **sheets[name])
    (error,) = read_calls(path, options=ReadingOptions(sheet=sheet))
    assert str(error).startswith(f"{path}: {message}")
    if name == "two":
        (call,) = read_calls(path, options=ReadingOptions(sheet="b"))
        assert isinstance(call, Call)
        assert call.utterances[0].text == "ho"


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_a_file_that_is_cut_or_empty_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    whole = (
        workbook(path, calls=[HEADER, ["secret word", "Agent", 1, 2]])
        if suffix == ".xlsx"
        else document(path, "Agent: secret word")
    ).read_bytes()
    for at in range(1, len(whole), 97):
        path.write_bytes(whole[:at])
        (error,) = read_calls(path)
        assert isinstance(error, CallError)
        assert "it is damaged or not complete" in str(error)
        assert "secret" not in str(error)
    (error,) = read_calls(document(tmp_path / "b.docx"))
    assert str(error).endswith("this document holds no text")
    path.write_bytes(whole)
    (error,) = read_calls("-", stdin=_Pipe(whole), options=ReadingOptions(format=suffix[1:]))
    assert str(error) == "-: this can't be read from a pipe; save it as a file first"


class _Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize(("name", "module"), [("a.xlsx", "openpyxl"), ("a.docx", "docx")])
def test_without_the_extra_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    (tmp_path / name).write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"needs an extra: pip install 'triage-triggers\[office\]'"):
        list(read_calls(tmp_path / name))
