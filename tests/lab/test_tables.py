from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.labelled import observed
from triage_triggers.lab.figures import Proportion
from triage_triggers.lab.tables import clock, decimal, of, per_thousand, probability, rate, span, verdict

if TYPE_CHECKING:
    from triage_triggers import Evaluator


def test_figures_that_are_not_known_are_a_dash() -> None:
    nothing = Proportion(0, 0)
    assert {rate(nothing), span(nothing), per_thousand(nothing), decimal(None), clock(None), probability(None)} == {"–"}
    assert of(nothing) == "0 of 0"


def test_a_small_p_is_never_nought() -> None:
    assert [probability(p) for p in (0.0, 0.0009, 0.001, 0.04999, 1.0)] == [
        "<0.001",
        "<0.001",
        "0.001",
        "0.050",
        "1.000",
    ]


def test_what_becomes_of_a_call(evaluator: Evaluator) -> None:
    calls = observed(evaluator, [("He hit me.", "none"), ("Pizza.", "none"), ("Hello.", "none")])
    assert [verdict(call) for call in calls] == ["flagged, C3 suggested", "flagged, no code", "not flagged"]
