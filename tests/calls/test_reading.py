from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import call_lines
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.reading import check_readable, read_calls
from triage_triggers.errors import CallError

GOOD = b'{"call_id": "C-1", "text": "He hit me."}'


def read_stdin(data: bytes) -> list[Call | CallError]:
    return list(read_calls("-", stdin=io.BytesIO(data)))


def text_of(item: Call | CallError) -> str:
    assert isinstance(item, Call)
    return item.utterances[0].text


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


FIRST = b'{"text": "first"}\n'  # makes it JSON, in UTF-8, whatever follows


@settings(deadline=None)
@given(st.lists(call_lines))
def test_every_line_with_something_in_it_gives_one_item_in_order(lines: list[bytes]) -> None:
    together = read_stdin(FIRST + b"\n".join(lines))[1:]
    alone = [item for line in lines for item in read_stdin(FIRST + line)[1:]]
    assert list(map(type, together)) == list(map(type, alone))
    assert [call.utterances for call in together if isinstance(call, Call)] == [
        call.utterances for call in alone if isinstance(call, Call)
    ]
    for line in lines:
        something = line.decode(errors="replace").removeprefix("\ufeff").strip()
        assert len(read_stdin(FIRST + line)) == 1 + bool(something)


@settings(deadline=None)
@given(st.binary())
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("calls")
    for name in ("calls.jsonl", "call.txt", "no-suffix"):
        (folder / name).write_bytes(data)
        assert all(isinstance(item, (Call, CallError)) for item in read_calls(folder / name))
    assert len(list(read_calls(folder / "call.txt"))) == 1, "a text file is always one call or one error"


def test_a_bad_line_is_named_and_the_good_ones_still_come(jsonl: Path) -> None:
    jsonl.write_bytes(GOOD + b"\r\n\r\n\xff\n" + GOOD + b"\n{}\n" + GOOD)
    first, undecodable, second, empty, third = read_calls([jsonl])
    assert [text_of(item) for item in (first, second, third)] == ["He hit me."] * 3
    assert (
        str(undecodable)
        == f"{jsonl}:3: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
    )
    assert str(empty) == f"{jsonl}:5: the call has neither 'text' nor 'utterances'"


def test_a_generated_id_names_file_and_line(jsonl: Path) -> None:
    jsonl.write_bytes(b'\n{"text": ""}')
    assert [item.call_id for item in read_calls(jsonl) if isinstance(item, Call)] == ["calls.jsonl:2"]


def test_a_text_file_is_one_call_named_by_the_file(tmp_path: Path) -> None:
    path = tmp_path / "C-17.final.TXT"
    path.write_bytes("\ufeffShe's café\r\nhere\rnow\n".encode())
    assert list(read_calls(str(path))) == [Call("C-17.final", [Utterance("She's café\nhere\nnow\n")])]


def test_a_file_of_no_bytes_is_no_call_in_which_nothing_was_said(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (error,) = read_calls(tmp_path / "empty.txt")
    assert str(error) == f"{tmp_path / 'empty.txt'}: the file is empty"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_text_file_is_an_empty_call(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    assert list(read_calls(path)) == [Call("empty", [Utterance("")])]


def test_undecodable_text_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("one\ntwo\ncafé".encode("latin-1"))
    (error,) = read_calls(path)
    assert (
        str(error)
        == f"{path}:3: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    for name, text in (("a.txt", "café Ċ"), ("b.jsonl", '{"text": "café Ċ"}\n\n{"text": "café Ċ"}')):
        (tmp_path / name).write_text(text, encoding=encoding)
    items = list(read_calls([tmp_path / "a.txt", tmp_path / "b.jsonl"]))
    assert [text_of(item) for item in items] == ["café Ċ"] * 3


def test_a_very_long_call(jsonl: Path) -> None:
    text = "he hit me " * 1_000_000
    jsonl.write_text(json.dumps({"text": text}) + "\n" + GOOD.decode())
    assert [text_of(item) for item in read_calls(jsonl)] == [text, "He hit me."]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"He hit me.\nYes.\n", ["He hit me.\nYes.\n"]),
        (b"\r\n  He hit me.", ["\n  He hit me."]),
        (b'"He hit me."', ['"He hit me."']),
        (b"\n \n " + GOOD + b"\n" + GOOD, ["He hit me."] * 2),
        (b"\xef\xbb\xbf" + GOOD, ["He hit me."]),
        (b"", []),
        (b" \n\n", []),
    ],
)
def test_standard_input_is_lines_of_json_or_else_one_call(data: bytes, texts: list[str]) -> None:
    assert [text_of(item) for item in read_stdin(data)] == texts


