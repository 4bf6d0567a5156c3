from __future__ import annotations

import io
import json
import re
import shlex
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.strategies import call_lines
from triage_triggers.calls.call import SPEAKERS, Call, Utterance
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.reading import check_readable, read_calls
from triage_triggers.calls.source import ReadingOptions, SourceLine, decode_lines
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.cli.inputs import Reading
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


def test_of_a_folder_every_file_of_calls_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name, content in (("b.txt", b"Caller: hi\n"), ("a/c.jsonl", GOOD), ("d.wav", b"RIFF"), (".e.txt", b"no")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert [text_of(item) for item in read_calls(tmp_path)] == ["He hit me.", "hi"]
    assert caplog.messages[:1] == [f"{tmp_path}: left out 1 files of other kinds"]
    check_readable([tmp_path])


def test_an_encoding_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes("call_id,text\n1,She\u2019s at the caf\u00e9\n".encode("cp1252"))
    assert "name its --encoding, such as cp1252" in str(*read_calls(path))
    assert [text_of(item) for item in read_calls(path, options=ReadingOptions(encoding="cp1252"))] == [
        "She\u2019s at the caf\u00e9"
    ]
    assert [str(item) for item in read_calls(path, options=ReadingOptions(encoding="ascii"))] == [
        f"{path}:2: this is not ascii text"
    ]
    with pytest.raises(CallError, match="there is no such encoding"):
        ReadingOptions(encoding="cp9999")
    path = tmp_path / "unicode.txt"  # Excel's "Unicode Text"
    path.write_text("call_id\ttext\tDA label\r\n1\thi\tyes\r\n", encoding="utf-16", newline="")
    (call,) = read_calls(path, options=ReadingOptions(encoding="utf-16"))
    assert call == Call("1", [Utterance("hi")], metadata={"DA label": "yes"})


ASKED = "{}: Where are you? Is he there?\n{}: Yes, he is.\n"


def test_labels_nobody_mapped_are_listed_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(ASKED.format("Physician", "spk_0") * 2)
    calls = list(read_calls([tmp_path / "a.txt", tmp_path / "b.txt"]))
    assert {turn.speaker for call in calls if isinstance(call, Call) for turn in call.utterances} == {"unknown"}
    (message,) = caplog.messages
    assert message.startswith("speakers not mapped, and so unknown: Physician, spk_0; say who they are with --speakers")


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (ASKED.format("spk_0", "spk_1"), ["call_taker", "caller"]),
        (ASKED.format("spk_1", "spk_0"), ["call_taker", "caller"]),
        (ASKED.format("spk_0", "Agent"), ["unknown", "call_taker"]),
        (ASKED.format("spk_0", "spk_1") + "spk_1: Are you coming?\n", ["unknown"] * 3),
        (ASKED.format("spk_0", "spk_1") + "spk_2: No.\n", ["unknown"] * 3),
        ("spk_0: Yes?\nspk_1: He hit me.\n", ["unknown"] * 2),
    ],
)
def test_who_asks_the_questions_is_guessed_where_that_is_wanted_and_clear(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, speakers: list[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    (call,) = read_calls(path, options=ReadingOptions(guess=True))
    assert isinstance(call, Call)
    assert [turn.speaker for turn in call.utterances] == speakers
    assert all(type(turn.speaker) is str for turn in call.utterances)
    guessed = speakers == ["call_taker", "caller"]
    assert any("--no-guess refuses that" in message for message in caplog.messages) == guessed


def test_what_falls_back_or_may_be_cut_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name, content, said in (
        ("a.txt", "He hit me.\n", "one utterance of an unknown speaker"),
        ("b.json", '{"text": "He hit me."}\n', "one utterance of an unknown speaker"),
        ("c.txt", "Caller: hi\nAgent: h", "the last line has no end"),
        ("d.csv", "speaker,text\nagent,h", "the last line has no end"),
        ("e.txt", "Caller: hi\n", ""),
    ):
        caplog.clear()
        (tmp_path / name).write_text(content)
        (call,) = read_calls(tmp_path / name)
        assert isinstance(call, Call)
        assert said in caplog.text
        assert bool(caplog.messages) == bool(said)


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


class OneLineAtATime(io.BytesIO):
    """A stream that counts how often it was asked, as a live pipe would block."""

    asked = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        self.asked += 1
        return super().readline(size)


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\ufeff"), max_size=8)),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]),
)
def test_every_line_comes_back_whole_in_every_encoding(lines: list[str], encoding: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    assume(not text.startswith("\0"))  # behind the mark of UTF-16 that makes the mark of UTF-32
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    found = list(decode_lines(io.BytesIO((mark + text).encode(encoding))))
    # A UTF-8 mark alone is a line of no text.
    assert "".join(line.text or "" for line in found) == text
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    assert [line.text for line in found if line.text] == [f"{line}\n" for line in lines]


@given(st.binary())
def test_no_bytes_raise_and_none_are_lost(data: bytes) -> None:
    told: list[int] = []
    lines = list(decode_lines(io.BytesIO(data), told.append))
    assert len(told) == len(lines)
    assert sum(told) in {len(data), len(data) - 2}, "all but a UTF-16 mark"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_half_a_character_that_looks_like_a_line_end_is_none(encoding: str) -> None:
    text = "\ufeffĊਊ\u0a0a\u000a\u0a00ਅ"
    assert [line.text for line in decode_lines(io.BytesIO(text.encode(encoding)))] == ["Ċਊ\u0a0a\n", "\u0a00ਅ"]


def test_a_surrogate_alone_is_text_in_utf16() -> None:
    data = "\ufeffno\ud800".encode("utf-16-le", "surrogatepass")
    assert list(decode_lines(io.BytesIO(data))) == [SourceLine(1, "no\ud800")]


def test_a_utf16_file_cut_in_the_middle_of_a_character_loses_its_last_line_only() -> None:
    data = "\ufeffone\ntwo".encode("utf-16-le")[:-1]
    assert list(decode_lines(io.BytesIO(data))) == [SourceLine(1, "one\n"), SourceLine(2, None)]


def test_undecodable_bytes_cost_their_own_line_only() -> None:
    lines = list(decode_lines(io.BytesIO(b"one\n\xffx\ntwo\n\xff")))
    assert lines == [SourceLine(1, "one\n"), SourceLine(2, None), SourceLine(3, "two\n"), SourceLine(4, None)]


def test_a_mark_at_the_start_of_a_line_in_joined_files_goes() -> None:
    assert [line.text for line in decode_lines(io.BytesIO("\ufeffone\n\ufefftwo".encode()))] == ["one\n", "two"]


def test_a_line_is_read_when_asked_for_and_not_before() -> None:
    stream = OneLineAtATime(b"one\ntwo\nthree\n")
    lines = decode_lines(stream)
    next(lines)
    assert stream.asked == 1


ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "transcripts.md").read_text(encoding="utf-8")


def test_every_format_has_its_row_with_its_suffixes() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| ((?:`\.\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    assert {name: tuple(re.findall(r"`(\.\w+)`", suffixes)) for name, suffixes in rows} == {
        entry.name: entry.suffixes for entry in FORMATS.values()
    }


def test_the_labels_that_are_known_are() -> None:
    names = SpeakerNames()
    (line,) = re.findall(r"^Some labels are known: (.+\n.+`unknown`)\.", PAGE, re.MULTILINE)
    for group in line.split("·"):
        labels = re.findall(r"`([\w ]+)`", group)
        assert {names[label] for label in labels} == {labels[0]}
    assert all(f"`{speaker}`" in line for speaker in SPEAKERS)


def test_the_commands_know_every_speaker_of_the_sample() -> None:
    commands = [
        shlex.split(line) for line in re.findall(r"^triage-triggers evaluate (examples/.+)$", PAGE, re.MULTILINE)
    ]
    assert len(commands) == 3
    for path, *words in commands:
        labels = [value for option, value in pairwise(words) if option == "--speaker"]
        columns = [value for option, value in pairwise(words) if option == "--column"]
        (call,) = read_calls(ROOT / path, options=Reading(speaker=labels, column=columns).options())
        assert isinstance(call, Call)
        assert {turn.speaker for turn in call.utterances} == {"caller", "call_taker"}


@pytest.mark.parametrize(
    ("text", "name", "start"),
    [
        ("WEBVTT\n\n\n\n\n\n00:01,000 --> 00:02,000\nx", "webvtt", "call.vtt:7: "),
        (
            json.dumps({"phrases": [{"offset": 1, "duration": 1, "text": ""}] * 3 + [{"offset": 1, "text": ""}]}),
            "azure",
            "call.json: ",
        ),
        ("a,b,c,d,text\n" + "1,2,3,4,5\n" * 10 + "1,2,3,4,5,6\n", "csv", "calls.csv:12: "),
        ("a,Texts\n", "csv", "calls.csv: no"),
    ],
)
def test_the_near_misses_are_told_as_the_page_says(text: str, name: str, start: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(start)]
    *_, fault = read_calls("-", stdin=io.BytesIO(text.encode()), options=ReadingOptions(format=name))
    assert str(fault).removeprefix("-") == re.sub(r"^[\w.]+", "", line)
