"""Evaluate files of calls into a file or folder of results, in several processes, and go on after a crash."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from triage_triggers.archive.chunks import cut
from triage_triggers.archive.output import as_lines, whole_row, writer_for
from triage_triggers.archive.work import ChunkResult, Totals, Work, in_order
from triage_triggers.calls.reading import STDIN, CallPath, ReadingOptions, files_of
from triage_triggers.errors import ResumeError
from triage_triggers.ruleset.digest import ruleset_digest
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from triage_triggers.engine.engine import HasEngine

__all__ = ["evaluate_files", "json_lines"]

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


def json_lines(
    evaluator: HasEngine,
    paths: Iterable[CallPath],
    *,
    workers: int = 1,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008  frozen
    current_code: str | None = None,
    with_text: bool = False,
) -> Iterator[ChunkResult]:
    """Evaluate files of calls as :func:`evaluate_files` does; yield each chunk's results in order, as lines of JSON.

    Calls without a result are in ``errors`` only.
    """
    encode = partial(as_lines, with_text=with_text, with_errors=False)
    return in_order(Work(evaluator, encode, current_code), cut(paths, options=options), workers=workers)


def evaluate_files(
    evaluator: HasEngine,
    paths: Sequence[CallPath],
    output: str | Path,
    *,
    workers: int = 1,
    resume: bool = False,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008  frozen
    current_code: str | None = None,
    with_text: bool = False,
    on_result: Callable[[ChunkResult, Totals], object] | None = None,
) -> Totals:
    """Evaluate files of calls into ``output``, which appears when all of it is there: a row a call, in their order.

    A call that can't be read or evaluated is a row with its reason in ``error``.

    Until all is there the results are in ``OUTPUT.partial``. After a crash, or ``kill -9``, the same call with
    ``resume`` goes on behind the last whole row there: no call is lost or repeated. What they are results of stands
    in ``OUTPUT.run.json``, and another run is refused.

    Args:
        evaluator: The evaluator.
        paths: Files as ``read_calls`` takes them, but for standard input, which can't be gone on with.
        output: Ends in ``.jsonl``, or in ``.parquet`` (a folder of Parquet files) with the extra ``arrow``.
        workers: How many processes; each compiles the ruleset once.
        resume: Go on with results that were begun; begin them where there are none.
        options: What is known of the files beforehand, as ``read_calls`` takes it.
        current_code: The code of calls that don't give their own.
        with_text: Quote the words of each finding.
        on_result: Told of every chunk done, and of the totals so far: those from before a crash included.

    Raises:
        ResumeError: Results are there already, or can't be gone on with, or ``output`` is of no known kind.
        MissingExtraError: ``output`` is Parquet, and Arrow is not installed.
        WorkerError: A process was lost; go on with ``resume``.
        OSError: A file can't be read or written.
    """
    for path in paths:
        if path == STDIN or Path(path).is_fifo():
            raise ResumeError(f"{path}: a pipe can be read only once, so no run could go on with it; save it in a file")
    output = Path(output)
    writes = writer_for(output)
    header, unfinished = (output.with_name(f"{output.name}.{kind}") for kind in ("run.json", "partial"))
    _refuse_to_overwrite(output, unfinished, header, resume=resume)
    stats = [(str(path), Path(path).stat()) for path in files_of(paths, options)]
    run = {  # what makes two runs the same: going on with another ruleset or other calls would mix results
        "format": _FORMAT,
        "engine": __version__,
        "ruleset": ruleset_digest(evaluator.engine.ruleset),
        "ladder": evaluator.engine.ladder.digest,
        "reading": hashlib.sha256(repr(options).encode()).hexdigest(),  # for labels of speakers may be names
        "current_code": current_code,
        "with_text": with_text,
        "inputs": [[path, found.st_size, found.st_mtime_ns] for path, found in stats],
    }
    with _claimed(header, run):
        if output.exists():
            output.rename(unfinished)  # nothing is left to do but to count
        writer = writes(unfinished, with_text=with_text)
        totals = writer.found()
        work = Work(evaluator, writer.encode, current_code)
        for result in in_order(work, cut(paths, done=totals.calls, options=options), workers=workers):
            writer.add(result.data)
            totals = totals.plus(result.totals)
            if on_result is not None:
                on_result(result, totals)
        writer.finish()
        unfinished.rename(output)
    return totals


def _refuse_to_overwrite(output: Path, unfinished: Path, header: Path, *, resume: bool) -> None:
    if output.exists() and unfinished.exists():
        raise ResumeError(f"{output}: this is in the way of the results; move it away")
    for path in (output, unfinished):
        if path.exists() and not header.exists():
            raise ResumeError(f"{path}: this is there already; move it away, or name another output")
    if header.exists() and not resume:
        raise ResumeError(
            f"{output}: these results were begun; go on with them (--resume), or delete {header.name} and what is there"
            f" of {output.name} and {unfinished.name}"
        )


@contextmanager
def _claimed(path: Path, header: Mapping[str, object]) -> Iterator[None]:
    """Hold a run's header in its file, which is written if it is not there, against every other run."""
    with path.open("ab+") as file:
        _lock(file, path)
        file.seek(0)
        if written := file.read():
            other = whole_row(written)
            if other is None or other.get("format") != _FORMAT:
                raise ResumeError(f"{path}: this tells of no run that triage-triggers can go on with; delete it")
            different = "; ".join(words for name, words in _IN_WORDS.items() if header[name] != other.get(name))
            if different:
                raise ResumeError(
                    f"{path}: these results were begun otherwise, and would be mixed. Not the same: {different}"
                )
        else:
            file.write(json.dumps(header, indent=1).encode())
            file.flush()
        yield


def _lock(file: BinaryIO, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415  not on Windows
    except ModuleNotFoundError:  # pragma: no cover
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ResumeError(f"{path}: another process is writing these results just now") from None
