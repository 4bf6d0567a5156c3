"""Numbers, written, said or spelt out: under which somebody can be rung up, is filed, or is known to an office.

An NHS number is ten digits, of which the last checks the others (modulo 11). A telephone number is one of the United
Kingdom, or any with an international prefix; not by Google's libphonenumber, which takes the ranges kept for fiction
for no numbers at all, and nothing spoken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ONES",
    "TEENS",
    "TENS",
    "CodeFinder",
    "digit_runs",
    "find_extensions",
    "find_hospital_numbers",
    "find_insurance_numbers",
    "find_nhs_numbers",
    "find_registrations",
    "find_telephone_numbers",
    "is_nhs_number",
]

ONES: Final = "one two three four five six seven eight nine".split()  # noqa: SIM905  legible so
TEENS: Final = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
DIGIT_WORDS: Final = {
    **dict.fromkeys(("oh", "o", "zero", "nought", "naught"), "0"),
    **{word: str(at) for at, word in enumerate(ONES, 1)},
}
"""What each spoken digit stands for."""

_FROM_TWENTY: Final = {word: str(at) for at, word in enumerate(TENS, 2)}
_SAID: Final = DIGIT_WORDS | {word: str(at) for at, word in enumerate(TEENS, 10)} | _FROM_TWENTY
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_HESITATIONS: Final = ("um", "uh", "er", "erm")
_WORDS: Final = "|".join((*_SAID, *_TIMES, *_HESITATIONS, "hundred"))
_TOKEN: Final = re.compile(rf"(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_])|\d+", re.IGNORECASE)
_GAP: Final = re.compile(r"[\s,.()\u2010-\u2015-]*")

_NHS_LENGTH: Final = 10
_MODULUS: Final = 11
_NATIONAL: Final = re.compile(r"0[1-35789]\d{9}")
_SHORT_NATIONAL: Final = re.compile(r"0(?:1\d{8}|800\d{6})")
_FROM_ABROAD: Final = re.compile(r"(?:00)?440?[1-35789]\d{8,9}")
_ANY_COUNTRY: Final = re.compile(r"[1-9]\d{7,14}")


class DigitRun(NamedTuple):
    """Digits with nothing but spaces, dashes, brackets and hesitations between; ``plus`` where a plus stands before.

    Part ``n`` is ``parts[n]``, said or written from ``starts[n]`` to ``ends[n]``.
    """

    plus: bool
    parts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def windows(self, shortest: int, longest: int, begin: str = "") -> Iterator[tuple[str, int, int]]:
        """Yield each row of whole parts with that many digits: the digits, and the first and the last part.

        ``begin`` is what a row that is not the run's first must begin with.
        """
        for first in range(len(self.parts)):
            if first and not self.parts[first].startswith(begin):
                continue
            digits = ""
            for last in range(first, len(self.parts)):
                digits += self.parts[last]
                if len(digits) > longest:
                    break
                if len(digits) >= shortest:
                    yield digits, first, last


def digit_runs(text: str) -> Iterator[DigitRun]:
    """Yield the runs of a text in order.

    >>> [(run.plus, "".join(run.parts)) for run in digit_runs("oh seven seven double oh, nine hundred, or +44 20 2")]
    [(False, '07700900'), (True, '44202')]
    """
    found: list[tuple[str, int, int]] = []
    times, behind, plus = 1, 0, False
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        word = token[0].lower()
        gap = text[behind:start]
        joined = bool(found) and _GAP.fullmatch(gap) is not None
        if joined and gap == "." and found[-1][0] == "0" and word.isdecimal():  # 0.07123456789 is no run of digits
            found, behind = [], end
            continue
        if not joined and (word in _HESITATIONS or word == "hundred"):
            continue
        if not joined:
            if found:
                yield DigitRun(plus, *zip(*found, strict=True))
            found, times = [], 1
            plus = text[max(0, start - 2) : start].rstrip("( ").endswith("+")
        behind = end
        if word == "hundred":
            found[-1] = (f"{found[-1][0]}00", found[-1][1], end)
        elif word not in _HESITATIONS:
            _add(found, word, word if word.isdecimal() else _SAID.get(word), times=times, start=start, end=end)
            times = _TIMES.get(word, 1)
    if found:
        yield DigitRun(plus, *zip(*found, strict=True))


def _add(found: list[tuple[str, int, int]], word: str, digits: str | None, *, times: int, start: int, end: int) -> None:
    """Add a token to a run: a multiplier as an empty part, tens with the ones behind them as one number."""
    if digits is None:
        if found and not found[-1][0]:
            found.pop()  # "double, no, triple seven"
        found.append(("", start, end))
    elif found and word in DIGIT_WORDS and digits != "0" and _ends_in_tens(*found[-1]):
        found[-1] = (found[-1][0][:-1] + digits, found[-1][1], end)
    else:
        if found and not found[-1][0]:
            start = found.pop()[1]  # that of the multiplier
        found.append(((f"{digits}0" if word in _FROM_TWENTY else digits) * times, start, end))


def _ends_in_tens(digits: str, start: int, end: int) -> bool:
    # "twenty" is longer than the two digits it stands for; "20" is not.
    return len(digits) == 2 and digits[1] == "0" and end - start > len("20") and digits != "00"  # noqa: PLR2004


def find_nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of NHS numbers whose check digit is right, written or spoken digit by digit.

    >>> list(find_nhs_numbers("It's 943 476 5919, not 943 476 5918."))
    [(5, 17)]
    """
    for run in digit_runs(text):
        for digits, first, last in run.windows(_NHS_LENGTH, _NHS_LENGTH):
            if is_nhs_number(digits):
                yield run.starts[first], run.ends[last]


