from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.calls.source import SourceLine, decode_lines


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
