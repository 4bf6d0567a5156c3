"""How results are written: as JSON Lines, or as Parquet by way of a stream of Arrow batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from triage_triggers.archive.arrow import assessment_batch, assessment_schema
from triage_triggers.archive.journal import put_in_place
from triage_triggers.errors import ResumeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call

__all__ = ["SUFFIXES", "Format", "JsonLines", "Parquet", "format_of"]

_ROWS_A_GROUP: Final = 50_000
_BYTES_A_GROUP: Final = 64_000_000


class Format(Protocol):
    """What the results of chunks become, and what becomes of them in the end. Pickles."""

    def head(self) -> bytes:
        """Return what the file begins with."""

    def encode(self, found: Sequence[tuple[Assessment, Call]]) -> bytes:
        """Return the results of one chunk; what results from several is what they are put together."""

    def finish(self, partial: Path, output: Path) -> None:
        """Make the whole file of results from the chunks; nobody ever sees half of one."""


class JsonLines:
    """One line a call, as ``triage-triggers evaluate --json`` prints it."""

    def __init__(self, *, with_text: bool) -> None:
        self.with_text = with_text

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, found: Sequence[tuple[Assessment, Call]]) -> bytes:
        """Return the lines."""
        with_text = self.with_text
        return "".join([f"{result.to_json(call if with_text else None)}\n" for result, call in found]).encode()

    def finish(self, partial: Path, output: Path) -> None:
        """Give the file its name."""
        put_in_place(partial, output)


class Parquet:
    """Columns with a declared schema, see ``archive.arrow``.

    A Parquet file has its table of contents at the end, so nobody could go on with half of one. What is written as
    work goes on is therefore an Arrow stream, which can be cut and continued after any batch.
    """

    def __init__(self, *, with_text: bool) -> None:
        self.with_text = with_text

    def head(self) -> bytes:
        """Return the schema's message."""
        return bytes(assessment_schema(with_text=self.with_text).serialize())

    def encode(self, found: Sequence[tuple[Assessment, Call]]) -> bytes:
        """Return a batch's message."""
        if not found:
            return b""
        with_text = self.with_text
        schema = assessment_schema(with_text=with_text)
        pairs = [(assessment, call if with_text else None) for assessment, call in found]
        return bytes(assessment_batch(pairs, schema).serialize())

    def finish(self, partial: Path, output: Path) -> None:
        """Gather the batches into row groups of some ten thousand calls."""
        import pyarrow as pa  # noqa: PLC0415  an extra
        import pyarrow.parquet as pq  # noqa: PLC0415  an extra

        whole = output.with_name(f"{output.name}.whole")
        with (
            partial.open("rb") as stream,
            pa.ipc.open_stream(stream) as batches,
            pq.ParquetWriter(whole, batches.schema, compression="zstd") as writer,
        ):
            for group in _groups(batches):
                writer.write_table(pa.Table.from_batches(group))
        put_in_place(whole, output)
        partial.unlink()


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        group.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= _ROWS_A_GROUP or size >= _BYTES_A_GROUP:
            yield group
            group, rows, size = [], 0, 0
    if group:
        yield group


_FORMATS: Final[dict[str, type[JsonLines | Parquet]]] = {".jsonl": JsonLines, ".parquet": Parquet}
SUFFIXES: Final = tuple(_FORMATS)


def format_of(output: Path, *, with_text: bool) -> Format:
    """Return the format that a file's name asks for.

    Raises:
        ResumeError: It asks for neither.
        MissingExtraError: Parquet needs Arrow, which is not installed.
    """
    chosen = _FORMATS.get(output.suffix.lower())
    if chosen is None:
        raise ResumeError(f"{output}: results are written to {' or '.join(SUFFIXES)} files; name one of these")
    if chosen is Parquet:
        assessment_schema()  # says so now if Arrow is missing, and not hours later
    return chosen(with_text=with_text)
