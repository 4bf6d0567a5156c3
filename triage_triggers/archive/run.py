"""Evaluate files of calls into a file or folder of results, in several processes, and go on after a crash."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from triage_triggers.archive.arrow import result_row, result_schema, row_batch
from triage_triggers.archive.chunks import cut
from triage_triggers.archive.work import ChunkResult, Totals, Work, in_order
from triage_triggers.calls.call import Call
from triage_triggers.calls.reading import STDIN, CallPath, ReadingOptions, files_of
from triage_triggers.errors import ResumeError
from triage_triggers.privacy.private_file import create_private
from triage_triggers.ruleset.digest import ruleset_digest
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from triage_triggers.archive.work import Encode, Judged
    from triage_triggers.engine.engine import HasEngine

__all__ = ["as_lines", "evaluate_files", "json_lines", "whole_row", "writer_for"]

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


_ROWS_A_PART: Final = 10_000
"""How many calls a Parquet file of the folder holds: so many are in memory, and so many a crash may cost."""


def writer_for(output: Path) -> type[LinesWriter | PartsWriter]:
    """Return what writes results of the kind that a file's name asks for."""
    if output.suffix.lower() == ".jsonl":
        return LinesWriter
    if output.suffix.lower() == ".parquet":
        result_schema()  # says so now if Arrow is missing
        return PartsWriter
    raise ResumeError(f"{output}: results are written to .jsonl or .parquet files; name one of these")


class LinesWriter:
    """A file with a line a call, as ``triage-triggers evaluate --json`` prints it, or with a line for its error.

    Whole lines stand. Half a line is what a crash left.
    """

    def __init__(self, path: Path, *, with_text: bool) -> None:
        self.encode: Encode = partial(as_lines, with_text=with_text)
        self._path = path

    def found(self) -> Totals:
        """Return what the whole lines add up to, and cut off what is behind them."""
        totals, whole = Totals(), 0
        create_private(self._path)
        with self._path.open("ab+") as file:
            file.seek(0)
            for line in file:
                row = whole_row(line) if line.endswith(b"\n") else None
                if row is None:
                    break
                totals, whole = totals.plus_call(row.get("flagged"), row.get("escalates")), whole + len(line)
            file.truncate(whole)
        return totals

    def add(self, data: bytes) -> None:
        """Append lines."""
        with self._path.open("ab") as file:
            file.write(data)

    def finish(self) -> None:
        """See that all is on the disk."""
        _sync(self._path)


class PartsWriter:
    """A folder of Parquet files, each of so many calls, with the schema of ``archive.arrow``.

    A Parquet file has its table of contents at the end, so nobody could go on with half of one: a part gets its name
    when it is whole and on the disk.
    """

    def __init__(self, path: Path, *, with_text: bool) -> None:
        self.encode: Encode = partial(_as_batch, with_text=with_text)
        self._path, self._schema = path, result_schema(with_text=with_text)
        self._waiting: list[pa.RecordBatch] = []
        self._parts = 0

    def found(self) -> Totals:
        """Return what the parts add up to."""
        import pyarrow.parquet as pq  # noqa: PLC0415  an extra

        self._path.mkdir(mode=0o700, exist_ok=True)
        totals = Totals()
        while self._part().exists():
            for row in pq.read_table(self._part(), columns=["flagged", "escalates"]).to_pylist():
                totals = totals.plus_call(row["flagged"], row["escalates"])
            self._parts += 1
        return totals

    def add(self, data: bytes) -> None:
        """Write a part as soon as there is enough for one."""
        import pyarrow as pa  # noqa: PLC0415  an extra

        self._waiting.append(pa.ipc.read_record_batch(data, self._schema))
        while sum(batch.num_rows for batch in self._waiting) >= _ROWS_A_PART:
            self._write_part()

    def finish(self) -> None:
        """Write the last part, which is smaller than the others; an empty one where there is no call at all."""
        if self._waiting or not self._parts:
            self._write_part()
        _sync(self._path)

    def _write_part(self) -> None:
        import pyarrow as pa  # noqa: PLC0415  an extra
        import pyarrow.parquet as pq  # noqa: PLC0415  an extra

        waiting = pa.Table.from_batches(self._waiting, self._schema)
        unfinished = self._path / "unfinished"
        pq.write_table(waiting.slice(0, _ROWS_A_PART), unfinished, compression="zstd")
        _sync(unfinished)
        unfinished.replace(self._part())
        self._waiting = waiting.slice(_ROWS_A_PART).to_batches()
        self._parts += 1

    def _part(self) -> Path:
        return self._path / f"part-{self._parts:06}.parquet"


def as_lines(judged: Sequence[Judged], *, with_text: bool, with_errors: bool = True) -> bytes:
    """Return results as lines of JSON; with ``with_errors``, one for each call that has none too."""
    lines = [
        json.dumps(result_row(call, result))
        if isinstance(result, Exception)
        else result.to_json(call if with_text and isinstance(call, Call) else None)
        for call, result in judged
        if with_errors or not isinstance(result, Exception)
    ]
    return "".join([f"{line}\n" for line in lines]).encode()


def _as_batch(judged: Sequence[Judged], *, with_text: bool) -> bytes:
    rows = [result_row(call, result, with_text=with_text) for call, result in judged]
    return bytes(row_batch(rows, result_schema(with_text=with_text)).serialize())


def whole_row(text: bytes) -> dict[str, Any] | None:
    """Return the JSON object in a text, ``None`` if it is none."""
    try:
        row = json.loads(text)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _sync(path: Path) -> None:
    """See that a file, or where that can be asked for the list of files of a folder, is on the disk."""
    if os.name == "posix" or path.is_file():
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
