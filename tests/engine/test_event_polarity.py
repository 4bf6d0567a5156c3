"""An event's own words hold a denial as often as not: "my husband has never hit me" is one event, and denied."""

from __future__ import annotations

import pytest

from triage_triggers import Evaluator, Ruleset


@pytest.fixture(scope="module")
def harm() -> Evaluator:
    rules = [{"id": "a.harm", "theme": "harm", "event": {"does": ["strike", "throttle"]}}]
    rules.append({"id": "a.kept", "theme": "control", "event": {"does": ["forbid"]}})
    said = {"format": 1, "id": "a", "version": "1.0.0", "title": "A", "language": "en", "status": "draft"}
    return Evaluator(Ruleset.model_validate({**said, "code_system": "nhs-arp", "rules": rules}))


@pytest.mark.parametrize(
    "text",
    [
        "My husband never strangled me.",
        "My husband has never hit me.",
        "My husband hasn't hit me.",
        "My husband didn't hit me, I fell.",
        "He didn't strangle me, my husband.",
        "I was never hit by my husband.",
        "She says he's never hit her.",
    ],
)
def test_what_is_denied_does_not_count(harm: Evaluator, text: str) -> None:
    (finding,) = harm.evaluate(text).findings
    assert (finding.polarity, finding.counts, finding.cue is None) == ("negated", False, False)


@pytest.mark.parametrize(
    "text",
    [
        "My husband has just hit me.",
        "My husband won't stop hitting me.",
        "My husband's not well but he strangled me.",
        "My husband, he's not well, he hit me.",
        "I can't breathe my husband strangled me",
        "My husband won't let me out.",
    ],
)
def test_what_is_said_of_something_else_silences_nothing(harm: Evaluator, text: str) -> None:
    assert any(finding.counts and finding.polarity == "affirmed" for finding in harm.evaluate(text).findings)


@pytest.mark.parametrize("text", ["My husband used to hit me.", "My husband strangled me two years ago."])
def test_the_past_within_an_event_is_past(harm: Evaluator, text: str) -> None:
    (finding,) = harm.evaluate(text).findings
    assert (finding.temporality, finding.counts) == ("past", True)
