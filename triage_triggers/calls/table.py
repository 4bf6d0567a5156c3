"""From a table's rows to calls: a call a row, or an utterance a row where rows share a call's id."""

from __future__ import annotations

import math
import re
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.calls.call import Call, Utterance, from_time_of_day, is_time_of_day, seconds_of
from triage_triggers.calls.columns import FIELDS, column_name, is_milliseconds
from triage_triggers.calls.dialogue import split_turns
from triage_triggers.calls.json_lines import call_from_object
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from triage_triggers.calls.source import ReadingOptions
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["Row", "calls_of"]

_NESTED: Final = "utterances"
_WHISPER_TABLE: Final = ["start", "end", "text"]
"""What Whisper's .tsv begins with, whose times are whole milliseconds."""
_LEAST_MILLISECONDS: Final = 100
_LATEST: Final = 1e8
"""More seconds than any call has: a date counted from 1970, or milliseconds of one."""
_HALF_DAY: Final = 43_200
_ASK: Final = "say so with --one-call or --call-a-row, or name the column that tells calls apart: --call-id COLUMN"
_NAMES_CALLS: Final = re.compile(
    r"(?!speaker|turn|utterance|segment|participant|user|agent).*(^|[ _])id|file(name)?|recording|incident|call|"
    r"conversation|dialog(ue)?|session|case",
    re.IGNORECASE,
)


class Row(NamedTuple):
    """A row of a table: its place for errors, its name for a call without an id, its values, what is wrong with it."""

    place: str
    name: str
    values: Sequence[object]
    fault: str | None = None


class _TableTurn(NamedTuple):
    utterances: Sequence[Utterance]
    facts: dict[str, str]
    extra: dict[str, object]
    of_day: bool


def calls_of(
    rows: Iterable[Row | CallError], header: Sequence[str], options: ReadingOptions, file: str
) -> Iterator[Call | CallError]:
    """Yield the calls of a table, in order and as their last row has been read.

    What makes a call stands in ``docs/transcripts.md``. Only one is held at a time, and a number for each call's id, to
    notice rows that stand apart from the rest of their call. The error of a row stands in the place of its call, which
    is left out whole.
    """
    kept = (row for row in rows if isinstance(row, CallError) or row.fault or any(map(_is_filled, row.values)))
    looked: list[Row | CallError] = []
    first = None
    while first is None and (row := next(kept, None)) is not None:
        looked.append(row)
        first = row if isinstance(row, Row) else None
    rows = chain(looked, kept)
    try:
        found = options.columns.find(header, need=None if _NESTED in header else "text")
        if _NESTED in header and "text" not in found:
            yield from _nested(rows, header, found, options.speakers)
            return
        one_call = _is_one_call(found, header, first, options)
        times = [str(value) for value in first.values[:2]] if first and [*header] == _WHISPER_TABLE else [""]
        if all(map(str.isdecimal, times)) and int(times[-1]) >= _LEAST_MILLISECONDS:
            header = ["start_ms", "end_ms", "text"]
    except CallError as error:
        raise CallError(f"{file}: {error}") from None
    reader = _RowReader(header, found, options, one_call=one_call)
    seen: set[int] = set()
    for _, group in groupby(rows, reader.call_number):
        name, turns = yield from _gathered(group, reader, seen)
        if one_call and options.one_call is None and (other := _other_id(turns)):
            yield CallError(f"{file}: are these rows of one call, or of one for each {column_name(other)}? {_ASK}")
        elif turns:
            yield _call(Path(file).stem if one_call else name, turns)


def _gathered(
    group: Iterable[Row | CallError], reader: _RowReader, seen: set[int]
) -> Generator[CallError, None, tuple[str, list[_TableTurn]]]:
    """Yield what is wrong with the rows of a call; return its name and its turns, none where some can't be read."""
    name, turns = None, list[_TableTurn]()
    broken = False
    for row in group:
        if isinstance(row, CallError):
            broken = broken or reader.one_call
            yield row
            continue
        if name is None:
            call_id = reader.call_id(row)
            name = call_id or row.name
            if call_id is not None and hash(call_id) in seen:
                broken = True
                yield CallError(
                    f"{row.place}: the rows of one call must follow each other; sort the table by the call's id"
                )
            seen.add(hash(call_id))
        try:
            turns.append(reader.turn(row))
        except CallError as error:
            broken = True
            yield CallError(f"{row.place}: {error}")
    # Half a call is worse than none that is named.
    return name or "", [] if broken else turns


