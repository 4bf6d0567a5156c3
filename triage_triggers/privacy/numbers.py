"""Numbers that are somebody's, as people write and say them: "07700 900123", "oh seven seven double oh nine hundred".

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
    "DIGIT_WORDS",
    "ONES",
    "TEENS",
    "TENS",
    "DigitRun",
    "digit_runs",
    "find_nhs_numbers",
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
_SHORTEST, _LONGEST = 8, 15


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
