from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.replay.conftest import entry
from triage_triggers import Call, CallError, Evaluator, Utterance
from triage_triggers.replay.case import Case
from triage_triggers.replay.review import Review, review_case

if TYPE_CHECKING:
    from triage_triggers.replay.case import CaseEntry

TIMED = Call("C", [Utterance("He hit me.", "caller", 1)])
UNTOLD = "can't be told: a time is missing"


def review(evaluator: Evaluator, *entries: CaseEntry) -> list[Review]:
    return list(review_case(Case("a", "A", entries, ()), lambda _: evaluator))


def test_what_was_known_before_is_kept_apart_from_what_was_said(evaluator: Evaluator, case: Case) -> None:
    first, note, second = review_case(case, lambda _: evaluator)
    assert first.known == ()
    assert [(known.theme, known.entry.call.call_id, known.temporalities) for known in note.known] == [
        ("violence", "C-1", ("past",))
    ]
    assert [(known.theme, known.times) for known in second.known] == [("violence", 1), ("fear", 1)]
    alone = evaluator.evaluate(second.entry.call)
    assert second.assessment == alone, "earlier disclosures never enter the assessment"


def test_the_moment_against_each_dispatch(evaluator: Evaluator, case: Case) -> None:
    first, _, second = review_case(case, lambda _: evaluator)
    assert [(gap.flag, gap.suggestion) for gap in first.against] == [("none", "none")]
    assert (second.unfolding.flagged, second.unfolding.suggested) == second.unfolding.steps
    assert str(second.moment(second.unfolding.suggested)) == "2025-02-01 10:00:10 UTC"
    assert [(gap.sent.code, gap.flag, gap.suggestion) for gap in second.against] == [
        ("C4", "1 min 4 s after it", "1 min 10 s after it"),
        ("C2", "6 s before it", "in the same second"),
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (entry(Call.from_text("He hit me."), "2025-01-01T10:00:00Z", ("2025-01-01T10:00:30Z", None)), UNTOLD),
        (entry(TIMED, "2025-01-01", ("2025-01-01T10:00:30Z", None)), UNTOLD),
        (entry(TIMED, "2025-01-01T10:00:00Z", ("2025-01-01", None)), UNTOLD),
        (entry(TIMED, "2025-01-01T10:00:00Z", ("2025-01-01T10:00:30Z", None)), "29 s before it"),
        (entry(TIMED, "2025-01-01T10:00:00Z", ("2025-01-01T10:00:30Z", None), kind="note"), "30 s before it"),
    ],
)
def test_what_is_missing_is_said(evaluator: Evaluator, told: CaseEntry, expected: str) -> None:
    (found,) = review(evaluator, told)
    assert found.against[0].flag == expected


def test_an_entry_with_an_unknown_code_is_named(evaluator: Evaluator) -> None:
    with pytest.raises(CallError, match="note 'N-1': this is no code of nhs-arp"):
        review(evaluator, entry(Call("N-1", (), current_code="Mary"), "2025-01-01", kind="note"))
