"""What every rule, sign and line of the shipped ruleset must say of itself."""

from __future__ import annotations

import re

import pytest

from triage_triggers import Ruleset, load_ruleset

THEMES = """strangulation physical_violence weapon threat_to_kill threat sexual_violence injury pregnancy
children_present separation stalking order_breach control economic fear perpetrator_present covert_call
suicide_threat_by_perpetrator honour_based escalation repeat_history animal_cruelty property_damage injury_mismatch
relationship"""  # those that the documentation names
GRADED = re.compile(r"\[(R|E|2|I|E, partial|R-code excerpt)\]")


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset("uk-ambulance")


def test_every_rule_has_a_reason_graded_sources_and_examples(ruleset: Ruleset) -> None:
    for rule in ruleset.rules:
        assert rule.rationale, rule.id
        assert rule.sources, rule.id
        for source in rule.sources:
            assert GRADED.search(source) or source == "expert-authored, needs review", (rule.id, source)
        assert len(rule.examples.fire) >= 2, rule.id
        assert len(rule.examples.quiet) >= 2, rule.id


def test_every_theme_has_rules(ruleset: Ruleset) -> None:
    assert {rule.theme for rule in ruleset.rules} == {*THEMES.split(), "not_domestic"}
    assert len(ruleset.rules) >= 150


def test_every_sign_says_why_and_every_code_that_it_is_a_draft(ruleset: Ruleset) -> None:
    for ask in ruleset.asks:
        assert ask.reason
        assert ask.sources, ask.id
    for line in ruleset.then:
        assert not line.suggest or "Code: draft, needs clinical review" in line.sources, line.id


def test_nothing_unverified_is_given_as_a_source(ruleset: Ruleset) -> None:
    sources = [source for rule in ruleset.rules for source in rule.sources]
    sources += [source for ask in ruleset.asks for source in ask.sources]
    assert not [source for source in sources if "[U" in source]
    assert ruleset.status == "draft"


def test_no_phrase_stands_twice_in_a_rule(ruleset: Ruleset) -> None:
    for rule in ruleset.rules:
        assert len(set(rule.phrases)) == len(rule.phrases), rule.id
        assert len(set(rule.unless)) == len(rule.unless), rule.id
