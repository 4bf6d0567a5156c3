"""The shipped vocabulary: every entry has known forms, nothing contradicts itself, every deed is told."""

from __future__ import annotations

import pytest

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.engine.events.scene import read_scene
from triage_triggers.engine.matching.document import Document
from triage_triggers.vocabulary.sense import spellings
from triage_triggers.vocabulary.vocabulary import bases, load_base, load_vocabulary


@pytest.mark.parametrize("language", bases())
def test_no_word_is_kind_and_harmful(language: str) -> None:
    vocabulary = load_vocabulary(language)
    assert vocabulary is not None
    for word, senses in vocabulary.words.items():
        assert not (any(s.does == "help" for s in senses) and any(s.harms for s in senses)), word


DEEDS = [
    (language, does, deed.example)
    for language in bases()
    for does, deed in getattr(load_base(language), "deeds", {}).items()
    if deed.example is not None
]


@pytest.mark.parametrize(("language", "does", "example"), DEEDS)
def test_every_deed_is_told_by_its_example(language: str, does: str, example: str) -> None:
    vocabulary = load_vocabulary(language)
    assert vocabulary is not None
    asked, *answer = example.split("|")
    call = Call.from_text(asked)
    if answer:
        call = Call("x", (Utterance(asked, "call_taker"), Utterance(answer[0].strip(), "caller")))
    scene = read_scene(Document(call), vocabulary)
    assert does in {event.does for event in scene.events}


def test_an_entry_stands_for_all_its_spellings() -> None:
    assert ("pistol", "whipped") in set(spellings("pistol whip~", "en"))
    assert list(spellings("Fiancé’s p.t.", "en")) == [("fiance's", "p", "t")]
    with pytest.raises(LookupError, match="no inflections of 'qwert'"):
        list(spellings("qwert~", "en"))
    with pytest.raises(LookupError, match="write the forms out"):
        list(spellings("hit~", "pl"))


def test_languages_without_a_vocabulary_have_none() -> None:
    assert load_base("pl") is None
    assert load_vocabulary("xx-YY") is None
    assert load_base("en-GB") == load_base("en")
