"""Street addresses: a number, a name and a word for a street; or a name in capitals and such a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_street_addresses"]

_STREET_WORDS: Final = (
    "street st road rd lane avenue ave drive close crescent court place terrace grove way gardens square hill mews row"
    " walk rise view park parade green wharf vale yard fold croft mount esplanade promenade boulevard"
)
_STREETS: Final = _STREET_WORDS.split()
_STREET: Final = rf"(?:{'|'.join(sorted(_STREETS, key=len, reverse=True))})"
_ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_NUMBER: Final = (
    rf"(?:\d{{1,4}}[a-d]?|(?:(?:{_ONES})\s{{1,3}}hundred(?:\s{{1,3}}and)?\s{{1,3}})?"
    rf"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_TEENS}|{_ONES})|(?:{_ONES})\s{{1,3}}hundred)"
)
_WORDS_NOT_IN_A_NAME: Final = (
    "a an the my his her our their your its this that these those in on of from at to by up down across along off into"
    " round over under with and or but is was are were have has had be been it he she they we you i me him them us no"
    " not out so if then just about around behind outside inside near next same other only every each all some any"
    " minute minutes hour hours second seconds day days week weeks month months year years mile miles metre metres"
    " yards foot feet time times people men man woman women car cars house houses door doors more less"
    " another half am pm o'clock after before when while who what where which there here going go went come came"
    " hundred thousand million wheel bedroom"
    " one two three four five six seven eight nine ten get got put see saw said say can could will would do does did"
)
_NOT_IN_A_NAME: Final = frozenset(_WORDS_NOT_IN_A_NAME.split())
_NUMBERED: Final = re.compile(
    rf"(?<![\w.,:/-])(?:(?:flat|apartment|unit|room)\s{{1,3}}(?:{_NUMBER}|[a-z])\s{{0,3}},?\s{{1,3}})?(?:number\s{{1,3}})?{_NUMBER}\s{{0,3}},?\s{{1,3}}"
    rf"(?P<name>[^\W\d_][\w'’.-]*(?:\s{{1,3}}[^\W\d_][\w'’.-]*){{0,3}}?)\s{{1,3}}(?P<street>{_STREET})(?![\w'’-])",
    re.IGNORECASE,
)
_CAPITALISED: Final = re.compile(
    r"(?<![\w'’])(?P<name>[A-Z][a-z'’]+(?:[ -][A-Z][a-z'’]+){0,2})\s{1,3}(?P<street>"
    + "|".join(word.capitalize() for word in _STREETS if word != "st")
    + r")(?![\w'’-])"
)
_EVERY_TOWN_HAS_ONE: Final = frozenset({"the", "this", "that", "our", "my", "your", "his", "her"})


def find_street_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of street addresses.

    >>> list(find_street_addresses("I'm at flat 2, 14 Acacia Avenue, two minutes down the road."))
    [(7, 31)]
    """
    numbered = [
        match.span()
        for match in _NUMBERED.finditer(text)
        if not _NOT_IN_A_NAME.intersection(match["name"].lower().split())
    ]
    yield from numbered
    for match in _CAPITALISED.finditer(text):
        at = bisect_right(numbered, (match.start(), len(text)))
        known = at > 0 and match.start() < numbered[at - 1][1]
        if not known and match["name"].split()[0].lower() not in _EVERY_TOWN_HAS_ONE:
            yield match.span()
