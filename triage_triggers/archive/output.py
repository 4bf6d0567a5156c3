"""Where results are written: a file of JSON Lines or a folder of Parquet files; they say how far the work has come."""

from __future__ import annotations

import json
import os
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.archive.arrow import result_row, result_schema, row_batch
from triage_triggers.archive.work import Totals
from triage_triggers.calls.call import Call
from triage_triggers.errors import ResumeError
from triage_triggers.privacy.private_file import create_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from triage_triggers.archive.work import Encode, Judged

__all__ = ["as_lines", "whole_row", "writer_for"]

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
