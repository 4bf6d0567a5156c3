"""A decision log on a disk, and calls to decide about, with the small ruleset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, Utterance
from triage_triggers.record import DecisionLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALLS = (
    Call(
        "C-1",
        [
            Utterance("Did he hit you?", "call_taker", 1.0, 2),
            Utterance("He’s hit me, I’m at 14 Mill Lane.", "caller", 2.5, 4.0),
        ],
        current_code="C4",
        metadata={"area": "north", "utterances": [{"confidence": 0.5}, {}]},
    ),
    Call("C-2", [Utterance("I fell on the stairs.")]),
    Call("C-3 \ud83d\ude00\udce9", [Utterance("He had his hands round my throat. \ud83d\ude00 \x00", "caller")]),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[DecisionLog]:
    with DecisionLog.open(path, text="full") as opened:
        yield opened
