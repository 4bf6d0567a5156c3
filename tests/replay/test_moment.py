from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.replay.case import Moment, duration, parse_moment


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001  Hypothesis wants them without a zone
    st.sampled_from(("", "+00:00", "+01:00", "-05:30", "Z")),
)
def test_what_is_written_is_read(time: datetime, offset: str) -> None:
    time = time.replace(microsecond=0)
    moment = parse_moment(f"{time.isoformat()}{offset}")
    assert moment.time.replace(tzinfo=None) == time
    assert moment.has_offset is bool(offset)
    assert not moment.is_day
    assert (
        parse_moment(str(moment).replace(" UTC", "Z").replace(" -0530", "-05:30").replace(" +0100", "+01:00")) == moment
    )


def test_a_day_lasts_until_its_end() -> None:
    day = parse_moment("2025-03-02")
    assert (str(day), day.is_day, day.clock) == ("2025-03-02", True, "")
    assert day.latest - day.time == timedelta(days=1)
    call = parse_moment("2025-03-02 09:00")
    assert day.latest > call.time == call.latest


def test_seconds_later() -> None:
    assert str(parse_moment("2025-03-02T23:59:30Z").after(45.5)) == "2025-03-03 00:00:15 UTC"


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2025-3-2", "2025-02-30", "2025-03-02T25:00", "20250302", "2025-03-02T09", 5, None,
     "2025-03-02T09:00+99:00", "0001-01-01", "9999-12-31", "2025-03-02T09:00:00+00:00 "],
)  # fmt: skip
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"^must be a day"):
        parse_moment(written)


def test_a_moment_stays_a_moment() -> None:
    moment = Moment(datetime(2025, 1, 1, tzinfo=UTC))
    assert parse_moment(moment) is moment


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (-28.6, "29 s"), (59.6, "1 min"), (60, "1 min"), (3_600, "1 h"), (86_400, "1 day"),
     (86_400 * 2 + 3_600 * 5 + 59, "2 days 5 h"), (3_725, "1 h 2 min")],
)  # fmt: skip
def test_lengths_of_time_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
