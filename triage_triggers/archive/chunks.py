"""Files of calls cut into pieces that one process can evaluate, each with the place where reading goes on after it."""

from __future__ import annotations

import io
import stat
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeAlias

from triage_triggers.archive.packing import PackedCall, pack, unpack
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.lines import Line
from triage_triggers.calls.reading import STDIN, CallPath, ReadingOptions, read_calls
from triage_triggers.calls.source import Source
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.calls.call import Call

__all__ = ["START", "Calls", "Chunk", "Lines", "Position", "Sent", "bundled", "cut", "read_chunk"]

_BYTES_A_CHUNK: Final = 500_000
_CALLS_A_CHUNK: Final = 64
_CHARACTERS_A_CHUNK: Final = 500_000
_BYTE_ORDER_MARK: Final = "\ufeff"

Sent: TypeAlias = str | PackedCall


class Position(NamedTuple):
    """Where reading goes on: the number of the file, and in it the byte and how many lines came before.

    For a file that is not read by lines, ``items`` counts its calls and ``offset`` stays 0.
    """

    file: int
    offset: int
    items: int


START: Final = Position(0, 0, 0)


class Lines(NamedTuple):
    """Lines of JSON as they stand in the file: parsing costs more than evaluating, so it is done where they go."""

    file: str
    name: str
    first: int
    lines: list[bytes]
    options: ReadingOptions


class Calls(NamedTuple):
    """Calls already read, and in the place of one that can't be read the reason."""

    calls: list[Sent]


class Chunk(NamedTuple):
    """A piece of work, the position after it, and how many bytes of input it took."""

    content: Lines | Calls
    after: Position
    size: int


def cut(
    paths: Iterable[CallPath],
    start: Position = START,
    *,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008  frozen
    stdin: BinaryIO | None = None,
) -> Iterator[Chunk]:
    """Cut everything from ``start`` on into chunks of about half a million characters.

    Calls, order and errors are those of ``read_calls``. Lines of a ``.jsonl`` file are found again by their byte; of
    another file, the calls before ``start`` are read once more and passed over.
    """
    for number, path in enumerate(paths):
        if number < start.file:
            continue
        begin = start if number == start.file else Position(number, 0, 0)
        if _is_plain_json_lines(path, options):
            yield from _cut_lines(Path(path), begin, options)
        else:
            yield from _cut_calls(path, begin, options, stdin)


def read_chunk(content: Lines | Calls) -> Iterator[Call | CallError]:
    """Yield the calls of a chunk, and in the place of one that can't be read the reason."""
    if isinstance(content, Calls):
        for sent in content.calls:
            yield CallError(sent) if isinstance(sent, str) else unpack(sent)
        return
    lines = map(_decoded, enumerate(content.lines, content.first))
    source = Source(content.file, content.name, content.name, lines, io.BytesIO(), content.options)
    yield from FORMATS["jsonl"].read(source)


def bundled(items: Iterable[Sent]) -> Iterator[list[Sent]]:
    """Yield what is to be sent in lists of a size worth sending.

    >>> list(bundled(["He hit me.", "I fell."]))
    [['He hit me.', 'I fell.']]
    """
    bundle: list[Sent] = []
    size = 0
    for item in items:
        bundle.append(item)
        size += len(item) if isinstance(item, str) else sum(map(len, item.texts))
        if len(bundle) >= _CALLS_A_CHUNK or size >= _CHARACTERS_A_CHUNK:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def _is_plain_json_lines(path: CallPath, options: ReadingOptions) -> bool:
    """Say whether a file can be cut at its line ends unread, and entered anywhere: no pipe, and not UTF-16."""
    if path == STDIN or Path(path).suffix.lower() != ".jsonl" or options.format not in {None, "jsonl"}:
        return False
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            return False
        with Path(path).open("rb") as stream:
            return stream.read(2) not in {b"\xff\xfe", b"\xfe\xff"}
    except OSError:
        return False  # read_calls says why


def _decoded(numbered: tuple[int, bytes]) -> Line:
    number, raw = numbered
    try:
        return Line(number, raw.decode().removeprefix(_BYTE_ORDER_MARK))
    except UnicodeDecodeError:
        return Line(number, None)


def _cut_lines(path: Path, begin: Position, options: ReadingOptions) -> Iterator[Chunk]:
    file, offset, items = begin
    with path.open("rb") as stream:
        stream.seek(offset)
        while lines := stream.readlines(_BYTES_A_CHUNK):
            size = sum(map(len, lines))
            content = Lines(str(path), path.name, items + 1, lines, options)
            offset, items = offset + size, items + len(lines)
            yield Chunk(content, Position(file, offset, items), size)


def _cut_calls(path: CallPath, begin: Position, options: ReadingOptions, stdin: BinaryIO | None) -> Iterator[Chunk]:
    read = 0

    def count(size: int) -> None:
        nonlocal read
        read += size

    one = str(path) if isinstance(path, PathLike) else path
    found = read_calls(one, stdin=stdin, on_bytes=count, options=options)
    items = sum(1 for _ in islice(found, begin.items))
    read = 0  # what was passed over was counted before
    for bundle in bundled(str(call) if isinstance(call, CallError) else pack(call) for call in found):
        items += len(bundle)
        yield Chunk(Calls(bundle), Position(begin.file, 0, items), read)
        read = 0
