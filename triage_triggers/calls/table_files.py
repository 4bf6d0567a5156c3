"""Read calls from files that hold a table: CSV, Parquet (extra ``arrow``) and .xlsx workbooks (extra ``office``)."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import warnings
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.columns import column_name
from triage_triggers.calls.dialogue import DAMAGED_OFFICE_FILE
from triage_triggers.calls.table import Row, calls_of
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    import _csv
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.columns import Columns
    from triage_triggers.calls.source import CallSource

__all__ = ["SAYS_DELIMITER", "delimiter_of", "read_csv", "read_parquet", "read_xlsx"]

DELIMITERS: Final = ",;\t|"
SAYS_DELIMITER: Final = re.compile(r"sep=(.)", re.IGNORECASE)
_LONGEST_CELL: Final = 2**31 - 1


def read_csv(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the calls of a table, row by row; a row of the wrong length is named and costs its own call only."""
    if csv.field_size_limit() < _LONGEST_CELL:
        # The module's limit of 128 kB a cell is the process's; a long call must not be lost to it.
        csv.field_size_limit(_LONGEST_CELL)
    faults: list[CallError] = []
    lines = _texts(source, faults)
    before, first = next(((at, line) for at, line in enumerate(lines) if line.strip()), (0, ""))
    if not first:
        yield from faults
        raise CallError("expected the names of the columns in the first line; the file is empty")
    if said := SAYS_DELIMITER.fullmatch(first.strip("\r\n")):  # as Excel writes and reads it
        before, first = before + 1, next(lines, "")
    delimiter = said[1] if said else delimiter_of(first, source.options.columns)
    rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows)]
    except csv.Error:
        place = f"{source.file}:{before + 1}"
        raise CallError(f"{place}: expected the names of the columns; this line is no row of a table") from None
    yield from calls_of(_rows(rows, before, faults, source, len(header)), header, source.options, source.file)


def delimiter_of(header: str, columns: Columns) -> str:
    r"""Return what stands between the columns: what makes most of our fields appear, and then most columns.

    >>> from triage_triggers.calls.columns import Columns
    >>> delimiter_of('call_id;text;"a,b"', Columns())
    ';'
    """

    def fields(delimiter: str) -> tuple[int, int]:
        names: list[str] = []
        with suppress(csv.Error, CallError):  # a carriage return inside the line; a name that is there twice
            names = next(csv.reader([header.strip("\r\n")], delimiter=delimiter), [])
            return len(columns.find(names, need=None)), len(names)
        return 0, len(names)

    return max(DELIMITERS, key=fields)


def _texts(source: CallSource, faults: list[CallError]) -> Iterator[str]:
    """Yield the lines of a file; in the place of one that is no text an empty one, and its fault in the list."""
    last = "\n"
    for number, text in source.lines:
        if text is None:
            faults.append(source.undecodable(number))
        last = text or "\n"
        yield last
    source.note_open_end(last)


def _rows(
    rows: _csv.Reader, before: int, faults: list[CallError], source: CallSource, width: int
) -> Iterator[Row | CallError]:
    """Yield the rows, behind so many empty lines, and between them the faults of lines."""
    while True:
        number = before + rows.line_num + 1
        try:
            values = next(rows, None)
        except csv.Error:
            yield CallError(
                f"{source.file}:{number}: this row's quotation marks don't pair up; a mark inside a cell is written"
                " twice, and every cell that begins with one ends with one"
            )
            continue
        yield from faults
        faults.clear()
        if values is None:
            return
        if not any(map(str.strip, values)):  # an empty line, or one of separators only: of whatever length
            continue
        fault = (
            f"expected {width:,} cells, as in the first line, and found {len(values):,}; is a comma in a cell"
            " without quotation marks around it?"
        )
        place, name = f"{source.file}:{number}", f"{source.name_of_many}:{number}"
        yield Row(place, name, values, None if len(values) == width else fault)


_ROWS_AT_ONCE: Final = 256
"""How many rows are in memory: few, as one may be a whole call."""


def read_parquet(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the calls of a Parquet file: a row is a call, an utterance, or a call with a list of utterances."""
    try:
        import pyarrow as pa  # noqa: PLC0415  the extra may not be installed
        import pyarrow.parquet as parquet  # noqa: PLC0415, PLR0402
    except ModuleNotFoundError:
        raise MissingExtraError("reading Parquet", "arrow") from None
    source.check_seekable()
    try:
        file = parquet.ParquetFile(source.stream)
        header = [str(name) for name in file.schema_arrow.names]
    except (pa.ArrowException, OSError):
        raise source.damaged("a Parquet file") from None
    yield from calls_of(_parquet_rows(file, source, pa), header, source.options, source.file)


def _parquet_rows(file: Any, source: CallSource, pa: Any) -> Iterator[Row | CallError]:  # noqa: ANN401  pyarrow has no types
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
    except (pa.ArrowException, OSError):
        raise CallError(f"the Parquet file is damaged after row {number}") from None


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


def read_xlsx(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the calls of a sheet: that of ``--sheet``, or the only one with a column for the text."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError:
        raise MissingExtraError("reading .xlsx", "office") from None
    try:
        source.check_seekable()
        with warnings.catch_warnings(action="ignore"):  # of styles and pictures that it leaves out
            book = load_workbook(source.stream, read_only=True, data_only=True)
            sheets = {
                sheet.title: [
                    (number, [_cell(value) for value in values])
                    for number, values in enumerate(sheet.iter_rows(values_only=True), 1)
                    if any(value is not None for value in values)
                ]
                for sheet in book.worksheets
            }
        name = _chosen(sheets, source)
    except CallError:
        raise
    except DAMAGED_OFFICE_FILE:
        raise source.damaged("an .xlsx workbook") from None
    (_, header), *rows = sheets[name] or [(1, [])]
    width = max((at for at, value in enumerate(header, 1) if str(value).strip()), default=0)
    names = [str(value) for value in header[:width]]
    yield from calls_of(_sheet_rows(rows, width, source), names, source.options, source.file)


def _sheet_rows(rows: Iterable[tuple[int, list[object]]], width: int, source: CallSource) -> Iterator[Row]:
    for number, values in rows:
        beyond = any(value != "" for value in values[width:])
        fault = "expected nothing in the cells beyond the last column that has a name" if beyond else None
        cells = [*values, *[""] * (width - len(values))][:width]
        yield Row(f"{source.file}: row {number}", f"{source.name_of_many}:{number}", cells, fault)


def _cell(value: object) -> object:
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S.%f")
    return "" if value is None else plain_value(value)


def _chosen(sheets: dict[str, list[tuple[int, list[object]]]], source: CallSource) -> str:
    wanted = source.options.sheet
    fits = [
        name for name, rows in sheets.items() if rows and (name == wanted if wanted else _has_text(rows[0][1], source))
    ]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(map(column_name, sheets)) or "none"
    if wanted is not None:
        raise CallError(f"{source.file}: no sheet with rows in it is called {column_name(wanted)}; there are {names}")
    if not fits and sum(map(bool, sheets.values())) == 1:  # the table's reader says what its columns are
        return next(name for name, rows in sheets.items() if rows)
    many = "several sheets have" if fits else "no sheet has"
    raise CallError(f"{source.file}: {many} a column for the text; name the sheet of the calls with --sheet: {names}")


def _has_text(header: Sequence[object], source: CallSource) -> bool:
    try:
        return "text" in source.options.columns.find([str(value) for value in header])
    except CallError:
        return False
