"""Where somebody may be found or reached: addresses of streets and of e-mail, and postcodes, written or spoken."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from triage_triggers.privacy.numbers import ONES, TEENS, TENS, CodeFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_email_addresses", "find_postcodes", "find_street_addresses"]

_EMAIL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SPACE: Final = r"\s{1,3}"
_ENDING: Final = rf"(?:com|net|org|info|eu|(?:co|org|ac){_SPACE}dot{_SPACE}uk|nhs{_SPACE}dot{_SPACE}(?:uk|net)|uk|ie)"
_SPOKEN_EMAIL: Final = re.compile(
    rf"(?<!\w)\w{{1,32}}(?:{_SPACE}(?:dot|underscore|dash|hyphen){_SPACE}\w{{1,32}}){{0,4}}{_SPACE}at{_SPACE}"
    rf"\w{{1,32}}(?:{_SPACE}dot{_SPACE}\w{{1,32}}){{0,3}}?{_SPACE}dot{_SPACE}{_ENDING}(?!\w)",
    re.IGNORECASE,
)
_STREET_WORDS: Final = (
    "street st road rd lane avenue ave drive close crescent court place terrace grove way gardens square hill mews row"
    " walk rise view park parade green wharf vale yard fold croft mount esplanade promenade boulevard"
)
_STREETS: Final = _STREET_WORDS.split()
_STREET: Final = rf"(?:{'|'.join(sorted(_STREETS, key=len, reverse=True))})"
_ONE: Final = "|".join(ONES)
_NUMBER: Final = (
    rf"(?:\d{{1,4}}[a-d]?|(?:(?:{_ONE})\s{{1,3}}hundred(?:\s{{1,3}}and)?\s{{1,3}})?"
    rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{_ONE}))?|{'|'.join(TEENS)}|{_ONE})|(?:{_ONE})\s{{1,3}}hundred)"
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
_THE_STREET: Final = re.compile(
    rf"(?<![\w.,:/-])(?:number\s{{1,3}})?\d{{1,4}}[a-d]?,?\s{{1,3}}The\s{{1,3}}"
    rf"(?:{'|'.join(word.capitalize() for word in _STREETS)})(?![\w'’-])"
)
_EVERY_TOWN_HAS_ONE: Final = frozenset({"the", "this", "that", "our", "my", "your", "his", "her"})
_AREAS: Final = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX"
    " FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N"
    " NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF"
    " TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREA: Final = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
_OUTWARD: Final = rf"(?:{_AREA})\d[A-Z\d]?"
_INWARD: Final = r"\d[ABD-HJLNP-UW-Z]{2}"
_NO_ORDINAL: Final = r"(?!(?-i:1st|2nd|3rd|\dth))"  # "flat N1 1st floor"
find_postcodes: Final = CodeFinder(
    (re.compile(rf"(?<![^\W_]){_OUTWARD}[ ]?[\s-]?{_NO_ORDINAL}{_INWARD}(?![^\W_])", re.IGNORECASE | re.ASCII),),
    re.compile(_OUTWARD + _INWARD, re.IGNORECASE | re.ASCII),
)
"""Postcodes whose area exists."""


def find_email_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of e-mail addresses.

    >>> list(find_email_addresses("jo@example.com, that's jo at example dot com"))
    [(0, 14), (23, 44)]
    """
    for pattern, sign in ((_EMAIL, "@"), (_SPOKEN_EMAIL, " dot ")):
        if sign in text or (sign == " dot " and "dot" in text.casefold()):  # most texts hold neither
            for match in pattern.finditer(text):
                yield match.span()


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
    yield from (match.span() for match in _THE_STREET.finditer(text))
    for match in _CAPITALISED.finditer(text):
        at = bisect_right(numbered, (match.start(), len(text)))
        known = at > 0 and match.start() < numbered[at - 1][1]
        if not known and match["name"].split()[0].lower() not in _EVERY_TOWN_HAS_ONE:
            yield match.span()
