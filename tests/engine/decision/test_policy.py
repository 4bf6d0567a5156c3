from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from triage_triggers.engine.decision.policy import CompiledPolicy, Decision, Evidence

from tests.strategies import RULES, evidence, ladders, policy_rulesets
from triage_triggers.errors import CodeError, RulesetError
from triage_triggers.ladders.ladder import Ladder, load_ladder
from triage_triggers.ruleset.definition import ADVICE, Ruleset

KNIFE = Evidence(4, "weapon.knife", "weapon", "current", 1, None)
KILL = Evidence(9, "threat.kill", "threat", "hypothetical", 2, None)
FEAR = Evidence(12, "fear.said", "fear", "current", 3, None)


def ruleset(*policies: dict[str, Any], code_system: str = "nhs-arp", no_policy: bool = False) -> Ruleset:
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
    rules = [{"id": rule, "theme": theme, "phrases": ["x"]} for rule, theme in RULES.items()]
    policy = [{"id": f"p{index}", "reason": "Because.", **written} for index, written in enumerate(policies)]
    written = {**head, "code_system": code_system, "rules": rules, "policy": None if no_policy else policy}
    return Ruleset.model_validate(written)


def compiled(*policies: dict[str, Any], code_system: str = "nhs-arp", no_policy: bool = False) -> CompiledPolicy:
    written = ruleset(*policies, code_system=code_system, no_policy=no_policy)
    return CompiledPolicy(written, load_ladder(code_system))


WEAPON: dict[str, Any] = {"when": {"theme": "weapon"}, "suggest": "C2", "advise": ["police_request", "scene_safety"]}
THREAT: dict[str, Any] = {"when": {"theme": "threat"}, "suggest": "C3", "advise": ["scene_safety"]}
PAIR: dict[str, Any] = {"when": {"all": [{"theme": "fear"}, {"rule": "weapon.knife"}]}, "suggest": "C1"}
POLICIES = (WEAPON, THREAT, PAIR)


@pytest.mark.parametrize(
    ("found", "current", "expected"),
    [
        ([], None, Decision(None, None, flagged=False, advice=(), policies=(), first=None)),
        ([], "C3", Decision(None, False, flagged=False, advice=(), policies=(), first=None)),
        ([FEAR], "C3", Decision(None, False, flagged=False, advice=(), policies=(), first=None)),
        ([FEAR], None, Decision(None, None, flagged=False, advice=(), policies=(), first=None)),
        (
            [KNIFE],
            None,
            Decision("C2", None, flagged=True, advice=("scene_safety", "police_request"), policies=("p0",), first=4),
        ),
        (
            [KNIFE],
            "C3",
            Decision("C2", True, flagged=True, advice=("scene_safety", "police_request"), policies=("p0",), first=4),
        ),
        (
            [KNIFE],
            "cat 2",
            Decision(None, False, flagged=True, advice=("scene_safety", "police_request"), policies=("p0",), first=4),
        ),
        (
            [KNIFE],
            "HCP1",
            Decision(None, False, flagged=True, advice=("scene_safety", "police_request"), policies=("p0",), first=4),
        ),
        ([KILL], "C5", Decision("C3", True, flagged=True, advice=("scene_safety",), policies=("p1",), first=9)),
        (
            [KNIFE, KILL, FEAR],
            "C4T",
            Decision(
                "C1",
                True,
                flagged=True,
                advice=("scene_safety", "police_request"),
                policies=("p0", "p1", "p2"),
                first=4,
            ),
        ),
    ],
)
def test_decide(found: list[Evidence], current: str | None, expected: Decision) -> None:
    assert compiled(*POLICIES).decide(found, current) == expected


@pytest.mark.parametrize("found", [[], [KNIFE]])
@pytest.mark.parametrize("policy", [compiled(*POLICIES), compiled(no_policy=True)])
def test_an_unknown_current_code_is_an_error_always(policy: CompiledPolicy, found: list[Evidence]) -> None:
    with pytest.raises(CodeError, match="known: C1, C2"):
        policy.decide(found, "C9")


