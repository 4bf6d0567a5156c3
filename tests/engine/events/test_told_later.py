from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.scene import read_scene


@pytest.mark.parametrize(
    ("talk", "tie"),
    [
        ("C: I've been stabbed. It was my uncle.", "relative"),
        ("C: She's been strangled, it was her husband.", "partner"),
        ("C: I've been stabbed.\nT: Who by?\nC: My wife.", "partner"),
        ("C: I've been stabbed. It was my uncle who found me.", "nobody"),
        ("C: I've been stabbed. My uncle is here.", "nobody"),
    ],
)
def test_whose_deed_it_was_may_be_told_behind(talk: str, tie: str) -> None:
    events = read_scene(document_of(talk), VOCABULARY).events
    assert [event.tie for event in events if event.frame == "passive"] == [tie]
