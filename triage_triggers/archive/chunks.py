"""Files of calls cut into pieces that one process can evaluate."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar

from triage_triggers.calls.call import Call
from triage_triggers.calls.formats import FORMATS, begins_segments
from triage_triggers.calls.reading import STDIN, ReadingOptions, files_of, read_calls
from triage_triggers.calls.source import CallSource, SourceLine, decoded_line, encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.calls.reading import CallPath
    from triage_triggers.errors import CallError

__all__ = ["CallsRead", "Chunk", "JsonLines", "bundled", "cut"]

_BYTES_A_CHUNK: Final = 500_000
_CALLS_A_CHUNK: Final = 64
_CHARACTERS_A_CHUNK: Final = 500_000

Item = TypeVar("Item")


class CallsRead(NamedTuple):
    """Calls already read, and in the place of one that can't be read the reason."""

    calls: list[Call | CallError]
    size: int

    def read(self) -> Iterator[Call | CallError]:
        """Yield them."""
        return iter(self.calls)

    def without(self, done: int) -> tuple[CallsRead | None, int]:
        """Return those behind the first ``done``, ``None`` if there are none, and how many more are done."""
        if done >= len(self.calls):
            return None, done - len(self.calls)
        return self._replace(calls=self.calls[done:]), 0


class JsonLines(NamedTuple):
    """Lines of JSON as they stand in the file: parsing costs more than evaluating, so it is done where they go."""

    file: str
    name: str
    first: int
    lines: list[bytes]
    options: ReadingOptions
    size: int

    def read(self) -> Iterator[Call | CallError]:
        """Parse the lines."""
        source = CallSource(self.file, self.name, self.name, self._decoded(), io.BytesIO(), self.options)
        return FORMATS["jsonl"].read(source)

    def without(self, done: int) -> tuple[JsonLines | None, int]:
        """Return the lines behind the first ``done`` that aren't empty, as ``CallsRead`` does."""
        for at, line in enumerate(self._decoded()):
            if line.text is None or line.text.strip():
                if not done:
                    return self._replace(first=line.number, lines=self.lines[at:]), 0
                done -= 1
        return None, done

    def _decoded(self) -> Iterator[SourceLine]:
        return map(decoded_line, range(self.first, self.first + len(self.lines)), self.lines)


Chunk: TypeAlias = CallsRead | JsonLines
"""A piece of work; ``size`` is how many bytes of input it took."""


def cut(
    paths: Iterable[CallPath],
    *,
    done: int = 0,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008  frozen
) -> Iterator[Chunk]:
    """Cut files into chunks of about half a million characters, without the first ``done`` calls.

    Calls, order and errors are those of ``read_calls``, and an error counts as a call. What the calls passed over took
    is part of the size of the first chunk.
    """
    passed = 0
    for path in files_of(paths, options):
        lines = _is_plain_json_lines(path, options)
        for chunk in _cut_lines(Path(path), options) if lines else _cut_calls(path, options):
            left, done = chunk.without(done) if done else (chunk, 0)
            if left is None:
                passed += chunk.size
            else:
                yield left._replace(size=passed + left.size)
                passed = 0


def bundled(calls: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield what is to be sent to another process in lists of a size worth sending."""
    bundle: list[Item] = []
    size = 0
    for call in calls:
        bundle.append(call)
        size += sum(len(said.text) for said in call.utterances) if isinstance(call, Call) else len(str(call))
        if len(bundle) >= _CALLS_A_CHUNK or size >= _CHARACTERS_A_CHUNK:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def _is_plain_json_lines(path: CallPath, options: ReadingOptions) -> bool:
    """Say whether a file can be cut at its line ends: no pipe, UTF-8, and no segments of one call."""
    if path == STDIN or Path(path).suffix.lower() != ".jsonl":
        return False
    if options.format not in {None, "jsonl"} or options.encoding is not None:
        return False
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            return False
        with Path(path).open("rb") as stream:
            if encoding_of(stream.read(4)) != "utf-8":
                return False
            stream.seek(0)
            first = next((line for line in stream if line.strip()), b"")
            return not begins_segments(decoded_line(1, first).text or "")
    except OSError:
        return False  # read_calls says why


def _cut_lines(path: Path, options: ReadingOptions) -> Iterator[JsonLines]:
    first = 1
    with path.open("rb") as stream:
        while lines := stream.readlines(_BYTES_A_CHUNK):
            yield JsonLines(str(path), path.name, first, lines, options, sum(map(len, lines)))
            first += len(lines)


def _cut_calls(path: CallPath, options: ReadingOptions) -> Iterator[CallsRead]:
    read = 0

    def count(size: int) -> None:
        nonlocal read
        read += size

    for bundle in bundled(read_calls(path, on_bytes=count, options=options)):
        yield CallsRead(bundle, read)
        read = 0
