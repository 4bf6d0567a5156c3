"""Telephone numbers of the United Kingdom, and any with an international prefix.

Not Google's libphonenumber: it takes the ranges kept for fiction for no numbers at all, and nothing spoken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.digits import digit_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.privacy.digits import DigitRun

__all__ = ["find_telephone_numbers"]

_NATIONAL: Final = re.compile(r"0[1-35789]\d{9}")
_SHORT_NATIONAL: Final = re.compile(r"0(?:1\d{8}|800\d{6})")
_FROM_ABROAD: Final = re.compile(r"(?:00)?440?[1-35789]\d{8,9}")
_ANY_COUNTRY: Final = re.compile(r"[1-9]\d{7,14}")
_SHORTEST, _LONGEST = 8, 15


def find_telephone_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of telephone numbers, written or spoken.

    >>> list(find_telephone_numbers("Ring 07700 900123, or oh seven seven double oh nine hundred one two three."))
    [(5, 17), (22, 73)]
    """
    for run in digit_runs(text):
        for digits, first, last in run.windows(_SHORTEST, _LONGEST, begin="0"):
            if _is_number(digits, run, first, last):
                yield run.starts[first], run.ends[last]


def _is_number(digits: str, run: DigitRun, first: int, last: int) -> bool:
    whole = first == 0 and last == len(run.parts) - 1
    if _NATIONAL.fullmatch(digits) or (whole and _SHORT_NATIONAL.fullmatch(digits)):
        return True
    starts_at_plus = run.plus and first == 0
    if _FROM_ABROAD.fullmatch(digits):
        return starts_at_plus or digits.startswith("00") or whole
    return starts_at_plus and whole and _ANY_COUNTRY.fullmatch(digits) is not None
