"""What a reader is given: one file's lines, its name, and what the user said about it."""

from __future__ import annotations

import json
import logging
from codecs import lookup
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from triage_triggers.calls.columns import Columns
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "NOTES",
    "CallSource",
    "ReadingOptions",
    "SourceLine",
    "decode_lines",
    "decoded_line",
    "encoding_of",
    "parse_json",
]

NOTES: Final = logging.getLogger("triage_triggers.calls")
"""What was read otherwise than its writer may have meant, as warnings; no note quotes what was said."""
_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ZEROS: Final[Mapping[tuple[bool, ...], str]] = {
    (False, True, False, True): "utf-16-le",
    (False, True, False): "utf-16-le",  # a character and the first half of the line's end
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
"""Where the first four bytes of plain English are zero, without a mark."""
_BYTE_ORDER_MARK: Final = "\ufeff"


class SourceLine(NamedTuple):
    r"""A line and its number, counted from 1; ``text`` ends in its ``"\n"``, and is ``None`` where it is no text."""

    number: int
    text: str | None


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What is known of the files beforehand.

    ``format`` forces a format by its name in ``calls.formats.FORMATS``; ``encoding`` is how text is written that is
    neither UTF-8 nor marked; ``one_call`` says that a table's rows are one call, or with ``False`` a call each;
    ``sheet`` which sheet of a workbook holds the calls. With ``guess``, who asks the questions in a call of two
    unmapped speakers is taken for the call-taker. An encoding that is not there is a ``CallError``.

    >>> ReadingOptions(format="csv", speakers=SpeakerNames({"Sam": "caller"})).speakers["sam"]
    'caller'
    """

    format: str | None = None
    speakers: SpeakerNames = field(default_factory=SpeakerNames)
    columns: Columns = field(default_factory=Columns)
    encoding: str | None = None
    one_call: bool | None = None
    sheet: str | None = None
    guess: bool = False

    def __post_init__(self) -> None:
        try:
            b"text".decode(self.encoding or "utf-8")
        except (LookupError, ValueError):
            raise CallError("there is no such encoding; usual ones are cp1252, latin-1, utf-16 and mac-roman") from None


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
        r"""Return the whole text, for formats of one call a file; line ends become ``"\n"``."""
        parts: list[str] = []
        for number, text in self.lines:
            if text is None:
                raise self.undecodable(number)
            parts.append(text)
        return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")

    def undecodable(self, line: int) -> CallError:
        """Return the error of a line that is no text."""
        hint = "UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
        encoding = self.options.encoding
        return CallError(f"{self.file}:{line}: this is not {hint if encoding is None else f'{encoding} text'}")

    def damaged(self, what: str) -> CallError:
        """Return the error of a file of another kind than it should be, or that is not whole."""
        return CallError(f"{self.file}: expected {what}; this is none, or it is damaged or not complete")

    def check_seekable(self) -> None:
        """Refuse a pipe, for formats that are not read from their beginning to their end."""
        if not self.stream.seekable():
            raise CallError(f"{self.file}: this can't be read from a pipe; save it as a file first")

    def note_no_speakers(self) -> None:
        """Tell that a file is read as one utterance of nobody knows whom."""
        NOTES.warning("%s: no speakers are read from this: one utterance of an unknown speaker", self.file)

    def note_open_end(self, text: str) -> None:
        """Tell that a text may have been cut short: a part of a call is read, and said to be one."""
        if not text.endswith("\n"):
            told = "%s: the last line has no end; if the file was cut short, this is the part that it holds"
            NOTES.warning(told, self.file)


def decode_lines(
    stream: BinaryIO, on_bytes: Callable[[int], object] | None = None, encoding: str | None = None
) -> Iterator[SourceLine]:
    r"""Yield the lines of UTF-8 text, of UTF-16 or UTF-32 text, which their first bytes tell, or of another encoding.

    Only ``"\n"`` ends a line. No byte is read beyond the line asked for, so that a pipe can be followed live.
    ``on_bytes`` is told the size of each line. A line that is no text costs no other.

    >>> import io
    >>> [line.text for line in decode_lines(io.BytesIO(b"one\r\n\xff\nthree"))]
    ['one\r\n', None, 'three']
    """
    piece = stream.readline()
    encoding = encoding_of(piece, encoding)
    line_end = "\n".encode(encoding)
    width, number = len(line_end), 0
    while piece:
        raw = piece
        # A byte 0x0A may as well be half of another character.
        while piece and width > 1 and not (len(raw) % width == 0 and raw.endswith(line_end)):
            piece = stream.read(-len(raw) % width) or stream.readline()
            raw += piece
        if on_bytes is not None:
            on_bytes(len(raw))
        number += 1
        yield decoded_line(number, raw, encoding)
        piece = stream.readline()


def encoding_of(head: bytes, otherwise: str | None = None) -> str:
    r"""Return how a text is encoded that begins with some bytes, by its mark or by the zeros among them.

    >>> encoding_of(b"\xff\xfeH\0"), encoding_of(b"H\0e\0"), encoding_of(b"He"), encoding_of(b"He", "cp1252")
    ('utf-16-le', 'utf-16-le', 'utf-8', 'cp1252')
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if otherwise is None:
        return _ZEROS.get(tuple(not byte for byte in head[:4]), "utf-8")
    name = lookup(otherwise).name
    return f"{name}-le" if name in {"utf-16", "utf-32"} else name


def decoded_line(number: int, raw: bytes, encoding: str = "utf-8") -> SourceLine:
    r"""Return the bytes of a line as text.

    >>> decoded_line(7, b"He hit me."), decoded_line(8, b"\xff")
    (SourceLine(number=7, text='He hit me.'), SourceLine(number=8, text=None))
    """
    try:
        # A recogniser on Windows may cut a surrogate pair in two; that is no reason to lose the call.
        text = raw.decode(encoding, "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "strict")
    except UnicodeDecodeError:
        return SourceLine(number, None)
    # Also inside a file: joined files keep the mark of each.
    return SourceLine(number, text.removeprefix(_BYTE_ORDER_MARK))


def parse_json(text: str, object_pairs_hook: Callable[[list[tuple[str, Any]]], object] | None = None) -> Any:  # noqa: ANN401
    """Return what JSON says; raw control characters inside strings are allowed."""
    try:
        # strict=False: a raw tab or NUL inside a string is no reason to lose a call.
        return json.loads(text, strict=False, object_pairs_hook=object_pairs_hook)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise CallError(f"this is not valid JSON (from {line}character {error.colno} on)") from None
    except CallError:
        raise
    except ValueError:
        raise CallError("a number has more digits than can be read") from None
    except RecursionError:
        raise CallError("the JSON is nested too deeply") from None
