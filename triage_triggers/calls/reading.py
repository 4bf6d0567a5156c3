"""Read calls from files or standard input, one at a time, and lose none of them in silence."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from triage_triggers.calls.columns import column_name
from triage_triggers.calls.formats import FORMATS, SUFFIXES, Format, format_named, recognise
from triage_triggers.calls.source import NOTES, CallSource, ReadingOptions, decode_lines
from triage_triggers.calls.speakers import UnmappedSpeaker
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from triage_triggers.calls.call import Call, Speaker

__all__ = ["STDIN", "CallPath", "ReadingOptions", "check_readable", "files_of", "format_of", "read_calls"]

CallPath: TypeAlias = str | PathLike[str]
STDIN: Final = "-"
_DEFAULTS: Final = ReadingOptions()
_MOST_LABELS: Final = 40
_FEWEST_QUESTIONS: Final = 2
_PARQUET_MAGIC: Final = b"PAR1"


def read_calls(
    paths: CallPath | Iterable[CallPath],
    *,
    stdin: BinaryIO | None = None,
    on_bytes: Callable[[int], object] | None = None,
    options: ReadingOptions = _DEFAULTS,
) -> Iterator[Call | CallError]:
    r"""Yield each call in order, and in the place of one that can't be read the reason, naming its file and line.

    How a format is recognised, and what names a call, stands in ``docs/transcripts.md``. Nothing is read before it is
    asked for, one bad line costs no other, and no reason quotes what was said. The line ends of a text call become
    ``"\n"``. ``"-"`` is standard input, ``stdin`` what it reads; ``on_bytes`` is called with the size of every line
    read, for a progress bar.

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
    unmapped: dict[str, None] = {}
    try:
        for path in files_of([paths] if isinstance(paths, (str, PathLike)) else paths, options):
            stream = (stdin or sys.stdin.buffer) if path == STDIN else None
            for call in _read_file(Path(path), stream, forced, options, on_bytes):
                yield call if isinstance(call, CallError) else _settled(call, str(path), unmapped, options)
    finally:
        if unmapped:
            NOTES.warning("%s", _listed(unmapped))


def files_of(paths: Iterable[CallPath], options: ReadingOptions = _DEFAULTS) -> Iterator[CallPath]:
    """Yield files, and in the place of a folder those in it and below that calls are read from, by name.

    A folder that holds none is yielded itself, so that reading it says so.
    """
    for path in paths:
        if path == STDIN or not _is_folder(Path(path)):
            yield path
            continue
        inside = [file for file in sorted(Path(path).rglob("*")) if file.is_file() and not file.name.startswith(".")]
        readable: list[CallPath] = [
            file for file in inside if options.format is not None or file.suffix.lower() in SUFFIXES
        ]
        if readable and len(readable) < len(inside):
            NOTES.warning("%s: left out %s files of other kinds", path, f"{len(inside) - len(readable):,}")
        yield from readable or [path]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name too long, or with a NUL
        return False


def _settled(call: Call, file: str, unmapped: dict[str, None], options: ReadingOptions) -> Call:
    """Return a call in which unmapped labels are unknown speakers, or who they are guessed to be; list the others."""
    labels = {turn.speaker.label: None for turn in call.utterances if isinstance(turn.speaker, UnmappedSpeaker)}
    if not labels:
        return call
    guess = _guessed(call, list(labels)) if options.guess else {}
    if guess:
        taker, caller = guess
        NOTES.warning(
            "%s: %s asks the questions and is taken for the call-taker, %s for the caller; --no-guess refuses that",
            *(file, column_name(taker), column_name(caller)),
        )
    unmapped.update((label, None) for label in labels if label not in guess and len(unmapped) < _MOST_LABELS)
    turns = (
        replace(turn, speaker=guess.get(turn.speaker.label, "unknown"))
        if isinstance(turn.speaker, UnmappedSpeaker)
        else turn
        for turn in call.utterances
    )
    return replace(call, utterances=tuple(turns))


