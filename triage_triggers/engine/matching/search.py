"""Phrases matched over the words of a text, each around the one of its elements that is likely to be said least often.

So that "he ... strangled me" costs nothing where nobody is strangled, however often "he" is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from triage_triggers.engine.matching.words import SENTENCE_END
from triage_triggers.phrases.pattern import beginnings, endings, may_be_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.engine.matching.words import SpokenWords
    from triage_triggers.phrases.pattern import Segment

__all__ = ["MAX_GAP_WORDS", "PhraseSearch"]

MAX_GAP_WORDS: Final = 4
"""How many words ``...`` may stand for, at most."""
_NOWHERE: Final = -2

_Known: TypeAlias = dict[tuple[int, int, bool], set[int]]
"""Where a longer way of saying something leads from a place: asked once, or lists in lists would take for ever."""


class _Anchored(NamedTuple):
    """A phrase around an anchor: what stands on either side in the anchor's own part, and its other parts in order.

    ``inside_before`` and ``inside_after``: the anchor is only the edge of an element, which is read again with that side.
    """

    number: int
    before: Segment
    after: Segment
    parts_before: tuple[Segment, ...]
    parts_after: tuple[Segment, ...]
    inside_before: bool
    inside_after: bool


class _Beside(NamedTuple):
    """Phrases with one anchor and the same words beside it; ``None`` where any may stand there."""

    before: frozenset[str] | None
    after: frozenset[str] | None
    phrases: list[_Anchored]


class PhraseSearch:
    """Phrases, each with the number of what it stands for. Frozen once made; safe to share between threads.

    A phrase is given as its parts between ``...``; ``barred`` are words that no gap may hold. ``reach`` is how many
    words the longest phrase may take up.

    >>> from triage_triggers.engine.matching.words import SpokenWords
    >>> from triage_triggers.phrases.pattern import Vocabulary
    >>> phrases = ["got a knife", "(he|she) ... hit me"]
    >>> search = PhraseSearch(enumerate(map(Vocabulary({}).segments_of, phrases)))
    >>> search.spans(SpokenWords("hes got a knife she went and hit me"))
    {0: {(4, 15)}, 1: {(16, 35)}}
    """

    __slots__ = ("_anchors", "_barred", "reach")

    def __init__(
        self, phrases: Iterable[tuple[int, tuple[Segment, ...]]], barred: frozenset[str] = frozenset()
    ) -> None:
        self._barred = barred
        self.reach = 0
        of_words: dict[frozenset[str], dict[tuple[frozenset[str] | None, frozenset[str] | None], _Beside]] = {}
        for number, parts in phrases:
            self.reach = max(self.reach, sum(map(_longest, parts)) + MAX_GAP_WORDS * (len(parts) - 1))
            words, before, after, anchored = _anchored(number, parts)
            group = of_words.setdefault(words, {})
            group.setdefault((before, after), _Beside(before, after, [])).phrases.append(anchored)
        anchors: dict[str, list[_Beside]] = {}
        for words, group in of_words.items():
            for word in words:
                anchors.setdefault(word, []).extend(group.values())
        self._anchors = {word: tuple(beside) for word, beside in anchors.items()}

    def spans(self, text: SpokenWords, low: int = 0, high: int | None = None) -> dict[int, set[tuple[int, int]]]:
        """Return, for each number found, the spans of its phrases that are anchored in the words ``low:high``."""
        found: dict[int, set[tuple[int, int]]] = {}
        anchors, words, bare = self._anchors, text.words, text.bare
        high = text.size if high is None else min(high, text.size)
        said = words if not low and high == text.size else words[low:high]
        for at in [at for at, word in enumerate(said, low) if word in anchors]:
            word, before, after = words[at], words[at - 1], words[at + 1]
            for beside in anchors[word]:
                if (beside.before is None or before in beside.before) and (
                    beside.after is None or after in beside.after or _some_bare(text, at + 1, beside.after)
                ):
                    for phrase in beside.phrases:
                        self._join(text, phrase, at, None, found)
        for at, stems in bare.items():
            if low <= at < high:
                for stem, place in stems:
                    for beside in anchors.get(stem, ()):
                        if beside.before is None or words[at - 1] in beside.before:
                            for phrase in beside.phrases:
                                self._join(text, phrase, at, place, found)
        return found

    def _join(
        self,
        text: SpokenWords,
        phrase: _Anchored,
        at: int,
        bare: int | None,
        found: dict[int, set[tuple[int, int]]],
    ) -> None:
        """Enter every reading of a phrase around its anchor, which is word ``at``, or what ``bare`` stands behind."""
        known: _Known = {}
        if phrase.inside_after or bare is None:
            ends = _follow(text, phrase.after, at if phrase.inside_after else at + 1, 1, known, _NOWHERE)
        else:
            ends = {bare} if may_be_empty(phrase.after) else set()
        if not ends:
            return
        clitic = _NOWHERE if bare is None else at
        starts = _follow(text, phrase.before, at if phrase.inside_before else at - 1, -1, known, clitic)
        for part in phrase.parts_after:
            if not ends:
                return
            ends = self._beyond(text, part, ends)
        for part in phrase.parts_before:
            if not starts:
                return
            starts = self._ahead_of(text, part, starts)
        if starts and ends:
            spans = found.setdefault(phrase.number, set())
            lasts = [text.end_before(end) for end in ends]
            for start in starts:
                first = text.start(start + 1)
                spans.update((first, last) for last in lasts)

    def _beyond(self, text: SpokenWords, part: Segment, ends: set[int]) -> set[int]:
        """Return where a part ends that follows any of ``ends``, at most a gap on."""
        found: set[int] = set()
        known: _Known = {}
        for end in {text.behind(end) for end in ends}:
            for at in range(end, end + 1 + MAX_GAP_WORDS):
                reached = _follow(text, part, at, 1, known, _NOWHERE)
                if reached:
                    if text.holds_clause_end(end - 1, at):
                        break
                    found |= reached
                if text.words[at] == SENTENCE_END or self._bars(text, at):
                    break
        return found

    def _ahead_of(self, text: SpokenWords, part: Segment, starts: set[int]) -> set[int]:
        """Return what stands before a part that comes before any of ``starts``, at most a gap away."""
        found: set[int] = set()
        for start in starts:
            for at in range(start, start - 1 - MAX_GAP_WORDS, -1):
                reached = _follow(text, part, at, -1, {}, at)
                if reached:
                    if text.holds_clause_end(at, start + 1):
                        break
                    found |= reached
                if text.words[at] == SENTENCE_END or self._bars(text, at):
                    break
        return found

    def _bars(self, text: SpokenWords, at: int) -> bool:
        """Tell whether no gap may hold a word."""
        barred = self._barred
        return bool(barred) and (text.words[at] in barred or _some_bare(text, at, barred))


def _some_bare(text: SpokenWords, at: int, words: frozenset[str]) -> bool:
    return at in text.bare and any(stem in words for stem, _ in text.bare[at])


def _follow(text: SpokenWords, segment: Segment, at: int, step: int, known: _Known, clitic: int) -> set[int]:
    """Return every place to which a segment leads from the word ``at``, ahead (``step`` 1) or, reversed, behind (-1).

    Ahead any word may be said with a clitic, behind the word at ``clitic`` only, and nothing goes on from there.
    """
    words, bare = text.words, text.bare
    places = {at}
    for element in segment:
        reached = set(places) if element.optional else set()
        longer = element.ahead if step > 0 else element.behind
        for place in places:
            word = words[place]
            if word in element.words:
                reached.add(place + step)
            ways = longer.get(word, ())
            if place in bare and (step > 0 or place == clitic):
                for stem, behind in bare[place]:
                    if stem in element.words:
                        reached.add(behind if step > 0 else place - 1)
                    ways += longer.get(stem, ())
            for way in ways:
                key = id(way), place, place == clitic
                leads_to = known.get(key)
                if leads_to is None:
                    leads_to = known[key] = _follow(text, way, place, step, known, clitic)
                reached |= leads_to
        if not reached:
            return reached
        places = reached
    return places


def _anchored(
    number: int, parts: tuple[Segment, ...]
) -> tuple[frozenset[str], frozenset[str] | None, frozenset[str] | None, _Anchored]:
    """Return the words that anchor a phrase, those that may stand beside it, and the phrase around it."""
    _, _, part, place, inside_before, inside_after, words = min(_candidates(parts), key=lambda candidate: candidate[:6])
    segment = parts[part]
    before = segment[: place + inside_before][::-1]
    after = segment[place + (not inside_after) :]
    anchored = _Anchored(
        number, before, after, tuple(part[::-1] for part in parts[:part][::-1]), parts[part + 1 :], inside_before, inside_after
    )
    beside_before = None if inside_before or may_be_empty(before) else beginnings_behind(before)
    beside_after = None if inside_after or may_be_empty(after) else beginnings(after)
    return words, beside_before, beside_after, anchored


def beginnings_behind(segment: Segment) -> frozenset[str]:
    """Return the words that a reversed segment may begin with."""
    return endings(segment[::-1])


def _candidates(parts: tuple[Segment, ...]) -> Iterator[tuple[float, int, int, int, bool, bool, frozenset[str]]]:
    """Yield each way to anchor a phrase: what it costs, the part and the element, and which side that is read with."""
    for number, segment in enumerate(parts):
        for place, element in enumerate(segment):
            if element.optional:
                continue
            if not element.ahead:
                yield _cost(element.words), 0, number, place, False, False, element.words
            else:
                for inside_before, words in ((False, beginnings((element,))), (True, endings((element,)))):
                    yield _cost(words), 1, number, place, inside_before, not inside_before, words


def _longest(segment: Segment) -> int:
    return sum(
        max([1, *(_longest(way) for ways in element.ahead.values() for way in ways)]) for element in segment
    )


def _cost(words: frozenset[str]) -> float:
    """Estimate how often any of some words is said: common ones often, others by their letters."""
    return sum(100.0 if word in _COMMON else _BY_LETTERS[min(len(word), len(_BY_LETTERS) - 1)] for word in words)


_BY_LETTERS: Final = (10.0, 10.0, 5.0, 3.0, 2.0, 1.0, 0.8, 0.6)
# Only speed depends on this: which word of a phrase is looked for, and which are looked for around it.
_COMMON: Final = frozenset(
    """
    a about after again all am an and any are as at away back be been before but by came can come coming could did
    do does doing down for from get getting go goes going gonna got had has have he hed hell her here hers hes him
    his hold how i id if ill im in into is it its ive just keep kept know left let like ll look lot make man may me
    mean more my no not now of off oh ok on one or our out over put ran right round said say see shall she shed
    shell shes so some that thats the their them then there theres they theyll theyre theyve think this to told too
    took turn two up us want wants was we well went were weve what when where who whos will with would yes you youll
    your youre youve
    """.split()  # noqa: SIM905  a list of words is read as words
)
