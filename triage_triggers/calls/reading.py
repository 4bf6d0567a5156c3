"""Read calls from files or standard input, one at a time, and lose none of them in silence."""

from __future__ import annotations

import os
import stat
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from triage_triggers.calls.formats import FORMATS, SUFFIXES, Format, format_named, recognise
from triage_triggers.calls.source import CallSource, ReadingOptions, decode_lines
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from triage_triggers.calls.call import Call

__all__ = ["STDIN", "SUFFIXES", "CallPath", "ReadingOptions", "check_readable", "format_of", "read_calls"]

CallPath: TypeAlias = str | PathLike[str]
STDIN: Final = "-"
_DEFAULTS: Final = ReadingOptions()
_PARQUET_MAGIC: Final = b"PAR1"


def read_calls(
    paths: CallPath | Iterable[CallPath],
    *,
    stdin: BinaryIO | None = None,
    on_bytes: Callable[[int], object] | None = None,
    options: ReadingOptions = _DEFAULTS,
) -> Iterator[Call | CallError]:
    r"""Yield each call in order, and in the place of one that can't be read the reason, naming its file and line.

    The format is recognised by content among those of the file's suffix, and among all on standard input and in a
    file without a suffix, such as a shell's ``<(…)``; see ``docs/transcripts.md``. A file of one call names the call,
    and a line or row without ``call_id`` is named by its file and number. Text is UTF-8, or UTF-16 with a byte order
    mark; the line ends of a text call become ``"\n"``.

    Nothing is read before it is asked for, one bad line costs no other, and no reason quotes what was said.

    Args:
        paths: Files, or ``"-"`` for standard input; one of them or several.
        stdin: What ``"-"`` reads; by default the standard input of the process.
        on_bytes: Called with the size of every line read, for a progress bar.
        options: A format to force, whose the speakers' labels are, which columns hold what.

    Raises:
        CallError: ``options`` force a format that is not there.
        MissingExtraError: A file is of a format whose extra is not installed.

    >>> import io
    >>> lines = b'{"call_id": "C-1", "text": "He hit me."}\n{"call_id": 7, "text": "He hit me."}\n'
    >>> good, bad = read_calls("-", stdin=io.BytesIO(lines))
    >>> good.call_id
    'C-1'
    >>> print(bad)
    -:2: call_id must be a string, not int
    """
    forced = None if options.format is None else format_named(options.format)
    for path in [paths] if isinstance(paths, (str, PathLike)) else paths:
        if path == STDIN:
            stream = stdin or sys.stdin.buffer
            source = CallSource(STDIN, STDIN, STDIN, decode_lines(stream, on_bytes), stream, options, on_bytes)
            yield from _read(source, "", forced)
        else:
            yield from _read_file(Path(path), forced, options, on_bytes)


def check_readable(paths: Iterable[CallPath], options: ReadingOptions = _DEFAULTS) -> None:
    """Check, before hours of work, that every path is there and of a kind that calls are read from.

    Raises:
        CallError: One is not; the message says which and why.
    """
    forced = None if options.format is None else format_named(options.format)
    for path in paths:
        if path != STDIN and (fault := _fault(Path(path), forced)):
            raise fault


def format_of(path: CallPath, options: ReadingOptions = _DEFAULTS) -> str | None:
    """Return the name of the format that a file is read as, in ``calls.formats.FORMATS``; ``None`` where it is empty.

    Raises:
        CallError: The file can't be read, or ``options`` force a format that is not there.
    """
    check_readable([path], options)
    if options.format is not None:
        return options.format
    path = Path(path)
    with path.open("rb") as stream:
        chosen = (
            _chosen(path.suffix.lower(), stream) or recognise(path.suffix.lower(), decode_lines(stream), options)[0]
        )
    return None if chosen is None else chosen.name


def _chosen(suffix: str, stream: BinaryIO) -> Format | None:
    """Return the format that the first bytes tell before they are taken for text."""
    if suffix or not stream.seekable():
        return None
    magic = stream.read(len(_PARQUET_MAGIC))
    stream.seek(0)
    return FORMATS["parquet"] if magic == _PARQUET_MAGIC else None


def _read_file(
    path: Path, forced: Format | None, options: ReadingOptions, on_bytes: Callable[[int], object] | None
) -> Iterator[Call | CallError]:
    if fault := _fault(path, forced):
        yield fault
        return
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            name = path.stem if suffix in SUFFIXES else path.name
            lines = decode_lines(stream, on_bytes)
            source = CallSource(str(path), name, path.name, lines, stream, options, on_bytes)
            yield from _read(source, suffix, forced or _chosen(suffix, stream))
    except OSError as error:
        yield _unreadable(path, error)


def _read(source: CallSource, suffix: str, chosen: Format | None) -> Iterator[Call | CallError]:
    if chosen is None:
        chosen, lines = recognise(suffix, source.lines, source.options)
        source = source._replace(lines=lines)
    if chosen is not None:
        yield from chosen.read(source)


def _fault(path: Path, forced: Format | None) -> CallError | None:
    """Return why a path can't be read, as far as that can be told without opening it: a pipe opens only once."""
    suffix = path.suffix.lower()
    if forced is None and suffix not in {*SUFFIXES, ""}:
        known = f"{', '.join(SUFFIXES[:-1])} and {SUFFIXES[-1]}"
        return CallError(
            f"{path}: calls are read from {known} files, not from '{suffix}' files; if it is one of these all the same,"
            f" say which with --format {'|'.join(FORMATS)}"
        )
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return _unreadable(path, error)
    if stat.S_ISREG(mode) and not path.stat().st_size and suffix != ".jsonl":
        return CallError(f"{path}: the file is empty")
    if stat.S_ISDIR(mode):
        return CallError(f"{path}: this is a folder; name the files in it")
    return None if os.access(path, os.R_OK) else _unreadable(path, "permission denied")


def _unreadable(path: Path, why: object) -> CallError:
    return CallError(f"{path}: the file can't be read: {getattr(why, 'strerror', None) or why}")
