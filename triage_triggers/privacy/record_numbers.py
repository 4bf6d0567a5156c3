"""Numbers under which somebody is filed: of a car, of National Insurance, of a hospital; and telephone extensions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.numbers import DIGIT_WORDS
from triage_triggers.privacy.spelling import find_spelt

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_extensions", "find_hospital_numbers", "find_insurance_numbers", "find_registrations"]

_CURRENT: Final = r"[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}\s?[A-HJ-PR-Z]{3}"
_EARLIER: Final = (
    r"(?:[A-HJ-NPR-TV-Y]\d{1,3}\s?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3}\s?\d{1,3}[A-HJ-NPR-TV-Y]?|[A-Z]{1,3}\s?\d{3,4})"
)
_REGISTRATION: Final = re.compile(rf"(?<![^\W_]){_CURRENT}(?![^\W_])", re.ASCII)
_SAID_TO_BE_ONE: Final = re.compile(
    rf"\b(?:reg(?:istration)?|number\s?plate|plate|car|van)\b[^.!?;\d]{{0,25}}?"
    rf"\b(?P<code>{_CURRENT}|{_EARLIER})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_SPELT_REGISTRATION: Final = re.compile(r"[a-hj-pr-y]{2}\d{2}[a-hj-pr-z]{3}")
_PREFIX: Final = "(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_WRITTEN_INSURANCE: Final = re.compile(
    rf"(?<![^\W_]){_PREFIX}[\s-]?\d\d[\s-]?\d\d[\s-]?\d\d[\s-]?[A-D](?![^\W_])", re.IGNORECASE | re.ASCII
)
_SPELT_INSURANCE: Final = re.compile(rf"{_PREFIX}\d{{6}}[A-D]", re.IGNORECASE | re.ASCII)
_DIGIT: Final = rf"(?:\d|(?:{'|'.join(DIGIT_WORDS)})(?![^\W_]))"
_HOSPITAL: Final = re.compile(
    r"\b(?:hospital|patient|unit|clinic|casenote|case\snote|MRN|CHI|PID|district)\s?(?:number|no\.?|id|ref(?:erence)?|#)?"
    rf"\s?(?:is|was|of|:)?[\s:#]{{0,3}}"
    rf"(?P<code>[A-Z]{{0,3}}[\s-]?{_DIGIT}(?:[\s/-]?\s?{_DIGIT}){{4,14}}[A-Z]?)(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_EXTENSION: Final = re.compile(
    rf"\b(?:ext(?:ension)?\.?|bleep|pager)\s?(?:number|no\.?)?[\s:]{{0,3}}"
    rf"(?P<code>{_DIGIT}(?:[\s-]?\s?{_DIGIT}){{1,6}})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)


def find_registrations(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of car registrations; those of before 2001, and in small letters, beside a word for one.

    >>> text = "AB12 CDE, his reg is p123 abc, and alpha bravo one two charlie delta echo"
    >>> sorted(text[start:end] for start, end in find_registrations(text))
    ['AB12 CDE', 'alpha bravo one two charlie delta echo', 'p123 abc']
    """
    yield from (match.span() for match in _REGISTRATION.finditer(text))
    yield from (match.span("code") for match in _SAID_TO_BE_ONE.finditer(text))
    yield from find_spelt(text, _SPELT_REGISTRATION)


def find_insurance_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of National Insurance numbers, written or spelt out.

    >>> text = "QQ 12 34 56 C is nobody's, AB 12 34 56 C may be somebody's"
    >>> [text[start:end] for start, end in find_insurance_numbers(text)]
    ['AB 12 34 56 C']
    """
    yield from (match.span() for match in _WRITTEN_INSURANCE.finditer(text))
    yield from find_spelt(text, _SPELT_INSURANCE)


def find_hospital_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of numbers that are said to be a hospital's, a patient's or a clinic's.

    >>> text = "hospital number RX1234567, MRN: 44 55 667, ward 12, patient 3 of 5"
    >>> [text[start:end] for start, end in find_hospital_numbers(text)]
    ['RX1234567', '44 55 667']
    """
    yield from (match.span("code") for match in _HOSPITAL.finditer(text))


def find_extensions(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of telephone extensions and pagers.

    >>> text = "extension 4521, ext. two one oh, bleep 1234"
    >>> [text[start:end] for start, end in find_extensions(text)]
    ['4521', 'two one oh', '1234']
    """
    yield from (match.span("code") for match in _EXTENSION.finditer(text))
