from __future__ import annotations

import math
import sys
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.labelled import LABELS
from triage_triggers.errors import MissingExtraError
from triage_triggers.lab.figures import Confusion, Proportion, Spread, fisher_exact, mcnemar_exact, plain


@given(st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_is_wilsons(counts: tuple[int, int]) -> None:
    part, whole = counts
    z, p = 1.959963984540054, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    interval = Proportion(part, whole).interval
    assert interval == pytest.approx((max(0, middle - half), min(1, middle + half)), abs=1e-9)


def test_nothing_of_nothing_is_not_known() -> None:
    figure = Proportion(0, 0)
    assert (figure.value, figure.interval, figure.per(1000)) == (None, None, None)
    assert str(figure) == "not known (0 of 0)"
    assert figure.to_dict() == {"value": None, "part": 0, "whole": 0, "low": None, "high": None}


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.booleans())))
def test_every_decided_call_is_counted_once(calls: list[tuple[str, bool]]) -> None:
    confusion = Confusion.of(calls)  # type: ignore[arg-type]
    decided = [call for call in calls if call[0] in {"positive", "negative"}]
    assert sum(confusion) == len(decided) == confusion.positives + confusion.negatives
    assert confusion.sensitivity.part + confusion.specificity.part == confusion.right.part
    assert confusion.ppv.whole + confusion.npv.whole == len(decided)
    assert confusion.ppv.part == calls.count(("positive", True))
    assert confusion.npv.part == calls.count(("negative", False))


def test_what_is_not_known_is_left_out() -> None:
    assert Proportion.of([True, False, None]) == Proportion(1, 2)
    assert Spread.of([1.0, None, 2.0, 9.0]) == Spread(3, 2.0, 7.6)


def test_figures_are_plain_data() -> None:
    nothing = {"value": None, "part": 0, "whole": 0, "low": None, "high": None}
    assert plain({"a": (Spread(1, 2.0, 2.0), Proportion(0, 0))}) == {
        "a": [{"size": 1, "median": 2.0, "ninetieth": 2.0}, nothing]
    }


def test_a_spread_of_one_and_of_none() -> None:
    assert Spread.of([]) == Spread(0, None, None)
    assert Spread.of([3.0]) == Spread(1, 3.0, 3.0)


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_exact_binomial_test(first: int, second: int) -> None:
    n, least = first + second, min(first, second)
    tail = 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n
    assert mcnemar_exact(first, second) == pytest.approx(min(1.0, tail))


def test_fisher_needs_calls_on_both_sides() -> None:
    assert fisher_exact(Proportion(1, 2), Proportion(0, 0)) is None
    assert fisher_exact(Proportion(0, 0), Proportion(1, 2)) is None
    assert fisher_exact(Proportion(3, 3), Proportion(3, 3)) == 1.0
    assert fisher_exact(Proportion(1, 10), Proportion(9, 10)) == pytest.approx(0.0011, abs=5e-5)


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[lab\]"):
        mcnemar_exact(3, 17)
