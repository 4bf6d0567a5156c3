from __future__ import annotations

import pytest

from triage_triggers import Evaluator, load_ruleset
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.phrases.pattern import Vocabulary
from triage_triggers.phrases.spelling import spellings_of
from triage_triggers.vocabulary.vocabulary import load_vocabulary

ENGLISH = spellings_of("en")


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("dont", {"dinnae", "divvent"}),
        ("hitting", {"hittin"}),
        ("of", {"ae", "o"}),
        ("head", {"heid", "ead"}),
    ],
)
def test_a_word_is_known_in_its_other_spellings(word: str, spelled: set[str]) -> None:
    assert spelled <= ENGLISH.of(word)


def test_a_short_word_keeps_its_g() -> None:
    assert ENGLISH.of("thing") == frozenset()


def test_no_other_spelling_is_written_for_two_words_or_is_a_word_that_is_spelled_otherwise() -> None:
    spelled = [other for others in ENGLISH.others.values() for other in others]
    assert {other for other in spelled if spelled.count(other) > 1} <= {"feart", "frit"}
    assert {other for other in spelled if other in ENGLISH.others} <= {"me"}


def test_a_language_without_a_list_has_no_other_spellings() -> None:
    assert spellings_of("pl").of("hitting") == frozenset()


def test_phrases_are_found_as_regions_spell_them() -> None:
    (segment,) = Vocabulary({}).segments_of("out of his head")
    assert ["oot" in segment[0].words, "ae" in segment[1].words, "heid" in segment[3].words] == [True] * 3


@pytest.mark.parametrize(
    "said",
    [
        "Ma man pult me doon the stairs and he's no lettin me oot. Dinnae tell him.",
        "My man pulled me down the stairs and he's not letting me out. Don't tell him.",
    ],
)
def test_who_did_what_to_whom_is_read_as_regions_spell_it(said: str) -> None:
    assessment = Evaluator(load_ruleset("uk-ambulance")).evaluate(Call("C-1", [Utterance(said, "caller")]))
    assert assessment.flagged
    assert "physical_violence.struck" in {finding.rule for finding in assessment.findings if finding.counts}


def test_a_word_that_a_class_knows_stays_as_it_is_spelled() -> None:
    vocabulary = load_vocabulary("en")
    assert vocabulary is not None
    assert (vocabulary.plain("pult"), vocabulary.plain("bairn")) == ("pulled", "bairn")
