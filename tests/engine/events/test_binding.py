from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.events.stage import cast_of, told
from triage_triggers.engine.events.frames.registry import find_events

LINES = (Path(__file__).parent / "tables" / "binding.txt").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split(" | ")) for line in LINES if not line.startswith("#")]


@pytest.mark.parametrize(("sentence", "expected"), ROWS)
def test_a_sentence_tells_who_did_what_to_whom(sentence: str, expected: str) -> None:
    cast = cast_of(sentence)
    found = "; ".join(f"{told(cast, event)} ({event.tie})" for event in find_events(cast))
    assert (found or "-") == expected


def test_the_table_has_a_near_miss_beside_each_harm() -> None:
    assert len(ROWS) >= 200
    assert all(harm[1] != "-" and miss[1] == "-" for harm, miss in zip(ROWS[::2], ROWS[1::2], strict=True))
