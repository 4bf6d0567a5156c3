"""What is read again, and that it is enough, where a call is longer than anything reaches."""

from __future__ import annotations

import pytest

from tests.live_strategies import HEAD, evaluators
from triage_triggers import Call, Evaluator, Ruleset, Utterance
from triage_triggers.calls.call import Speaker  # noqa: TC001  the parameters' type
from triage_triggers.live.hearing import Hearing
from triage_triggers.live.transcript import Stretch, Transcript

PLAIN = "and then we went down to the shops to see whether the bread had come in yet"


def same_all_along(evaluator: Evaluator, said: list[Utterance], *, from_number: int = 0) -> None:
    live = evaluator.open_call("C-1")
    for number, utterance in enumerate(said, start=1):
        update = live.add(utterance)
        if number > from_number:
            assert update.assessment == evaluator.evaluate(Call("C-1", said[:number]))


@pytest.mark.parametrize("speaker", ["caller", "call_taker", "unknown"])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_phrases_that_overlap_in_a_chain_without_end(speaker: Speaker, size: int) -> None:
    """Which of "hit me he hit me he hit me …" is the longest phrase depends on where the counting began."""
    words = ["he", "hit", "me"] * 70
    segments = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
    same_all_along(evaluators()[0], [Utterance(text, speaker) for text in segments], from_number=180 // size)


def test_a_phrase_that_takes_up_all_the_words_it_may() -> None:
    rule = {"id": "r", "theme": "t", "phrases": ["one ... two ... three ... four"], "unless": ["zero ... one"]}
    evaluator = Evaluator(Ruleset.model_validate({**HEAD, "code_system": "nhs-arp", "rules": [rule]}))
    gap = ["a", "b", "c", "d"]
    words = ["bus"] * 200 + ["one", *gap, "two", *gap, "three", *gap, "four"] + ["bus"] * 60
    assert evaluator.evaluate(" ".join(words)).flagged
    same_all_along(evaluator, [Utterance(word, "caller") for word in words])


@pytest.mark.parametrize("talk", [0, 1, 30])
@pytest.mark.parametrize(
    ("speaker", "text", "replies"),
    [
        ("call_taker", "Did he hit you?", [("caller", "Yes.")]),
        ("call_taker", "Did he hit you?", [("other", "oi"), ("caller", "no")]),
        ("call_taker", "Did he hit you?", [("caller", "sorry?"), ("call_taker", "I said did he"), ("caller", "yes")]),
        ("call_taker", "Did he hit you?", [("caller", PLAIN), ("caller", "yes he did")]),
        ("unknown", "Did he hit you?", [("unknown", "no he didn't")]),
        ("unknown", "did he hit you", [("caller", "yes he did")]),
        ("unknown", "I'll hit you", [("caller", "help"), ("call_taker", "what"), ("caller", "sorry it's a film")]),
        ("other", "I'll kill you", [("caller", PLAIN), ("caller", "sorry it's"), ("caller", "a film")]),
    ],
)
def test_what_is_said_long_before_its_answer(
    speaker: Speaker, text: str, replies: list[tuple[Speaker, str]], talk: int
) -> None:
    said = [Utterance(text, speaker), *[Utterance(PLAIN, speaker)] * talk]
    said += [Utterance(reply, who) for who, reply in replies]
    said += [Utterance(PLAIN, "caller")] * 3
    same_all_along(evaluators()[0], said)


@pytest.mark.parametrize(("before", "after"), [(PLAIN, "and where are you now?"), ("and where are you now?", PLAIN)])
def test_a_turn_that_is_revised_when_its_question_was_answered_already(before: str, after: str) -> None:
    """Whether "yes" answers a turn's first question depends on whether another one follows in that turn."""
    evaluator = evaluators()[0]
    said = [Utterance("Did he hit you?", "call_taker"), *[Utterance(PLAIN, "call_taker")] * 12]
    said += [Utterance(before, "call_taker"), Utterance("yes", "caller")]
    live = evaluator.open_call("C-1")
    for utterance in said:
        live.add(utterance)
    said[13] = Utterance(after, "call_taker")
    assert live.revise(13, after).assessment == evaluator.evaluate(Call("C-1", said))


def test_a_note_and_then_a_word() -> None:
    note = Utterance(f"{PLAIN} he hit me. " * 60 + "he's got a", "unknown")
    same_all_along(evaluators()[0], [note, Utterance("knife", "unknown"), Utterance("he hit", "unknown")])


def test_the_separator_between_speakers_inside_a_text() -> None:
    said = [
        Utterance("did he hit you?\x1e", "unknown"),
        *[Utterance("er", "unknown")] * 60,
        Utterance("yes", "unknown"),
    ]
    same_all_along(evaluators()[0], said)


@pytest.mark.parametrize("speakers", [("caller",), ("unknown",), ("caller", "call_taker"), ("other", "caller")])
@pytest.mark.parametrize("text", [PLAIN, "did he hit me he hit you with a knife?", "he hit me"])
def test_how_much_is_read_again_does_not_grow(
    speakers: tuple[Speaker, ...], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    stretch = Transcript.stretch

    def measured(transcript: Transcript, offset: int) -> Stretch:
        read.append(len(transcript.utterances) - transcript.utterance_at(offset))
        return stretch(transcript, offset)

    monkeypatch.setattr(Transcript, "stretch", measured)
    hearing = Hearing(evaluators()[0])
    for number in range(200):
        hearing.add(Utterance(text, speakers[number % len(speakers)]))
        if number in {100, 199}:
            read.append(-1)
    early, late = max(read[: read.index(-1)]), max(read[read.index(-1) + 1 :])
    assert late <= early
