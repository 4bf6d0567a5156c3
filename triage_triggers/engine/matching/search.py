"""Phrases matched over the words of a text, each around its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.engine.matching.anchors import MAX_GAP_WORDS, anchored_by, longest
from triage_triggers.phrases.pattern import beginnings, endings, may_be_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triage_triggers.engine.matching.anchors import Anchored, Part
    from triage_triggers.engine.matching.words import SpokenWords
    from triage_triggers.phrases.pattern import Segment

__all__ = ["PhraseSearch"]


class _Beside(NamedTuple):
    """Phrases with one anchor and the same words beside it; ``None`` where any may stand there."""

    before: frozenset[str] | None
    after: frozenset[str] | None
    phrases: list[Anchored]


class _Anchor(NamedTuple):
    """All phrases with one anchor; ``before`` and ``after`` are what may stand beside it in any of them."""

    before: frozenset[str] | None
    after: frozenset[str] | None
    beside: tuple[_Beside, ...]


class PhraseSearch:
    """Phrases, each with the number of what it stands for. Frozen once made; safe to share between threads.

    Each phrase has an anchor: those of its words that are likely to be said least often. Where one of them is said, the
    phrase is matched word by word around it. A phrase is given as its parts between ``...``; ``barred`` are words that
    no gap may hold. ``reach`` is how many words the longest phrase may take up.

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
            self.reach = max(self.reach, sum(map(longest, parts)) + MAX_GAP_WORDS * (len(parts) - 1))
            for words, anchored in anchored_by(number, parts):
                before = None if may_be_empty(anchored.before) else endings(anchored.before[::-1])
                after = None if may_be_empty(anchored.after) else beginnings(anchored.after)
                group = of_words.setdefault(words, {})
                group.setdefault((before, after), _Beside(before, after, [])).phrases.append(anchored)
        beside: dict[str, list[_Beside]] = {}
        for words, group in of_words.items():
            for word in words:
                beside.setdefault(word, []).extend(group.values())
        self._anchors = {
            word: _Anchor(_any_of([one.before for one in some]), _any_of([one.after for one in some]), tuple(some))
            for word, some in beside.items()
        }

    def spans(self, text: SpokenWords, low: int = 0, high: int | None = None) -> dict[int, set[tuple[int, int]]]:
        """Return, for each number found, the spans of its phrases that are anchored in the words ``low:high``."""
        found: dict[int, set[tuple[int, int]]] = {}
        anchors, words, bare = self._anchors, text.words, text.bare
        low, high = max(low, 0), text.size if high is None else min(high, text.size)
        said = words if not low and high == text.size else words[low:high]
        for at, (any_before, any_after, some) in [
            (at, anchor) for at, anchor in enumerate(map(anchors.get, said), low) if anchor is not None
        ]:
            if (any_before is None or words[at - 1] in any_before) and (
                any_after is None or words[at + 1] in any_after or at + 1 in bare
            ):
                self._read(text, at, some, None, found)
        for at in [at for at in bare if low <= at < high]:
            for number, (stem, _) in enumerate(bare[at]):
                if stem in anchors:
                    self._read(text, at, anchors[stem].beside, text.place_of_bare(at, number), found)
        return found

    def _read(
        self,
        text: SpokenWords,
        at: int,
        some: tuple[_Beside, ...],
        bare: int | None,
        found: dict[int, set[tuple[int, int]]],
    ) -> None:
        """Try phrases around their anchor, which is word ``at``, or that without a clitic, ``bare`` being behind it."""
        before, after = text.words[at - 1], text.words[at + 1]
        anything_after = bare is not None or at + 1 in text.bare
        for wanted_before, wanted_after, phrases in some:
            if (wanted_before is None or before in wanted_before) and (
                wanted_after is None or after in wanted_after or anything_after
            ):
                for phrase in phrases:
                    if (bare is None or phrase.may_end) and _may_stand(text, phrase, at):
                        self._join(text, phrase, at, bare, found)

    def _join(
        self, text: SpokenWords, phrase: Anchored, at: int, bare: int | None, found: dict[int, set[tuple[int, int]]]
    ) -> None:
        """Enter every reading of a phrase around its anchor."""
        ends = _Reading(text, 1).follow(phrase.after, at + 1) if bare is None else {bare}
        for part in phrase.parts_after:
            ends = self._beyond(text, part, ends) if ends else ends
        if not ends:
            return
        starts = _Reading(text, -1).follow(phrase.before, at - 1)
        for part in phrase.parts_before:
            starts = self._ahead_of(text, part, starts) if starts else starts
        if starts:
            lasts = [text.end_before(end) for end in ends]
            firsts = [text.start(start + 1) for start in starts]
            spans = {(first, last) for first in firsts for last in lasts if text.is_one_sentence(first, last)}
            if spans:
                found.setdefault(phrase.number, set()).update(spans)

    def _beyond(self, text: SpokenWords, part: Part, ends: set[int]) -> set[int]:
        """Return where a part ends that follows any of ``ends``, at most a gap on."""
        found: set[int] = set()
        reading = _Reading(text, 1)
        words, bare = text.words, text.bare
        for end in {text.behind(end) for end in ends}:
            for at in range(end, min(end + 1 + MAX_GAP_WORDS, text.size)):
                if words[at] in part.edge or at in bare:
                    reached = reading.follow(part.segment, at)
                    if reached and text.holds_clause_end(end - 1, at):
                        break
                    found |= reached
                if self._bars(text, at):
                    break
        return found

    def _ahead_of(self, text: SpokenWords, part: Part, starts: set[int]) -> set[int]:
        """Return what stands before a part that comes before any of ``starts``, at most a gap away."""
        found: set[int] = set()
        words, bare = text.words, text.bare
        for start in starts:
            for at in range(start, max(start - 1 - MAX_GAP_WORDS, -1), -1):
                if words[at] in part.edge or at in bare:
                    reached = _Reading(text, -1, clitic=at).follow(part.segment, at)
                    if reached and text.holds_clause_end(at, start + 1):
                        break
                    found |= reached
                if self._bars(text, at):
                    break
        return found

    def _bars(self, text: SpokenWords, at: int) -> bool:
        """Tell whether no gap may hold a word."""
        barred = self._barred
        return bool(barred) and (text.words[at] in barred or _some_bare(text, at, barred))


