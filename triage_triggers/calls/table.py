"""From a table's rows to calls: a call a row, or an utterance a row where rows share a call's id."""

from __future__ import annotations

import math
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.columns import FIELDS, column_name
from triage_triggers.calls.dialogue import split_turns
from triage_triggers.calls.json_lines import call_from_object
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.calls.source import ReadingOptions
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["Row", "calls_of"]

_NESTED: Final = "utterances"
_CLOCK: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)", re.ASCII)
_SECONDS: Final = re.compile(r"\d{1,12}(?:\.\d{1,12})?", re.ASCII)


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


def calls_of(
    rows: Iterable[Row | CallError], header: Sequence[str], options: ReadingOptions, file: str
) -> Iterator[Call | CallError]:
    """Yield the calls of a table, in order and as their last row has been read.

    Rows of one ``call_id`` that follow each other are one call; where there is no such column, but one of speakers or
    times, all rows are one call. Columns that hold none of our fields become metadata:
    the call's where all its rows agree, else its utterances', as in JSON Lines. Only one call is held at a time, and
    a number for each call's id, to notice rows that stand apart from the rest of their call.

    Raises nothing for a row: its error stands in the place of its call, which is left out whole.
    """
    try:
        found = options.columns.find(header, need=None if _NESTED in header else "text")
    except CallError as error:
        yield CallError(f"{file}: {error}")
        return
    if _NESTED in header and "text" not in found:
        yield from _nested(rows, header, found, options.speakers)
        return
    reader = _RowReader(header, found, options.speakers)
    seen: set[int] = set()
    for _, group in groupby(rows, reader.call_number):
        first, turns = None, list[_TableTurn]()
        broken = False
        for row in group:
            if isinstance(row, CallError):
                yield row
                continue
            if first is None:
                first, call_id = row, reader.call_id(row)
                broken = call_id is not None and hash(call_id) in seen
                seen.add(hash(call_id))
                if broken:
                    yield CallError(
                        f"{row.place}: the rows of one call must follow each other; sort the table by the call's id"
                    )
            try:
                turns.append(reader.turn(row))
            except CallError as error:
                broken = True
                yield CallError(f"{row.place}: {error}")
        # Half a call is worse than none that is named.
        if first is not None and not broken:
            name = Path(file).stem if reader.one_call else first.name
            yield _call(call_id or name, turns)


def _call(name: str, turns: Sequence[_TableTurn]) -> Call:
    """Return the call of some rows."""
    facts = {key: value for turn in turns for key, value in turn.facts.items()}
    columns = list(turns[0].extra)
    shared = {key for key in columns if all(turn.extra[key] == turns[0].extra[key] for turn in turns)}
    metadata: dict[str, object] = {key: turns[0].extra[key] for key in columns if key in shared}
    if len(shared) < len(columns):
        metadata[_NESTED] = [
            {key: value for key, value in turn.extra.items() if key not in shared}
            for turn in turns
            for _ in turn.utterances
        ]
    said = [utterance for turn in turns for utterance in turn.utterances]
    return Call(name, said, metadata=metadata, **facts)


class _RowReader:
    """Reads a row's fields by the columns that hold them."""

    def __init__(self, header: Sequence[str], found: dict[str, int], speakers: SpeakerNames) -> None:
        self._header, self._found, self._speakers = header, found, speakers
        self._number = 0
        self._last: str | None = None
        self._time = -math.inf
        self.one_call = "call_id" not in found and not found.keys().isdisjoint({"speaker", "start"})
        self._extra = [(at, name) for at, name in enumerate(header) if at not in found.values()]

    def call_number(self, row: Row | CallError) -> int:
        """Return a number that is the same for rows of the same call that follow each other."""
        if not isinstance(row, CallError) and not self.one_call:
            call_id = self.call_id(row)
            self._number += call_id is None or call_id != self._last
            self._last = call_id
        return self._number

    def call_id(self, row: Row) -> str | None:
        at = self._found.get("call_id")
        value = row.values[at] if at is not None and at < len(row.values) else None
        return None if value in {None, ""} or not isinstance(value, (str, int)) else str(value)

    def turn(self, row: Row) -> _TableTurn:
        if row.fault is not None:
            raise CallError(row.fault)
        given = {name: row.values[at] for name, at in self._found.items()}
        text = given["text"]
        if not isinstance(text, str):
            raise CallError(f"{self._column('text')}: expected what was said, found {_kind(text)}")
        start, end = (self._seconds(name, given.get(name)) for name in ("start", "end"))
        if self.one_call and start is not None:
            if start < self._time:
                raise CallError(
                    "the times go back, so these are rows of several calls; say which column tells them apart: "
                    "--column call_id=COLUMN"
                )
            self._time = start
        if "speaker" in self._found:
            label = given["speaker"]
            utterances = [Utterance(text, self._speakers[None if label is None else str(label)], start, end)]
        else:
            utterances = split_turns(text, self._speakers) or [Utterance(text, "unknown", start, end)]
        facts: dict[str, str] = {}
        for name in ("current_code", "code_system"):
            value = given.get(name)
            if isinstance(value, str) and value:
                facts[name] = value
            elif value not in {None, ""}:
                raise CallError(f"{self._column(name)}: expected text, found {_kind(value)}")
        return _TableTurn(utterances, facts, {name: row.values[at] for at, name in self._extra})

    def _seconds(self, name: str, value: object) -> float | None:
        if value is None or value == "":
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf:
            return value
        if isinstance(value, str) and _SECONDS.fullmatch(value.strip()):
            return float(value)
        if isinstance(value, str) and (match := _CLOCK.fullmatch(value.strip())):
            hours, minutes, seconds = match.groups()
            return (int(hours or 0) * 60 + int(minutes)) * 60 + float(seconds.replace(",", "."))
        raise CallError(
            f"{self._column(name)}: expected seconds from the start of the call, such as 62.5, or 00:01:02.500"
        )

    def _column(self, name: str) -> str:
        return f"column {column_name(self._header[self._found[name]])}"


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


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
