from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.events.stage import VOCABULARY, cast_of, document_of, told
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.engine.events.frames.registry import FRAMES, find_events
from triage_triggers.engine.events.intent import intent_of
from triage_triggers.engine.events.scene import Scene, by_whom, read_scene
from triage_triggers.engine.events.words import SENTENCE
from triage_triggers.engine.matching.document import Document

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event

HARMS = [example.sentence for frame in FRAMES for example in frame.examples]
WORDS = sorted(
    {word for sentence in HARMS for word in sentence.split()} | {"who", "is", "that", "my", "husband", "Kev", "."}
)
STRANGE = st.text(max_size=80)
TALK = st.lists(st.sampled_from([*WORDS, ",", "?", "!", "'s", "her", "their", "our", "no one"]), max_size=30).map(
    " ".join
)
SPEAKERS = st.sampled_from(["caller", "call_taker", "other", "unknown"])
CALLS = st.lists(st.builds(Utterance, text=TALK | STRANGE, speaker=SPEAKERS), max_size=6)


def deeds(scene: Scene) -> list[Event]:
    """Return the events that frames found."""
    return [
        event for event in scene.events if event.frame not in {"enquiry", "answer", "note", "presence", "said", "thing"}
    ]


@given(CALLS)
@settings(deadline=None, max_examples=300)
def test_no_text_crashes_it_and_no_event_crosses_a_sentence(said: list[Utterance]) -> None:
    document = Document(Call("C-1", tuple(said)))
    scene = read_scene(document, VOCABULARY)
    words, cast = scene.cast.words, scene.cast
    members = scene.members()
    for event in scene.events:
        assert 0 <= event.first < event.last <= len(words)
        by_whom(cast, event)
        scene.participant(event.agent)
        scene.participant(event.patient)
        assert scene.own_words(event) <= {word.replace("'", "") for word in words.spelled[event.first : event.last]}
        for mention in (event.agent, event.patient):
            assert mention is None or mention.person is None or mention.person + 1 in {one.person for one in members}
    for event in deeds(scene):
        assert event.first <= event.verb < event.last
        assert all(words.breaks[at] < SENTENCE for at in range(event.first + 1, event.last))
        intent_of(cast, event)


@pytest.mark.parametrize("sentence", HARMS)
def test_spans_cut_the_words_they_name(sentence: str) -> None:
    document = document_of(sentence)
    scene = read_scene(document, VOCABULARY)
    event = deeds(scene)[0]
    for mention in (event.agent, event.patient):
        found = scene.participant(mention)
        if mention is not None and found is not None and found.start is not None:
            said = " ".join(scene.cast.words.spelled[mention.first : mention.last])
            assert document.raw[found.start : found.end].lower() == said


@pytest.mark.parametrize("sentence", HARMS)
def test_every_clause_tells_the_same_in_capitals_of_a_sentence_of_its_own_and_behind_another(sentence: str) -> None:
    alone = [told(cast, event) for cast in [cast_of(sentence)] for event in find_events(cast)]
    cast = cast_of(f"It was raining. {sentence[0].upper()}{sentence[1:]}. It was cold.")
    assert [told(cast, event) for event in find_events(cast)] == alone


@given(names=st.lists(st.from_regex(r"[BDFGKZ][oaiu]q[lrn]ux", fullmatch=True), min_size=2, max_size=2, unique=True))
@settings(deadline=None)
def test_renaming_everybody_changes_no_event(names: list[str]) -> None:
    text = "Then {} hit {}. {}'s my husband. So {} was kicked by {}."

    def read(one: str, other: str) -> list[tuple[str, str, int | None, int | None]]:
        cast = cast_of(text.format(one, other, one, other, one))
        people = [(event.agent, event.patient) for event in find_events(cast)]
        kinds = [(event.does, event.tie) for event in find_events(cast)]
        return [
            (*kind, agent and agent.person, patient and patient.person)
            for kind, (agent, patient) in zip(kinds, people, strict=True)
        ]

    assert read(*names) == read("Kev", "Shaz")
    assert len(read(*names)) == 2


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("He hit me.", "he_or_she"),
        ("They hit me.", "they"),
        ("Somebody hit me.", "unknown"),
        ("My husband hit me.", "partner"),
        ("A stranger hit me.", "stranger"),
        ("I hit my husband.", "caller"),
        ("T: Is he breathing?\nC: He hit me.", "patient"),
        ("She was attacked.", None),
    ],
)
def test_whose_deed_it_is_says_how_little_is_known(text: str, by: str | None) -> None:
    scene = read_scene(document_of(text), VOCABULARY)
    assert by_whom(scene.cast, deeds(scene)[0]) == by


def test_who_did_it_answered_by_somebody_close_is_an_event_of_its_own() -> None:
    scene = read_scene(document_of("C: He hit me.\nT: Who did that?\nC: My husband."), VOCABULARY)
    told = [(event.does, event.tie) for event in scene.events]
    assert told == [("strike", "partner"), ("did_it", "partner"), ("named", "partner")]


def test_a_note_says_that_it_is_one() -> None:
    scene = read_scene(document_of("pt found on floor at home by son and taken to bed with no injury"), VOCABULARY)
    assert [event.does for event in scene.events] == ["note"]


def test_reading_takes_time_in_proportion_to_length() -> None:
    def seconds(size: int) -> float:
        document = Document(Call.from_text("he hit me and " * (size // 14)))
        start = time.process_time()
        scene = read_scene(document, VOCABULARY)
        for event in scene.events:
            intent_of(scene.cast, event)
            scene.own_words(event)
        return time.process_time() - start

    small = min(seconds(125_000) for _ in range(2))
    assert seconds(1_000_000) < 12 * small