@pytest.mark.parametrize("policy", [compiled(no_policy=True), compiled()])
def test_without_policies_any_evidence_flags(policy: CompiledPolicy) -> None:
    flagged = Decision(None, None, flagged=True, advice=(), policies=(), first=9)
    assert policy.decide([KILL, FEAR], None) == flagged
    assert policy.decide([KILL, FEAR], "C3") == flagged._replace(escalates=False)
    assert not policy.decide([], None).flagged
    assert policy.explain([KILL]) == ()


def test_a_policy_may_suggest_nothing() -> None:
    policy = compiled({"when": {"theme": "fear"}, "advise": ["safeguarding_adult"]})
    assert policy.decide([FEAR], "C5") == Decision(
        None, False, flagged=True, advice=("safeguarding_adult",), policies=("p0",), first=12
    )


def test_a_suggestion_is_spelled_as_the_ladder_does() -> None:
    assert compiled({**WEAPON, "suggest": "category 2"}).decide([KNIFE], None).suggested_code == "C2"


def test_a_double_not_flags_no_earlier_than_the_first_finding() -> None:
    policy = compiled({"when": {"not": {"not": {"theme": "weapon"}}}})
    assert policy.decide([KNIFE], None).first == policy.explain([KNIFE])[0].first == 4


def test_a_determinant_is_compared_by_its_category() -> None:
    arp = load_ladder("nhs-arp")
    ladder = Ladder(arp.file.model_copy(update={"determinants": {"10-D-1": "C2", "10-A-1": "C3"}}))
    policy = CompiledPolicy(ruleset(WEAPON), ladder)
    assert policy.decide([KNIFE], "10D1").suggested_code is None
    assert policy.decide([KNIFE], "10A1").suggested_code == "C2"


class TestEventTypes:
    POLICY = compiled(
        {"when": {"theme": "weapon"}, "suggest": "DVA"},
        {"when": {"theme": "threat"}, "suggest": "ORDERV"},
        {"when": {"theme": "fear"}, "suggest": "DVNA"},
        code_system="apco-2012",
    )

    @pytest.mark.parametrize(
        ("found", "current", "suggested"),
        [
            ([KNIFE], None, "DVA"),
            ([KNIFE], "disord", "DVA"),
            ([KNIFE], "DVNA", "DVA"),
            ([KNIFE], "DVA", None),
            ([KNIFE], "TRAUMA", None),  # flagged all the same: the type that sends a crew stays
            ([FEAR], "DVA", None),
            ([FEAR], "NOISE", "DVNA"),
            ([KNIFE, KILL, FEAR], "DISORD", "DVA"),  # the first of the list
            ([KNIFE, KILL, FEAR], "TRESPASS", "ORDERV"),  # the first that may replace this one
            ([KILL, FEAR], None, "ORDERV"),
        ],
    )
    def test_a_type_is_suggested_where_it_says_more(
        self, found: list[Evidence], current: str | None, suggested: str | None
    ) -> None:
        decision = self.POLICY.decide(found, current)
        assert decision.flagged
        assert decision.suggested_code == suggested
        assert decision.escalates is (None if current is None else False)


class TestRefusals:
    @pytest.mark.parametrize("code", ["C9", "C5", "HCP1", "X", "10-D-1"])
    def test_a_code_that_cannot_be_suggested(self, code: str) -> None:
        arp = load_ladder("nhs-arp")
        ladder = Ladder(arp.file.model_copy(update={"determinants": {"10-D-1": "C2"}}))
        expected = f"demo:1:1: p1: '{code}' is no code of nhs-arp that can be suggested; those that can: C1, C2, C3, C4"
        with pytest.raises(RulesetError) as caught:
            CompiledPolicy(ruleset(WEAPON, {**THREAT, "suggest": code}), ladder)
        assert str(caught.value) == expected

    def test_another_ladder(self) -> None:
        with pytest.raises(RulesetError, match="its 'code_system' is nhs-arp, but the ladder given is scotland"):
            CompiledPolicy(ruleset(WEAPON), load_ladder("scotland"))

    @pytest.mark.parametrize(
        "when",
        [
            {"not": {"theme": "weapon"}},
            {"any": [{"theme": "fear"}, {"not": {"theme": "weapon"}}], "within": {"turns": 2}},
        ],
    )
    def test_what_holds_where_nothing_was_found(self, when: dict[str, Any]) -> None:
        with pytest.raises(RulesetError, match="p0: it would hold for a call in which nothing was found"):
            compiled({"when": when})

    def test_all_faults_at_once(self) -> None:
        with pytest.raises(RulesetError) as caught:
            compiled({"when": {"not": {"theme": "weapon"}}, "suggest": "C9"}, {**THREAT, "suggest": "C8"})
        assert [fault.rule for fault in caught.value.faults] == ["p0", "p0", "p1"]


