"""Times as people and recognisers write them: seconds, by the clock, or of day."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["CLOCK", "DAY_SECONDS", "is_time_of_day", "seconds_of"]

_FLAGS: Final = re.IGNORECASE | re.ASCII
CLOCK: Final = r"(?:\d{1,4}:)?\d{1,4}:\d{2}(?:[.,]\d{1,9})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_CLOCK: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?(?:\s?([ap])\.?m\.?)?", _FLAGS)
_NUMBER: Final = re.compile(r"(\d{1,12}(?:\.\d{1,40})?(?:e-\d{1,3})?)\s?(ms|s|secs?|seconds)?", _FLAGS)
_ISO: Final = re.compile(r"PT(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?", re.ASCII)
_MINUTES_AND_SECONDS: Final = 60
DAY_SECONDS: Final = 86_400
_HALF_DAY: Final = 12


def seconds_of(text: str) -> float | None:
    """Return how many seconds a time says, ``None`` where it is none.

    >>> [seconds_of(time) for time in ("62.5", "1:02.5", "00:01:02,500", "62500ms", "PT1M2.5S", "9:41 PM", "soon")]
    [62.5, 62.5, 62.5, 62.5, 62.5, 78060.0, None]
    """
    text = text.strip()
    if match := _NUMBER.fullmatch(text):
        number = float(match[1])
        return number / 1000 if (match[2] or "").lower() == "ms" else number
    if match := _ISO.fullmatch(text):
        hours, minutes, seconds, fraction = match.groups()
    elif match := _CLOCK.fullmatch(text):
        hours, minutes, seconds, fraction, half = match.groups()
        if half and hours is None:
            hours, minutes, seconds = minutes, seconds, "0"
        if int(seconds) >= _MINUTES_AND_SECONDS or (hours is not None and int(minutes) >= _MINUTES_AND_SECONDS):
            return None
        if half:
            hours = str(int(hours) % _HALF_DAY + _HALF_DAY * (half.lower() == "p"))
    else:
        return None
    # By way of text: 3600 + 0.3 is not quite 3600.3.
    return float(f"{(int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)}.{fraction or 0}")


def is_time_of_day(text: str) -> bool:
    """Tell whether a first time is one of day, and not counted from the start of a call.

    >>> is_time_of_day("09:41:05"), is_time_of_day("00:41:05")
    (True, False)
    """
    match = _CLOCK.fullmatch(text.strip())
    return match is not None and (match[5] is not None or int(match[1] or 0) > 0)
