"""A second matcher, written to be obviously right rather than fast: what the real one must equal.

It reads the parsed phrase directly.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, assert_never

from triage_triggers.engine.matching.matcher import Match, Matcher, Pattern, Span
from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.inflection import Inflector
from triage_triggers.phrases.pattern import Vocabulary
from triage_triggers.phrases.spelling import Spellings, spellings_of
from triage_triggers.phrases.syntax import Choice, Inflected, Item, ListRef, Optional_, Phrase, Sequence, Words
from triage_triggers.phrases.syntax import parse_phrase as parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Sequence as Several

__all__ = ["Said", "matcher_of", "matches", "sentence_ends"]

_CLITICS = {"", "s", "ll", "d", "re", "ve", "m", "em"}
_GAP_WORDS = 4


class Said(NamedTuple):
    """A phrase of a rule, as written; ``barred`` are words that its gaps must not hold."""

    owner: int
    idiom: bool
    source: str
    barred: frozenset[str] = frozenset()


def matcher_of(phrases: Iterable[Said], lists: Mapping[str, Iterable[str]] | None = None) -> Matcher:
    """Return the real matcher, of a language without other spellings where no word is inflected."""
    phrases = list(phrases)
    vocabulary = Vocabulary(lists or {}, language=_language(phrases, lists or {}))
    return Matcher(
        Pattern(owner, idiom, vocabulary.segments_of(source), barred) for owner, idiom, source, barred in phrases
    )


def _language(phrases: Iterable[Said], lists: Mapping[str, Iterable[str]]) -> str:
    inflected = any("~" in text for text in chain((said.source for said in phrases), *lists.values()))
    return "en" if inflected else "und"


class _Word(NamedTuple):
    text: str  # with its inner apostrophes, as "'"
    letters: tuple[tuple[str, int], ...]  # each with where it stands


class _Place(NamedTuple):
    """Where somebody is who has read some words: the next to be read, and where the last ended; ``stuck`` in it?"""

    next: int
    end: int
    stuck: bool


def sentence_ends(folded: str) -> list[int]:
    """Return where sentences end: at a stop or mark before a separator or the end, but not at "..." or ". . ."."""
    pauses = {at for pause in re.finditer(r"(?=(\n ?\n))", folded) for at in (pause.start(1), pause.end(1) - 1)}
    return [mark.start() for mark in re.finditer(r"[\n\r](?![^ \t\n\r\x0b|])|\|", folded) if mark.start() not in pauses]


def matches(
    phrases: Iterable[Said], folded: str, raw: str = "", lists: Mapping[str, Iterable[str]] | None = None
) -> list[Match]:
    """Return what ``matcher_of(phrases, lists).scan(folded, raw)`` should."""
    phrases = list(phrases)
    text = _Text(folded, raw, lists or {}, spellings_of(_language(phrases, lists or {})))
    found: dict[tuple[int, bool], set[Span]] = {}
    for said in phrases:
        found.setdefault((said.owner, said.idiom), set()).update(text.occurrences(parse(said.source), said.barred))
    results = []
    for (owner, idiom), spans in found.items():
        if not idiom:
            cancelling = {
                span: sorted(other for other in found.get((owner, True), ()) if _overlap(other, span)) for span in spans
            }
            sound = _longest(span for span in spans if not cancelling[span])
            rest = _longest(span for span in spans if not any(_overlap(span, other) for other in sound))
            for span in [*sound, *rest]:
                longest = max(cancelling[span], key=lambda other: other.end - other.start, default=None)
                results.append(Match(*span, owner, longest))
    return sorted(results, key=lambda match: match[:3])


class _Text:
    def __init__(self, folded: str, raw: str, lists: Mapping[str, Iterable[str]], spellings: Spellings) -> None:
        self.folded, self.raw, self.lists, self.spellings = folded, raw, lists, spellings
        self.ends = sentence_ends(folded)
        self.words: list[_Word] = []
        for run in re.finditer(r"[^ \n\r|]+", folded):
            letters = tuple((char, at) for at, char in enumerate(run[0], run.start()) if char not in "\t\x0b")
            if letters:
                self.words.append(_Word(run[0].replace("\x0b", "").replace("\t", "'").lstrip("'"), letters))

    def occurrences(self, phrase: Phrase, barred: frozenset[str]) -> set[Span]:
        found = set()
        for at in range(len(self.words)):
            start = self.words[at].letters[0][1]
            places = self.follow(phrase.segments[0], _Place(at, start, stuck=False))
            for segment in phrase.segments[1:]:
                places = {
                    there
                    for here in places
                    for at in range(here.next, here.next + _GAP_WORDS + 1)
                    if not any(_is(word, bar, last=True) for word in self.words[here.next : at] for bar in barred)
                    and not self.clause_ends(here.next - 1, at)
                    for there in self.follow(segment, _Place(at, start, stuck=False))
                }
            ends = [place.end for place in places if not any(start <= end < place.end for end in self.ends)]
            found |= {Span(start, end) for end in ends}
        return found

    def follow(self, part: Sequence | Item, place: _Place) -> set[_Place]:
        match part:
            case Sequence(items):
                places = {place}
                for item in items:
                    places = {there for here in places for there in self.follow(item, here)}
                return places
            case Optional_(content):
                return {place} | self.follow(content, place)
            case Choice(alternatives):
                return {there for alternative in alternatives for there in self.follow(alternative, place)}
            case ListRef(name):
                entries = [parse(entry).segments[0] for entry in self.lists[name]]
                return {there for entry in entries for there in self.follow(entry, place)}
            case Inflected(word):
                return {
                    there for form in Inflector.for_language("en").forms(word) for there in self.spelled(form, place)
                }
            case Words(text):
                places = {place}
                for word in fold_phrase(text).split():
                    places = {there for here in places for there in self.spelled(word, here)}
                return places
        assert_never(part)

    def spelled(self, word: str, place: _Place) -> set[_Place]:
        return {there for wanted in {word} | self.spellings.of(word) for there in self.read(wanted, place)}

    def read(self, wanted: str, place: _Place) -> set[_Place]:
        if place.stuck or place.next >= len(self.words):
            return set()
        word = self.words[place.next]
        if not _is(word, wanted, last=True):
            return set()
        end = word.letters[len(wanted) - 1][1] + 1
        while self.folded[end : end + 1] == "\x0b":
            end += 1
        return {_Place(place.next + 1, end, stuck=not _is(word, wanted, last=False))}

    def clause_ends(self, first: int, last: int) -> bool:
        if not self.raw or last >= len(self.words):
            return False
        pairs = [
            self.raw[self.words[at].letters[-1][1] + 1 : self.words[at + 1].letters[0][1]] for at in range(first, last)
        ]
        signs = ["" if any(map(str.isalnum, pair)) else _sign(pair) for pair in pairs]
        lonely = [
            sign == "," and "," not in (*signs[max(0, at - 1) : at], *signs[at + 1 : at + 2])
            for at, sign in enumerate(signs)
        ]
        return ";" in signs or any(lonely)


def _sign(between: str) -> str:
    if any(sign in between for sign in (*";:()[]{}\u2013\u2014", " - ", "--")):
        return ";"
    return "," if any(sign in between for sign in ",\u3001\uff0c") else ""


def _is(word: _Word, wanted: str, *, last: bool) -> bool:
    """Tell whether a word is the wanted one; the last of a phrase may carry a clitic."""
    if word.text.replace("'", "") == wanted:
        return True
    if not last:
        return False
    return any(
        word.text[:at].replace("'", "") == wanted and _CLITICS.issuperset(word.text[at:].split("'"))
        for at, character in enumerate(word.text)
        if character == "'"
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _longest(spans: Iterable[Span]) -> Several[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if not any(_overlap(span, longer) for longer in kept):
            kept.append(span)
    return kept
