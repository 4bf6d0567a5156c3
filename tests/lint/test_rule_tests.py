from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from triage_triggers.lint.rule_tests import RuleTestReport, run_rule_tests
from triage_triggers.ruleset.definition import Ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage_triggers.assessment import Finding
    from triage_triggers.evaluator import Evaluator

HEAD = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en", "status": "draft"}


def ruleset(**rule: object) -> Ruleset:
    rules = [
        {"id": "demo.knife", "theme": "weapon", "phrases": ["got a knife"], **rule},
        {"id": "demo.axe", "theme": "weapon", "phrases": ["got an axe"]},
    ]
    return Ruleset.model_validate({**HEAD, "code_system": "nhs-arp", "rules": rules})


def fire(*examples: str) -> Mapping[str, object]:
    return {"examples": {"fire": examples}}


def quiet(*examples: str) -> Mapping[str, object]:
    return {"examples": {"quiet": examples}}


def only_message(report: RuleTestReport) -> str:
    (failure,) = report.failures
    assert not report.passed
    return failure.message


def test_examples_that_do_as_they_should_pass() -> None:
    report = run_rule_tests(
        ruleset(
            examples={
                "fire": ["He's [got a knife].", "got a knife", "He's [GOT A\nKNIFE], she's [got a knife]"],
                "quiet": ["He hasn't got a knife.", "He's got an axe.", "Has he got a knife?"],
            }
        )
    )
    assert report.passed
    assert [result.outcome for result in report.results] == ["passes"] * 6
    assert report.untested == ("demo.axe",)


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        (fire("I fell."), "must fire, but nothing was found"),
        (
            fire("He's got an axe."),
            "must fire, but this rule found nothing (others found: demo.axe 'got an axe' (5–15))",
        ),
        (
            fire("He's [got a] knife."),
            "must fire on 'got a' (5–10), but this rule found 'got a knife' (5–16)",
        ),
        (fire("[He]'s got a [knife]."), "must fire on 'He' (0–2) and 'knife' (11–16), but this rule found 'got a"),
        (fire("He hasn't [got a knife]."), "must fire on 'got a knife' (10–21), but this rule found 'got a knife' "),
        (fire("He hasn't got a knife."), "must fire, but this rule found 'got a knife' (10–21), set aside as negated,"),
        (quiet("He's got a knife."), "must be quiet, but this rule found 'got a knife' (5–16)"),
        (fire("He's [got a knife."), "the square brackets don't pair up"),
        (fire("He's ]got a knife[."), "the square brackets don't pair up"),
        (quiet("He's [[got]] an axe."), "the square brackets don't pair up"),
    ],
)
def test_a_failure_says_what_was_found_instead(examples: Mapping[str, object], message: str) -> None:
    assert only_message(run_rule_tests(ruleset(**examples))).startswith(message)


def test_a_failure_names_rule_kind_and_number() -> None:
    report = run_rule_tests(ruleset(**fire("got a knife", "I fell.")))
    assert str(report.failures[0]) == ("demo.knife: examples.fire 2: must fire, but nothing was found\n    I fell.")


def test_known_ones_pass_as_long_as_they_go_wrong() -> None:
    report = run_rule_tests(ruleset(known_miss=["He has a blade."], known_false_alarm=["He's got a knife block."]))
    assert report.passed
    assert not report.now_passing
    assert [result.message for result in report.results] == [
        "must fire, but nothing was found",
        "must be quiet, but this rule found 'got a knife' (5–16)",
    ]


def test_known_ones_that_go_right_fail() -> None:
    report = run_rule_tests(ruleset(known_miss=["He's [got a knife]."], known_false_alarm=["He has a knife block."]))
    assert not report.passed
    assert report.failures == report.now_passing
    assert [(result.kind, result.message) for result in report.now_passing] == [
        ("known_miss", "now passes: move it to examples.fire"),
        ("known_false_alarm", "now passes: move it to examples.quiet"),
    ]


def test_known_ones_with_broken_brackets_fail() -> None:
    assert "pair up" in only_message(run_rule_tests(ruleset(known_miss=["He's [got a knife."])))


def test_an_evaluator_that_is_there_already_is_used() -> None:
    @dataclass
    class Silent:
        findings: tuple[Finding, ...] = ()

        def evaluate(self, _: str) -> Silent:
            return self

    report = run_rule_tests(ruleset(**fire("got a knife")), evaluator=cast("Evaluator", Silent()))
    assert only_message(report) == "must fire, but nothing was found"
