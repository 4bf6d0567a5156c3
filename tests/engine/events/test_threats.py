from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.scene import read_scene


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("My husband said if I leave he'll find me.", ["promise_harm"]),
        ("My ex texted next time it will be your face.", ["promise_harm"]),
        ("My husband says I'll leave this house in a coffin.", ["promise_death"]),
        ("My son hit me. He said I'd be in a box by Monday.", ["promise_death"]),
        ("The doctor said if I get worse I should ring.", []),
        ("He said if I need anything to shout.", []),
        ("I told my husband if I fall again I'll ring.", []),
        ("My husband said he will bring the car.", []),
    ],
)
def test_what_somebody_close_says_that_they_will_do(said: str, does: list[str]) -> None:
    scene = read_scene(document_of(said), VOCABULARY)
    assert [event.does for event in scene.events if event.frame == "said"] == does
