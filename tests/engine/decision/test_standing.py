from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import evidence, nhs_arp, policy_rulesets
from triage_triggers.engine.decision.gate import CompiledGates, after_gates
from triage_triggers.engine.decision.policy import CompiledPolicy, Decision, Evidence
from triage_triggers.engine.decision.standing import Standing
from triage_triggers.ruleset.definition import Gate, Ruleset

if TYPE_CHECKING:
    from collections.abc import Sequence


GATES: list[dict[str, object]] = [
    {"id": "g0", "themes": ["weapon"], "when": {"theme": "fear"}, "reason": "r"},
    {"id": "g1", "rules": ["weapon.gun", "threat.kill"], "when": {"theme": ["fear", "weapon"], "at_least": 2}},
    {"id": "g2", "themes": ["fear"], "when": {"all": [{"theme": "threat"}], "within": {"turns": 2}}},
    {"id": "g3", "rules": ["fear.said"]},
]


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    chosen = draw(st.lists(st.sampled_from(GATES), unique_by=lambda gate: str(gate["id"])))
    gates = tuple(Gate.model_validate({"reason": "r", **gate}) for gate in chosen)
    return draw(policy_rulesets(nhs_arp())).model_copy(update={"gates": gates})


def judged_at_once(ruleset: Ruleset, evidence: Sequence[Evidence], code: str | None) -> Decision:
    said = sorted(evidence, key=lambda finding: finding.position)
    verdicts = CompiledGates(ruleset).judge(said)
    counted = [left for finding in said if (left := after_gates(finding, verdicts)) is not None]
    return CompiledPolicy(ruleset, nhs_arp()).decide(sorted(counted, key=lambda finding: finding.position), code)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), rulesets())
def test_a_call_that_changes_is_judged_as_if_it_had_always_been_so(data: st.DataObject, ruleset: Ruleset) -> None:
    standing, there = Standing(CompiledPolicy(ruleset, nhs_arp()), CompiledGates(ruleset)), list[Evidence]()
    for _ in range(data.draw(st.integers(1, 5))):
        gone = data.draw(st.lists(st.sampled_from(there), unique_by=id)) if there else []
        for finding in gone:
            there.remove(finding)
        new = data.draw(evidence(max_size=5))
        there.extend(new)
        standing.change(added=new, withdrawn=gone)
        assert standing.decide("C3") == judged_at_once(ruleset, there, "C3")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(evidence(max_size=12), rulesets())
def test_one_finding_after_the_other(found: tuple[Evidence, ...], ruleset: Ruleset) -> None:
    standing = Standing(CompiledPolicy(ruleset, nhs_arp()), CompiledGates(ruleset))
    for number, finding in enumerate(found, start=1):
        standing.change(added=[finding], withdrawn=[])
        assert standing.decide(None) == judged_at_once(ruleset, found[:number], None)
