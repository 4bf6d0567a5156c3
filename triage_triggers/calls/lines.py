"""Decode a stream of bytes into lines, where one undecodable line costs no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Line", "decode_lines", "decoded_line"]

_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BYTE_ORDER_MARK: Final = "\ufeff"


class Line(NamedTuple):
    r"""A line and its number, counted from 1; ``text`` ends in its ``"\n"``, and is ``None`` where it is no text."""

    number: int
    text: str | None


def decode_lines(stream: BinaryIO, on_bytes: Callable[[int], object] | None = None) -> Iterator[Line]:
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


def decoded_line(number: int, raw: bytes, encoding: str = "utf-8") -> Line:
    r"""Return the bytes of a line as text.

    >>> decoded_line(7, b"He hit me."), decoded_line(8, b"\xff")
    (Line(number=7, text='He hit me.'), Line(number=8, text=None))
    """
    try:
        # A recogniser on Windows may cut a surrogate pair in two; that is no reason to lose the call.
        text = raw.decode(encoding, "strict" if encoding == "utf-8" else "surrogatepass")
    except UnicodeDecodeError:
        return Line(number, None)
    # Also inside a file: joined files keep the mark of each.
    return Line(number, text.removeprefix(_BYTE_ORDER_MARK))


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
