"""From a table's rows to calls: a call a row, or an utterance a row where rows share a call's id."""

from __future__ import annotations

import math
import re
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


class _Turn(NamedTuple):
    utterances: Sequence[Utterance]
    facts: dict[str, object]
    extra: dict[str, object]


def calls_of(
    rows: Iterable[Row | CallError], header: Sequence[str], options: ReadingOptions, file: str
) -> Iterator[Call | CallError]:
    """Yield the calls of a table, in order and as their last row has been read.

    Rows of one ``call_id`` that follow each other are one call. Columns that hold none of our fields become metadata:
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
    group: _Group | None = None
    seen: set[int] = set()
    for row in rows:
        if isinstance(row, CallError):
            yield row
            continue
        call_id = reader.call_id(row)
        if group is not None and (call_id is None or call_id != group.call_id):
            yield from group.calls()
            group = None
        if group is None:
            group = _Group(call_id, row.name)
            if call_id is not None and hash(call_id) in seen:
                group.broken = True
                yield CallError(
                    f"{row.place}: the rows of one call must follow each other; sort the table by the call's id"
                )
            seen.add(hash(call_id))
        try:
            group.turns.append(reader.turn(row))
        except CallError as error:
            group.broken = True
            yield CallError(f"{row.place}: {error}")
    if group is not None:
        yield from group.calls()


class _Group:
    """The rows of one call so far."""

    def __init__(self, call_id: str | None, name: str) -> None:
        self.call_id, self.name = call_id, name
        self.turns: list[_Turn] = []
        self.broken = False

    def calls(self) -> Iterator[Call | CallError]:
        """Yield the call, unless one of its rows was no good: half a call is worse than none that is named."""
        if self.broken:
            return
        facts = {key: value for turn in self.turns for key, value in turn.facts.items()}
        columns = list(self.turns[0].extra)
        shared = {key for key in columns if all(turn.extra[key] == self.turns[0].extra[key] for turn in self.turns)}
        metadata: dict[str, object] = {key: self.turns[0].extra[key] for key in columns if key in shared}
        if len(shared) < len(columns):
            metadata[_NESTED] = [
                {key: value for key, value in turn.extra.items() if key not in shared}
                for turn in self.turns
                for _ in turn.utterances
            ]
        yield Call(
            self.name if self.call_id is None else self.call_id,
            [utterance for turn in self.turns for utterance in turn.utterances],
            current_code=_code(facts, "current_code"),
            code_system=_code(facts, "code_system"),
            metadata=metadata,
        )


class _RowReader:
    """Reads a row's fields by the columns that hold them."""

    def __init__(self, header: Sequence[str], found: dict[str, int], speakers: SpeakerNames) -> None:
        self._header, self._found, self._speakers = header, found, speakers
        self._extra = [(at, name) for at, name in enumerate(header) if at not in found.values()]

    def call_id(self, row: Row) -> str | None:
        at = self._found.get("call_id")
        value = row.values[at] if at is not None and at < len(row.values) else None
        return None if value in {None, ""} or not isinstance(value, (str, int)) else str(value)

    def turn(self, row: Row) -> _Turn:
        if row.fault is not None:
            raise CallError(row.fault)
        given = {name: row.values[at] for name, at in self._found.items()}
        text = given["text"]
        if not isinstance(text, str):
            raise CallError(f"{self._column('text')}: expected what was said, found {_kind(text)}")
        start, end = (self._seconds(name, given.get(name)) for name in ("start", "end"))
        if "speaker" in self._found:
            label = given["speaker"]
            utterances = [Utterance(text, self._speakers[None if label is None else str(label)], start, end)]
        else:
            utterances = split_turns(text, self._speakers) or [Utterance(text, "unknown", start, end)]
        facts = {name: given[name] for name in ("current_code", "code_system") if given.get(name) not in {None, ""}}
        for name, value in facts.items():
            if not isinstance(value, str):
                raise CallError(f"{self._column(name)}: expected text, found {_kind(value)}")
        return _Turn(utterances, facts, {name: row.values[at] for at, name in self._extra})

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


def _code(facts: dict[str, object], name: str) -> str | None:
    value = facts.get(name)
    return value if isinstance(value, str) else None


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
