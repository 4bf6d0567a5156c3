"""Dates of birth: any date beside a word for birth, and any full date before 2015."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.numbers import ONES, TEENS, TENS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_birth_dates"]

FIRST_YEAR_OF_NO_BIRTH: Final = 2015
"""From this year on a date needs a word for birth beside it: most dates of late are those of calls and events."""

_CUE: Final = r"(?:d\.?o\.?b\b\.?|birth|\bborn\b|\bbday\b)"
# A question mark may stand between: "What's your date of birth?" – "Third of May, eighty-six."
_CUE_BEFORE: Final = re.compile(rf"{_CUE}[^.!;]{{0,40}}$", re.IGNORECASE)
_CUE_BEHIND: Final = re.compile(rf"[^.!?;]{{0,25}}?{_CUE}", re.IGNORECASE)
_REACH: Final = 60
_FIRST_TO_THIRTIETH: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
)
_ORDINALS: Final = _FIRST_TO_THIRTIETH.split()
_DAY_WORD: Final = rf"(?:(?:twenty|thirty)[ -](?:{'|'.join(_ORDINALS[:9])})|{'|'.join(reversed(_ORDINALS))})"
_DAY: Final = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?|{_DAY_WORD})"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_TWO_SPOKEN: Final = (
    rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(ONES)}))?|{'|'.join(TEENS)}|(?:oh|o)[ -](?:{'|'.join(ONES)}))"
)
_YEAR: Final = (
    rf"(?P<year>(?:18|19|20)\d\d|nineteen[ -](?:hundred(?: and)?[ -])?{_TWO_SPOKEN}"
    rf"|two thousand(?:(?: and)? (?:{'|'.join((*ONES, *TEENS))}))?|twenty[ -]{_TWO_SPOKEN})"
)
_SHORT_YEAR: Final = rf"(?P<short>['’]?\d\d|{_TWO_SPOKEN})"
_ANY_YEAR: Final = rf"(?:{_YEAR}|{_SHORT_YEAR})"
_MONTH_NUMBER: Final = r"(?:0?[1-9]|1[0-2])"
_FORMS: Final = tuple(
    re.compile(rf"(?<![\w/.-]){form}(?![\w/]|[.-]\d)", re.IGNORECASE)
    for form in (
        rf"(?:0?[1-9]|[12]\d|3[01])(?P<by>\s?[/.-]\s?|\s){_MONTH_NUMBER}(?P=by){_ANY_YEAR}",
        rf"{_YEAR}(?P<by>[/.-]){_MONTH_NUMBER}(?P=by)(?:0?[1-9]|[12]\d|3[01])(?:T[\d:.]+Z?)?",
        rf"{_DAY}\s{{1,3}}(?:day\s{{1,3}})?(?:of\s{{1,3}})?{_MONTH}(?:,?\s{{1,3}}(?:of\s{{1,3}})?{_ANY_YEAR})?",
        rf"{_MONTH}\s{{1,3}}(?:the\s{{1,3}})?{_DAY}(?:,?\s{{1,3}}{_ANY_YEAR})?",
        rf"{_DAY_WORD}\s{{1,3}}of\s{{1,3}}(?:the\s{{1,3}})?{_DAY_WORD}(?:,?\s{{1,3}}(?:of\s{{1,3}})?{_ANY_YEAR})?",
    )
)
_HINT: Final = re.compile(rf"\d\d?\s?[/.-]\s?\d|\d\d? \d\d? \d|(?<!\w){_DAY}\s|(?<!\w){_MONTH}\s", re.IGNORECASE)


def find_birth_dates(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of dates of birth; years may be short, and left out, beside a word for birth.

    >>> list(find_birth_dates("DOB 3/5/86. Fell on 3/5/2025, first seen on 9 May 1986."))
    [(4, 10), (44, 54)]
    """
    if _HINT.search(text) is None:  # most texts hold no part of a date
        return
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if (
                _is_long_ago(match["year"])
                or _CUE_BEFORE.search(text[max(0, start - _REACH) : start])
                or _CUE_BEHIND.match(text[end : end + _REACH])
            ):
                yield start, end


def _is_long_ago(year: str | None) -> bool:
    if year is None:
        return False
    if year.isdecimal():
        return int(year) < FIRST_YEAR_OF_NO_BIRTH
    words = year.lower().replace("-", " ").split()
    if words[0] == "nineteen":
        return True
    if words[:2] == ["two", "thousand"]:
        return True  # nobody says "two thousand and twenty-four" for short; the rest is below 2020
    return words[1] in {"oh", "o", "ten", "eleven", "twelve", "thirteen", "fourteen"}
