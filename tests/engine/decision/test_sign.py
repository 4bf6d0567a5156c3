from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import asks, evidence
from triage_triggers.engine.decision.sign import Evidence, compile_ask, describe, gather
from triage_triggers.ruleset.definition import Sign

HIT = Evidence(10, "violence.hit", "violence", "current", 0, "partner", 0, 10, 0, 0)
THROTTLED = Evidence(30, "violence.throttled", "violence", "current", 0, "he_or_she", 20, 30, 5, 1)
AFRAID = Evidence(50, "fear.said", "fear", "hypothetical", 1, None, 40, 50, 9, 2)
LONG_AGO = Evidence(900, "fear.long-ago", "fear", "past", 2, None, 880, 900, 200, 3)
CALL = (HIT, THROTTLED, AFRAID, LONG_AGO)


def first(ask: dict[str, Any], *found: Evidence) -> int | None:
    asked = compile_ask(Sign.model_validate({"id": "s", "reason": "Because.", **ask}))
    return asked.first(asked.fed(gather(found)))


@pytest.mark.parametrize(
    ("sentence", "ask", "position"),
    [
        ("A theme is found at its first finding", {"find": "violence"}, 10),
        ("A rule is found by its id", {"find": "violence.throttled"}, 30),
        ("Any of several will do", {"find": ["fear", "violence.throttled"]}, 30),
        ("What nobody said is not found", {"find": "weapon"}, None),
        ("What is feared is found without being asked for", {"find": "fear"}, 50),
        ("The past is asked for by name", {"find": "fear.long-ago"}, None),
        ("The past is found where it is asked for", {"find": "fear.long-ago", "time": "past"}, 900),
        ("A partner is close", {"find": "violence", "by": "close"}, 10),
        ("A partner is no relative", {"find": "violence", "by": "relative"}, None),
        ("A pronoun that goes to nobody is neither", {"find": "violence", "by": "he_or_she"}, 30),
        ("One of several ties will do", {"find": "violence", "by": ["relative", "he_or_she"]}, 30),
        ("What nobody did passes as anyone's", {"find": "fear", "by": "anyone"}, 50),
        ("What nobody did is nobody's who is close", {"find": "fear", "by": "close"}, None),
        ("What stands near completes it when it is known", {"find": "violence", "with": "fear"}, 50),
        ("Too far is not near", {"find": "violence", "with": "fear", "near": 3}, None),
        ("Words are counted from first to first", {"find": "violence", "with": "fear", "near": 4}, 50),
        ("What stands near may be past", {"find": "fear.said", "with": "fear.long-ago", "near": 191}, 900),
        ("A finding does not stand near itself", {"find": "fear.said", "with": "fear.said"}, None),
        ("What stands near may be of the same theme", {"find": "violence.hit", "with": "violence"}, 30),
        ("Several different rules are asked for", {"find": "violence", "at_least": 2}, 30),
        ("There are not so many", {"find": "violence", "at_least": 3}, None),
    ],
)
def test_at_which_finding_a_sign_is_complete(sentence: str, ask: dict[str, Any], position: int | None) -> None:
    assert first(ask, *CALL) == position, sentence


@pytest.mark.parametrize("tie", ["stranger", "acquaintance"])
def test_strangers_pass_only_where_they_are_asked_for(tie: str) -> None:
    hit = HIT._replace(by=tie)
    assert first({"find": "violence"}, hit) is None
    assert first({"find": "violence", "by": "anyone"}, hit) == first({"find": "violence", "by": tie}, hit) == 10


@pytest.mark.parametrize(
    "tie", ["partner", "ex_partner", "relative", "household", "carer", "he_or_she", "unknown", None]
)
def test_everybody_else_passes_by_default(tie: str | None) -> None:
    assert first({"find": "violence"}, HIT._replace(by=tie)) == 10


def test_one_rule_twice_is_one_rule() -> None:
    assert first({"find": "violence", "at_least": 2}, HIT, HIT._replace(position=20, finding=9)) is None


@pytest.mark.parametrize(
    ("ask", "lacks"),
    [
        ({"find": "violence"}, ""),
        ({"find": ["weapon", "threat"]}, "threat or weapon"),
        ({"find": "fear.long-ago"}, "fear.long-ago (current or hypothetical)"),
        (
            {"find": "violence", "by": "carer"},
            "violence by carer; what was found is by partner or a he or she who is not known",
        ),
        ({"find": "fear", "by": "close"}, "fear by someone close; what was found is by nobody named"),
        ({"find": "violence", "with": "weapon", "near": 30}, "weapon within 30 words"),
        ({"find": "violence", "at_least": 4}, "2 more different rules of violence"),
    ],
)
def test_what_is_lacking(ask: dict[str, Any], lacks: str) -> None:
    asked = compile_ask(Sign.model_validate({"id": "s", "reason": "Because.", **ask}))
    gathered = gather(CALL)
    assert asked.lacks(gathered, asked.fed(gathered)) == lacks


def test_what_is_asked_for_in_words() -> None:
    ask = {"find": ["a", "b"], "by": ["close"], "time": "past", "with": ["c"], "near": 9, "at_least": 2}
    sign = Sign.model_validate({"id": "s", "reason": "Because.", **ask})
    assert describe(sign) == "2 different rules of a or b, by close, past, with c within 9 words"


@given(asks(), evidence(), st.data())
def test_more_evidence_completes_no_sign_later(
    ask: dict[str, object], found: tuple[Evidence, ...], data: st.DataObject
) -> None:
    part = [finding for finding in found if data.draw(st.booleans())]
    before, after = first(ask, *part), first(ask, *found)
    assert before is None or (after is not None and after <= before)


@given(asks(), evidence(), st.data())
def test_the_order_of_findings_does_not_matter(
    ask: dict[str, object], found: tuple[Evidence, ...], data: st.DataObject
) -> None:
    assert first(ask, *found) == first(ask, *data.draw(st.permutations(found)))


@given(asks(), evidence())
def test_nothing_is_complete_before_its_evidence_is_known(ask: dict[str, object], found: tuple[Evidence, ...]) -> None:
    position = first(ask, *found)
    if position is not None:
        assert first(ask, *(finding for finding in found if finding.position <= position)) == position
        assert first(ask, *(finding for finding in found if finding.position < position)) is None
