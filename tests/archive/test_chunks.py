from __future__ import annotations

import io
import json
import os
import sys
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage_triggers import Call, CallError, Utterance
from triage_triggers.archive import chunks
from triage_triggers.archive.chunks import CallsRead, JsonLines, cut
from triage_triggers.calls.reading import read_calls

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

good_lines = st.builds(
    lambda text, code: json.dumps({"text": text} | ({"current_code": code} if code else {})).encode(),
    st.text(max_size=8),
    st.sampled_from(("", "C3")),
)
lines = good_lines | st.sampled_from(
    (b"", b" ", b"nonsense", b"\xff", b"\xff\xfe", b"[]", b"\xef\xbb\xbf{}", b'{"text": 1}', b'{"text": "a"}\r')
)
files = st.lists(lines, max_size=8).map(b"\n".join)


def plain(call: Call | CallError) -> object:
    if isinstance(call, CallError):
        return str(call)
    return call.call_id, call.utterances, call.current_code, call.code_system


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_BYTES_A_CHUNK", 20)
    monkeypatch.setattr(chunks, "_CALLS_A_CHUNK", 2)
    monkeypatch.setattr(chunks, "_CHARACTERS_A_CHUNK", 10)


def read(paths: Iterable[Path], done: int = 0) -> list[object]:
    return [plain(call) for chunk in cut(paths, done=done) for call in chunk.read()]


@pytest.mark.usefixtures("small_chunks")
@given(contents=st.lists(files, min_size=1, max_size=3), suffix=st.sampled_from((".jsonl", ".txt", "")))
@settings(max_examples=40, deadline=None)
def test_chunks_hold_what_read_calls_reads_and_any_call_is_a_place_to_go_on(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("calls")
    paths = [folder / f"{number}{suffix}" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    whole = [plain(call) for call in read_calls(paths)]
    assert read(paths) == whole
    for done in range(len(whole) + 2):
        assert read(paths, done) == whole[done:]
        assert sum(chunk.size for chunk in cut(paths, done=done)) <= sum(map(len, contents))


def test_lines_of_json_are_cut_unread_and_other_files_are_read(tmp_path: Path) -> None:
    lines = '{"text": "He hit me."}\n{"text": "I fell."}\n'
    kinds = {}
    for name, encoding in (("a.jsonl", "utf-8"), ("b.jsonl", "utf-16"), ("c", "utf-8"), ("d.txt", "utf-8")):
        path = tmp_path / name
        path.write_text(lines, encoding=encoding)
        kinds[name] = [type(chunk) for chunk in cut([path])]
    assert kinds == {"a.jsonl": [JsonLines], "b.jsonl": [CallsRead], "c": [CallsRead], "d.txt": [CallsRead]}


@pytest.mark.usefixtures("small_chunks")
def test_every_byte_of_the_input_is_counted(tmp_path: Path) -> None:
    content = b'{"text": "He hit me."}\n' * 9
    for name in ("a.jsonl", "b"):
        (tmp_path / name).write_bytes(content)
        for done in (0, 4, 8):
            assert sum(chunk.size for chunk in cut([tmp_path / name], done=done)) == len(content)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_read_once_from_its_beginning(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b'{"text": "He hit me.", "call_id": "C-1"}\n',))
    writer.start()
    (chunk,) = cut([pipe])
    writer.join()
    assert isinstance(chunk, CallsRead)
    assert [plain(call) for call in chunk.read()] == [("C-1", (Utterance("He hit me."),), None, None)]


def test_standard_input_and_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(b'{"text": "He hit me.", "call_id": "C-1"}'))
    monkeypatch.setattr(sys, "stdin", given)
    (chunk, missing) = cut(["-", str(tmp_path / "missing.jsonl")])
    (call,) = chunk.read()
    assert isinstance(call, Call)
    assert call.call_id == "C-1"
    (error,) = missing.read()
    assert "missing.jsonl" in str(error)
