"""Words that mean little by themselves are set aside where too little in a call speaks of what a tally is about."""

from __future__ import annotations

from typing import Any

import pytest

from triage_triggers import Call, Evaluator
from triage_triggers.assessment import Why
from triage_triggers.ruleset.definition import Ruleset

HEAD = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
RULES = [
    {"id": "demo.knife", "theme": "weapon", "phrases": ["got a knife"]},
    {"id": "demo.fear", "theme": "fear", "phrases": ["i'm scared"]},
    {"id": "demo.sport", "theme": "sport", "phrases": ["at the rugby"]},
]
LINES = [
    {"id": "armed", "find": "weapon", "points": 2, "reason": "A weapon."},
    {"id": "afraid", "find": "fear", "points": 2, "reason": "Fear."},
    {"id": "sport", "find": "sport", "points": -2, "reason": "Sport."},
]


def evaluator(counts_from: int | None = 3, **more: Any) -> Evaluator:
    tally = {"counts_from": counts_from, "look_again": 5, "flag": 6, "lines": LINES}
    content: dict[str, Any] = {"code_system": "nhs-arp", "rules": RULES, "tally": tally, **more}
    return Evaluator(Ruleset.model_validate(HEAD | content))


def counting(text: str, judge: Evaluator) -> set[str]:
    return {finding.rule for finding in judge.evaluate(text).findings if finding.counts}


@pytest.mark.parametrize(
    ("text", "counts_from", "rules"),
    [
        ("He's got a knife.", 3, set()),
        ("He's got a knife.", 2, {"demo.knife"}),
        ("He's got a knife.", None, {"demo.knife"}),
        ("He's got a knife. I'm scared.", 3, {"demo.knife", "demo.fear"}),
        ("He's got a knife. I'm scared. He was at the rugby.", 3, {"demo.knife", "demo.fear", "demo.sport"}),
    ],
)
def test_findings_count_from_so_many_plus_points_on(text: str, counts_from: int | None, rules: set[str]) -> None:
    assert counting(text, evaluator(counts_from)) == rules


def test_what_means_little_by_itself_is_shown_and_says_so() -> None:
    assessment = evaluator().evaluate("He's got a knife.")
    assert [(finding.counts, finding.why) for finding in assessment.findings] == [(False, Why.ALONE)]
    assert assessment.tally is not None
    assert assessment.tally.points == 2


def test_where_a_sign_holds_all_counts() -> None:
    judge = evaluator(signs=[{"id": "armed", "find": ["weapon"], "reason": "A weapon."}])
    assert counting("He's got a knife.", judge) == {"demo.knife"}


def test_a_call_judged_by_its_own_findings_is_the_same() -> None:
    for text in ("He's got a knife.", "He's got a knife. I'm scared."):
        call = Call.from_text(text)
        before = evaluator().evaluate(call)
        assert evaluator().reassess(call, before.findings) == before


def test_a_rule_may_count_only_beside_another() -> None:
    rules = [RULES[0] | {"beside": ["fear"]}, *RULES[1:]]
    assert counting("He's got a knife.", evaluator(1, rules=rules)) == set()
    assert counting("He's got a knife. I'm scared.", evaluator(1, rules=rules)) == {"demo.knife", "demo.fear"}


@pytest.mark.parametrize(("text", "finds"), [("My husband hit me.", True), ("My husband hit my sister.", False)])
def test_an_event_may_be_asked_for_that_is_done_to_the_caller(text: str, finds: bool) -> None:  # noqa: FBT001  a case
    rule = {"id": "demo.hit", "theme": "violence", "event": {"does": "strike", "to": "caller"}}
    assert bool(evaluator(None, rules=[*RULES, rule]).evaluate(text).findings) == finds
