from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.lab.figures import Proportion
from triage_triggers.report.charts import WIDTH, Series, bars, intervals, steps

SERIES: tuple[tuple[Series, str], ...] = (("positive", "yes"), ("negative", "no"), ("other", "others"))


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 50), st.integers(0, 3)), min_size=1, max_size=30))
def test_bars_are_to_scale_and_leave_room_for_their_numbers(counts: list[tuple[int, int, int]]) -> None:
    plot = bars("Rules", "", [("a rule", row) for row in counts], SERIES)
    longest = max(map(sum, counts))
    if plot is None:
        assert longest == 0
        return
    for row, drawn in zip(counts, plot.rows, strict=True):
        assert drawn.numbers == " + ".join(f"{count:,}" for count in row)
        assert [piece.series for piece in drawn.pieces] == [name for (name, _), n in zip(SERIES, row, strict=True) if n]
        for before, after in zip(drawn.pieces, drawn.pieces[1:], strict=False):
            assert abs(before.x + before.width - after.x) <= 0.2
        width = sum(piece.width for piece in drawn.pieces)
        assert abs(width - sum(row) / longest * (WIDTH - 70)) <= 0.3
        assert drawn.numbers_x <= WIDTH - 60
    assert plot.height >= plot.rows[-1].y + 38


@given(st.lists(st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=10))
def test_intervals_hold_their_marks_and_stay_on_the_axis(counts: list[tuple[int, int]]) -> None:
    plot = intervals("By trust", "", [("x", Proportion(*count), "circle") for count in counts])
    if plot is None:
        assert not any(whole for _, whole in counts)
        return
    assert len(plot.rows) == sum(whole > 0 for _, whole in counts)
    (first, _), (last, _) = plot.ticks[0], plot.ticks[-1]
    for row in plot.rows:
        assert first <= row.low <= row.x <= row.high <= last


def test_steps_keep_their_height_until_the_next_point() -> None:
    plot = steps("Soon", "", [(0, 0, ""), (0.5, 1, "half")], x_name="share", y_name="calls", stairs=True)
    assert plot.line == "36.0,212.0 192.0,212.0 192.0,12.0"
    assert plot.points[1] == (192.0, 12.0, "half")
    assert [name for _, name in plot.x_ticks] == ["0.00", "0.25", "0.50", "0.75", "1.00"]


def test_a_scale_in_calls_has_whole_numbers_and_one_of_nothing_is_drawn() -> None:
    plot = steps("Alerts", "", [(800, 1, "0"), (400, 0.5, "1")], x_name="alerts", y_name="sensitivity", x_most=800)
    assert [name for _, name in plot.x_ticks] == ["0", "200", "400", "600", "800"]
    assert plot.line == "348.0,12.0 192.0,112.0"
    assert steps("", "", [(0, 0, "")], x_name="", y_name="", x_most=0).line == "36.0,212.0"
