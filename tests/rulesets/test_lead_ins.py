"""What is said before a disclosure, in one breath and unpunctuated as recognisers write it, must not silence it."""

from __future__ import annotations

import pytest

from triage_triggers import Evaluator, load_ruleset

LEAD_INS = (
    "please send somebody",
    "they need to come now",
    "someone help me",
    "my kids are here",
    "i'm in so much pain",
    "i can't breathe",
    "the baby is crying",
    "the dog is barking",
    "we were watching telly",
    "i think that",
    "don't send the police",
    "i don't know what to do",
    "he won't stop",
    "i'm not safe",
)


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


@pytest.fixture(scope="module")
def disclosures(evaluator: Evaluator) -> list[tuple[str, str]]:
    """Rules with their own examples that count, without the marks and the capital."""
    said = [
        (rule.id, example.replace("[", "").replace("]", ""))
        for rule in evaluator.ruleset.rules
        if rule.theme not in {"not_domestic", "relationship"}
        for example in rule.examples.fire
    ]
    return [(rule, text[0].lower() + text[1:]) for rule, text in said if _counts(evaluator, rule, text)]


def _counts(evaluator: Evaluator, rule: str, text: str) -> bool:
    return any(finding.counts for finding in evaluator.evaluate(text).findings if finding.rule == rule)


@pytest.mark.parametrize("lead_in", LEAD_INS)
def test_a_lead_in_silences_nothing(evaluator: Evaluator, disclosures: list[tuple[str, str]], lead_in: str) -> None:
    silenced = [rule for rule, text in disclosures if not _counts(evaluator, rule, f"{lead_in} {text}")]
    assert len(disclosures) > 600
    assert len(silenced) <= 1, silenced
