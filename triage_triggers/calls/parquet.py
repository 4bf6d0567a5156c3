"""Read calls from Parquet, batch by batch, with the ``arrow`` extra."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.table import Row, calls_of
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.source import CallSource

__all__ = ["plain_value", "read_parquet"]

_ROWS_AT_ONCE: Final = 256
"""How many rows are in memory: few, as one may be a whole call."""


def read_parquet(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the calls of a Parquet file: a call a row, an utterance a row, or a call a row with a list of utterances.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    arrow, parquet = _pyarrow()
    if not source.stream.seekable():
        yield CallError(f"{source.file}: Parquet can't be read from a pipe; save it as a file first")
        return
    try:
        file = parquet.ParquetFile(source.stream)
        header = [str(name) for name in file.schema_arrow.names]
    except (arrow.ArrowException, OSError):
        yield CallError(f"{source.file}: expected a Parquet file; this is none, or it is damaged or not complete")
        return
    yield from calls_of(_rows(file, source, arrow), header, source.options, source.file)


def _pyarrow() -> tuple[ModuleType, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415  the extra may not be installed
        import pyarrow.parquet as parquet  # noqa: PLC0415, PLR0402
    except ModuleNotFoundError:
        raise MissingExtraError("reading Parquet", "arrow") from None
    return pa, parquet


def _rows(file: Any, source: CallSource, arrow: Any) -> Iterator[Row | CallError]:  # noqa: ANN401  pyarrow has no types
    number, told, size = 0, 0, source.stream.seek(0, 2)
    try:
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            columns = [column.to_pylist() for column in batch.columns]
            for values in zip(*columns, strict=True):
                number += 1
                place, name = f"{source.file}: row {number}", f"{source.name_of_many}:{number}"
                yield Row(place, name, [plain_value(value) for value in values])
            if source.on_bytes is not None:
                read = size * number // max(file.metadata.num_rows, 1)
                source.on_bytes(read - told)
                told = read
    except (arrow.ArrowException, OSError):
        yield CallError(f"{source.file}: the Parquet file is damaged after row {number}")


def plain_value(value: object) -> object:
    """Return a value as JSON would have it, so that what is kept as metadata can be written again.

    >>> plain_value(dt.date(2026, 1, 2)), plain_value(math.nan)
    ('2026-01-02', None)
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain_value(part) for part in value]
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, (Decimal, dt.timedelta)):
        return str(value)
    return value