def is_nhs_number(digits: str) -> bool:
    """Return whether ten digits are an NHS number by their check digit.

    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918")
    (True, False)
    """
    weighted = sum(int(digit) * (_NHS_LENGTH - at) for at, digit in enumerate(digits[:-1]))
    return len(set(digits)) > 1 and (weighted + int(digits[-1])) % _MODULUS == 0


def find_telephone_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of telephone numbers, written or spoken.

    >>> list(find_telephone_numbers("Ring 07700 900123, or oh seven seven double oh nine hundred one two three."))
    [(5, 17), (22, 73)]
    """
    for run in digit_runs(text):
        for digits, first, last in run.windows(8, 15, begin="0"):
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


_ALPHABET_WORDS: Final = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa"
    " quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
_ALPHABET: Final = {word: word[0] for word in _ALPHABET_WORDS.split()}
_PART: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<letter>[a-z])\s{{1,3}}(?:for|as\s{{1,3}}in)\s{{1,3}}[a-z]{{2,20}}"
    rf"|double\s{{1,3}}(?P<twice>[a-z]|{'|'.join(DIGIT_WORDS)})"
    rf"|{'|'.join((*DIGIT_WORDS, *_ALPHABET))}|[a-z]|[a-z]{{0,3}}\d[a-z\d]{{0,3}})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_SPELT_GAP: Final = re.compile(r"[\s,.-]*")
_SHORTEST: Final = 4
"""In how many parts a code must be said to count as spelt out."""


@dataclass(frozen=True, slots=True)
class CodeFinder:
    """Finds a kind of code by how it is written, in the group ``code`` where a pattern has one, and spelt out.

    >>> find, text = CodeFinder((), re.compile(r"mk11")), "It's m for mother, k, one, one for the code."
    >>> [text[start:end] for start, end in find(text)]
    ['m for mother, k, one, one']
    """

    written: tuple[re.Pattern[str], ...]
    spelt: re.Pattern[str] | None = None

    def __call__(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of such codes in a text."""
        for pattern in self.written:
            group = "code" if pattern.groupindex else 0
            yield from (match.span(group) for match in pattern.finditer(text))
        if self.spelt is not None:
            yield from _find_spelt(text, self.spelt)


def _find_spelt(text: str, code: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    parts: list[tuple[str, int, int]] = []
    behind = 0
    for token in _PART.finditer(text):
        if parts and _SPELT_GAP.fullmatch(text, behind, token.start()) is None:
            yield from _codes(parts, code)
            parts = []
        parts.append((_said(token), *token.span()))
        behind = token.end()
    yield from _codes(parts, code)


def _said(token: re.Match[str]) -> str:
    word = (token["letter"] or token["twice"] or token[0]).lower()
    # "o" is a letter here
    said = word if len(word) == 1 else DIGIT_WORDS.get(word) or _ALPHABET.get(word) or word
    return said * 2 if token["twice"] else said


def _codes(parts: list[tuple[str, int, int]], code: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of whole parts that together spell a code, the longest from each part on."""
    if len(parts) < _SHORTEST:
        return
    joined = "".join(said for said, _, _ in parts)
    firsts, lasts, at = {}, {}, 0
    for number, (said, _, _) in enumerate(parts):
        firsts[at] = number
        at += len(said)
        lasts[at] = number
    behind = 0
    for at, first in firsts.items():
        match = code.match(joined, at)
        if match and at >= behind and match.end() in lasts and lasts[match.end()] - first >= _SHORTEST - 1:
            behind = match.end()
            yield parts[first][1], parts[lasts[match.end()]][2]


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


find_registrations: Final = CodeFinder((_REGISTRATION, _SAID_TO_BE_ONE), _SPELT_REGISTRATION)
"""Car registrations; those of before 2001, and in small letters, beside a word for one."""
find_insurance_numbers: Final = CodeFinder((_WRITTEN_INSURANCE,), _SPELT_INSURANCE)
"""National Insurance numbers."""
find_hospital_numbers: Final = CodeFinder((_HOSPITAL,))
"""Numbers that are said to be a hospital's, a patient's or a clinic's."""
find_extensions: Final = CodeFinder((_EXTENSION,))
"""Telephone extensions and pagers."""
