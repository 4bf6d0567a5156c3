from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.scene import read_scene

HARM = "T: Are you breathing alright?\nC: My husband hit me.\nT: "


@pytest.mark.parametrize(
    ("question", "does"),
    [
        ("Where is he now?", "where_asked"),
        ("Is he still there?", "where_asked"),
        ("Has he gone out?", "where_asked"),
        ("When do you think he'll be back?", "where_asked"),
        ("Does he know that you have rung?", "knows_asked"),
        ("Can he hear you?", "knows_asked"),
        ("Has he got a knife?", "armed_asked"),
        ("Has he ever hurt you before?", "harm_asked"),
        ("Did somebody do this to you?", "somebody_asked"),
        ("Is it him that hurt you?", "harm_asked"),
        ("Is it him that rang us?", None),
        ("Is someone there with you?", "somebody_asked"),
        ("Is he in pain?", None),
        ("Is he still breathing?", None),
        ("Is he hurt?", None),
        ("Has he taken anything?", None),
        ("Does he know what day it is?", None),
        ("Are you safe?", None),
        ("Did anyone see it?", None),
    ],
)
def test_a_question_about_another_than_the_patient_is_evidence(question: str, does: str | None) -> None:
    scene = read_scene(document_of(HARM + question), VOCABULARY)
    asked = [event.does for event in scene.events if event.frame == "enquiry"]
    assert asked == ([] if does is None else [does])


@pytest.mark.parametrize("question", ["Where is she now?", "Is she still there?", "Has she gone blue?"])
def test_the_same_about_the_patient_is_none(question: str) -> None:
    scene = read_scene(document_of(f"T: Is she breathing?\nC: Yes.\nT: {question}"), VOCABULARY)
    assert [event.frame for event in scene.events] == []


def test_a_caller_who_asks_asks_nothing() -> None:
    scene = read_scene(document_of("C: Where is he?\nT: Who?"), VOCABULARY)
    assert scene.events == ()
