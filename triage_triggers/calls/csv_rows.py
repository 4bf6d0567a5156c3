"""Read calls from CSV: comma, semicolon, tab or bar between the columns, names in the first line."""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from triage_triggers.calls.table import Row, calls_of
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    import _csv
    from collections.abc import Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.columns import Columns
    from triage_triggers.calls.source import CallSource

__all__ = ["SAYS_DELIMITER", "delimiter_of", "read_csv"]

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
        yield CallError(f"{source.file}: expected the names of the columns in the first line; the file is empty")
        return
    delimiter = None
    if said := SAYS_DELIMITER.fullmatch(first.strip("\r\n")):  # as Excel writes and reads it
        delimiter, before, first = said[1], before + 1, next(lines, "")
    rows = csv.reader(
        chain([first], lines), delimiter=delimiter or delimiter_of(first, source.options.columns), strict=True
    )
    try:
        header = [name.strip() for name in next(rows)]
    except csv.Error:
        yield CallError(
            f"{source.file}:{before + 1}: expected the names of the columns; this line is no row of a table"
        )
        return
    yield from calls_of(_rows(rows, before, faults, source, len(header)), header, source.options, source.file)


def delimiter_of(header: str, columns: Columns) -> str:
    r"""Return what stands between the columns: what makes most of our fields appear, and then most columns.

    >>> from triage_triggers.calls.columns import Columns
    >>> delimiter_of('call_id;text;"a,b"', Columns())
    ';'
    """

    def fields(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader([header.strip("\r\n")], delimiter=delimiter), [])
        except csv.Error:  # a carriage return inside the line
            return 0, 0
        try:
            return len(columns.find(names, need=None)), len(names)
        except CallError:
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
        place, name = f"{source.file}:{number}", f"{source.name_of_many}:{number}"
        fault = None
        if len(values) != width:
            fault = (
                f"expected {width:,} cells, as in the first line, and found {len(values):,}; is a comma in a cell"
                " without quotation marks around it?"
            )
        yield Row(place, name, values, fault)
