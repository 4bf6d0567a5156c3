"""Runs of digits as people write and say them: "07700 900123", "oh seven seven double oh nine hundred"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DIGIT_WORDS", "DigitRun", "digit_runs"]

_DIGITS: Final = "one two three four five six seven eight nine"
_FROM_TEN: Final = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_FROM_TWENTY: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
DIGIT_WORDS: Final = {
    **dict.fromkeys(("oh", "o", "zero", "nought", "naught"), "0"),
    **{word: str(at) for at, word in enumerate(_DIGITS.split(), 1)},
}
"""What each spoken digit stands for."""

_TEENS: Final = {word: str(at) for at, word in enumerate(_FROM_TEN.split(), 10)}
_TENS: Final = {word: str(at) for at, word in enumerate(_FROM_TWENTY.split(), 2)}
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_HESITATIONS: Final = ("um", "uh", "er", "erm")
_WORDS: Final = "|".join((*DIGIT_WORDS, *_TEENS, *_TENS, *_TIMES, *_HESITATIONS, "hundred"))
_TOKEN: Final = re.compile(rf"(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_])|\d+", re.IGNORECASE)
_GAP: Final = re.compile(r"[\s,.()\u2010-\u2015-]*")


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
            digits = word if word.isdecimal() else DIGIT_WORDS.get(word) or _TEENS.get(word) or _TENS.get(word)
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
        found.append(((f"{digits}0" if word in _TENS else digits) * times, start, end))


def _ends_in_tens(part: tuple[str, int, int]) -> bool:
    digits, start, end = part
    # "twenty" is longer than the two digits it stands for; "20" is not.
    return len(digits) == 2 and digits[1] == "0" and end - start > len("20") and digits != "00"  # noqa: PLR2004


def _run(found: list[tuple[str, int, int]], *, plus: bool) -> DigitRun:
    parts, starts, ends = zip(*found, strict=True)
    return DigitRun(plus, parts, starts, ends)