def _is_filled(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _is_one_call(found: dict[str, int], header: Sequence[str], first: Row | None, options: ReadingOptions) -> bool:
    """Tell whether all rows are one call; leaves out what only looks like a column of times."""
    usual = {name for name, at in found.items() if name in options.columns.names or header[at].strip().lower() == name}
    doubtful = False
    for name in ("start", "end"):
        value = first.values[found[name]] if first and name in found and found[name] < len(first.values) else None
        if name in found and name not in usual and _is_filled(value) and _seconds(value) is None:
            del found[name]  # "Time", but of a date
            doubtful = True
        doubtful = doubtful or (name not in usual and isinstance(value, str) and is_time_of_day(value))
    if options.one_call is not None:
        if options.one_call:
            found.pop("call_id", None)
        return options.one_call
    if "call_id" in found or "speaker" in found:
        return "call_id" not in found
    if doubtful:
        raise CallError(f"are these rows the turns of one call, or a call each? {_ASK}")
    return "start" in found


def _other_id(turns: Sequence[_TableTurn]) -> str | None:
    """Return a column that seems to tell calls apart, with a value for several rows each."""
    for name in turns[0].extra if turns else ():
        values = [turn.extra[name] for turn in turns]
        if _NAMES_CALLS.fullmatch(name) and 1 < len(set(map(str, values))) < len(values) and all(values):
            return name
    return None


def _call(name: str, turns: Sequence[_TableTurn]) -> Call:
    """Return the call of some rows.

    A column that holds none of our fields is the call's metadata where all rows agree, or the first alone holds it.
    """
    facts = {key: value for turn in turns for key, value in turn.facts.items()}
    metadata = {
        key: value
        for key, value in turns[0].extra.items()
        if all(turn.extra[key] == value for turn in turns)
        or (_is_filled(value) and not any(_is_filled(turn.extra[key]) for turn in turns[1:]))
    }
    if differing := turns[0].extra.keys() - metadata.keys():
        metadata[_NESTED] = [
            {key: value for key, value in turn.extra.items() if key in differing}
            for turn in turns
            for _ in turn.utterances
        ]
    said = [utterance for turn in turns for utterance in turn.utterances]
    if turns[0].of_day:
        said, began = from_time_of_day(said)
        metadata.setdefault("started_at", began)
    return Call(name, said, metadata=metadata, **facts)


class _RowReader:
    """Reads a row's fields by the columns that hold them."""

    def __init__(
        self, header: Sequence[str], found: dict[str, int], options: ReadingOptions, *, one_call: bool
    ) -> None:
        self._header, self._found, self._speakers = header, found, options.speakers
        self.one_call, self._row_each = one_call, options.one_call is False
        # A call's id may stand in its first row only, as where spreadsheets merge cells.
        self._runs_on = self._row_each or not found.keys().isdisjoint({"speaker", "start"})
        self._number = 0
        self._last: str | None = None
        self._time = -math.inf
        self._extra = [(at, name) for at, name in enumerate(header) if at not in found.values()]

    def call_number(self, row: Row | CallError) -> int:
        """Return a number that is the same for rows of the same call that follow each other."""
        if not isinstance(row, CallError) and not self.one_call:
            call_id = self.call_id(row)
            goes_on = call_id == self._last if call_id is not None else self._last is not None
            self._number += self._row_each or not goes_on
            self._last = self._last if goes_on else call_id
        return self._number

    def call_id(self, row: Row) -> str | None:
        at = self._found.get("call_id")
        value = row.values[at] if at is not None and at < len(row.values) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return None if value in {None, ""} or not isinstance(value, (str, int)) else str(value)

    def turn(self, row: Row) -> _TableTurn:
        if row.fault is not None:
            raise CallError(row.fault)
        if "call_id" in self._found and self._last and self.call_id(row) is None and not self._runs_on:
            raise CallError(
                "this row has no call id: does it go on with the call before? Write the id in every row, or say "
                "--call-a-row"
            )
        given = {name: row.values[at] for name, at in self._found.items()}
        text = given["text"]
        if isinstance(text, int) and not isinstance(text, bool):  # a spreadsheet's "999"
            text = str(text)
        if not isinstance(text, str):
            raise self._unexpected("text", "what was said", text)
        start, end = (self._time_of(name, given.get(name)) for name in ("start", "end"))
        if self.one_call and start is not None:
            if start < self._time - _HALF_DAY:  # past midnight
                self._time = -math.inf
            if start < self._time:
                raise CallError(f"the times go back, so these may be rows of several calls; {_ASK}")
            self._time = start
        if "speaker" in self._found:
            label = given["speaker"]
            utterances = [Utterance(text, self._speakers[None if label is None else str(label)], start, end)]
        else:
            utterances = split_turns(text, self._speakers) or [Utterance(text, "unknown", start, end)]
        of_day = is_time_of_day(str(given.get("start", "")))
        return _TableTurn(utterances, self._facts(given), {name: row.values[at] for at, name in self._extra}, of_day)

    def _facts(self, given: dict[str, object]) -> dict[str, str]:
        facts: dict[str, str] = {}
        for name in ("current_code", "code_system"):
            value = given.get(name)
            if isinstance(value, str) and value:
                facts[name] = value
            elif value not in {None, ""}:
                raise self._unexpected(name, "text", value)
        return facts

    def _time_of(self, name: str, value: object) -> float | None:
        if not _is_filled(value):
            return None
        seconds = _seconds(value)
        if seconds is None:
            raise CallError(
                f"{self._column(name)}: expected seconds from the start of the call, such as 62.5, or 00:01:02.500"
            )
        return seconds / 1000 if is_milliseconds(self._header[self._found[name]]) else seconds

    def _column(self, name: str) -> str:
        return f"column {column_name(self._header[self._found[name]])}"

    def _unexpected(self, name: str, expected: str, value: object) -> CallError:
        found = "nothing" if value is None else type(value).__name__
        return CallError(f"{self._column(name)}: expected {expected}, found {found}")


def _seconds(value: object) -> float | None:
    if isinstance(value, str):
        value = seconds_of(value)
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _LATEST
    return value if known else None  # type: ignore[return-value]


def _nested(
    rows: Iterable[Row | CallError], header: Sequence[str], found: dict[str, int], speakers: SpeakerNames
) -> Iterator[Call | CallError]:
    """Yield a call a row, where a column holds all utterances of it, as our own results are written."""
    field_at = {at: name for name, at in found.items() if name in FIELDS}
    names = [field_at.get(at, name) for at, name in enumerate(header)]
    for row in rows:
        if isinstance(row, CallError):
            yield row
            continue
        data = dict(zip(names, row.values, strict=True))
        if data.get("text") is None:
            data.pop("text", None)
        try:
            yield call_from_object(data, row.name, speakers)
        except CallError as error:
            yield CallError(f"{row.place}: {error}")
