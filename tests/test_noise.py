"""What is done to calls to see what noise costs: seeded, and no more than its name says."""

from __future__ import annotations

import random
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers import Call, Utterance

if TYPE_CHECKING:
    from types import ModuleType

CALL = Call(
    "N-1",
    [
        Utterance("Where's the patient, who's with you?", "call_taker"),
        Utterance("My husband, he's coming down to the house. He hit my head.", "caller"),
    ],
)


@pytest.fixture
def noise(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    monkeypatch.delitem(sys.modules, "benchmarks.noise", raising=False)
    import benchmarks.noise as module  # noqa: PLC0415  it lies beside the package, not in it

    return module


def _told(call: Call) -> Any:  # noqa: ANN401  it lies beside the package, too
    return import_module("tools.rounds").Labelled(call, "positive", "here")


def test_the_same_every_time_and_only_what_was_asked(noise: ModuleType) -> None:
    told = _told(CALL)
    noises = noise.noises([told])
    heard = {name: change(CALL) for name, change in noises.items()}
    assert heard == {name: change(CALL) for name, change in noise.noises([told]).items()}
    assert heard["as written"] == CALL
    assert {one.speaker for one in heard["speakers removed"].utterances} == {"unknown"}
    assert heard["punctuation and capitals removed"].utterances[1].text == (
        "my husband he's coming down to the house he hit my head"
    )
    scots = heard["Scots spelling, call-taker apart"].utterances
    assert scots[0] == CALL.utterances[0]
    assert scots[1].text == "Ma husband, he's comin doon tae the hoose. He hit ma heid."


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_about_the_share_of_words_that_was_asked_is_misheard(noise: ModuleType, share: float) -> None:
    text = "neck " * 4000
    heard = noise.confused(share, noise.alike([_told(Call("N-2", [Utterance("neck knack")]))]), text, random.Random(1))  # noqa: S311  no secret
    missing = 1 - heard.split().count("neck") / 4000
    assert 0.8 * share < missing < 1.1 * share
    assert "knack" in heard
    assert noise.confused(0, {}, "as it was", random.Random(1)) == "as it was"  # noqa: S311  the same


def test_words_that_sound_alike_are_one_to_a_recogniser(noise: ModuleType) -> None:
    assert noise.sound("hit") == noise.sound("head") == noise.sound("hat")
    assert noise.sound("neck") == noise.sound("knack") != noise.sound("door")