@st.composite
def cases(draw: st.DrawFn, *, with_not: bool = True) -> tuple[Ruleset, Ladder, tuple[Evidence, ...], str | None]:
    ladder = draw(ladders())
    written = draw(policy_rulesets(ladder, with_not=with_not))
    return written, ladder, draw(evidence()), draw(st.none() | st.sampled_from(ladder.codes))


class TestProperties:
    @settings(deadline=None)
    @given(cases())
    def test_the_decision_follows_from_the_policies_that_hold(
        self, case: tuple[Ruleset, Ladder, tuple[Evidence, ...], str | None]
    ) -> None:
        written, ladder, found, current = case
        policy = CompiledPolicy(written, ladder)
        decision, traces = policy.decide(found, current), policy.explain(found)
        assert [trace.policy for trace in traces] == [rule.id for rule in written.policy or ()]
        holding = [trace for trace in traces if trace.held]
        assert decision.policies == tuple(trace.policy for trace in holding)
        assert decision.flagged == bool(holding)
        assert decision.first == min((trace.first for trace in holding if trace.first is not None), default=None)
        asked = [trace.suggest for trace in holding if trace.suggest is not None]
        open_to = [code for code in asked if current is None or ladder.outranks(code, current)]
        assert decision.suggested_code == (ladder.most_urgent(open_to) if open_to else None)
        advised = {advice for rule in written.policy or () if rule.id in decision.policies for advice in rule.advise}
        assert decision.advice == tuple(advice for advice in ADVICE if advice in advised)

    @settings(deadline=None)
    @given(cases())
    def test_never_less_urgent(self, case: tuple[Ruleset, Ladder, tuple[Evidence, ...], str | None]) -> None:
        written, ladder, found, current = case
        decision = CompiledPolicy(written, ladder).decide(found, current)
        if current is None:
            assert decision.escalates is None
        elif decision.suggested_code is not None:
            assert ladder.outranks(decision.suggested_code, current)
            assert not ladder.more_urgent(current, decision.suggested_code)
            assert decision.escalates == ladder.more_urgent(decision.suggested_code, current)
        else:
            assert decision.escalates is False

    @settings(deadline=None)
    @given(cases(with_not=False), evidence(max_size=3))
    def test_more_evidence_never_lowers(
        self, case: tuple[Ruleset, Ladder, tuple[Evidence, ...], str | None], more: tuple[Evidence, ...]
    ) -> None:
        written, ladder, found, current = case
        policy = CompiledPolicy(written, ladder)
        before = policy.decide(found, current)
        after = policy.decide(sorted((*found, *more), key=lambda finding: finding.position), current)
        assert set(before.policies) <= set(after.policies)
        assert set(before.advice) <= set(after.advice)
        assert before.first is None or (after.first is not None and after.first <= before.first)
        if before.suggested_code is not None:
            assert after.suggested_code is not None
            assert ladder.place(after.suggested_code) <= ladder.place(before.suggested_code)

    @settings(deadline=None)
    @given(cases(), st.randoms(use_true_random=False))
    def test_the_order_of_policies_does_not_matter(
        self,
        case: tuple[Ruleset, Ladder, tuple[Evidence, ...], str | None],
        random: Any,  # noqa: ANN401  hypothesis's own
    ) -> None:
        written, ladder, found, current = case
        shuffled = list(written.policy or ())
        random.shuffle(shuffled)
        one = CompiledPolicy(written, ladder).decide(found, current)
        other = CompiledPolicy(written.model_copy(update={"policy": tuple(shuffled)}), ladder).decide(found, current)
        assert other._replace(policies=()) == one._replace(policies=())
        assert set(other.policies) == set(one.policies)
