"""A small case, and a decision log of its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers import Call, Evaluator, Utterance
from triage_triggers.record import DecisionLog
from triage_triggers.replay.case import Case, CaseEntry, CaseOutcome, Dispatch, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def entry(call: Call, at: str, *sent: tuple[str, str | None], kind: str = "call") -> CaseEntry:
    dispatched = tuple(Dispatch.model_construct(at=parse_moment(when), code=code, remark="Sent") for when, code in sent)
    return CaseEntry(kind, parse_moment(at), call, "Crew", dispatched, "Conveyed")  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def case() -> Case:
    first = Call("C-1", [Utterance("He used to hit me.", "caller", 1, 2), Utterance("A knife?", "call_taker", 3, 4)])
    second = Call(
        "C-2",
        [
            Utterance("Did he hit you?", "call_taker", 1, 2),
            Utterance("Yes.", "caller", 3, 4.4),
            Utterance("He's got a knife.", "caller", 9, 10),
        ],
        current_code="C4",
    )
    return Case(
        "case-1",
        "A case",
        (
            entry(first, "2025-01-01T10:00:00Z", ("2025-01-01T10:01:00Z", "C4")),
            entry(Call.from_text("I'm scared.", "N-1"), "2025-01-02", kind="note"),
            entry(second, "2025-02-01T10:00:00Z", ("2025-02-01T09:59:00Z", "C4"), ("2025-02-01T10:00:10Z", "C2")),
        ),
        (CaseOutcome(at=parse_moment("2025-03-01"), remark="Closed"),),
    )


@pytest.fixture
def log(tmp_path: Path, case: Case, evaluator: Evaluator) -> Iterator[DecisionLog]:
    with DecisionLog.open(tmp_path / "decisions.db", text="full") as opened:
        recorded = opened.attach(evaluator)
        for entry in case.entries:
            recorded.evaluate(entry.call)
        yield opened
