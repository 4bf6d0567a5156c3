from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.intent import intent_of
from triage_triggers.engine.events.scene import read_scene


@pytest.mark.parametrize(
    ("text", "intent", "cue"),
    [
        ("He hit me.", None, None),
        ("He hit me by accident.", "accident", "by accident"),
        ("My husband reversed over the step and hit me.", "accident", "reversed over"),
        ("He didn't know I was there, he hit me.", "accident", "didn't know i was"),
        ("It feels like someone kicked me.", "figurative", "feels like"),
        ("He kicked me at football.", "play", "football"),
        ("We were sparring and he punched me.", "play", "sparring"),
        ("T: Is he breathing?\nC: He's having a fit. He hit me.", "illness", "fit"),
        ("T: Is he breathing?\nC: He's drunk. He hit me.", "illness", "drunk"),
        ("T: Is she breathing?\nC: She's drunk. He hit her.", None, None),
        ("T: Is he breathing?\nC: He's choking, I'm hitting him.", "treatment", "choking"),
        ("I've hit his back, he's choking.", "treatment", "choking"),
        ("He had to grab me.", "treatment", "had to"),
        ("T: Is he breathing?\nC: He's fitting, I pinned him.", "treatment", "breathing"),
        ("T: Is he breathing?\nC: He's fitting, I kicked him.", None, None),
        ("He said he's going to kill me.", None, None),
    ],
)
def test_how_harm_was_meant_is_told_by_a_cue(text: str, intent: str | None, cue: str | None) -> None:
    scene = read_scene(document_of(text), VOCABULARY)
    event = [event for event in scene.events if event.frame not in {"enquiry", "answer"}][-1]
    intended = intent_of(scene.cast, event)
    if intended is None:
        assert (intent, cue) == (None, None)
        return
    said = " ".join(scene.cast.words.spelled[intended.first : intended.last])
    assert (intended.intent, said) == (intent, cue)
