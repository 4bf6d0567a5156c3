from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.scene import read_scene


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("My husband hit me. He's still upstairs.", True),
        ("My husband hit me. He's sat in the kitchen.", True),
        ("My husband hit me. My husband is asleep on the settee.", True),
        ("My husband hit me. I can hear him.", True),
        ("My husband hit me. He's in.", True),
        ("My husband hit me. He's banging on the door.", True),
        ("Pt 40F punched by husband last night. Husband pacing in porch and crew are in the van.", True),
        ("My husband hit me. He's in prison.", False),
        ("My husband hit me. He went to work.", False),
        ("My husband hit me. He's at his work in town.", False),
        ("My husband hit me. My sister is in the kitchen.", False),
        ("My husband is in the kitchen.", False),
    ],
)
def test_who_may_have_done_it_is_near(said: str, *, near: bool) -> None:
    scene = read_scene(document_of(said), VOCABULARY)
    assert ("here" in [event.does for event in scene.events]) is near