def test_standard_input_names_its_calls_and_lines() -> None:
    assert read_stdin(b"He hit me.") == [Call("-", [Utterance("He hit me.")])]
    (call,) = read_stdin(b'\n{"text": ""}')
    assert isinstance(call, Call)
    assert call.call_id == "-:2"
    assert [str(item) for item in read_stdin(b"\n\xff")] == [
        "-:2: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
    ]


def test_the_process_standard_input_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"He hit me.")))
    assert [text_of(item) for item in read_calls(["-"])] == ["He hit me."]


def test_a_file_without_a_suffix_is_read_as_standard_input_is(tmp_path: Path) -> None:
    for name, content in (("a", b"He hit me."), ("b", GOOD)):
        (tmp_path / name).write_bytes(content)
    assert [text_of(item) for item in read_calls([tmp_path / "a", tmp_path / "b"])] == ["He hit me."] * 2


def test_calls_are_read_when_asked_for_and_not_before(tmp_path: Path, jsonl: Path) -> None:
    jsonl.write_bytes(GOOD + b"\n" + GOOD)
    items = read_calls([jsonl, tmp_path / "missing.txt"])
    next(items)
    (tmp_path / "missing.txt").write_text("there by now")
    assert [text_of(item) for item in items] == ["He hit me.", "there by now"]


def test_bytes_read_are_told(jsonl: Path) -> None:
    jsonl.write_bytes(GOOD + b"\n\n" + GOOD)
    told: list[int] = []
    list(read_calls(jsonl, on_bytes=told.append))
    assert sum(told) == jsonl.stat().st_size


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.txt", "the file can't be read: No such file or directory"),
        (
            "calls.doc",
            "calls are read from .csv, .dfxp, .docx, .json, .jsonl, .parquet, .sbv, .srt, ",
        ),
        ("folder", "this folder holds no file that calls are read from"),
        ("nul\0.txt", "the file can't be read: "),
        ("x" * 5_000, "the file can't be read: File name too long"),
    ],
)
def test_a_file_that_can_not_be_read_is_named_and_the_next_one_is_read(
    tmp_path: Path, jsonl: Path, name: str, message: str
) -> None:
    (tmp_path / "folder").mkdir()
    jsonl.write_bytes(GOOD)
    path = tmp_path / name
    error, call = read_calls([path, jsonl])
    assert str(error).startswith(f"{path}: {message}")
    assert text_of(call) == "He hit me."
    with pytest.raises(CallError) as caught:
        check_readable([jsonl, "-", path])
    assert str(caught.value) == str(error)


def test_a_file_without_permission_is_named(jsonl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jsonl.write_bytes(GOOD)
    monkeypatch.setattr("os.access", lambda *_: False)
    assert [str(item) for item in read_calls(jsonl)] == [f"{jsonl}: the file can't be read: permission denied"]


def test_a_file_that_vanishes_is_named(jsonl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def vanish(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    jsonl.write_bytes(GOOD)
    monkeypatch.setattr(Path, "open", vanish)
    assert [str(item) for item in read_calls(jsonl)] == [f"{jsonl}: the file can't be read: No such file or directory"]
