from __future__ import annotations

import re
from pathlib import Path

import pytest

from triage_triggers.engine import events
from triage_triggers.vocabulary import vocabulary
from triage_triggers.vocabulary.cue import SILENT, Cue
from triage_triggers.vocabulary.sense import Sense, ordinary_words, spellings
from triage_triggers.vocabulary.vocabulary import Vocabulary, load_vocabulary

ENGLISH = load_vocabulary("en")
assert ENGLISH is not None
SOURCES = [
    path.read_text(encoding="utf-8")
    for path in (*Path(str(events.__file__)).parent.rglob("*.py"), Path(str(vocabulary.__file__)))
]
NAMED = re.compile(
    r"(?:said|all_said|ends_in|length_of|find|found|somewhere|cue|begins|asks|goes_on)\("
    r'(?:[^()]|\([^()]*\))*?"([a-z-]+)"(?:, "([a-z-]+)")?(?:, [^"()]+(?:\([^()]*\))?[^"()]*)?\)'
)


def sense(name: str, **fields: object) -> Sense:
    """Return a class of words."""
    return Sense.model_validate({"name": name, **fields})


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("hit", ["hit"]),
        ("ex-wife", ["ex wife"]),
        ("b/f", ["b f"]),
        ("Won\u2019t let", ["won't let"]),
        ("slap~", ["slap", "slapped", "slapping", "slaps", "slappin"]),
        ("skelp~", ["skelp", "skelped", "skelping", "skelps", "skelpin"]),
        ("lash~ out at", ["lash out at", "lashed out at", "lashes out at", "lashing out at", "lashin out at"]),
    ],
)
def test_an_entry_is_spelled_in_all_its_forms(written: str, spelled: list[str]) -> None:
    assert [" ".join(words) for words in spellings(written, "en")] == spelled


def test_a_language_without_inflections_has_the_words_as_written() -> None:
    assert list(spellings("bij", "pl")) == [("bij",)]
    with pytest.raises(LookupError, match="write the forms out"):
        list(spellings("bij~", "pl"))
    assert ordinary_words("pl") == frozenset()


def test_a_word_stands_in_each_of_its_classes_once_in_the_order_of_the_file() -> None:
    made = Vocabulary("en", "test", (sense("one", **{"is": "verb", "words": ["hit~", "hit", "hit on"]}),))
    assert [of.name for of in made.words["hit"]] == ["one"]
    assert [entry.rest for entry in made.expressions["hit"]] == [("on",)]


def test_a_cue_is_no_word_of_anything_and_is_silent_where_a_language_has_none() -> None:
    made = Vocabulary("en", "test", (sense("soon", **{"is": "cue", "words": ["now", "right away"]}),))
    assert not made.words
    assert list(made.cue("soon").found_in(["come", "right", "away"], {"come": [0], "right": [1], "away": [2]})) == [
        (1, 3)
    ]
    assert made.cue("never") is SILENT
    assert list(SILENT.found_in(["now"], {"now": [0]})) == []


def test_a_cue_of_endings_holds_the_ends_of_words() -> None:
    assert "him".endswith(
        Vocabulary("en", "t", (sense("m", **{"is": "cue", "kind": "ending", "words": ["m"]}),)).cue("m").endings
    )


def test_an_expression_is_longer_than_its_first_word() -> None:
    cue = Cue([("back",), ("back", "off")])
    assert [cue.length_at(said, 0) for said in (["back", "off"], ["back"], ["off"])] == [2, 1, 0]


def test_every_cue_that_the_code_asks_for_is_written_and_every_one_written_is_asked_for() -> None:
    assert ENGLISH is not None
    quoted = {name for source in SOURCES for name in re.findall(r'"([a-z-]+)"', source)}
    asked = {name for source in SOURCES for found in NAMED.findall(source) for name in found if name}
    told = {cue for of in ENGLISH.predicates.values() for _, cue in of}
    assert [name for name, cue in ENGLISH._cues.items() if name not in quoted and cue not in told] == []
    assert asked - set(ENGLISH._cues) == set()
    assert len(asked) > 100


def test_regions_make_no_difference_and_an_unknown_language_has_none() -> None:
    assert load_vocabulary("en-GB") is not None
    assert load_vocabulary("xx") is None
