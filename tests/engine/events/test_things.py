from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.scene import read_scene


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("My husband hit me with the poker.", {"armed"}),
        ("My son punched me and he's got a knife.", {"armed"}),
        ("My husband hit me. He smashed the telly.", {"damage"}),
        ("My ex hit me. He kicked the front door in.", {"damage"}),
        ("My husband hit me.", set()),
        ("My husband has a knife for the fish.", set()),
        ("I hit him with the poker by mistake. I broke the window.", {"armed"}),
        ("My sister smashed the window to get in.", set()),
    ],
)
def test_things_in_the_hands_of_who_may_have_done_it(said: str, does: set[str]) -> None:
    scene = read_scene(document_of(said), VOCABULARY)
    assert {event.does for event in scene.events if event.frame == "thing"} == does
