"""Read calls from CSV: comma, semicolon, tab or bar between the columns, names in the first line."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from triage_triggers.calls.source import undecodable
from triage_triggers.calls.table import Row, calls_of
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.columns import Columns
    from triage_triggers.calls.source import CallSource, SourceLine

__all__ = ["delimiter_of", "read_csv"]

DELIMITERS: Final = ",;\t|"
_LONGEST_CELL: Final = 2**31 - 1


def read_csv(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the calls of a table, row by row; a row of the wrong length is named and costs its own call only."""
    if csv.field_size_limit() < _LONGEST_CELL:
        # The module's limit of 128 kB a cell is the process's; a long call must not be lost to it.
        csv.field_size_limit(_LONGEST_CELL)
    feed = _Feed(source.file, source.lines)
    first = next(feed, "")
    while first and not first.strip():
        first = next(feed, "")
    if not first:
        yield from feed.faults
        yield CallError(f"{source.file}: expected the names of the columns in the first line; the file is empty")
        return
    delimiter = delimiter_of(first, source.options.columns)
    rows = csv.reader(feed.again(first), delimiter=delimiter, strict=True)
    try:
        header = next(rows)
    except csv.Error:
        yield CallError(
            f"{source.file}:{feed.begun}: expected the names of the columns; this line is no row of a table"
        )
        return
    yield from calls_of(
        _rows(rows, feed, source, len(header)), [name.strip() for name in header], source.options, source.file
    )


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


class _Feed:
    """The lines of a file for ``csv``, with the number at which the present row began; lines that are no text go."""

    def __init__(self, file: str, lines: Iterator[SourceLine]) -> None:
        self._file, self._lines = file, lines
        self._pushed: list[str] = []
        self.begun = self._number = 0
        self.faults: list[CallError] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._pushed:
            return self._pushed.pop()
        for number, text in self._lines:
            self._number = number
            if text is not None:
                self.begun = self.begun or number
                return text
            self.faults.append(undecodable(self._file, number))
        raise StopIteration

    def again(self, line: str) -> _Feed:
        """Give a line once more."""
        self._pushed.append(line)
        self.begun = self._number
        return self


def _rows(rows: Iterator[list[str]], feed: _Feed, source: CallSource, width: int) -> Iterator[Row | CallError]:
    while True:
        feed.begun = 0
        try:
            values = next(rows, None)
        except csv.Error:
            yield CallError(
                f"{source.file}:{feed.begun}: this row's quotation marks don't pair up; a mark inside a cell is written"
                " twice, and every cell that begins with one ends with one"
            )
            continue
        yield from feed.faults
        feed.faults.clear()
        if values is None:
            return
        if not values:  # an empty line
            continue
        place, name = f"{source.file}:{feed.begun}", f"{source.name_of_many}:{feed.begun}"
        fault = None
        if len(values) != width:
            fault = (
                f"expected {width:,} cells, as in the first line, and found {len(values):,}; is a comma in a cell"
                " without quotation marks around it?"
            )
        yield Row(place, name, values, fault)
