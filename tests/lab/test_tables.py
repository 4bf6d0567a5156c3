from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.labelled import observed
from triage_triggers.lab.figures import Proportion
from triage_triggers.lab.tables import clock, decimal, of, per_thousand, probability, rate, span, table, verdict

if TYPE_CHECKING:
    from triage_triggers import Evaluator


def test_numbers_are_written_as_people_read_them() -> None:
    figure = Proportion(2, 3)
    assert (rate(figure), span(figure), span(figure, per=1000)) == ("0.67", "0.21–0.94", "208–939")
    assert (decimal(1234.5, 1), decimal(2.0, 1, signed=True), decimal(0.0, 1, signed=True)) == (
        "1,234.5",
        "+2.0",
        "0.0",
    )
    assert (clock(75.2), clock(3601)) == ("1:15", "60:01")
    made = table("Rules", ["rule"], ["calls", "precision", "other"], [("weapon.knife", 1200, figure, None)])
    assert made.rows == (("weapon.knife", "1,200", "0.67", "–"),)
    assert [column.is_number for column in made.columns] == [False, True, True, True]


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
