"""Generated calls and rulesets to time: the same for everyone, from a seed, with nobody's words in them."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers import Call, Ruleset, Utterance, load_ruleset
from triage_triggers.lint.literals import ways_to_say
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.calls.call import Speaker

__all__ = [
    "CASES",
    "Case",
    "archive",
    "emergency_calls",
    "literal_ruleset",
    "ordinary_calls",
    "ruleset",
    "shipped_phrases",
]

_ORDINARY: Final = (
    "I went to the shops this morning and it was raining again.",
    "They moved the bus stop to the other side of the park.",
    "We had the boiler looked at on Tuesday, um, and it works now.",
    "My daughter's school is closed on Friday, isn't it?",
    "Well, I never liked that road, uh, it's too narrow.",
    "You could plant the beans a bit later this year.",
    "He's painting the fence, and she's making the tea.",
    "I don't know what they were thinking when they built that.",
)
_EMERGENCY: Final = (
    "My husband's hit me and I can't get up.",
    "Has he got a knife?",
    "No, he hasn't got a knife.",
    "Yeah.",
    "I can't breathe, he strangled me.",
    "Where are you now?",
    "I'm in the kitchen, please hurry.",
    "He used to hit me but it's got worse.",
    "If he comes back he'll kill me.",
    "Stay on the line with me, help is being arranged.",
    "It's the house with the green door, flat two.",
    "She's holding a towel on it, it won't stop bleeding.",
)
_OFTEN_SAID: Final = (
    "a knife",
    "got a knife",
    "hit me",
    "hitting me",
    "kill me",
    "my husband",
    "my boyfriend",
    "my wife",
    "a gun",
    "has a gun",
    "hurt me",
    "strangled me",
    "scared",
    "get out",
    "she is pregnant",
)
_CONTRACTED: Final = re.compile(
    r"\b(?:i|you|he|she|it|we|they|that|there|what|where|who|how|[a-z]+n)(?:d|ll|m|re|s|t|ve)\b"
)
_SYLLABLES: Final = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")


class Case(NamedTuple):
    """A benchmark case: its calls, how many findings they hold under ``ruleset(phrases)``, and how many count."""

    name: str
    emergency: bool
    phrases: int
    findings: int
    counted: int

    def calls(self) -> list[Call]:
        """Return the calls of the case."""
        return list(emergency_calls(200) if self.emergency else ordinary_calls(200))


CASES: Final = (
    Case("ordinary talk, 300 phrases", emergency=False, phrases=300, findings=0, counted=0),
    Case("ordinary talk, 20,000 phrases", emergency=False, phrases=20_000, findings=0, counted=0),
    Case("emergency calls, 300 phrases", emergency=True, phrases=300, findings=1_192, counted=873),
    Case("emergency calls, 20,000 phrases", emergency=True, phrases=20_000, findings=1_192, counted=873),
)


def ordinary_calls(number: int, seed: int = 1, *, turns: int = 80) -> Iterator[Call]:
    """Yield conversations of about 50 characters a turn in which nothing is the matter."""
    source = random.Random(seed)  # noqa: S311  repeatable, not secret
    for index in range(number):
        lines = source.choices(_ORDINARY, k=turns)
        yield Call(f"O-{index}", [Utterance(line, ("caller", "other")[turn % 2]) for turn, line in enumerate(lines)])


def emergency_calls(number: int, seed: int = 2, *, turns: int = 80) -> Iterator[Call]:
    """Yield calls of about 50 characters a turn with one line of harm, question or answer in eight."""
    source = random.Random(seed)  # noqa: S311
    for index in range(number):
        lines = [source.choice(_EMERGENCY if source.random() < 1 / 8 else _ORDINARY) for _ in range(turns)]
        speakers: tuple[Speaker, Speaker] = ("caller", "call_taker")
        yield Call(f"E-{index}", [Utterance(line, speakers[turn % 2]) for turn, line in enumerate(lines)])


def archive(number: int, *, turns: int = 80) -> Iterator[Call]:
    """Yield ``number`` calls, emergencies and ordinary talk by turns, each with a current code."""
    kinds = (emergency_calls(number - number // 2, turns=turns), ordinary_calls(number // 2, turns=turns))
    for index in range(number):
        call = next(kinds[index % 2])
        yield Call(call.call_id, call.utterances, current_code=("C2", "C3", "C4")[index % 3])


def ruleset(phrases: int) -> Ruleset:
    """Return a ruleset of a few real rules, filled up to ``phrases`` literal phrases with words that never occur."""
    source = random.Random(phrases)  # noqa: S311
    filler: set[str] = set()
    while len(filler) < phrases:
        words = ("".join(source.choices(_SYLLABLES, k=source.randint(2, 4))) for _ in range(source.randint(1, 4)))
        filler.add(" ".join(words))
    rules: list[dict[str, object]] = [
        {"id": "bench.hit", "theme": "physical_violence", "phrases": ["(hit~|punch~) (me|her|him)"]},
        {"id": "bench.strangled", "theme": "strangulation", "phrases": ["strangle~ (me|her|him)"]},
        {"id": "bench.knife", "theme": "weapon", "phrases": ["a knife"]},
        {"id": "bench.kill", "theme": "threat_to_kill", "phrases": ["kill (me|her|him)"]},
        {"id": "bench.husband", "theme": "relationship", "phrases": ["my (husband|wife|partner)"]},
    ]
    return _ruleset([*rules, *_rules_of(sorted(filler), ("other",))])


def literal_ruleset(phrases: Iterable[str]) -> Ruleset:
    """Return a ruleset of these literal phrases, in rules of a thousand on five themes."""
    themes = ("physical_violence", "strangulation", "weapon", "threat_to_kill", "relationship")
    return _ruleset(_rules_of(list(phrases), themes))


def shipped_phrases(number: int, seed: int = 3) -> list[str]:
    """Return literal phrases of the shipped ruleset, some that are often said first and the rest at random.

    Phrases with an apostrophe, and gapped ones, are left out: what other matchers find must be comparable.
    """
    said = (
        way
        for rule in compile_ruleset(load_ruleset("uk-ambulance"))
        for phrase in rule.phrases
        if len(phrase.segments) == 1
        for way in ways_to_say(phrase.segments[0])
    )
    known = sorted({phrase for phrase in said if phrase.isascii() and not _CONTRACTED.search(phrase)})
    random.Random(seed).shuffle(known)  # noqa: S311
    return list(dict.fromkeys([*_OFTEN_SAID, *known]))[:number]


def _rules_of(phrases: list[str], themes: tuple[str, ...]) -> list[dict[str, object]]:
    size = max(1, min(1_000, -(-len(phrases) // len(themes))))
    return [
        {"id": f"bench.{start}", "theme": themes[start // size % len(themes)], "phrases": phrases[start : start + size]}
        for start in range(0, len(phrases), size)
    ]


def _ruleset(rules: list[dict[str, object]]) -> Ruleset:
    return Ruleset.model_validate(
        {
            "format": 1,
            "id": "benchmark",
            "version": "1.0.0",
            "title": "Benchmark",
            "language": "en",
            "status": "draft",
            "code_system": "nhs-arp",
            "rules": rules,
            "signs": [
                {"id": "strangled", "find": "strangulation", "reason": "A benchmark's reason."},
                {
                    "id": "hit-by-partner",
                    "find": "physical_violence",
                    "with": "relationship",
                    "reason": "A benchmark's reason.",
                },
            ],
            "then": [
                {
                    "id": "strangled",
                    "if": "strangled",
                    "suggest": "C2",
                    "advice": ["safeguarding_adult"],
                    "reason": "A benchmark's reason.",
                },
                {"id": "hit", "if": "hit-by-partner", "suggest": "C3", "reason": "A benchmark's reason."},
            ],
        }
    )
