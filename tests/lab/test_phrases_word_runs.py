from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from tests.lab.labelled import labelled_calls, observed
from triage_triggers import Call, Evaluator, Utterance
from triage_triggers.folding import fold_phrase
from triage_triggers.lab.figures import Proportion
from triage_triggers.lab.observation import observe
from triage_triggers.lab.phrases import LONGEST_RUN, SHORTEST_RUN, suggest_word_runs

if TYPE_CHECKING:
    from triage_triggers.lab.labels import Label


def test_what_missed_calls_share_comes_first_with_its_cost(evaluator: Evaluator) -> None:
    found = suggest_word_runs(
        observed(
            evaluator,
            [
                ("I'm walking on eggshells, walking on eggshells here.", "positive"),
                ("It's WALKING on, um, eggshells with him.", "positive"),
                ("I am walking on eggshells with this hip.", "negative"),
                ("My hip hurts.", "negative"),
                ("He hit me. Walking on eggshells.", "positive"),
                ("Walking on eggshells.", "ignored"),
            ],
        )
    )
    assert (found.wrong, found.right) == (2, 2)
    assert found.runs[0][:3] == ("walking on eggshells", Proportion(2, 2), Proportion(1, 2))
    assert found.runs[0].length == 3
    assert [run.words for run in found.runs] == ["walking on eggshells"], "shorter ones say the same"


def test_what_false_alarms_share_overlaps_the_finding_and_goes_beyond_it(evaluator: Evaluator) -> None:
    found = suggest_word_runs(
        observed(
            evaluator,
            [
                ("The ball hit me at five a side today.", "negative"),
                ("A door hit me at five o'clock today.", "negative"),
                ("My husband hit me today.", "positive"),
            ],
        ),
        "false-alarms",
    )
    assert [run.words for run in found.runs] == ["hit me at five"]
    assert found.runs[0].right == Proportion(0, 1)


def test_one_call_is_no_pattern_unless_it_is_asked_for(evaluator: Evaluator) -> None:
    calls = observed(evaluator, [("Mister Quillfeather did it.", "positive"), ("Hello.", "negative")])
    assert suggest_word_runs(calls).runs == ()
    assert suggest_word_runs(calls, least_calls=1).runs[0].words == "mister quillfeather did it"


@pytest.mark.parametrize("text", ["ring 07700 900123 please", "at 14 Larkmoor Court", "²³ years"])
def test_no_run_has_a_digit(evaluator: Evaluator, text: str) -> None:
    found = suggest_word_runs(observed(evaluator, [(text, "positive"), ("Hello.", "negative")]), least_calls=1)
    assert not any(any(map(str.isnumeric, run.words)) for run in found.runs)


def test_no_run_crosses_a_sentence_or_a_speaker_and_the_call_taker_is_left_out(evaluator: Evaluator) -> None:
    call = Call(
        "C-1",
        [
            Utterance("Where are you? At home. P.t. says so", "caller"),
            Utterance("tell me exactly", "call_taker"),
            Utterance("he laughed", "caller"),
        ],
    )
    observations = [observe(evaluator, call, "positive"), observe(evaluator, Call.from_text("Hi there."), "negative")]
    runs = {run.words for run in suggest_word_runs(observations, least_calls=1).runs}
    assert runs == {"where are you", "at home", "p t", "says so", "he laughed"}
    asked = suggest_word_runs(observations, least_calls=1, speakers=frozenset({"call_taker"}))
    assert [run.words for run in asked.runs] == ["tell me exactly"]


def test_a_call_without_utterances_has_no_runs(evaluator: Evaluator) -> None:
    assert suggest_word_runs([observe(evaluator, Call("C-1", []), "positive")], least_calls=1).weighed == 0


def test_words_are_data_only_if_asked_for(evaluator: Evaluator) -> None:
    calls = observed(evaluator, [("on eggshells", "positive"), ("Hello.", "negative")])
    (run,) = suggest_word_runs(calls, least_calls=1).runs
    assert "words" not in run.to_dict(with_text=False)
    assert run.to_dict(with_text=True)["words"] == "on eggshells"


@settings(max_examples=50)
@given(labelled_calls)
def test_counts_are_of_calls_that_hold_the_run(evaluator: Evaluator, calls: list[tuple[Call, Label]]) -> None:
    observations = [observe(evaluator, call, label) for call, label in calls]
    found = suggest_word_runs(observations, least_calls=1)
    missed = [item for item in observations if item.is_missed]
    assert found.wrong == len(missed)
    for run in found.runs:
        assert SHORTEST_RUN <= run.length <= LONGEST_RUN
        assert run.strength > 0
        texts = [fold_phrase(" ".join(u.text for u in item.call.utterances)) for item in missed]
        assert run.wrong.part <= sum(run.words in text for text in texts)
