"""Phrases matched over the words of a text, each around the one of its elements that is likely to be said least often.

So that "he ... strangled me" costs nothing where nobody is strangled, however often "he" is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from triage_triggers.phrases.pattern import beginnings, endings, may_be_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.engine.matching.words import SpokenWords
    from triage_triggers.phrases.pattern import Element, Segment

__all__ = ["MAX_GAP_WORDS", "PhraseSearch"]

MAX_GAP_WORDS: Final = 4
"""How many words ``...`` may stand for, at most."""
_NOWHERE: Final = -2


_Known: TypeAlias = dict[tuple[int, int, bool], set[int]]
"""Where a longer way of saying something leads from a place: asked once, or lists in lists would take for ever."""


class _Part(NamedTuple):
    """A part of a phrase beyond a gap, and the words that it may begin with, from the anchor's side."""

    segment: Segment
    edge: frozenset[str]


class _Anchored(NamedTuple):
    """A phrase around an anchor: what stands on either side in the anchor's own part, and its other parts, nearest first.

    All that stands before the anchor is reversed, to be read from there. ``plain_before`` and ``plain_after`` are the
    words that must stand next to the anchor, one after the other; ``far_before`` and ``far_after`` is how far away the
    nearest other parts begin at most. ``may_end``: the anchor may end its part.
    """

    number: int
    before: Segment
    after: Segment
    parts_before: tuple[_Part, ...]
    parts_after: tuple[_Part, ...]
    plain_before: tuple[frozenset[str], ...]
    plain_after: tuple[frozenset[str], ...]
    far_before: int
    far_after: int
    may_end: bool


class _Beside(NamedTuple):
    """Phrases with one anchor and the same words beside it; ``None`` where any may stand there."""

    before: frozenset[str] | None
    after: frozenset[str] | None
    phrases: list[_Anchored]


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
            self.reach = max(self.reach, sum(map(_longest, parts)) + MAX_GAP_WORDS * (len(parts) - 1))
            for words, anchored in _anchored(number, parts):
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
            before, after = words[at - 1], words[at + 1]
            contracted = at + 1 in bare
            if (any_before is not None and before not in any_before) or (
                any_after is not None and after not in any_after and not contracted
            ):
                continue
            for wanted_before, wanted_after, phrases in some:
                if (wanted_before is None or before in wanted_before) and (
                    wanted_after is None or after in wanted_after or contracted
                ):
                    for phrase in phrases:
                        if _may_stand(text, phrase, at):
                            self._join(text, phrase, at, None, found)
        for at, stems in bare.items() if low < high else ():
            for number, (stem, _) in enumerate(stems) if low <= at < high else ():
                anchor = anchors.get(stem)
                for wanted_before, _, phrases in anchor.beside if anchor is not None else ():
                    if wanted_before is None or words[at - 1] in wanted_before:
                        for phrase in phrases:
                            if phrase.may_end:
                                self._join(text, phrase, at, text.place_of_bare(at, number), found)
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
        ends = _follow(text, phrase.after, at + 1, 1, {}, _NOWHERE) if bare is None else {bare}
        for part in phrase.parts_after:
            ends = self._beyond(text, part, ends) if ends else ends
        if not ends:
            return
        starts = _follow(text, phrase.before, at - 1, -1, {}, _NOWHERE)
        for part in phrase.parts_before:
            starts = self._ahead_of(text, part, starts) if starts else starts
        if starts:
            lasts = [text.end_before(end) for end in ends]
            firsts = [text.start(start + 1) for start in starts]
            spans = {(first, last) for first in firsts for last in lasts if text.is_one_sentence(first, last)}
            if spans:
                found.setdefault(phrase.number, set()).update(spans)

    def _beyond(self, text: SpokenWords, part: _Part, ends: set[int]) -> set[int]:
        """Return where a part ends that follows any of ``ends``, at most a gap on."""
        found: set[int] = set()
        known: _Known = {}
        words, bare = text.words, text.bare
        for end in {text.behind(end) for end in ends}:
            for at in range(end, min(end + 1 + MAX_GAP_WORDS, text.size)):
                if words[at] in part.edge or at in bare:
                    reached = _follow(text, part.segment, at, 1, known, _NOWHERE)
                    if reached and text.holds_clause_end(end - 1, at):
                        break
                    found |= reached
                if self._bars(text, at):
                    break
        return found

    def _ahead_of(self, text: SpokenWords, part: _Part, starts: set[int]) -> set[int]:
        """Return what stands before a part that comes before any of ``starts``, at most a gap away."""
        found: set[int] = set()
        words, bare = text.words, text.bare
        for start in starts:
            for at in range(start, max(start - 1 - MAX_GAP_WORDS, -1), -1):
                if words[at] in part.edge or at in bare:
                    reached = _follow(text, part.segment, at, -1, {}, at)
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


def _may_stand(text: SpokenWords, phrase: _Anchored, at: int) -> bool:
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
    return bool(text.bare) and any(at in text.bare for at in range(low, high))


