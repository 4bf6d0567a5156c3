from __future__ import annotations

from random import Random

from tests.fuzz import fuzz_rulesets, fuzz_texts


def test_a_dose_of_texts() -> None:
    seen = fuzz_texts(1_000, Random().randrange(1_000_000))  # noqa: S311  others each time; a failure prints its text
    assert seen["texts"] == 1_000
    assert seen["matches"] > 100
    assert seen["findings"] > 10


def test_a_dose_of_rulesets() -> None:
    seen = fuzz_rulesets(100, Random().randrange(1_000_000))  # noqa: S311  others each time
    assert seen["rulesets"] == 100
    assert seen["used"] > 10
    assert seen["RulesetError"] > 10