def _some_bare(text: SpokenWords, at: int, words: frozenset[str]) -> bool:
    return at in text.bare and any(stem in words for stem, _ in text.bare[at])


def _may_stand(text: SpokenWords, phrase: Anchored, at: int) -> bool:
    """Tell quickly that a phrase can't stand around an anchor; most anchors stand alone."""
    words = text.words
    place = at
    if at + len(phrase.plain_after) > text.size or at < len(phrase.plain_before):
        return False
    for wanted in phrase.plain_after:
        place += 1
        if words[place] not in wanted:
            return False
    place = at
    for wanted in phrase.plain_before:
        place -= 1
        if words[place] not in wanted:
            return False
    if phrase.far_after:
        high = at + 1 + phrase.far_after
        if phrase.parts_after[0].edge.isdisjoint(words[at + 1 : high]) and not _some_contracted(text, at + 1, high):
            return False
    if phrase.far_before:
        low = max(0, at - phrase.far_before)
        if phrase.parts_before[0].edge.isdisjoint(words[low:at]) and not _some_contracted(text, low, at):
            return False
    return True


def _any_of(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    """Return the union of some sets, ``None`` standing for everything."""
    known = [some for some in sets if some is not None]
    return frozenset[str]().union(*known) if len(known) == len(sets) else None


def _some_contracted(text: SpokenWords, low: int, high: int) -> bool:
    return bool(text.bare) and not text.bare.keys().isdisjoint(range(low, high))


class _Reading:
    """Reads segments ahead (``step`` 1) or, reversed, behind (-1), from any word.

    Ahead any word may be said with a clitic, and nothing goes on from there; behind only the word at ``clitic``. Where
    a longer way of saying something leads from a word is asked once, or lists in lists would take for ever.
    """

    __slots__ = ("_clitic", "_known", "_step", "_text")

    def __init__(self, text: SpokenWords, step: int, clitic: int | None = None) -> None:
        self._text, self._step, self._clitic = text, step, clitic
        self._known: dict[tuple[int, int], set[int]] = {}

    def follow(self, segment: Segment, at: int) -> set[int]:
        """Return every place to which a segment leads from the word ``at``."""
        words, bare, size, step = self._text.words, self._text.bare, self._text.size, self._step
        places = {at}
        for said, ahead, behind, optional, _, _ in segment:
            reached = set(places) if optional else set()
            longer = ahead if step > 0 else behind
            for place in places:
                if 0 <= place < size:
                    if words[place] in said:
                        reached.add(place + step)
                    for way in longer.get(words[place], ()) if longer else ():
                        reached |= self._lead(way, place)
                    if place in bare and (step > 0 or place == self._clitic):
                        reached.update(self._without_clitics(said, longer, place))
            if not reached:
                return reached
            places = reached
        return places

    def _without_clitics(
        self, said: frozenset[str], longer: Mapping[str, tuple[Segment, ...]], place: int
    ) -> Iterator[int]:
        for number, (stem, _) in enumerate(self._text.bare[place]):
            if stem in said:
                yield self._text.place_of_bare(place, number) if self._step > 0 else place - 1
            for way in longer.get(stem, ()):
                yield from self._lead(way, place)

    def _lead(self, way: Segment, place: int) -> set[int]:
        leads_to = self._known.get((id(way), place))
        if leads_to is None:
            leads_to = self._known[id(way), place] = self.follow(way, place)
        return leads_to