def _follow(text: SpokenWords, segment: Segment, at: int, step: int, known: _Known, clitic: int) -> set[int]:
    """Return every place to which a segment leads from the word ``at``, ahead (``step`` 1) or, reversed, behind (-1).

    Ahead any word may be said with a clitic, behind the word at ``clitic`` only, and nothing goes on from there.
    """
    words, bare, size = text.words, text.bare, text.size
    places = {at}
    for said, ahead, behind, optional in segment:
        reached = set(places) if optional else set()
        longer = ahead if step > 0 else behind
        for place in places:
            if not 0 <= place < size:
                continue
            word = words[place]
            if word in said:
                reached.add(place + step)
            ways = longer.get(word, ()) if longer else ()
            if place in bare and (step > 0 or place == clitic):
                for number, (stem, _) in enumerate(bare[place]):
                    if stem in said:
                        reached.add(text.place_of_bare(place, number) if step > 0 else place - 1)
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


def _anchored(number: int, parts: tuple[Segment, ...]) -> Iterator[tuple[frozenset[str], _Anchored]]:
    """Yield a phrase around each of its anchors, one of which is in every way to say it, with the anchor's words."""
    _, part, place = min(
        (_cost(element), part, place)
        for part, segment in enumerate(parts)
        for place, element in enumerate(segment)
        if not element.optional
    )
    parts_before = tuple(_Part(other[::-1], endings(other)) for other in reversed(parts[:part]))
    parts_after = tuple(_Part(other, beginnings(other)) for other in parts[part + 1 :])
    segment = parts[part]
    for words, before, after in _anchors_in(segment[place], segment[:place][::-1], segment[place + 1 :]):
        plain_before = tuple(_plain(before))
        # The last word may be said with a clitic.
        plain_after = tuple(wanted for at, wanted in enumerate(_plain(after), 1) if not may_be_empty(after[at:]))
        anchored = _Anchored(
            number,
            before,
            after,
            parts_before,
            parts_after,
            plain_before,
            plain_after,
            MAX_GAP_WORDS + 1 + _longest(before) if parts_before else 0,
            MAX_GAP_WORDS + 1 + _longest(after) if parts_after else 0,
            may_be_empty(after),
        )
        yield words, anchored


def _plain(segment: Segment) -> Iterator[frozenset[str]]:
    """Yield the words of the elements with which a segment begins, as far as each is one word that must be said."""
    for element in segment:
        if element.optional or element.ahead:
            return
        yield element.words


def _anchors_in(
    element: Element, before: Segment, after: Segment
) -> Iterator[tuple[frozenset[str], Segment, Segment]]:
    """Yield the words of an element, and those of one element of each longer way of saying it, with what is around."""
    if element.words:
        yield element.words, before, after
    for way in _ways(element):
        _, place = min((_cost(inner), place) for place, inner in enumerate(way) if not inner.optional)
        yield from _anchors_in(way[place], way[:place][::-1] + before, way[place + 1 :] + after)


def _ways(element: Element) -> Iterable[Segment]:
    return {id(way): way for ways in element.ahead.values() for way in ways}.values()


def _longest(segment: Segment) -> int:
    return sum(max([1, *map(_longest, _ways(element))]) for element in segment)


def _cost(element: Element) -> float:
    """Estimate how often an element is said: common words often, others by their letters."""
    cost = _cost_of(element.words)
    if element.ahead:
        cost += sum(min(_cost(inner) for inner in way if not inner.optional) for way in _ways(element))
    return cost


def _cost_of(words: Iterable[str]) -> float:
    return sum(_COMMON.get(word) or _BY_LETTERS[min(len(word), len(_BY_LETTERS) - 1)] for word in words)


_BY_LETTERS: Final = (10.0, 10.0, 5.0, 3.0, 2.0, 1.0, 0.8, 0.6)
# The words said most often, the commonest first. Only speed depends on these: which word of a phrase is looked for, and
# which are looked for around it.
_COMMON: Final = {
    word: 3_000 / (rank + 8)
    for rank, word in enumerate(
        """
        i the you and to a it that of in is was yeah they have he so my on but for know not do me its dont just like
        what this with be we your there she oh if at all thats im up are out one no get her about or go here well can
        had got him really right when were think did because now how some see then then as them been would people from
        time has good okay ok his lot who things going back said want where mean want think will didnt more little say
        come down very theyre something thing much our too look kind hes let other pretty us by kids went over take an
        tell sure way into ive could why need their two only never youre work cant than really years off doing any
        still put school home house make years year around shes day always even another car big old every hes first
        guess doesnt after before ill wasnt isnt should told money probably maybe again which bit done give these took
        wont whats does try better trying theres gonna anything call keep man phone came getting started few many those
        night used being next place wanted weve through thought run last long made must am bad three live three family
        talk feel job left room most bad gets wife husband baby children goes nothing hear saw says stop police hell
        outside head mum dad door someone please help turn may shed shell id hurt gone looking hit son cos hold round
        everything away called minute minutes might such week morning since eyes whos stay wrong found hand side street
        """.split()
    )
}
