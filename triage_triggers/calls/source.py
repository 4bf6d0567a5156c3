"""What a reader is given: one file's lines, its name, and what the user said about it.

Bytes become lines in such a way that one line that is no text costs no other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from triage_triggers.calls.columns import Columns
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CallSource", "ReadingOptions", "SourceLine", "decode_lines", "decoded_line", "parse_json", "undecodable"]

_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BYTE_ORDER_MARK: Final = "\ufeff"


class SourceLine(NamedTuple):
    r"""A line and its number, counted from 1; ``text`` ends in its ``"\n"``, and is ``None`` where it is no text."""

    number: int
    text: str | None


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What is known of the files beforehand.

    ``format`` forces a format by its name in ``calls.formats.FORMATS`` instead of recognising it by content;
    ``speakers`` says whose a label is; ``columns`` which columns of a table hold what.

    >>> ReadingOptions(format="csv", speakers=SpeakerNames({"Sam": "caller"})).speakers["sam"]
    'caller'
    """

    format: str | None = None
    speakers: SpeakerNames = field(default_factory=SpeakerNames)
    columns: Columns = field(default_factory=Columns)


class CallSource(NamedTuple):
    """One file: its name in errors, in the id of its only call and in those of its many, its content, the options.

    ``lines`` are decoded from ``stream`` as they are asked for; a reader uses one of the two.
    """

    file: str
    name: str
    name_of_many: str
    lines: Iterator[SourceLine]
    stream: BinaryIO
    options: ReadingOptions
    on_bytes: Callable[[int], object] | None = None

    def text(self) -> str:
        r"""Return the whole text, for formats of one call a file; line ends become ``"\n"``.

        Raises:
            CallError: A line is no text.
        """
        parts: list[str] = []
        for number, text in self.lines:
            if text is None:
                raise undecodable(self.file, number)
            parts.append(text)
        return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")


def decode_lines(stream: BinaryIO, on_bytes: Callable[[int], object] | None = None) -> Iterator[SourceLine]:
    r"""Yield the lines of UTF-8 text, or of UTF-16 text that starts with a byte order mark.

    Only ``"\n"`` ends a line. No byte is read beyond the line asked for, so that a pipe can be followed live.
    ``on_bytes`` is told the size of each line.

    >>> import io
    >>> [line.text for line in decode_lines(io.BytesIO(b"one\r\n\xff\nthree"))]
    ['one\r\n', None, 'three']
    """
    for number, (raw, encoding) in enumerate(_split(stream), 1):
        if on_bytes is not None:
            on_bytes(len(raw))
        yield decoded_line(number, raw, encoding)


def decoded_line(number: int, raw: bytes, encoding: str = "utf-8") -> SourceLine:
    r"""Return the bytes of a line as text.

    >>> decoded_line(7, b"He hit me."), decoded_line(8, b"\xff")
    (SourceLine(number=7, text='He hit me.'), SourceLine(number=8, text=None))
    """
    try:
        # A recogniser on Windows may cut a surrogate pair in two; that is no reason to lose the call.
        text = raw.decode(encoding, "strict" if encoding == "utf-8" else "surrogatepass")
    except UnicodeDecodeError:
        return SourceLine(number, None)
    # Also inside a file: joined files keep the mark of each.
    return SourceLine(number, text.removeprefix(_BYTE_ORDER_MARK))


def _split(stream: BinaryIO) -> Iterator[tuple[bytes, str]]:
    head = stream.read(1)
    if head in {b"\xff", b"\xfe"}:
        head += stream.read(1)
    encoding = _UTF16.get(head)
    if encoding is not None:
        while line := _read_utf16_line(stream, little=encoding == "utf-16-le"):
            yield line, encoding
        return
    line = head if head.endswith(b"\n") else head + stream.readline()
    while line:
        yield line, "utf-8"
        line = stream.readline()


def _read_utf16_line(stream: BinaryIO, *, little: bool) -> bytes:
    """Read up to a line end two bytes wide: a byte 0x0A may as well be half of another character."""
    line = bytearray()
    while piece := stream.readline():
        line += piece
        if little and len(line) % 2:
            line += stream.read(1)
        if len(line) % 2 == 0 and line.endswith(b"\n\0" if little else b"\0\n"):
            break
    return bytes(line)


def undecodable(file: str, line: int) -> CallError:
    """Return the error of a line that is no text."""
    return CallError(f"{file}:{line}: this is not UTF-8 text; save the file as UTF-8")


def parse_json(text: str, object_pairs_hook: Callable[[list[tuple[str, Any]]], object] | None = None) -> Any:  # noqa: ANN401
    """Return what JSON says; raw control characters inside strings are allowed.

    Raises:
        CallError: It is no JSON, or too deep, or a number is too long.
    """
    try:
        # strict=False: a raw tab or NUL inside a string is no reason to lose a call.
        return json.loads(text, strict=False, object_pairs_hook=object_pairs_hook)
    except json.JSONDecodeError as error:
        place = f"from character {error.pos + 1} on"
        if error.lineno > 1:
            place = f"from line {error.lineno}, character {error.colno} on"
        raise CallError(f"this is not valid JSON ({place})") from None
    except CallError:
        raise
    except ValueError:
        raise CallError("a number has more digits than can be read") from None
    except RecursionError:
        raise CallError("the JSON is nested too deeply") from None
