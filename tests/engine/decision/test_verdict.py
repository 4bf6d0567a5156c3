from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import RULES, evidence, ladders, nhs_arp, sign_rulesets
from triage_triggers.engine.decision.sign import Evidence
from triage_triggers.engine.decision.verdict import CompiledSigns, Decision
from triage_triggers.errors import CodeError, RulesetError
from triage_triggers.ladders.ladder import Ladder, load_ladder
from triage_triggers.ruleset.definition import ADVICE, Ruleset

KNIFE = Evidence(4, "weapon.knife", "weapon", "current", 1, None, 0, 4, 0, 0)
KILL = Evidence(9, "threat.kill", "threat", "hypothetical", 2, None, 5, 9, 1, 1)
FEAR = Evidence(12, "fear.said", "fear", "current", 3, None, 10, 12, 2, 2)

ARMED = {"id": "armed", "find": "weapon", "reason": "A weapon is at hand."}
THREATENED = {"id": "threatened", "find": "threat", "reason": "A threat."}
SCENE = {"id": "scene", "if": "any_sign", "advice": ["police_request", "scene_safety"], "reason": "It may go on."}
C2 = {"id": "c2", "if": ["armed"], "suggest": "C2", "reason": "A weapon."}
C3 = {"id": "c3", "if": ["armed", "threatened"], "suggest": "C3", "reason": "A threat."}
C1 = {"id": "c1", "if": ["any_sign"], "find": "fear", "suggest": "C1", "reason": "Fear too."}
QUIET = Decision(None, None, flagged=False, advice=(), policies=(), first=None)
TALLY = {"look_again": 1, "flag": 2, "lines": [{"id": "t", "find": "fear", "points": 2, "reason": "Fear."}]}


def ruleset(code_system: str = "nhs-arp", **sections: Any) -> Ruleset:
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
    rules = [{"id": rule, "theme": theme, "phrases": ["x"]} for rule, theme in RULES.items()]
    return Ruleset.model_validate({**head, "code_system": code_system, "rules": rules, **sections})


def compiled(**sections: Any) -> CompiledSigns:
    return CompiledSigns(ruleset(**sections), load_ladder("nhs-arp"))


def test_what_follows_from_the_signs_that_hold() -> None:
    signs = compiled(signs=[ARMED, THREATENED], then=[SCENE, C3, C2, C1])
    both = ("scene_safety", "police_request")
    assert signs.decide([], None) == QUIET
    assert signs.decide([], "C3") == signs.decide([FEAR], "C3") == QUIET._replace(escalates=False)
    armed = Decision("C2", None, flagged=True, advice=both, policies=("armed",), first=4, then=("scene", "c3", "c2"))
    assert signs.decide([KNIFE], None) == armed
    assert signs.decide([KNIFE], "C3") == armed._replace(escalates=True)
    assert signs.decide([KNIFE], "cat 2") == armed._replace(suggested_code=None, escalates=False)
    assert signs.decide([KILL], "C5").suggested_code == "C3"
    everything = signs.decide([FEAR, KILL, KNIFE], "C4T")
    assert (everything.suggested_code, everything.policies, everything.first) == ("C1", ("armed", "threatened"), 4)


def test_a_line_without_if_advises_and_flags_nothing() -> None:
    alone = {"id": "child", "find": "fear", "advice": ["safeguarding_child"], "reason": "Fear."}
    decision = compiled(signs=[ARMED], then=[alone]).decide([FEAR], "C3")
    assert (decision.flagged, decision.advice, decision.then) == (False, ("safeguarding_child",), ("child",))


def test_the_tally_is_the_last_sign() -> None:
    after = {"id": "after", "if": "tally", "suggest": "C3", "reason": "It adds up."}
    signs = compiled(signs=[ARMED], tally=TALLY, then=[after])
    decision = signs.decide([KNIFE, FEAR], None)
    assert (decision.policies, decision.suggested_code, decision.first) == (("armed", "tally"), "C3", 4)
    assert decision.tally is not None
    assert signs.decide([KNIFE], None).suggested_code is None
    assert compiled(tally=TALLY).decide([FEAR], None).first == 12


def test_a_tally_that_only_deserves_a_second_look_flags_nothing() -> None:
    line: dict[str, Any] = {"find": "fear", "points": 2, "reason": "Fear."}
    tally = {"look_again": 2, "flag": 3, "lines": [{"id": "t", **line}, {"id": "u", **line}]}
    decision = compiled(tally=tally).decide([FEAR], None)
    assert decision.tally is not None
    assert (decision.flagged, decision.tally.level) == (False, "look_again")


@pytest.mark.parametrize("found", [[], [KNIFE]])
@pytest.mark.parametrize("signs", [compiled(signs=[ARMED]), compiled()])
def test_an_unknown_current_code_is_an_error_always(signs: CompiledSigns, found: list[Evidence]) -> None:
    with pytest.raises(CodeError, match="known: C1, C2"):
        signs.decide(found, "C9")


