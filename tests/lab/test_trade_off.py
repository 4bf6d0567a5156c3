from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.lab.labelled import labelled_calls, observed
from triage_triggers.lab.group import Group
from triage_triggers.lab.observation import judge, observe
from triage_triggers.lab.trade_off import trade_off

if TYPE_CHECKING:
    from triage_triggers import Call, Evaluator
    from triage_triggers.lab.labels import Label


def test_the_cheapest_rule_goes_first(evaluator: Evaluator) -> None:
    calls = observed(
        evaluator,
        [
            ("Pizza.", "negative"),
            ("A large pizza.", "negative"),
            ("He hit me.", "positive"),
            ("He hit me.", "positive"),
            ("He hit me.", "negative"),
        ],
    )
    points = trade_off(evaluator, calls)
    assert [(p.rule, p.alerts.part, p.confusion.true_positive, p.confusion.false_positive) for p in points] == [
        (None, 5, 2, 3),
        ("covert.pizza", 3, 2, 1),
        ("violence.hit", 0, 0, 0),
    ]
    assert points[1].to_dict()["sensitivity"]["part"] == 2


def test_it_ends_where_one_rule_spares_no_false_alarm(evaluator: Evaluator) -> None:
    calls = observed(evaluator, [("He hit me. Pizza.", "negative")])
    assert [point.rule for point in trade_off(evaluator, calls)] == [None]


@settings(max_examples=50)
@given(labelled_calls)
def test_every_point_is_what_judging_without_its_rules_gives(
    evaluator: Evaluator, calls: list[tuple[Call, Label]]
) -> None:
    observations = [observe(evaluator, call, label) for call, label in calls]
    points = trade_off(evaluator, observations)
    off: set[str] = set()
    assert points[0].confusion == Group.of("all", observations).confusion
    for point in points:
        off |= {point.rule} - {None}  # type: ignore[arg-type]
        flags = [judge(evaluator, item, off).flagged for item in observations]
        assert point.alerts.part == sum(flags)
        assert point.confusion.false_positive == sum(
            flag and item.label == "negative" for flag, item in zip(flags, observations, strict=True)
        )
    false_alarms = [point.confusion.false_positive for point in points]
    assert false_alarms == sorted(set(false_alarms), reverse=True)
