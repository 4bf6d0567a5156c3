from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import evidence, nhs_arp, policy_rulesets
from triage_triggers.decision.policy import CompiledPolicy, Evidence
from triage_triggers.decision.standing import Standing


@given(st.data())
def test_a_call_that_changes_is_judged_as_if_it_had_always_been_so(data: st.DataObject) -> None:
    policy = CompiledPolicy(data.draw(policy_rulesets(nhs_arp())), nhs_arp())
    standing, there = Standing(policy), list[Evidence]()
    for _ in range(data.draw(st.integers(1, 5))):
        gone = data.draw(st.lists(st.sampled_from(there), unique_by=id)) if there else []
        for finding in gone:
            there.remove(finding)
        new = data.draw(evidence(max_size=5))
        there.extend(new)
        standing.change(added=new, withdrawn=gone)
        whole = sorted(there, key=lambda finding: finding.position)
        assert standing.decide("C3") == policy.decide(whole, "C3")


@given(st.data())
def test_one_finding_after_the_other(data: st.DataObject) -> None:
    policy = CompiledPolicy(data.draw(policy_rulesets(nhs_arp())), nhs_arp())
    standing, found = Standing(policy), data.draw(evidence(max_size=12))
    for number, finding in enumerate(found, start=1):
        standing.change(added=[finding], withdrawn=[])
        assert standing.decide(None) == policy.decide(found[:number], None)
