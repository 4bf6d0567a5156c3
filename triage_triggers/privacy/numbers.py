"""Numbers, written, said or spelt out: under which somebody can be rung up, is filed, or is known to an office.

An NHS number is ten digits, of which the last checks the others (modulo 11). A telephone number is one of the United
Kingdom, or any with an international prefix; not by Google's libphonenumber, which takes the ranges kept for fiction
for no numbers at all, and nothing spoken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ONES",
    "TEENS",
    "TENS",
    "digit_runs",
    "find_extensions",
    "find_hospital_numbers",
    "find_insurance_numbers",
    "find_nhs_numbers",
    "find_registrations",
    "find_spelt",
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

_FROM_TEN: Final = {word: str(at) for at, word in enumerate(TEENS, 10)}
_FROM_TWENTY: Final = {word: str(at) for at, word in enumerate(TENS, 2)}
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_HESITATIONS: Final = ("um", "uh", "er", "erm")
_WORDS: Final = "|".join((*DIGIT_WORDS, *_FROM_TEN, *_FROM_TWENTY, *_TIMES, *_HESITATIONS, "hundred"))
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
                yield _run(found, plus=plus)
            found, times = [], 1
            plus = text[max(0, start - 2) : start].rstrip("( ").endswith("+")
        behind = end
        if word == "hundred":
            found[-1] = (f"{found[-1][0]}00", found[-1][1], end)
        elif word not in _HESITATIONS:
            digits = (
                word if word.isdecimal() else DIGIT_WORDS.get(word) or _FROM_TEN.get(word) or _FROM_TWENTY.get(word)
            )
            _add(found, word, digits, times=times, start=start, end=end)
            times = _TIMES.get(word, 1)
    if found:
        yield _run(found, plus=plus)


def _add(found: list[tuple[str, int, int]], word: str, digits: str | None, *, times: int, start: int, end: int) -> None:
    """Add a token to a run: a multiplier as an empty part, tens with the ones behind them as one number."""
    if digits is None:
        if found and not found[-1][0]:
            found.pop()  # "double, no, triple seven"
        found.append(("", start, end))
    elif found and word in DIGIT_WORDS and digits != "0" and _ends_in_tens(found[-1]):
        found[-1] = (found[-1][0][:-1] + digits, found[-1][1], end)
    else:
        spoken_twice = found and not found[-1][0]
        start = found.pop()[1] if spoken_twice else start
        found.append(((f"{digits}0" if word in _FROM_TWENTY else digits) * times, start, end))


def _ends_in_tens(part: tuple[str, int, int]) -> bool:
    digits, start, end = part
    # "twenty" is longer than the two digits it stands for; "20" is not.
    return len(digits) == 2 and digits[1] == "0" and end - start > len("20") and digits != "00"  # noqa: PLR2004


def _run(found: list[tuple[str, int, int]], *, plus: bool) -> DigitRun:
    parts, starts, ends = zip(*found, strict=True)
    return DigitRun(plus, parts, starts, ends)


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


def find_spelt(text: str, code: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans in which the letters and digits of a code are spelt out.

    >>> text = "It's m for mother, k, one, one for the code."
    >>> [text[start:end] for start, end in find_spelt(text, re.compile(r"mk11"))]
    ['m for mother, k, one, one']
    """
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
