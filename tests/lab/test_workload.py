from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.lab.workload import Workload

ORDER = ("C1", "C2", "C3")
outcomes = st.sampled_from((*ORDER, None))


@given(st.lists(st.tuples(outcomes, outcomes)))
def test_no_call_is_lost_on_the_way(moves: list[tuple[str | None, str | None]]) -> None:
    workload = Workload.count(moves, ORDER)
    loads = workload.categories
    assert workload.calls == len(moves) == sum(load.before for load in loads) == sum(load.after for load in loads)
    assert sum(load.moved_in for load in loads) == sum(workload.moved.values()) == sum(load.moved_out for load in loads)
    for load in loads:
        assert load.after - load.before == load.moved_in - load.moved_out
    names = [load.category for load in loads if load.category]
    assert names == sorted(names)
    assert None not in [load.category for load in loads[:-1]]


def test_per_thousand_and_a_day() -> None:
    workload = Workload.count([("C3", "C2"), ("C3", "C3"), (None, "C3"), ("C3", "C3")], ORDER)
    data = workload.to_dict(calls_per_day=80)
    assert data["moves"] == [{"from": "C3", "to": "C2", "calls": 1}, {"from": None, "to": "C3", "calls": 1}]
    assert [
        (row["category"], row["change"], row["change_per_1000"], row["change_per_day"]) for row in data["categories"]
    ] == [
        ("C2", 1, 250.0, 20.0),
        ("C3", 0, 0.0, 0.0),
        (None, -1, -250.0, -20.0),
    ]
    assert "change_per_day" not in workload.to_dict()["categories"][0]
    assert Workload.count([], ORDER).per(1000, 0) == 0.0
