from __future__ import annotations

import pytest

from tests.engine.events.stage import cast_of, told
from triage_triggers.engine.events.frames.registry import find_events


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The one who kicked me is my nephew.", "the one who strike me relative"),
        ("My ex is the one who kicked me.", "the one who strike me ex_partner"),
        ("The one who kicked me has gone.", "the one who strike me unknown"),
        ("It was my nephew who kicked me.", "my nephew strike me relative"),
    ],
)
def test_the_one_who_did_it_is_whom_the_sentence_names(sentence: str, expected: str) -> None:
    cast = cast_of(sentence)
    assert [f"{told(cast, event)} {event.tie}" for event in find_events(cast)] == [expected]
