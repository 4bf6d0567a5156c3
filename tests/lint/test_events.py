"""Rules about events in lint and test: coverage counts deeds and classes of verbs."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.lint.conftest import CLEAN, SOURCES
from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.definition import Ruleset

if TYPE_CHECKING:
    from tests.lint.conftest import Lint

FIRE = ["[My fella lamped me] one.", "[I got leathered by our kid].", "He threw [a punch at me]."]
STRUCK: dict[str, Any] = {
    "id": "physical_violence.struck",
    "theme": "physical_violence",
    "event": {"does": "strike"},
    "rationale": "Violence.",
    "sources": SOURCES,
    "examples": {"fire": FIRE[:2], "quiet": ["A car hit me.", "He hurt his back."]},
}
SIGN = {"id": "violent", "find": "physical_violence", "by": "close", "reason": "Violence.", "sources": SOURCES}


def with_rule(**keys: object) -> dict[str, Any]:
    rules = [*deepcopy(CLEAN["rules"]), STRUCK | keys]
    return {"rules": rules, "signs": [*CLEAN["signs"], SIGN]}


def ruleset(**keys: object) -> Ruleset:
    return Ruleset.model_validate({**CLEAN, "format": 1, **with_rule(**keys)})


def test_a_rule_about_an_event_has_nothing_to_remark_on_but_what_is_not_shown(lint: Lint) -> None:
    issues = lint(**with_rule())
    assert {(check, name) for check, name, _ in issues} == {("deed-unexercised", "physical_violence.struck")}
    ((_, _, message),) = issues
    assert message == "no 'fire' example of the rule has a verb of strike, strike-phrase"


def test_coverage_names_deeds_and_classes_of_verbs() -> None:
    coverage = run_rule_tests(ruleset(event={"does": ["strike", "shoot"]})).coverage[-1]
    event = coverage.event
    assert event is not None
    assert (event.told, event.untold) == (("strike",), ("shoot",))
    assert (event.used, event.unused) == (("strike-person",), ("strike", "strike-phrase", "shoot"))
    assert str(coverage) == "physical_violence.struck: 1 of 2 deeds and 1 of 4 classes of verbs exercised"


def test_a_deed_without_verbs_of_its_own_is_exercised_by_its_frame() -> None:
    examples = {"fire": ["[He chucked the remote at me]."], "quiet": []}
    event = run_rule_tests(ruleset(event={"does": "throw_at"}, examples=examples)).coverage[-1].event
    assert event is not None
    assert (event.told, event.classes) == (("throw_at",), ())
    assert str(event) == "1 of 1 deeds exercised"


def test_deeds_that_nothing_shows_are_named(lint: Lint) -> None:
    issues = lint(**with_rule(event={"does": ["strike", "shoot", "burn"]}))
    assert (
        "deed-unexercised",
        "physical_violence.struck",
        "no 'fire' example of the rule tells the deed 'burn'",
    ) in issues
    assert any(check == "low-coverage" and "1 of 3 deeds" in message for check, _, message in issues)


def test_an_example_that_is_told_otherwise_fails(lint: Lint) -> None:
    examples = {"fire": ["[My fella lamped] me.", "[My fella lamped me]."], "quiet": ["My fella lamped me.", "Hi."]}
    issues = lint(**with_rule(examples=examples))
    assert {check for check, _, _ in issues} >= {"example-fails", "quiet-fires"}


def test_only_rules_about_events_tell_who_did_it(lint: Lint) -> None:
    issues = lint(signs=[CLEAN["signs"][0] | {"by": "close"}, CLEAN["signs"][1]])
    assert [check for check, _, _ in issues] == ["never-fed"]
