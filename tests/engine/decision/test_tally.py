from __future__ import annotations

from typing import Any

import pytest

from triage_triggers.assessment import TallyLine
from triage_triggers.engine.decision.sign import Evidence, gather
from triage_triggers.engine.decision.tally import CompiledTally, Counted
from triage_triggers.ruleset.definition import TallyRule


def said(start: int, theme: str, by: str | None = None, *, finding: int, end: int | None = None) -> Evidence:
    end = start + 5 if end is None else end
    return Evidence(end, f"{theme}.said", theme, "current", 0, by, start, end, start // 5, finding)


HIT = said(0, "violence", "he_or_she", finding=0)
HIT_BY_HIM = said(10, "violence", "partner", finding=1)
AFRAID = said(20, "fear", finding=2)
AGAIN = said(30, "fear", finding=3)
ROAD = said(40, "traffic", finding=4)


def counted(lines: list[dict[str, Any]], *found: Evidence, look_again: int = 3, flag: int = 5) -> Counted:
    written = [{"id": f"t{number}", "reason": "Because.", **line} for number, line in enumerate(lines)]
    rule = TallyRule.model_validate({"look_again": look_again, "flag": flag, "lines": written})
    return CompiledTally(rule).count(gather(found))


VIOLENCE = {"find": "violence", "points": 3}
CLOSE = {"find": "violence", "by": "close", "points": 4}
FEAR = {"find": "fear", "points": 2}
ACCIDENT = {"find": "traffic", "points": -2}


@pytest.mark.parametrize(
    ("sentence", "lines", "found", "comes_to"),
    [
        ("Nothing comes to nothing", [VIOLENCE], (), (0, "none", None)),
        ("One line may not be enough", [VIOLENCE, FEAR], (AFRAID,), (2, "none", None)),
        ("It may deserve a second look", [VIOLENCE, FEAR], (HIT,), (3, "look_again", None)),
        ("Two lines add up, at the later of them", [VIOLENCE, FEAR], (HIT, AFRAID), (5, "flag", 25)),
        ("A line counts once, however often it is said", [FEAR], (AFRAID, AGAIN), (2, "none", None)),
        ("Words feed one line only", [VIOLENCE, CLOSE], (HIT_BY_HIM,), (4, "look_again", None)),
        ("Other words may feed the other line", [VIOLENCE, CLOSE], (HIT, HIT_BY_HIM), (7, "flag", 15)),
        ("Of equal lines the first is served", [VIOLENCE, VIOLENCE], (HIT,), (3, "look_again", None)),
        ("Minus points count first", [VIOLENCE, FEAR, ACCIDENT], (HIT, AFRAID, ROAD), (3, "look_again", None)),
        ("Minus points alone are below nothing", [FEAR, ACCIDENT], (ROAD,), (-2, "none", None)),
        ("Someone close outdoes minus points", [CLOSE, FEAR, ACCIDENT], (HIT_BY_HIM, AFRAID, ROAD), (6, "flag", 25)),
    ],
)
def test_what_a_tally_comes_to(
    sentence: str,
    lines: list[dict[str, Any]],
    found: tuple[Evidence, ...],
    comes_to: tuple[int, str, int | None],
) -> None:
    result = counted(lines, *found)
    assert (result.tally.points, result.tally.level, result.first) == comes_to, sentence


def test_overlapping_findings_are_the_same_words() -> None:
    shout = said(3, "fear", finding=7)
    assert counted([VIOLENCE, FEAR], HIT, shout).tally.lines == (TallyLine("t0", 3, (0,)),)
    assert counted([VIOLENCE, FEAR], HIT, shout._replace(start=5, end=9)).tally.points == 5


def test_a_line_is_moved_to_other_words_rather_than_taking_those_of_another() -> None:
    lines = [{"find": ["violence", "fear"], "points": 4}, {"find": "violence", "points": 1}]
    assert counted(lines, HIT).tally.lines == (TallyLine("t0", 4, (0,)),)
    assert counted(lines, HIT, AFRAID).tally.lines == (TallyLine("t0", 4, (2,)), TallyLine("t1", 1, (0,)))


def test_lines_name_all_findings_that_feed_them() -> None:
    assert counted([FEAR], AFRAID, AGAIN, HIT).tally.lines == (TallyLine("t0", 2, (2, 3)),)


def test_a_line_may_ask_for_different_rules() -> None:
    other = AGAIN._replace(rule="fear.other")
    lines = [{"find": "fear", "points": 5, "at_least": 2}]
    assert counted(lines, AFRAID, AGAIN).first is None
    assert counted(lines, AFRAID, other).first == 35
    same_words = other._replace(start=AFRAID.start, end=AFRAID.end)
    assert counted(lines, AFRAID, same_words).first is None


def test_each_line_is_explained() -> None:
    rule = TallyRule.model_validate(
        {
            "look_again": 1,
            "flag": 4,
            "lines": [
                {"id": f"t{number}", "reason": "Because.", **line}
                for number, line in enumerate([CLOSE, VIOLENCE, FEAR, ACCIDENT])
            ],
        }
    )
    tally, gathered = CompiledTally(rule), gather((HIT_BY_HIM, ROAD))
    traces = tally.explain(gathered, tally.count(gathered))
    assert [(trace.id, trace.first, trace.lacks) for trace in traces] == [
        ("t0", 15, ""),
        ("t1", None, "words that no other line has"),
        ("t2", None, "fear"),
        ("t3", None, "the absence of someone close"),
    ]


def test_many_findings_take_time_proportional_to_their_number() -> None:
    many = [said(10 * number, "fear", finding=number) for number in range(20_000)]
    lines = [{"find": "fear", "points": 1} for _ in range(20)]
    result = counted(lines, *many, flag=20)
    assert (result.tally.points, result.first) == (20, 195)
