"""A moment as a case file writes it: a day, or a day and a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, NamedTuple

from pydantic import PlainValidator

__all__ = ["Moment", "MomentField", "duration", "parse_moment"]

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

    Raises:
        ValueError: It is none, or there is no such day.

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
        raise ValueError("must be a day and a time that exist") from None
    if time.year in {1, 9999}:
        raise ValueError("must be a day and a time that exist")
    has_offset = time.tzinfo is not None
    if not has_offset:
        time = time.replace(tzinfo=UTC)
    return Moment(time, is_day=len(written) == len("2025-03-02"), has_offset=has_offset)


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
