"""Read calls from files or standard input, one at a time, and lose none of them in silence."""

from __future__ import annotations

import os
import stat
import sys
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from triage_triggers.calls.json_lines import call_from_json
from triage_triggers.calls.lines import Line, decode_lines
from triage_triggers.calls.model import Call
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["STDIN", "SUFFIXES", "CallPath", "check_readable", "read_calls"]

CallPath: TypeAlias = str | PathLike[str]
STDIN: Final = "-"
SUFFIXES: Final = (".jsonl", ".txt")


def read_calls(
    paths: CallPath | Iterable[CallPath],
    *,
    stdin: BinaryIO | None = None,
    on_bytes: Callable[[int], object] | None = None,
) -> Iterator[Call | CallError]:
    r"""Yield each call in order, and in the place of one that can't be read the reason, naming its file and line.

    A ``.txt`` file is one call, named by the file; a ``.jsonl`` file holds one a line. Standard input, and a file
    without a suffix such as a shell's ``<(…)``, is JSON Lines if its first character that is no space is ``{``, and
    else one call. Text is UTF-8, or UTF-16 with a byte order mark; the line ends of a text call become ``"\n"``.
    A line without ``call_id`` is named by its file and number.

    Nothing is read before it is asked for, one bad line costs no other, and no reason quotes what was said.

    Args:
        paths: Files, or ``"-"`` for standard input; one of them or several.
        stdin: What ``"-"`` reads; by default the standard input of the process.
        on_bytes: Called with the size of every line read, for a progress bar.

    >>> import io
    >>> lines = b'{"call_id": "C-1", "text": "He hit me."}\n{"call_id": 7, "text": "He hit me."}\n'
    >>> good, bad = read_calls("-", stdin=io.BytesIO(lines))
    >>> good.call_id
    'C-1'
    >>> print(bad)
    -:2: call_id must be a string, not int
    """
    for path in [paths] if isinstance(paths, (str, PathLike)) else paths:
        if path == STDIN:
            yield from _read_either(STDIN, STDIN, decode_lines(stdin or sys.stdin.buffer, on_bytes))
        else:
            yield from _read_file(Path(path), on_bytes)


def check_readable(paths: Iterable[CallPath]) -> None:
    """Check, before hours of work, that every path is there and of a kind that calls are read from.

    Raises:
        CallError: One is not; the message says which and why.
    """
    for path in paths:
        if path != STDIN and (fault := _fault(Path(path))):
            raise fault


def _read_file(path: Path, on_bytes: Callable[[int], object] | None) -> Iterator[Call | CallError]:
    if fault := _fault(path):
        yield fault
        return
    suffix = path.suffix.lower()
    read = {".jsonl": _read_json_lines, ".txt": _read_text}.get(suffix, _read_either)
    try:
        with path.open("rb") as stream:
            yield from read(str(path), path.stem if suffix == ".txt" else path.name, decode_lines(stream, on_bytes))
    except OSError as error:
        yield _unreadable(path, error)


def _fault(path: Path) -> CallError | None:
    """Return why a path can't be read, as far as that can be told without opening it: a pipe opens only once."""
    suffix = path.suffix.lower()
    if suffix not in {*SUFFIXES, ""}:
        return CallError(f"{path}: calls are read from {' and '.join(SUFFIXES)} files, not from '{suffix}' files")
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return _unreadable(path, error)
    if stat.S_ISDIR(mode):
        return CallError(f"{path}: this is a folder; name the files in it")
    return None if os.access(path, os.R_OK) else _unreadable(path, "permission denied")


def _unreadable(path: Path, why: object) -> CallError:
    return CallError(f"{path}: the file can't be read: {getattr(why, 'strerror', None) or why}")


def _read_json_lines(file: str, name: str, lines: Iterable[Line]) -> Iterator[Call | CallError]:
    for number, text in lines:
        if text is None:
            yield _undecodable(file, number)
        elif text.strip():
            try:
                yield call_from_json(text, f"{name}:{number}")
            except CallError as error:
                yield CallError(f"{file}:{number}: {error}")


def _read_text(file: str, name: str, lines: Iterable[Line]) -> Iterator[Call | CallError]:
    parts: list[str] = []
    for number, text in lines:
        if text is None:
            yield _undecodable(file, number)
            return
        parts.append(text)
    yield Call.from_text("".join(parts).replace("\r\n", "\n").replace("\r", "\n"), name)


def _read_either(file: str, name: str, lines: Iterator[Line]) -> Iterator[Call | CallError]:
    seen: list[Line] = []
    for line in lines:
        seen.append(line)
        if line.text is None or line.text.strip():
            is_json = line.text is not None and line.text.lstrip().startswith("{")
            yield from (_read_json_lines if is_json else _read_text)(file, name, chain(seen, lines))
            return


def _undecodable(file: str, line: int) -> CallError:
    return CallError(f"{file}:{line}: this is not UTF-8 text; save the file as UTF-8")
