"""Hypothesis strategies for open calls: what is said, in pieces, by whom; and a ruleset that has a tally and idioms."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from triage_triggers import Evaluator, Ruleset, Utterance
from triage_triggers.calls.call import SPEAKERS

HEAD = {"format": 1, "id": "live", "version": "1.0.0", "title": "Live", "language": "en", "status": "draft"}
RULES = [
    {
        "id": "violence.hit",
        "theme": "violence",
        "phrases": ["hit~ (me|you|him)", "he ... hit me", "hit me he hit"],
        "unless": ["hit me up", "want ... hit me for"],
    },
    {
        "id": "weapon.knife",
        "theme": "weapon",
        "phrases": ["knife", "got ... knife"],
        "unless": ["fork and knife ... table"],
    },
    {"id": "threat.kill", "theme": "threat", "phrases": ["kill~ (me|you)"], "never_set_aside": True},
    {"id": "fear.scared", "theme": "fear", "phrases": ["scared", "me he"], "speakers": ["caller"]},
]
SIGNS = [
    {"id": "violence", "find": "violence", "reason": "v"},
    {"id": "armed", "find": "weapon", "with": "violence", "near": 12, "reason": "a"},
]
TALLY = {
    "look_again": 1,
    "flag": 2,
    "lines": [
        {"id": "threat", "find": "threat", "points": 3, "reason": "t"},
        {"id": "weapon", "find": "weapon", "points": 2, "reason": "w"},
        {"id": "fear", "find": "fear", "points": -2, "reason": "f"},
    ],
}
THEN = [
    {"id": "violence", "if": "violence", "suggest": "C3", "reason": "v", "advice": ["scene_safety"]},
    {"id": "armed", "if": "armed", "suggest": "C2", "reason": "a"},
    {"id": "threat", "if": "tally", "find": "threat", "suggest": "C1", "reason": "t", "advice": ["police_request"]},
    {"id": "weapon", "find": "weapon", "reason": "w", "advice": ["do_not_disclose"]},
]


@cache
def evaluators() -> tuple[Evaluator, Evaluator]:
    """A ruleset with signs, a tally and idioms, and the same without signs and tally."""
    with_signs = {**HEAD, "code_system": "nhs-arp", "rules": RULES, "signs": SIGNS, "tally": TALLY, "then": THEN}
    without = {**HEAD, "id": "live-plain", "code_system": "nhs-arp", "rules": RULES}
    return Evaluator(Ruleset.model_validate(with_signs)), Evaluator(Ruleset.model_validate(without))


_WORDS = (
    *("he", "hit", "me", "you", "got", "a", "knife", "the", "and", "fork", "scared", "kill", "kills", "he hit me"),
    *(
        "did he hit you?",
        "and where are you?",
        "no",
        "yes",
        "yeah",
        "I don't know",
        "sorry",
        "what",
        "did he",
        "has he",
        "um",
        "er",
        "never",
        "didn't",
        "not",
    ),
    *(
        "it's a film",
        "on the telly",
        "used to",
        "two years ago",
        "if",
        "said he'd",
        "want",
        "for",
        "up",
        "bus",
        "table",
    ),
    *("and then I went out to the shops", "it was raining on Tuesday", "", "p.t.", "cafe\u0301"),
)
_BETWEEN = (
    *(" ",) * 10,
    *(", ", ". ", "? ", "... ", " . . ", "\n", "'s ", "-", " um ", " um... ", "?", " \u00ad", "! "),
)
texts = st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_BETWEEN)), max_size=9).map(
    lambda parts: "".join(word + mark for word, mark in parts)
)
speakers = st.sampled_from(SPEAKERS)
times = st.none() | st.integers(0, 12).map(float)
utterances = st.builds(Utterance, texts | texts.map(lambda text: f"{text}\x1e{text}"), speakers, st.none(), times)
plain_talk = st.builds(
    lambda text, speaker, count: [Utterance(text, speaker)] * count,
    st.sampled_from(
        ("so I was waiting for the bus again", "he hit me", "me he hit me he hit", "yes. and the shop?", "")
    ),
    speakers,
    st.integers(5, 40),
)
"""The same again and again, so that a call grows longer than anything reaches."""
