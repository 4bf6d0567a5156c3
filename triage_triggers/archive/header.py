"""What results were made of, in a small file beside them, so that no other run goes on with them."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from triage_triggers.errors import ResumeError
from triage_triggers.ruleset.digest import ruleset_digest
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.archive.work import CallJudge
    from triage_triggers.calls.reading import CallPath, ReadingOptions

__all__ = ["claimed", "run_header"]

_FORMAT: Final = 1
_IN_WORDS: Final = {
    "engine": "the version of triage-triggers",
    "ruleset": "the ruleset",
    "ladder": "the code system",
    "reading": "--format, --speaker or --column",
    "current_code": "--current-code",
    "with_text": "--with-text",
    "inputs": "the files of calls, or what is in them",
}


def run_header(
    judge: CallJudge, paths: Sequence[CallPath], options: ReadingOptions, *, current_code: str | None, with_text: bool
) -> Mapping[str, object]:
    """Return what makes two runs the same: going on with another ruleset or other calls would mix results.

    ``reading`` is a digest, for labels of speakers may be names. ``inputs`` are path, bytes and time of the last
    change, in nanoseconds, of every file.

    Raises:
        OSError: A file is not there.
    """
    stats = [(str(path), Path(path).stat()) for path in paths]
    return {
        "format": _FORMAT,
        "engine": __version__,
        "ruleset": ruleset_digest(judge.ruleset),
        "ladder": judge.ladder.digest,
        "reading": hashlib.sha256(repr(options).encode()).hexdigest(),
        "current_code": current_code,
        "with_text": with_text,
        "inputs": [[path, found.st_size, found.st_mtime_ns] for path, found in stats],
    }


@contextmanager
def claimed(path: Path, header: Mapping[str, object]) -> Iterator[None]:
    """Hold a run's header in its file, which is written if it is not there, against every other run.

    Raises:
        ResumeError: Another process is writing these results, or the file holds another header, which is said in
            words, or none that this version can read.
    """
    with path.open("ab+") as file:
        _lock(file, path)
        file.seek(0)
        if written := file.read():
            _check(header, written, path)
        else:
            file.write(json.dumps(header, indent=1).encode())
            file.flush()
        yield


def _check(header: Mapping[str, object], written: bytes, path: Path) -> None:
    try:
        other = json.loads(written)
    except ValueError:
        other = None
    if not isinstance(other, dict) or other.get("format") != _FORMAT:
        raise ResumeError(f"{path}: this tells of no run that triage-triggers can go on with; delete it")
    different = [words for name, words in _IN_WORDS.items() if header[name] != other.get(name)]
    if different:
        raise ResumeError(
            f"{path}: these results were begun otherwise, and would be mixed. Not the same: {'; '.join(different)}"
        )


def _lock(file: BinaryIO, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415  not on Windows
    except ModuleNotFoundError:  # pragma: no cover
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ResumeError(f"{path}: another process is writing these results just now") from None
