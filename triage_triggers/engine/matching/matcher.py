"""The phrases of a ruleset's rules in a folded text, and the idioms that cancel them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.engine.matching.search import PhraseSearch
from triage_triggers.engine.matching.words import SpokenWords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from triage_triggers.phrases.pattern import Segment

__all__ = ["Match", "Matcher", "Pattern", "Span"]


class Span(NamedTuple):
    """A half-open span of code points."""

    start: int
    end: int


class Pattern(NamedTuple):
    """A phrase of a rule as its parts between ``...``.

    ``owner`` is the rule's number; an ``idiom`` is one of its ``unless`` phrases. ``barred`` are words that none of an
    idiom's gaps may hold; the same for all idioms of a rule.
    """

    owner: int
    idiom: bool
    parts: tuple[Segment, ...]
    barred: frozenset[str] = frozenset()


class Match(NamedTuple):
    """A rule's phrase in the text. ``idiom`` is the longest ``unless`` phrase that overlaps and so cancels it.

    Of a rule's phrases that overlap, the longest is kept, one that no idiom cancels before any that one does.
    """

    start: int
    end: int
    owner: int
    idiom: Span | None


class Matcher:
    """An immutable index of patterns, safe to share between threads.

    All rules' phrases are looked for together. A rule's idioms have an index of their own, which is asked only about
    the words around a match of that rule: most idioms are made of common words, and most rules do not match.

    >>> from triage_triggers.phrases.pattern import Vocabulary
    >>> hit, hit_up = map(Vocabulary({}).segments_of, ("hit me", "hit me up"))
    >>> matcher = Matcher([Pattern(0, False, hit), Pattern(0, True, hit_up)])
    >>> matcher.scan("he hit me hard"), matcher.scan("just hit me up")
    ([Match(start=3, end=9, owner=0, idiom=None)], [Match(start=5, end=11, owner=0, idiom=Span(start=5, end=14))])
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        phrases: list[tuple[int, tuple[Segment, ...]]] = []
        idioms: dict[int, list[tuple[int, tuple[Segment, ...]]]] = {}
        barred: dict[int, frozenset[str]] = {}
        for pattern in patterns:
            group = idioms.setdefault(pattern.owner, []) if pattern.idiom else phrases
            group.append((pattern.owner, pattern.parts))
            barred[pattern.owner] = barred.get(pattern.owner, frozenset()) | pattern.barred
        self._phrases = PhraseSearch(phrases)
        self._idioms = {owner: PhraseSearch(group, barred[owner]) for owner, group in idioms.items()}

    def scan(self, folded: str, raw: str = "") -> list[Match]:
        """Return every rule's matches, in order of start; overlaps within a rule cut to the longest.

        ``raw`` is the text before folding, whose punctuation tells where clauses end; without it only sentences do.
        """
        text = SpokenWords(folded, raw)
        found = self._phrases.spans(text)
        matches: list[Match] = []
        for owner, spans in found.items():
            kept = self._read(text, owner, _longest(spans) if len(spans) > 1 else spans)
            if len(spans) > len(kept) and any(match.idiom is not None for match in kept):
                kept = self._without_idioms_first(text, owner, spans)
            matches += kept
        matches.sort()
        return matches

    def _read(self, text: SpokenWords, owner: int, spans: Iterable[tuple[int, int]]) -> list[Match]:
        spans = sorted(spans)
        idioms = self._idioms_around(text, owner, spans)
        if not idioms:
            return [Match(start, end, owner, None) for start, end in spans]
        longest = max(last - first for first, last in idioms)
        return [Match(start, end, owner, _cancelling(idioms, longest, start, end)) for start, end in spans]

    def _without_idioms_first(self, text: SpokenWords, owner: int, spans: set[tuple[int, int]]) -> list[Match]:
        """Cut overlaps to the longest that no idiom cancels, for one within it may tell of harm.

        "He pushed mum and she hit her" is part of "hit her head", but "he pushed mum" in it is not.
        """
        matches = self._read(text, owner, spans)
        sound = [(match.start, match.end) for match in matches if match.idiom is None]
        kept = sorted(_longest(sound)) if sound else []
        rest = [match[:2] for match in matches if not _overlaps_any(kept, match.start, match.end)]
        chosen = {*kept, *(_longest(rest) if rest else ())}
        return [match for match in matches if (match.start, match.end) in chosen]

    def _idioms_around(self, text: SpokenWords, owner: int, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the rule's idioms within reach of its matches, in order; each stretch of words is searched once."""
        search = self._idioms.get(owner)
        if search is None:
            return []
        stretches: list[tuple[int, int]] = []
        for start, end in spans:
            low, high = max(0, text.word_at(start) - search.reach), text.word_at(end - 1) + 1 + search.reach
            if stretches and low <= stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], max(stretches[-1][1], high))
            else:
                stretches.append((low, high))
        found = {span for low, high in stretches for span in search.spans(text, low, high).get(owner, ())}
        return sorted(found)


def _cancelling(idioms: list[tuple[int, int]], longest: int, start: int, end: int) -> Span | None:
    """Return the longest idiom that overlaps a match, the first of equals."""
    low, high = bisect_left(idioms, (start - longest, 0)), bisect_left(idioms, (end, 0))
    overlapping = [(first - last, first, last) for first, last in idioms[low:high] if start < last]
    if not overlapping:
        return None
    _, first, last = min(overlapping)
    return Span(first, last)


def _overlaps_any(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether a span overlaps any of some that are in order and overlap none of each other."""
    at = bisect_left(spans, (end, 0))
    return at > 0 and spans[at - 1][1] > start


def _longest(spans: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop every span that overlaps a longer one (or an equally long one that starts earlier)."""
    first, last = min(spans)[0], max(end for _, end in spans)
    taken = bytearray(last - first)
    kept = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if taken.find(1, start - first, end - first) < 0:
            taken[start - first : end - first] = b"\x01" * (end - start)
            kept.append((start, end))
    return kept
