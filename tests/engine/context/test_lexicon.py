from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest

from triage_triggers.engine.context.cues import Found
from triage_triggers.engine.context.lexicon import POLARITY, TIME, Reach, load_lexicon
from triage_triggers.errors import RulesetNotFoundError

LEXICON = load_lexicon("en")


def test_a_regional_language_uses_the_language() -> None:
    assert load_lexicon("en-GB").digest == LEXICON.digest


@pytest.mark.parametrize("language", ["cy", "../en", "", "EN"])
def test_an_unknown_language_is_refused(language: str) -> None:
    with pytest.raises(RulesetNotFoundError, match=r"no cue lexicon for the language .*: en, pl$|did you mean en"):
        load_lexicon(language)


def test_version_and_digest_are_those_of_the_file() -> None:
    content = (files("triage_triggers.engine.context") / "lexicons" / "en.yaml").read_bytes()
    assert LEXICON.digest == hashlib.sha256(content).hexdigest()
    assert LEXICON.version.startswith("en/")


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        ("he didn't hit", [("negation", 1, 2)]),
        ("he didnt hit", [("negation", 1, 2)]),
        ("he never ever hit", [("negation", 1, 3)]),  # the longest, once
        ("no evidence of dv", [("absence", 0, 3)]),
        ("he won't stop it", [("affirming", 1, 3)]),
        ("no no he hit", [("determiner", 0, 1), ("determiner", 1, 2)]),
        ("hello there", []),
    ],
)
def test_cues_of_polarity_are_found_longest_first(spoken: str, found: list[Found]) -> None:
    words = spoken.split()
    assert LEXICON.polarity.find(words, 0, len(words)) == found


def test_cues_are_found_within_bounds_only() -> None:
    words = ["no", "evidence", "of", "dv"]
    assert LEXICON.polarity.find(words, 0, 1) == [Found("determiner", 0, 1)]
    assert LEXICON.polarity.find(words, 1, 4) == []
    assert LEXICON.polarity.at(words, 0) == Found("absence", 0, 3)
    assert LEXICON.polarity.at(words, 3) is None
    assert LEXICON.polarity.at(words, 4) is None


def test_leaving_out_an_apostrophe_makes_no_other_word() -> None:
    assert "hes" in LEXICON.words.subjects
    assert "he'll" in LEXICON.words.subjects
    assert LEXICON.words.subjects.isdisjoint({"hell", "shell", "ill", "well", "were", "wed", "id"})


@pytest.mark.parametrize("kind", [*POLARITY, *TIME, "answer_yes", "answer_no", "answer_unknown", "fiction"])
def test_cues_are_words_as_the_engine_reads_them(kind: str) -> None:
    cues = getattr(LEXICON.words, kind)
    assert cues
    for cue in cues:
        assert all(word == word.lower() and word.split() == [word] for word in cue), cue
        assert cue


@pytest.mark.parametrize("wrong", [{"past": "0"}, {"past": "many"}, {"past": None}, {"tomorrow": "3"}])
def test_a_reach_is_a_number_of_words_for_each_class_and_no_other(wrong: dict[str, str | None]) -> None:
    right = {name: str(value) for name, value in LEXICON.words.reach.model_dump().items()}
    assert Reach.model_validate(right) == LEXICON.words.reach
    changed = {name: value for name, value in (right | wrong).items() if value is not None}
    with pytest.raises(ValueError, match=r"reach|past|tomorrow"):
        Reach.model_validate(changed)
