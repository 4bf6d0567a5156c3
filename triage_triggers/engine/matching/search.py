"""Phrases matched over the words of a text, each around its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.engine.matching.anchors import MAX_GAP_WORDS, anchored_by, longest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from triage_triggers.engine.matching.anchors import Anchored, Part
    from triage_triggers.engine.matching.words import SpokenWords
    from triage_triggers.phrases.pattern import Segment

    Span: TypeAlias = tuple[int, int]

__all__ = ["PhraseSearch"]


class _Anchor(NamedTuple):
    """All phrases with one anchor, and what may stand beside it in any of them; ``None`` where anything may."""

    before: frozenset[str] | None
    after: frozenset[str] | None
    phrases: list[Anchored]

    @classmethod
    def of(cls, phrases: list[Anchored]) -> _Anchor:
        before, after = [one.beside_before for one in phrases], [one.beside_after for one in phrases]
        return cls(_any_of(before), _any_of(after), phrases)


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

    def __init__(
        self, phrases: Iterable[tuple[int, tuple[Segment, ...]]], barred: frozenset[str] = frozenset()
    ) -> None:
        self._barred = barred
        self.reach = 0
        anchors: dict[str, list[Anchored]] = {}
        for number, parts in phrases:
            self.reach = max(self.reach, sum(map(longest, parts)) + MAX_GAP_WORDS * (len(parts) - 1))
            for words, anchored in anchored_by(number, parts):
                for word in words:
                    anchors.setdefault(word, []).append(anchored)
        self._anchors = {word: _Anchor.of(some) for word, some in anchors.items()}

    def spans(self, text: SpokenWords, low: int = 0, high: int | None = None) -> dict[int, set[Span]]:
        """Return, for each number found, the spans of its phrases that are anchored in the words ``low:high``."""
        found: dict[int, set[Span]] = {}
        anchors, low, high = self._anchors, max(low, 0), text.size if high is None else min(high, text.size)
        words, bare = text.words, text.bare
        for at, some in [(at, anchors[word]) for at, word in enumerate(words[low:high], low) if word in anchors]:
            if (some.before is None or words[at - 1] in some.before) and (
                some.after is None or words[at + 1] in some.after or at + 1 in bare
            ):
                self._read(text, at, some.phrases, None, found)
        for at in [at for at in text.bare if low <= at < high]:
            for number, (stem, _) in enumerate(text.bare[at]):
                if stem in anchors:
                    self._read(text, at, anchors[stem].phrases, text.place_of_bare(at, number), found)
        return found

    def _read(
        self, text: SpokenWords, at: int, some: Iterable[Anchored], bare: int | None, found: dict[int, set[Span]]
    ) -> None:
        """Try phrases around their anchor, which is word ``at``, or that without a clitic, ``bare`` being behind it."""
        before, after = text.words[at - 1], text.words[at + 1]
        contracted = at + 1 in text.bare
        for phrase in some:
            beside, behind = phrase.beside_before, phrase.beside_after
            if (beside is None or before in beside) and (
                behind is None or (bare is None and (after in behind or contracted))
            ):
                spans = self._around(text, phrase, at, bare)
                if spans:
                    found.setdefault(phrase.number, set()).update(spans)

    def _around(self, text: SpokenWords, phrase: Anchored, at: int, bare: int | None) -> set[Span]:
        """Return every reading of a phrase around its anchor."""
        ends = _Reading(text, 1).follow(phrase.after, at + 1) if bare is None else {bare}
        for part in phrase.parts_after:
            ends = self._across(text, part, ends, 1)
        if not ends:
            return set()
        starts = _Reading(text, -1).follow(phrase.before, at - 1)
        for part in phrase.parts_before:
            starts = self._across(text, part, starts, -1)
        lasts = [text.end_before(end) for end in ends]
        firsts = [text.start(start + 1) for start in starts]
        return {(first, last) for first in firsts for last in lasts if text.is_one_sentence(first, last)}

    def _across(self, text: SpokenWords, part: Part, places: set[int], step: int) -> set[int]:
        """Return where a part leads that stands, ahead (1) or behind (-1), at most a gap away from any place."""
        found: set[int] = set()
        words, bare = text.words, text.bare
        for place in {text.behind(place) for place in places}:
            for at in range(place, place + step * (MAX_GAP_WORDS + 1), step):
                if not 0 <= at < text.size:
                    break
                if words[at] in part.edge or at in bare:
                    reached = _Reading(text, step, clitic=at).follow(part.segment, at)
                    if reached and text.holds_clause_end(*((place - 1, at) if step > 0 else (at, place + 1))):
                        break
                    found |= reached
                if self._bars(text, at):
                    break
        return found

    def _bars(self, text: SpokenWords, at: int) -> bool:
        """Tell whether no gap may hold a word."""
        barred = self._barred
        return text.words[at] in barred or any(stem in barred for stem, _ in text.bare.get(at, ()))


def _any_of(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [some for some in sets if some is not None]
    return frozenset[str]().union(*known) if len(known) == len(sets) else None


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
        for said, ahead, behind, optional, _, _, _ in segment:
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
