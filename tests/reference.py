"""A second matcher, written to be obviously right rather than fast: what the real one must equal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.engine.matching.matcher import Match, Span
from triage_triggers.engine.matching.search import REACH_BEYOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.engine.matching.matcher import Pattern

__all__ = ["Expected", "agree", "matches", "sentence_ends"]

_CLITICS = {"", "s", "ll", "d", "re", "ve", "m", "em"}
_GAP_WORDS = 4


class _Word(NamedTuple):
    text: str  # with its inner apostrophes, as "'"
    letters: tuple[tuple[str, int], ...]  # each with where it stands
    sentence: int


def sentence_ends(folded: str) -> list[int]:
    """Return where sentences end: at a stop or mark before a separator or the end, but not at "..." or ". . ."."""
    pauses = {at for pause in re.finditer(r"(?=(\n ?\n))", folded) for at in (pause.start(1), pause.end(1) - 1)}
    return [mark.start() for mark in re.finditer(r"[\n\r](?![^ \t\n\r\x0b|])|\|", folded) if mark.start() not in pauses]


class Expected(NamedTuple):
    """Matches, and the rules of which an idiom is spaced so widely that the matcher need not see it."""

    matches: list[Match]
    unsure: frozenset[int]


def matches(patterns: Iterable[Pattern], folded: str) -> Expected:
    """Return what ``Matcher(patterns).scan(folded)`` should."""
    words = _words(folded)
    found: dict[tuple[int, bool], set[Span]] = {}
    reach: dict[int, int] = {}
    for pattern in patterns:
        if pattern.idiom:
            letters = max(len(spelling) for part in pattern.parts for spelling in part)
            reach[pattern.owner] = max(reach.get(pattern.owner, 0), REACH_BEYOND + letters)
        found.setdefault((pattern.owner, pattern.idiom), set()).update(_occurrences(words, pattern, folded))
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
    unsure = {
        owner
        for (owner, idiom), spans in found.items()
        if idiom and any(span.end - span.start > reach[owner] for span in spans)
    }
    return Expected(sorted(results, key=lambda match: match[:3]), frozenset(unsure))


def agree(found: Sequence[Match], expected: Expected) -> bool:
    """Tell whether the matcher found what the reference did, of the rules whose idioms it must see."""
    sure = [[match for match in some if match.owner not in expected.unsure] for some in (found, expected.matches)]
    return sure[0] == sure[1]


def _words(folded: str) -> list[_Word]:
    ends = sentence_ends(folded)
    words = []
    for run in re.finditer(r"[^ \n\r|]+", folded):
        letters = tuple((char, at) for at, char in enumerate(run[0], run.start()) if char not in "\t\x0b")
        if letters:
            text = run[0].replace("\x0b", "").replace("\t", "'").lstrip("'")
            words.append(_Word(text, letters, sum(end < run.start() for end in ends)))
    return words


def _length(word: _Word, wanted: str, *, last: bool) -> bool:
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


def _occurrences(words: Sequence[_Word], pattern: Pattern, folded: str) -> set[Span]:
    found = set()
    parts = pattern.parts

    def follow(number: int, start: int, at: int) -> None:
        for phrase in parts[number]:
            wanted = phrase.split()
            here = words[at : at + len(wanted)]
            if len(here) < len(wanted) or len({word.sentence for word in here}) > 1:
                continue
            last = len(wanted) - 1
            if not all(
                _length(word, want, last=place == last)
                for place, (word, want) in enumerate(zip(here, wanted, strict=True))
            ):
                continue
            begin = here[0].letters[0][1] if number == 0 else start
            if number + 1 == len(parts):
                end = here[-1].letters[len(wanted[-1]) - 1][1] + 1
                while folded[end : end + 1] == "\x0b":
                    end += 1
                found.add(Span(begin, end))
                continue
            after = at + len(wanted)
            for next_at in range(after, min(after + _GAP_WORDS + 1, len(words))):
                if words[next_at].sentence == here[-1].sentence and not _barred(words[after:next_at], pattern):
                    follow(number + 1, begin, next_at)

    for at in range(len(words)):
        follow(0, 0, at)
    return found


def _barred(gap: Sequence[_Word], pattern: Pattern) -> bool:
    return any(_length(word, barred, last=True) for word in gap for barred in pattern.barred)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _longest(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if not any(_overlap(span, longer) for longer in kept):
            kept.append(span)
    return kept
