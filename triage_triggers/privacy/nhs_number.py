"""NHS numbers: ten digits, of which the last checks the others (modulo 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.digits import digit_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_nhs_numbers", "is_nhs_number"]

LENGTH: Final = 10
_MODULUS: Final = 11


def find_nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of NHS numbers whose check digit is right, written or spoken digit by digit.

    >>> list(find_nhs_numbers("It's 943 476 5919, not 943 476 5918."))
    [(5, 17)]
    """
    for run in digit_runs(text):
        for digits, first, last in run.windows(LENGTH, LENGTH):
            if is_nhs_number(digits):
                yield run.starts[first], run.ends[last]


def is_nhs_number(digits: str) -> bool:
    """Return whether ten digits are an NHS number by their check digit.

    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918")
    (True, False)
    """
    weighted = sum(int(digit) * (LENGTH - at) for at, digit in enumerate(digits[:-1]))
    return len(set(digits)) > 1 and (weighted + int(digits[-1])) % _MODULUS == 0
