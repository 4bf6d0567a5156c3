from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.calls.call import SPEAKERS, Call, Utterance
from triage_triggers.engine.matching.document import Document, Place
from triage_triggers.folding import TURN, fold

calls = st.lists(
    st.builds(Utterance, st.text(st.sampled_from("ab. ?\u0301\ud800")), st.sampled_from(SPEAKERS)), min_size=1
).map(lambda utterances: Call("C-1", utterances))


def test_segments_of_one_speaker_are_joined_and_two_speakers_are_not() -> None:
    document = Document(
        Call("C-1", [Utterance("He", "caller"), Utterance("hit", "caller"), Utterance("Me", "call_taker")])
    )
    assert document.raw == "He hit\x1eMe"
    assert document.folded == "he hit|me"
    assert document.place(0, 6) == Place(0, 0, 1, 3)
    assert document.place(7, 9) == Place(2, 0, 2, 2)
    assert [document.speaker_at(at) for at in (0, 3, 7)] == ["caller", "caller", "call_taker"]


def test_speakers_that_nobody_named_are_taken_for_one() -> None:
    assert TURN not in Document(Call("C-1", [Utterance("he hit"), Utterance("me")])).folded


@given(calls)
def test_every_character_is_found_again_in_its_utterance(call: Call) -> None:
    document = Document(call)
    assert document.folded == fold(document.raw)
    for number, utterance in enumerate(call.utterances):
        start = document.starts[number]
        assert document.raw[start : start + len(utterance.text)] == utterance.text
        for at in range(len(utterance.text)):
            assert document.place(start + at, start + at + 1) == Place(number, at, number, at + 1)
            assert document.utterance_at(start + at) == number
            assert document.speaker_at(start + at) == utterance.speaker


@given(calls)
def test_turns_stand_between_different_speakers(call: Call) -> None:
    document = Document(call)
    changes = [one.speaker != two.speaker for one, two in zip(call.utterances, call.utterances[1:], strict=False)]
    assert [document.folded[start - 1] == TURN for start in document.starts[1:]] == changes
    assert document.folded.count(TURN) == sum(changes)


@given(calls, st.data())
def test_words_are_counted_from_wherever_one_asks(call: Call, data: st.DataObject) -> None:
    document = Document(call)
    starts = [word.start() for word in re.finditer(r"[^ \n\r|\t\v][^ \n\r|]*", document.folded)]
    for number in data.draw(st.permutations(range(len(starts)))):
        assert document.word_at(starts[number]) == number
