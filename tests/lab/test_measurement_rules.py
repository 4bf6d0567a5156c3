from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.lab.labelled import labelled_calls, observed
from triage_triggers import Call, Evaluator
from triage_triggers.lab.figures import Group, Proportion, plain
from triage_triggers.lab.measurement import RuleFigures, analyse_rules, analyse_signs, trade_off
from triage_triggers.lab.observation import judge, observe

if TYPE_CHECKING:
    from triage_triggers.lab.labels import Label


def figures(evaluator: Evaluator, texts: list[tuple[str, Label]]) -> dict[str, RuleFigures]:
    return {row.rule: row for row in analyse_rules(evaluator, observed(evaluator, texts))}


def test_what_each_rule_does(evaluator: Evaluator) -> None:
    rows = figures(
        evaluator,
        [
            ("He hit me.", "positive"),
            ("He hit me with a knife. I'm scared.", "positive"),
            ("She hit me by accident.", "negative"),
            ("He hasn't hit me.", "negative"),
            ("He hit me, he hasn't hit her.", "ignored"),
            ("I am scared.", "none"),
        ],
    )
    hit = rows["violence.hit"]
    assert hit.coverage == Proportion(4, 6)
    assert hit.only_set_aside == 1
    assert hit.overlap == Proportion(1, 4)
    assert hit.conflict == Proportion(1, 4)
    assert hit.precision == Proportion(2, 3)
    assert (hit.lost_positive, hit.lost_negative, hit.lost_other) == (2, 1, 1)
    knife = rows["weapon.knife"]
    assert knife[-6:] == (0, 0, 0, 0, 1, 0)
    assert rows["fear.scared"].changes_nothing
    assert not rows["fear.scared"].never_found
    assert rows["weapon.gun"].never_found
    assert hit.to_dict()["precision"]["part"] == 2
    assert hit.to_dict()["never_found"] is False


def test_advice_alone_can_be_lost(evaluator: Evaluator) -> None:
    assert figures(evaluator, [("He had his hands round my throat. Pizza.", "none")])["covert.pizza"].other_advice == 1


def test_a_rule_that_takes_points_away_is_gained_without_it(evaluator: Evaluator) -> None:
    content = evaluator.ruleset.model_dump(by_alias=True, exclude_defaults=True, exclude={"signs", "then"})
    lines = [{"id": "hit", "find": "violence", "points": 2}, {"id": "fear", "find": "fear", "points": -1}]
    content["tally"] = {"look_again": 2, "flag": 2, "lines": [{**line, "reason": "R."} for line in lines]}
    taken_away = Evaluator(type(evaluator.ruleset).model_validate(content))
    row = figures(taken_away, [("He hit me. I'm scared.", "negative")])["fear.scared"]
    assert row[-6:] == (0, 0, 0, 1, 0, 0)


@settings(max_examples=50)
@given(labelled_calls)
def test_the_counts_add_up(evaluator: Evaluator, calls: list[tuple[Call, Label]]) -> None:
    observations = [observe(evaluator, call, label, current_code="C4") for call, label in calls]
    rows = analyse_rules(evaluator, observations)
    assert [row.rule for row in rows] == [rule.id for rule in evaluator.ruleset.rules]
    for row in rows:
        assert (
            row.coverage.part
            == row.overlap.whole
            == row.conflict.whole
            == sum(row.rule in o.counted for o in observations)
        )
        assert row.coverage.part + row.only_set_aside == sum(
            any(finding.rule == row.rule for finding in o.assessment.findings) for o in observations
        )
        assert sum(row[-6:]) <= row.coverage.part
    for sign in analyse_signs(evaluator, observations):
        assert sign.alone <= sign.coverage.part == sum(sign.sign in o.assessment.policies for o in observations)


def test_what_each_sign_does(evaluator: Evaluator) -> None:
    calls = observed(
        evaluator, [("He hit me.", "positive"), ("He hit me with a knife.", "negative"), ("Pizza.", "none")]
    )
    rows = {row.sign: row for row in analyse_signs(evaluator, calls)}
    assert rows["violence-now"][1:] == (Proportion(2, 3), Proportion(1, 2), 1)
    assert rows["strangulation-now"].coverage.part == 0
    assert plain(rows["covert"])["coverage"]["part"] == 1


def test_a_ruleset_without_signs_has_none_to_analyse(evaluator: Evaluator) -> None:
    plain = Evaluator(evaluator.ruleset.model_copy(update={"signs": (), "then": ()}))
    assert analyse_signs(plain, observed(plain, [("He hit me.", "none")])) == ()


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
