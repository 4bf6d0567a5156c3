from __future__ import annotations

import pytest

from tests.engine.events.stage import VOCABULARY, document_of
from triage_triggers.engine.events.scene import read_scene

HARM = "T: Are you breathing alright?\nC: My husband hit me.\nT: "


def brought_out(question: str, answer: str) -> list[str]:
    """Return what an answer makes of a question about a husband who hit the caller."""
    scene = read_scene(document_of(f"{HARM}{question}\nC: {answer}"), VOCABULARY)
    return [event.does for event in scene.events if event.frame == "answer" and event.does != "here"]


@pytest.mark.parametrize(
    ("question", "answer", "does"),
    [
        ("Did he push you?", "Yes.", ["did_it"]),
        ("Did he push you?", "Mm-hm.", ["did_it"]),
        ("Did he push you?", "He got hold of my coat first.", ["did_it"]),
        ("Did he push you?", "No.", []),
        ("Did he push you?", "I asked her and she says no.", []),
        ("Did he push you?", "I couldn't say.", []),
        ("Did he push you?", "He never laid a finger on me.", []),
        ("Has he hurt you before?", "At Easter, with the door.", ["did_before", "did_it"]),
        ("Has he hurt you before?", "Not with a knife.", ["did_before", "did_it"]),
        ("Has he hurt you before?", "No, not on holiday.", ["did_before", "did_it"]),
        ("Has he hurt you before?", "No, never.", []),
        ("Has he done this before?", "Twice since Christmas.", ["did_before"]),
        ("Has this happened before?", "Every payday.", ["did_before"]),
        ("Has this happened before?", "No, never once.", []),
        ("Is this the first time?", "No.", ["did_before"]),
        ("Is this the first time?", "Yes.", []),
        ("Are you frightened of him?", "I am, aye.", ["is_afraid"]),
        ("Are you frightened of him?", "No.", []),
        ("Are there any children in the house?", "Two, asleep.", ["children_there"]),
        ("Are there any children in the house?", "No.", []),
        ("What did he hit you with?", "The poker.", ["armed", "did_it"]),
        ("Has he got a weapon?", "He has a hammer.", ["armed"]),
        ("Has he got a weapon?", "No, no knife.", []),
        ("Who did that to you?", "My husband.", ["did_it", "named"]),
        ("Who hurt you?", "It was my husband.", ["did_it", "named"]),
        ("Who's hurt?", "My husband.", ["named"]),
    ],
)
def test_an_answer_tells_what_was_asked(question: str, answer: str, does: list[str]) -> None:
    assert sorted(set(brought_out(question, answer))) == sorted(does)


def test_whoever_is_named_did_it() -> None:
    scene = read_scene(document_of("T: Did somebody hurt you?\nC: My son, he came in drunk."), VOCABULARY)
    assert {event.tie for event in scene.events if event.does == "did_it"} == {"relative"}


def test_it_happened_before_says_nothing_where_nobody_may_have_done_anything() -> None:
    scene = read_scene(document_of("C: My dad is having a fit.\nT: Has this happened before?\nC: Twice."), VOCABULARY)
    assert "did_before" not in [event.does for event in scene.events]


def test_only_the_last_question_of_a_turn_is_answered() -> None:
    assert brought_out("Did he push you? Are you bleeding?", "Yes.") == []
