"""Who somebody is: names, introduced or found by a language model, and dates of birth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from triage_triggers.errors import MissingExtraError, TriageTriggersError
from triage_triggers.privacy.numbers import ONES, TEENS, TENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["NameModelError", "SpacyNames", "find_birth_dates", "find_introduced_names"]

_CAPITALISED: Final = r"[A-Z][\w'’-]+(?:\s{1,3}[A-Z][\w'’-]+){0,2}"
_TITLED: Final = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Mister|PC|Sgt)\.?\s{{1,3}}({_CAPITALISED})")
_RELATED: Final = re.compile(
    r"\b(?:[Hh]usband|[Ww]ife|[Pp]artner|[Bb]oyfriend|[Gg]irlfriend|[Ee]x|[Ss]on|[Dd]aughter|[Bb]rother|[Ss]ister|[Mm]um"
    rf"|[Dd]ad|called|named|known as)(?:,|\s{{1,3}}is|['’]s)?\s{{1,3}}({_CAPITALISED})"
)
_INTRODUCED: Final = re.compile(
    r"\b(?i:(?:first|last|full|sur|second|family)?\s?name(?:['’]?s|\s{1,3}is|\s{1,3}was|:))\s{1,3}(?i:is\s{1,3})?"
    r"([^\W\d_][\w'’-]*(?:\s{1,3}[A-Z][\w'’-]+){0,2})"
)
_NO_NAME_WORDS: Final = (
    "a an the my his her our your their its this that these it it's he she i i'm we they you me him them not no yes"
    " yeah on in at of for and or but so just really please sorry what who which withheld unknown redacted um uh er erm"
    " like spelt spelled being there calling going been mr mrs ms miss dr ok okay oh well"
)
_NO_NAMES: Final = frozenset(_NO_NAME_WORDS.split())
_IN_A_SENTENCE: Final = frozenset({"I", "He", "She", "It", "They", "We", "You", "The", "And", "But", "No", "Yes", "Oh"})


class NameModelError(TriageTriggersError, ValueError):
    """A name model can't be loaded, or is none."""


class NameFinder(Protocol):
    """Anything that finds names: an adapter around a recogniser of your own."""

    def find(self, text: str) -> Iterable[tuple[int, int]]:
        """Yield the spans of the names in a text, as half-open code points."""


def find_introduced_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of names that are said to be names: "my name is …", "Mr …", "my husband …".

    A name in passing is missed, and in small letters a second name; for those there is :class:`SpacyNames`.

    >>> list(find_introduced_names("My name's Sam Doe and my husband Alex hit me."))
    [(33, 37), (10, 17)]
    """
    for pattern in (_TITLED, _RELATED, _INTRODUCED):
        for match in pattern.finditer(text):
            words = match[1].split()
            if words[0].lower() in _NO_NAMES or _begins_a_sentence(words[0]):
                continue
            start, end = match.span(1)
            behind = [at for at, word in enumerate(words) if at and _begins_a_sentence(word)]
            if behind:  # "my name is Sam I need help"
                end = start + len(match[1].split(words[behind[0]])[0].rstrip())
            yield start, end


def _begins_a_sentence(word: str) -> bool:
    """Tell "I've" and "He" from a name."""
    return word.replace("’", "'").split("'")[0] in _IN_A_SENTENCE


class SpacyNames:
    """Names by a spaCy pipeline: loaded, or what ``spacy.load`` takes, such as ``"en_core_web_sm"`` or a folder.

    It has a named-entity recogniser, or any whose entities are labelled ``PERSON``.

    Raises:
        MissingExtraError: spaCy is not installed.
        NameModelError: There is no such pipeline, or it labels no people.
    """

    LABELS: Final = frozenset({"PERSON", "PER"})

    def __init__(self, pipeline: Any) -> None:  # noqa: ANN401  a path, a name or a spacy.Language
        self._pipeline = _load(pipeline) if isinstance(pipeline, str) else pipeline
        if not {"ner", "entity_ruler"} & set(self._pipeline.pipe_names):
            raise NameModelError("this spaCy pipeline finds no names: it has neither 'ner' nor 'entity_ruler'")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of people's names in a text; a text longer than the pipeline takes is cut at spaces."""
        at, longest = 0, min(self._pipeline.max_length, 100_000)
        while at < len(text):
            end = len(text) if len(text) - at <= longest else (text.rfind(" ", at, at + longest) + 1 or at + longest)
            for entity in self._pipeline(text[at:end]).ents:
                if entity.label_ in self.LABELS:
                    yield at + entity.start_char, at + entity.end_char
            at = end


def _load(pipeline: str) -> Any:  # noqa: ANN401  spaCy is not installed everywhere
    try:
        import spacy  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError:
        raise MissingExtraError("finding names with a language model", "names") from None
    try:
        return spacy.load(pipeline)
    except (OSError, ValueError):
        raise NameModelError(
            f"there is no spaCy pipeline '{pipeline}' here; install one, such as en_core_web_sm, or give its folder"
        ) from None


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
    # Nobody says "two thousand and twenty-four" for short; the rest is below 2020.
    long_ago = words[0] == "nineteen" or words[:2] == ["two", "thousand"]
    return long_ago or words[1] in {"oh", "o", "ten", "eleven", "twelve", "thirteen", "fourteen"}
