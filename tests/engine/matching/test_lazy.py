from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import match_patterns, match_texts
from triage_triggers.engine.matching.lazy import MOST_TIMES, LazyMatcher
from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.engine.matching.words import vocabulary
from triage_triggers.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def made_of(patterns: list[Pattern], said: Collection[str] | None = None) -> Iterator[Pattern]:
    """The patterns with what can be made of some words, as an evaluator narrows them."""
    for pattern in patterns:
        parts = tuple(
            tuple(spelling for spelling in part if said is None or all(word in said for word in spelling.split()))
            for part in pattern.parts
        )
        if all(parts):
            yield pattern._replace(parts=parts)


@given(match_patterns, st.lists(match_texts, min_size=1, max_size=MOST_TIMES + 3))
def test_it_finds_what_a_matcher_of_everything_finds(patterns: list[Pattern], texts: list[str]) -> None:
    folded, whole = [*map(fold, texts)], Matcher(patterns)
    one_by_one, together = LazyMatcher(partial(made_of, patterns)), LazyMatcher(partial(made_of, patterns))
    expected = whole.scan_all(folded)
    assert [one_by_one.scan(text) for text in folded] == expected
    together.prepare(folded)
    assert together.scan_all(folded) == expected


def test_it_is_made_ready_a_few_times_and_then_for_all() -> None:
    asked: list[Collection[str] | None] = []
    patterns = [Pattern(0, idiom=False, parts=(("hit me",),))]

    def narrowed(said: Collection[str] | None) -> Iterator[Pattern]:
        asked.append(said)
        return made_of(patterns, said)

    lazy = LazyMatcher(narrowed)
    for number in range(MOST_TIMES + 2):
        assert not lazy.scan(f"he left{number}")
        assert not lazy.scan("he")  # no new word
    assert lazy.scan("he hit me")
    assert [None if said is None else len(said) for said in asked] == [2, 3, 4, 5, None]


@given(match_patterns, match_texts)
def test_the_words_of_whatever_is_found_are_in_the_vocabulary(patterns: list[Pattern], text: str) -> None:
    folded = fold(text)
    said = vocabulary(folded)
    for pattern in patterns:
        for spelling in pattern.parts[0]:
            if Matcher([Pattern(0, idiom=False, parts=((spelling,),))]).scan(folded):
                assert said.issuperset(spelling.split())
