"""A ruleset that asks who did what to whom, and calls that tell it."""

from __future__ import annotations

from typing import Any, Final

from triage_triggers import Call, Evaluator, Ruleset, Utterance

__all__ = ["BLOKE", "CONTENT", "teller"]

CONTENT: Final[dict[str, Any]] = {
    "format": 1,
    "id": "told",
    "version": "1.0.0",
    "title": "Told",
    "language": "en",
    "status": "draft",
    "code_system": "nhs-arp",
    "rules": [
        {"id": "violence.struck", "theme": "physical_violence", "event": {"does": ["strike"]}},
        {"id": "relationship.named", "theme": "relationship", "event": {"does": "named"}},
        {
            "id": "enquiry.safe",
            "theme": "enquiry",
            "phrases": ["are you safe"],
            "speakers": ["call_taker"],
            "never_set_aside": True,
        },
    ],
    "tally": {
        "look_again": 2,
        "flag": 5,
        "lines": [
            {
                "id": "by-close",
                "find": "physical_violence",
                "by": "close",
                "points": 4,
                "reason": "Someone close did it.",
            },
            {
                "id": "by-he",
                "find": "physical_violence",
                "by": ["he_or_she"],
                "points": 1,
                "reason": "He or she did it.",
            },
            {"id": "safe", "find": "enquiry.safe", "points": 2, "reason": "Asked whether they are safe."},
        ],
    },
    "then": [
        {"id": "anybody", "if": ["any_sign"], "suggest": "C2", "advice": ["safeguarding_adult"], "reason": "Abuse."}
    ],
}

BLOKE: Final = Call(
    "C-1",
    [
        Utterance("He hit me.", "caller"),
        Utterance("Who did that?", "call_taker"),
        Utterance("My bloke.", "caller"),
        Utterance("Are you safe?", "call_taker"),
    ],
    current_code="C3",
)
"""Who "he" is, is told two turns later."""


def teller() -> Evaluator:
    """Return an evaluator with that ruleset."""
    return Evaluator(Ruleset.model_validate(CONTENT))
