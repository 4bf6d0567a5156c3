from __future__ import annotations

import pytest

from tests.engine.events.stage import cast_of, told
from triage_triggers.engine.events.frames.registry import FRAMES, find_events

EXAMPLES = [(frame.name, example.sentence, example.tells) for frame in FRAMES for example in frame.examples]
COUNTER_EXAMPLES = [(frame.name, sentence) for frame in FRAMES for sentence in frame.counter_examples]


@pytest.mark.parametrize(("name", "sentence", "tells"), EXAMPLES)
def test_of_all_frames_only_its_own_finds_an_example(name: str, sentence: str, tells: str) -> None:
    cast = cast_of(sentence)
    assert [(event.frame, told(cast, event)) for event in find_events(cast)] == [(name, tells)]


@pytest.mark.parametrize(("name", "sentence"), COUNTER_EXAMPLES)
def test_no_frame_finds_anything_in_a_counter_example(name: str, sentence: str) -> None:
    cast = cast_of(sentence)
    found = [(event.frame, told(cast, event)) for event in find_events(cast)]
    assert found == [], name


def test_each_frame_has_its_own_name_and_examples_of_both_kinds() -> None:
    assert len({frame.name for frame in FRAMES}) == len(FRAMES)
    assert all(frame.examples and frame.counter_examples for frame in FRAMES)
