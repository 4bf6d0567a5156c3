from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import ALWAYS, Evidence, gather
from triage_triggers.engine.decision.gate import CompiledGates, Verdict

from tests.strategies import RULES, evidence, gates
from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.definition import Gate, Ruleset

KNIFE = Evidence(4, "weapon.knife", "weapon", "current", 1, None)
GUN = Evidence(5, "weapon.gun", "weapon", "current", 1, None)
KILL = Evidence(9, "threat.kill", "threat", "hypothetical", 2, None)
FEAR = Evidence(12, "fear.said", "fear", "current", 3, None)
TIE: dict[str, Any] = {"when": {"theme": "fear"}, "reason": "No fear was named."}


def ruleset(*written: dict[str, Any] | Gate, open_rules: tuple[str, ...] = (), **more: Any) -> Ruleset:
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
    rules = [
        {"id": rule, "theme": theme, "phrases": ["x"], "never_set_aside": rule in open_rules}
        for rule, theme in RULES.items()
    ]
    given_gates = [
        gate if isinstance(gate, Gate) else {"id": f"g{number}", "reason": "Because.", **gate}
        for number, gate in enumerate(written)
    ]
    return Ruleset.model_validate({**head, "code_system": "nhs-arp", "rules": rules, "gates": given_gates, **more})


def closed(compiled: CompiledGates, *found: Evidence) -> dict[str, str | None]:
    return {rule: one.closed.id if one.closed else None for rule, one in compiled.judge(found).items()}


@pytest.mark.parametrize(
    ("gate", "held"),
    [
        ({"themes": ["weapon"]}, {"weapon.knife", "weapon.gun"}),
        ({"rules": ["weapon.gun", "threat.kill"]}, {"weapon.gun", "threat.kill"}),
        ({"themes": ["threat"], "rules": ["weapon.gun"]}, {"weapon.gun", "threat.kill"}),
        ({"themes": ["weapon"], "except_rules": ["weapon.gun"]}, {"weapon.knife"}),
        ({}, {"weapon.knife", "weapon.gun", "threat.kill"}),
        ({"except_rules": ["threat.kill"]}, {"weapon.knife", "weapon.gun"}),
    ],
)
def test_what_a_gate_holds_back(gate: dict[str, Any], held: set[str]) -> None:
    compiled = CompiledGates(ruleset({**TIE, **gate}))
    assert closed(compiled, KNIFE, GUN, KILL) == dict.fromkeys(held, "g0")
    opened = compiled.judge([KNIFE, GUN, KILL, FEAR])
    assert {rule: one for rule, one in opened.items() if rule in held} == dict.fromkeys(held, Verdict(12, None))


def test_what_is_never_set_aside_passes_every_gate() -> None:
    compiled = CompiledGates(ruleset(TIE, open_rules=("weapon.gun",)))
    assert closed(compiled, KNIFE, GUN) == {"weapon.knife": "g0"}


def test_a_gate_sees_what_is_held_back_itself() -> None:
    compiled = CompiledGates(ruleset({"when": {"all": [{"theme": "weapon"}, {"theme": "threat"}]}}))
    assert closed(compiled, KNIFE) == {"weapon.knife": "g0"}
    assert compiled.judge([KNIFE, KILL]) == dict.fromkeys(("weapon.knife", "threat.kill"), Verdict(9, None))


def test_all_gates_over_a_rule_must_open_and_the_first_closed_one_gives_the_reason() -> None:
    compiled = CompiledGates(ruleset({"when": {"theme": "fear"}}, {"when": {"theme": "threat"}, "themes": ["weapon"]}))
    assert closed(compiled, KNIFE) == {"weapon.knife": "g0"}
    assert closed(compiled, KNIFE, FEAR) == {"weapon.knife": "g1", "fear.said": None}
    assert compiled.judge([KNIFE, KILL, FEAR])["weapon.knife"] == Verdict(12, None)


def test_a_gate_without_a_condition_never_opens() -> None:
    compiled = CompiledGates(ruleset({"themes": ["weapon"]}))
    assert closed(compiled, KNIFE, KILL, FEAR) == {"weapon.knife": "g0"}
    (trace,) = compiled.explain([KNIFE, FEAR])
    assert (trace.opened, trace.first, trace.condition, trace.held_back) == (False, None, None, ("weapon.knife",))
    assert trace.lacks == ("anything that could open it",)


def test_named_conditions_are_followed() -> None:
    conditions = {"close": {"is": "afraid"}, "afraid": {"theme": "fear"}}
    compiled = CompiledGates(ruleset({"when": {"is": "close"}}, conditions=conditions))
    assert closed(compiled, KNIFE) == {"weapon.knife": "g0"}
    assert compiled.judge([KNIFE, FEAR])["weapon.knife"].opened == 12
    shut, opened = compiled.explain([KNIFE])[0], compiled.explain([KNIFE, FEAR])[0]
    assert shut.lacks == ("condition close",)
    assert (opened.lacks, opened.first, opened.held_back) == ((), 12, ())


def test_a_gate_that_is_always_open_is_a_fault() -> None:
    with pytest.raises(RulesetError, match="g1: it would be open for a call in which nothing was found"):
        CompiledGates(ruleset(TIE, {"when": {"not": {"theme": "weapon"}}}))


def test_without_gates_nothing_is_asked() -> None:
    assert CompiledGates(ruleset()).judge([KNIFE, FEAR]) == {}
    assert CompiledGates(ruleset()).explain([KNIFE]) == ()


@given(gates(), evidence())
def test_verdicts_are_what_the_words_say(written: tuple[Gate, ...], found: tuple[Evidence, ...]) -> None:
    verdicts = CompiledGates(ruleset(*written)).judge(found)
    for rule in {finding.rule for finding in found}:
        over = [
            gate
            for gate in written
            if rule not in gate.except_rules
            and (rule in gate.rules or RULES[rule] in gate.themes or not (gate.rules or gate.themes))
        ]
        opened = [
            None if gate.when is None else compile_condition(gate.when).first_held(gather(found)) for gate in over
        ]
        if None in opened:
            assert verdicts[rule].closed == over[opened.index(None)]
        elif over:
            assert verdicts[rule] == Verdict(max(at for at in opened if at is not None), None)
        else:
            assert rule not in verdicts


@given(gates(with_not=False), evidence(), st.data())
def test_more_evidence_never_closes_a_gate(
    written: tuple[Gate, ...], found: tuple[Evidence, ...], data: st.DataObject
) -> None:
    fewer = tuple(finding for finding in found if data.draw(st.booleans()))
    compiled = CompiledGates(ruleset(*written))
    after = compiled.judge(found)
    for rule, before in compiled.judge(fewer).items():
        if before.closed is None:
            assert after[rule].closed is None
            assert ALWAYS <= after[rule].opened <= before.opened


@given(gates(), evidence())
def test_explanations_agree_with_verdicts(written: tuple[Gate, ...], found: tuple[Evidence, ...]) -> None:
    compiled = CompiledGates(ruleset(*written))
    traces = {trace.gate: trace for trace in compiled.explain(found)}
    assert list(traces) == [gate.id for gate in written]
    shut = {rule for rule, verdict in compiled.judge(found).items() if verdict.closed is not None}
    assert shut == {rule for trace in traces.values() for rule in trace.held_back}
    for trace in traces.values():
        assert trace.opened == (trace.first is not None) == (not trace.lacks)
