"""Which phrases a rule's examples exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.definition import Ruleset

if TYPE_CHECKING:
    from triage_triggers.lint.rule_tests import RuleCoverage


def covered(phrases: list[str], *, unless: list[str] | None = None, **examples: list[str]) -> RuleCoverage:
    rule: dict[str, Any] = {"id": "demo.rule", "theme": "weapon", "phrases": phrases, "examples": examples}
    rule["unless"] = unless or []
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}
    ruleset = Ruleset.model_validate({**head, "code_system": "nhs-arp", "rules": [rule]})
    (coverage,) = run_rule_tests(ruleset).coverage
    return coverage


def test_a_phrase_is_exercised_where_its_rule_fires_on_it() -> None:
    coverage = covered(["a knife", "a (gun|pistol)", "he ... an axe"], fire=["It's a pistol!", "He has got an axe."])
    assert (coverage.phrases, coverage.exercised, coverage.unexercised) == (3, 2, (0,))
    assert str(coverage) == "demo.rule: 2 of 3 phrases exercised"


def test_what_is_set_aside_exercises_nothing() -> None:
    assert covered(["a knife"], fire=["He hasn't got a knife."]).unexercised == (0,)
    assert covered(["a knife", "a gun"], fire=["He hasn't got a knife. He's got a gun."]).unexercised == (0,)


def test_a_phrase_inside_a_longer_one_is_exercised() -> None:
    assert covered(["a knife", "got a knife"], fire=["He's got a knife."]).unexercised == ()


def test_quiet_and_known_examples_exercise_no_phrase() -> None:
    assert covered(["a knife"], quiet=["No knife."]).unexercised == (0,)


def test_an_idiom_is_exercised_by_a_quiet_example() -> None:
    coverage = covered(["a knife"], unless=["a knife block", "a knife and fork"], quiet=["He has a knife block."])
    assert coverage.unexercised_unless == (1,)


def test_a_broken_example_exercises_nothing() -> None:
    assert covered(["a knife"], fire=["It's [a knife."]).unexercised == (0,)
