"""A case: calls and notes over months, when each was, what was sent, what came of it; and how people write it down."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from triage_triggers.calls.call import SPEAKERS, Speaker
from triage_triggers.documents.fields import Format, Frozen, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.documents.source import Place

__all__ = [
    "Case",
    "CaseDocument",
    "CaseEntry",
    "CaseOutcome",
    "Code",
    "Dispatch",
    "EntryDocument",
    "EntryKind",
    "Moment",
    "Remark",
    "duration",
    "parse_moment",
]

_SHAPE: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?(Z|[+-]\d{2}:\d{2}))?)?", re.ASCII
)
_DAY: Final = timedelta(days=1)


class Moment(NamedTuple):
    """When something happened.

    ``is_day`` says that only the day is known; ``time`` is then its beginning. ``has_offset`` says that an offset from
    UTC was written; without one ``time`` is the clock that the writer read, and can be compared only with such.
    """

    time: datetime
    is_day: bool = False
    has_offset: bool = True

    @property
    def latest(self) -> datetime:
        """The latest time that it may have been."""
        return self.time + _DAY if self.is_day else self.time

    def after(self, seconds: float) -> Moment:
        """Return the moment so many seconds later."""
        return self._replace(time=self.time + timedelta(seconds=seconds), is_day=False)

    @property
    def day(self) -> str:
        """The day, as in 2025-03-02."""
        return f"{self.time:%Y-%m-%d}"

    @property
    def clock(self) -> str:
        """The time of day with its offset, empty where only the day is known."""
        if self.is_day:
            return ""
        zone = "" if not self.has_offset else f" {self.time:%z}" if self.time.utcoffset() else " UTC"
        return f"{self.time:%H:%M:%S}{zone}"

    def __str__(self) -> str:
        return f"{self.day} {self.clock}".rstrip()


def parse_moment(written: object) -> Moment:
    """Return the moment that a person wrote.

    >>> str(parse_moment("2025-03-02T21:14:05+00:00")), str(parse_moment("2025-03-02 21:14"))
    ('2025-03-02 21:14:05 UTC', '2025-03-02 21:14:00')
    >>> str(parse_moment("2025-03-02"))
    '2025-03-02'
    """
    if isinstance(written, Moment):
        return written
    if not isinstance(written, str) or not _SHAPE.fullmatch(written):
        raise ValueError("must be a day or a day and a time, such as 2025-03-02 or 2025-03-02T21:14:05+00:00")
    try:
        time = datetime.fromisoformat(written.replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
    except ValueError:
        time = datetime.min.replace(tzinfo=UTC)
    if time.year in {1, 9999}:
        raise ValueError("must be a day and a time that exist")
    has_offset = time.tzinfo is not None
    is_day = len(written) == len("2025-03-02")
    return Moment(time if has_offset else time.replace(tzinfo=UTC), is_day=is_day, has_offset=has_offset)


MomentField = Annotated[Moment, PlainValidator(parse_moment)]


def duration(seconds: float) -> str:
    """Return a length of time in words, to the second.

    >>> duration(28.4), duration(95), duration(7384), duration(200_000)
    ('28 s', '1 min 35 s', '2 h 3 min', '2 days 7 h')
    """
    whole = round(abs(seconds))
    for size, unit, less, smaller in ((86_400, "days", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            name = "day" if unit == "days" and whole < 2 * size else unit
            rest = whole % size // less
            return f"{whole // size} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


EntryKind: TypeAlias = Literal["call", "note"]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Remark = Annotated[str, Field(min_length=1, max_length=2_000)]


class Dispatch(Frozen):
    """What was sent for a call, under which code if one is known, and when."""

    at: MomentField
    code: Code | None = None
    remark: Remark | None = None


class CaseOutcome(Frozen):
    """What came of a case, or what else happened, and when."""

    at: MomentField
    remark: Remark


class CaseEntry(NamedTuple):
    """A call, or a note: when it began or was written, what was said, what was sent, what came of it."""

    kind: EntryKind
    at: Moment
    call: Call
    by: str | None
    dispatched: tuple[Dispatch, ...]
    outcome: str | None


class Case(NamedTuple):
    """Calls and notes in the order of time, and what else happened."""

    id: str
    title: str
    entries: tuple[CaseEntry, ...]
    outcomes: tuple[CaseOutcome, ...]

    def earlier(self, entry: CaseEntry) -> tuple[CaseEntry, ...]:
        """Return what is sure to lie before an entry. A note of the same day without a time is not."""
        return tuple(other for other in self.entries if other.at.latest <= entry.at.time and other is not entry)


Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Seconds = Annotated[float, Field(allow_inf_nan=False)]
Said = Annotated[str, Field(max_length=1_000_000)]


def _speaker(written: object) -> object:
    if written not in SPEAKERS:  # not quoted: in a file with its columns mixed up it may be what somebody said
        raise ValueError(f"must be one of {', '.join(SPEAKERS)}")
    return written


class SaidDocument(Frozen):
    """An utterance in a case file."""

    text: Said
    speaker: Annotated[Speaker, BeforeValidator(_speaker)] = "unknown"
    start: Seconds | None = None
    end: Seconds | None = None


class EntryDocument(Frozen):
    """A call or a note: its words stand here, or in a file beside this one."""

    id: Id
    at: MomentField
    current_code: Code | None = None
    by: Remark | None = None
    transcript: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    text: Said | None = None
    utterances: Annotated[tuple[SaidDocument, ...], Field(max_length=100_000)] | None = None
    dispatched: tuple[Dispatch, ...] = ()
    outcome: Remark | None = None

    @model_validator(mode="after")
    def _words_stand_in_one_place(self) -> EntryDocument:
        if sum(part is not None for part in (self.transcript, self.text, self.utterances)) != 1:
            raise ValueError("needs exactly one of 'transcript' (a file), 'text' and 'utterances'")
        return self


Entries = Annotated[tuple[EntryDocument, ...], Field(max_length=2_000)]


class CaseDocument(Frozen):
    """A case file as written."""

    format: Format
    id: Id
    title: Line
    calls: Entries = ()
    notes: Entries = ()
    outcomes: Annotated[tuple[CaseOutcome, ...], Field(max_length=2_000)] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> CaseDocument:
        if not self.calls and not self.notes:
            raise ValueError("needs 'calls' or 'notes'")
        return self

    def entries(self) -> Iterator[tuple[EntryKind, Place, EntryDocument]]:
        """Yield each call and note, with its place in the file."""
        yield from (("call", ("calls", index), call) for index, call in enumerate(self.calls))
        yield from (("note", ("notes", index), note) for index, note in enumerate(self.notes))