def test_without_signs_and_tally_any_evidence_flags() -> None:
    flagged = Decision(None, None, flagged=True, advice=(), policies=(), first=9)
    assert compiled().decide([FEAR, KILL], None) == flagged
    assert compiled().decide([KILL, FEAR], "C3") == flagged._replace(escalates=False)
    assert not compiled().decide([], None).flagged


def test_a_suggestion_is_spelled_as_the_ladder_does() -> None:
    signs = compiled(signs=[ARMED], then=[{**C2, "suggest": "category 2"}])
    assert signs.decide([KNIFE], None).suggested_code == "C2"


def test_a_determinant_is_compared_by_its_category() -> None:
    ladder = Ladder(load_ladder("nhs-arp").file.model_copy(update={"determinants": {"10-D-1": "C2", "10-A-1": "C3"}}))
    signs = CompiledSigns(ruleset(signs=[ARMED], then=[C2]), ladder)
    assert signs.decide([KNIFE], "10D1").suggested_code is None
    assert signs.decide([KNIFE], "10A1").suggested_code == "C2"


def test_codes_that_cannot_be_suggested_are_faults_all_at_once() -> None:
    lines = [{**C2, "suggest": "C9"}, {**C3, "suggest": "HCP1"}]
    with pytest.raises(RulesetError) as error:
        compiled(signs=[ARMED, THREATENED], then=lines)
    assert [fault.rule for fault in error.value.faults] == ["c2", "c3"]
    with pytest.raises(RulesetError, match="the ladder given is scotland"):
        CompiledSigns(ruleset(), load_ladder("scotland"))


def test_explanations_say_what_was_found_and_what_was_lacking() -> None:
    traces = compiled(signs=[ARMED, THREATENED], tally=TALLY, then=[C2, C1]).explain([KNIFE])
    assert [(trace.id, trace.first, trace.found, trace.lacks) for trace in traces.signs] == [
        ("armed", 4, (KNIFE,), ""),
        ("threatened", None, (), "threat"),
    ]
    assert [(trace.id, trace.held, trace.lacks) for trace in traces.tally] == [("t", False, "fear")]
    assert [(trace.id, trace.held, trace.asks, trace.lacks) for trace in traces.then] == [
        ("c2", True, "the sign armed", ""),
        ("c1", False, "the sign any_sign, and fear", "fear"),
    ]


@settings(max_examples=200)
@given(st.data())
def test_traces_agree_with_decisions(data: st.DataObject) -> None:
    ladder = data.draw(ladders())
    written, found = data.draw(sign_rulesets(ladder)), data.draw(evidence())
    signs = CompiledSigns(written, ladder)
    current = data.draw(st.none() | st.sampled_from(ladder.codes))
    decision, traces = signs.decide(found, current), signs.explain(found)
    holding = [trace for trace in traces.signs if trace.held]
    assert [name for name in decision.policies if name != "tally"] == [trace.id for trace in holding]
    assert decision.then == tuple(trace.id for trace in traces.then if trace.held)
    assert all(bool(trace.lacks) != trace.held for part in traces for trace in part)
    if holding and "tally" not in decision.policies:
        assert decision.first == min(trace.first for trace in holding if trace.first is not None)
    assert decision.flagged == (bool(decision.policies) or (written.flags_for_anything and bool(found)))
    if decision.suggested_code is not None and current is not None:
        assert ladder.outranks(decision.suggested_code, current)
    assert list(decision.advice) == [advice for advice in ADVICE if advice in decision.advice]


@settings(max_examples=300)
@given(sign_rulesets(nhs_arp(), minus=False, most_rules=1), evidence(apart=True), st.data())
def test_more_evidence_lowers_nothing(written: Ruleset, found: tuple[Evidence, ...], data: st.DataObject) -> None:
    signs = CompiledSigns(written, nhs_arp())
    part = [finding for finding in found if data.draw(st.booleans())]
    before, after = signs.decide(part, "C5"), signs.decide(found, "C5")
    assert set(before.policies) <= set(after.policies)
    assert set(before.then) <= set(after.then)
    assert set(before.advice) <= set(after.advice)
    assert before.first is None or (after.first is not None and after.first <= before.first)
    if before.tally is not None and after.tally is not None:
        assert before.tally.points <= after.tally.points


@settings(max_examples=300)
@given(sign_rulesets(nhs_arp()), evidence(), st.data())
def test_the_order_of_findings_does_not_matter(
    written: Ruleset, found: tuple[Evidence, ...], data: st.DataObject
) -> None:
    signs = CompiledSigns(written, nhs_arp())
    assert signs.decide(found, "C4") == signs.decide(data.draw(st.permutations(found)), "C4")


@settings(max_examples=300)
@given(sign_rulesets(nhs_arp(), minus=False, most_rules=1), evidence(apart=True))
def test_no_beginning_of_a_call_is_flagged_before_its_first_flag(written: Ruleset, found: tuple[Evidence, ...]) -> None:
    signs = CompiledSigns(written, nhs_arp())
    first = signs.decide(found, None).first
    for limit in {finding.position for finding in found}:
        beginning = signs.decide([finding for finding in found if finding.position <= limit], None)
        assert beginning.flagged == (first is not None and first <= limit)
