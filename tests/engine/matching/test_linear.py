"""However long a call, each letter of it is looked at a few times only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.engine.matching.search import PhraseSearch

if TYPE_CHECKING:
    from triage_triggers.engine.matching.search import Hits


@pytest.mark.parametrize("times", [50, 400])
def test_idioms_are_looked_for_once_per_stretch(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    searched = 0
    hits = PhraseSearch.hits

    def counted(search: PhraseSearch, folded: str, start: int = 0, end: int | None = None) -> Hits:
        nonlocal searched
        searched += (len(folded) if end is None else end) - start
        return hits(search, folded, start, end)

    monkeypatch.setattr(PhraseSearch, "hits", counted)
    matcher = Matcher([Pattern(0, False, (("hit me",),)), Pattern(0, True, (("hit me up",),))])
    text = "he hit me and he hit me up " * times
    matches = matcher.scan(text)
    assert [match.idiom is None for match in matches] == [True, False] * times
    assert searched <= 2 * len(text)


def test_the_automaton_is_given_a_slice_and_offsets_stay_exact() -> None:
    search = PhraseSearch([(0, (("hit me",),))])
    text = "hit me " * 3
    assert search.spans(text, search.hits(text, 7, 14)) == {0: [(7, 13)]}
