from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.casting import read_cast
from triage_triggers.engine.events.frames.registry import find_events
from triage_triggers.engine.events.suspects import Suspects
from triage_triggers.engine.events.words import Words


@pytest.mark.parametrize(
    ("said", "suspected"),
    [
        ("My husband hit me.", ["my husband"]),
        ("He hit me.", ["he"]),
        ("I hit my husband.", []),
        ("The nurse pushed me over.", []),
        ("My husband is here.", []),
    ],
)
def test_whose_deeds_are_told_may_have_done_it(said: str, suspected: list[str]) -> None:
    cast = read_cast(Words(document_of(said), VOCABULARY))
    suspects = Suspects(cast, find_events(cast), ())
    words = cast.words.spelled
    assert [" ".join(words[one.first : one.last]) for one in cast.mentions if one in suspects] == suspected
    assert bool(suspects) is bool(suspected)
