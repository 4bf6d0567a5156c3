"""Read calls from spreadsheets and documents of offices, with the ``office`` extra."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from triage_triggers.calls.call import Call
from triage_triggers.calls.columns import column_name
from triage_triggers.calls.dialogue import is_dialogue, read_dialogue
from triage_triggers.calls.parquet import plain_value
from triage_triggers.calls.source import SourceLine
from triage_triggers.calls.table import Row, calls_of
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.calls.source import CallSource

__all__ = ["read_docx", "read_xlsx"]

_DAMAGED: Final = (BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError, AttributeError, TypeError)
"""What the libraries raise for a file that is none, or not whole; a parser's error of XML is a ``SyntaxError``."""


def read_xlsx(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the calls of a sheet: that of ``--sheet``, or the only one with a column for the text.

    Raises:
        MissingExtraError: openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError:
        raise MissingExtraError("reading .xlsx", "office") from None
    try:
        _check_seekable(source)
        with warnings.catch_warnings(action="ignore"):  # of styles and pictures that it leaves out
            book = load_workbook(source.stream, read_only=True, data_only=True)
            sheets = {sheet.title: list(_filled_rows(sheet)) for sheet in book.worksheets}
        name = _chosen(sheets, source)
    except CallError as error:
        yield error
        return
    except _DAMAGED:
        yield CallError(f"{source.file}: expected an .xlsx workbook; this is none, or it is damaged or not complete")
        return
    (_, header), *rows = sheets[name] or [(1, [])]
    names = [str(value) for value in header]
    while names and not names[-1].strip():
        names.pop()
    yield from calls_of(_rows(rows, len(names), source), names, source.options, source.file)


def _rows(rows: Iterable[tuple[int, list[object]]], width: int, source: CallSource) -> Iterator[Row]:
    for number, values in rows:
        beyond = any(value != "" for value in values[width:])
        fault = "expected nothing in the cells beyond the last column that has a name" if beyond else None
        cells = [*values, *[""] * (width - len(values))][:width]
        yield Row(f"{source.file}: row {number}", f"{source.name_of_many}:{number}", cells, fault)


def _filled_rows(sheet: Any) -> Iterator[tuple[int, list[object]]]:  # noqa: ANN401  openpyxl has no types
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(value is not None for value in values):
            yield number, [_cell(value) for value in values]


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    return value.strftime("%H:%M:%S.%f") if isinstance(value, dt.time) else plain_value(value)


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


def read_docx(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the call of a document: its paragraphs, and its tables' rows, are lines of a dialogue.

    Raises:
        MissingExtraError: python-docx is not installed.
    """
    try:
        from docx import Document  # noqa: PLC0415  the extra may not be installed
        from docx.opc.exceptions import OpcError  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtraError("reading .docx", "office") from None
    try:
        _check_seekable(source)
        lines = [line for part in Document(source.stream).iter_inner_content() for line in _lines(part)]
    except CallError as error:
        yield error
        return
    except (OpcError, *_DAMAGED):
        yield CallError(f"{source.file}: expected a .docx document; this is none, or it is damaged or not complete")
        return
    text = "".join(f"{line}\n" for line in "\n".join(lines).split("\n"))
    if not text.strip():
        yield CallError(f"{source.file}: this document holds no text")
    elif source.options.format == "docx" or is_dialogue(text, source.options.speakers):
        numbered = (SourceLine(number, f"{line}\n") for number, line in enumerate(text.split("\n")[:-1], 1))
        try:
            yield read_dialogue(source._replace(lines=numbered))
        except CallError as error:
            yield error
    else:
        source.note_no_speakers()
        yield Call.from_text(text, source.name)


def _lines(part: Any) -> Iterator[str]:  # noqa: ANN401  a paragraph or a table
    if not hasattr(part, "rows"):
        yield part.text
        return
    for row in part.rows:
        *before, said = [cell.text.strip() for cell in row.cells] or [""]
        yield " ".join(filter(None, before)) + ": " * any(before) + said


def _check_seekable(source: CallSource) -> None:
    if not source.stream.seekable():
        raise CallError(f"{source.file}: this can't be read from a pipe; save it as a file first")
