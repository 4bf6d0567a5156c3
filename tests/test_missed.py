"""Who is missed, on calls made here: each call in its groups, and small groups left out."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, Utterance

if TYPE_CHECKING:
    from types import ModuleType

NOTE = [Utterance("Pt found on floor, ex-partner on scene.")]
HEARD = [Utterance("whos there", "unknown"), Utterance("my husband", "unknown")]
TOLD = [Utterance("Who's there?", "call_taker"), Utterance("My husband.", "caller")]


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    monkeypatch.delitem(sys.modules, "tools.missed", raising=False)
    return import_module("tools.missed")


def test_recall_by_group(tool: ModuleType) -> None:
    labelled = import_module("tools.rounds").Labelled

    def cases(slug: str, said: list[Utterance], label: str, flagged: list[bool]) -> list[object]:
        expect = {"setting": "current", "must_find": ["fear"]}
        metadata = {"group": slug, "expect": expect if label == "positive" else {}}
        return [
            tool.Case(labelled(Call(f"c99a-{at}", said, metadata=metadata), label, "round-99"), one)
            for at, one in enumerate(flagged)
        ]

    text = tool.missed(
        [
            *cases("note_elder", NOTE, "positive", [True, False, False, False]),
            *cases("asr_threat", HEARD, "positive", [True] * 4),
            *cases("police_threat", TOLD, "positive", [True]),
            *cases("fall", TOLD, "negative", [False, True]),
        ]
    )
    assert "All: recall 6/9 = 0.67" in text
    assert "| note | 1/4 = 0.25 (0.05–0.70) | 0.048 | – |" in text
    assert "| transcribed by machine, no speakers | 4/4 = 1.00" in text
    assert "punctuated" not in text
    assert "| elder abuse | 1/4 = 0.25" in text
    assert "| threat | 5/5 = 1.00" in text
    assert "by professionals" not in text
    assert "| fear | 6/9" in text
    assert "| round-99/c99a | 6/9 = 0.67 (0.35–0.88) | – | 1/2 = 0.50" in text
    assert "husband" not in text
