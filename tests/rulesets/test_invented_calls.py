"""Invented calls, written before the rules that had to find them: the shipped ruleset keeps what it once reached.

Each set was written in one go, in the ways that callers, notes and speech recognition have, without looking at a
phrase. What the ruleset found at first contact with each is in docs/measured.md. A rate below 1 is meant: a ruleset
that finds every sentence it was shown has learnt sentences.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers import Call, Evaluator, Utterance, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = Path(__file__).parent / "calls"
LEAST_RECALL, LEAST_SPECIFICITY = 0.88, 0.82
NAMES = ("first", "second", "third", "fourth", "fifth")


@pytest.fixture(scope="module")
def shipped() -> Evaluator:
    return Evaluator(load_ruleset("uk-ambulance"))


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CALLS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def labelled(name: str) -> Iterator[tuple[Call, bool]]:
    for row in rows(name):
        utterances = row.get("utterances") or [{"text": row["text"]}]
        call = Call(row["call_id"], [Utterance(**utterance) for utterance in utterances], current_code="C3")
        yield call, row["da"] == "yes"


@pytest.mark.parametrize("name", NAMES)
def test_abuse_is_flagged_and_other_calls_are_left_alone(shipped: Evaluator, name: str) -> None:
    flagged = [(abuse, shipped.evaluate(call).flagged) for call, abuse in labelled(name)]
    found = [outcome for abuse, outcome in flagged if abuse]
    quiet = [not outcome for abuse, outcome in flagged if not abuse]
    assert len(found) >= 25
    assert len(quiet) >= 60
    assert sum(found) / len(found) >= LEAST_RECALL
    assert sum(quiet) / len(quiet) >= LEAST_SPECIFICITY


def test_no_call_stands_there_twice() -> None:
    texts = [json.dumps(row.get("utterances") or row["text"]) for name in NAMES for row in rows(name)]
    assert len(set(texts)) == len(texts)
    ids = [row["call_id"] for name in NAMES for row in rows(name)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("text", "policies"),
    [
        ("My husband used to hit me.", {"abuse-in-the-past"}),
        ("My ex two years ago strangled me.", {"abuse-in-the-past"}),
        ("Hx DV, chest pain today.", {"domestic-abuse-named"}),
    ],
)
def test_the_past_alone_asks_for_safeguarding_and_for_no_code(
    shipped: Evaluator, text: str, policies: set[str]
) -> None:
    assessment = shipped.evaluate(text, current_code="C4")
    assert policies <= set(assessment.policies)
    assert (assessment.suggested_code, assessment.advice) == (None, ("safeguarding_adult",))


@pytest.mark.parametrize(
    "text", ["My husband has never hit me.", "He hasn't ever pushed me.", "My dad didn't hit mum, she fell."]
)
def test_a_denial_inside_a_phrase_is_one(shipped: Evaluator, text: str) -> None:
    assert not shipped.evaluate(text, current_code="C4").flagged