def _guessed(call: Call, labels: list[str]) -> dict[str, Speaker]:
    """Return who two speakers may be: the call-taker, who asks the questions, first; nobody where that is not clear."""
    asked = Counter(dict.fromkeys(labels, 0))
    for turn in call.utterances:
        if not isinstance(turn.speaker, UnmappedSpeaker):
            return {}
        asked[turn.speaker.label] += turn.text.count("?")
    (first, many), *others = asked.most_common()
    if len(others) != 1 or many < _FEWEST_QUESTIONS or many <= 2 * others[0][1]:
        return {}
    return {first: "call_taker", others[0][0]: "caller"}


def _listed(labels: Iterable[str]) -> str:
    plain = [label for label in labels if column_name(label) == f"'{label}'"]
    hidden = len(list(labels)) - len(plain)
    more = f" and {hidden:,} that are no plain names" if hidden else ""
    example = plain[0] if plain else "Label"
    return (
        f"speakers not mapped, and so unknown: {', '.join(plain)}{more}; say who they are with"
        f" --speakers '{example}=call_taker,…'"
    )


def check_readable(paths: Iterable[CallPath], options: ReadingOptions = _DEFAULTS) -> None:
    """Check, before hours of work, that every path is there and of a kind that calls are read from."""
    forced = None if options.format is None else format_named(options.format)
    for path in files_of(paths, options):
        if path != STDIN and (fault := _fault(Path(path), forced)):
            raise fault


def format_of(path: CallPath, options: ReadingOptions = _DEFAULTS) -> str | None:
    """Return the name of the format that a file is read as; ``None`` where it is empty."""
    check_readable([path], options)
    if options.format is not None:
        return options.format
    suffix = Path(path).suffix.lower()
    with Path(path).open("rb") as stream:
        lines = decode_lines(stream, None, options.encoding)
        chosen = _chosen(suffix, stream) or recognise(suffix, lines, options)[0]
    return None if chosen is None else chosen.name


def _chosen(suffix: str, stream: BinaryIO) -> Format | None:
    """Return the format that the first bytes tell before they are taken for text."""
    if suffix or not stream.seekable():
        return None
    magic = stream.read(len(_PARQUET_MAGIC))
    stream.seek(0)
    return FORMATS["parquet"] if magic == _PARQUET_MAGIC else None


def _read_file(
    path: Path,
    stdin: BinaryIO | None,
    forced: Format | None,
    options: ReadingOptions,
    on_bytes: Callable[[int], object] | None,
) -> Iterator[Call | CallError]:
    if stdin is None and (fault := _fault(path, forced)):
        yield fault
        return
    suffix = "" if stdin else path.suffix.lower()
    try:
        opened: AbstractContextManager[BinaryIO] = path.open("rb") if stdin is None else nullcontext(stdin)
        with opened as stream:
            chosen = forced or (_chosen(suffix, stream) if stdin is None else None)
            lines = decode_lines(stream, on_bytes, options.encoding)
            if chosen is None:
                chosen, lines = recognise(suffix, lines, options)
            name = path.stem if suffix in SUFFIXES else path.name
            if chosen is not None:
                yield from chosen.read(CallSource(str(path), name, path.name, lines, stream, options, on_bytes))
    except CallError as error:
        yield error if str(error).startswith(f"{path}:") else CallError(f"{path}: {error}")
    except OSError as error:
        yield _unreadable(path, error)


def _fault(path: Path, forced: Format | None) -> CallError | None:
    """Return why a path can't be read, as far as that can be told without opening it: a pipe opens only once."""
    suffix = path.suffix.lower()
    if forced is None and not _is_folder(path) and suffix not in {*SUFFIXES, ""}:
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
        return CallError(f"{path}: this folder holds no file that calls are read from")
    return None if os.access(path, os.R_OK) else _unreadable(path, "permission denied")


def _unreadable(path: Path, why: object) -> CallError:
    return CallError(f"{path}: the file can't be read: {getattr(why, 'strerror', None) or why}")
