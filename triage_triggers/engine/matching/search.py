"""Phrases matched over the words of a text, each around the one of its elements that is likely to be said least often.

So that "he ... strangled me" costs nothing where nobody is strangled, however often "he" is said.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import ahocorasick

from triage_triggers.engine.matching.words import NO_WORD, SpokenText, Stretch
from triage_triggers.folding import SEPARATORS
from triage_triggers.phrases.pattern import Element, beginnings, endings, may_be_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.phrases.pattern import Segment

__all__ = ["MAX_GAP_WORDS", "PhraseSearch"]

MAX_GAP_WORDS: Final = 4
"""How many words ``...`` may stand for, at most."""
SELDOM: Final = 4.0
"""As ``_cost`` has it: what is said no more often anchors a phrase by itself."""
MOST_IN_A_RUN: Final = 4
MOST_RUNS: Final = 100
"""How many words a run has at most, and how many runs of words one anchor may be."""
ALL_THAT_IS_SAID: Final = 11_000.0
_NOWHERE: Final = -2

_Run: TypeAlias = "tuple[frozenset[str], ...]"

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


_Anchors: TypeAlias = dict[str, tuple[_Beside, ...]]


class PhraseSearch:
    """Phrases, each with the number of what it stands for. Frozen once made; safe to share between threads.

    Each phrase has an anchor: a word, or a run of two or three where any one of them is said often. Anchors are in one
    automaton, without their spaces and with white space ignored, so that any spacing and any punctuation between words
    is the same to it; around each hit the phrase is then matched word by word. A phrase is given as its parts between
    ``...``; ``barred`` are words that no gap may hold. ``reach`` is how many words the longest phrase may take up.

    >>> from triage_triggers.phrases.pattern import Vocabulary
    >>> phrases = ["got a knife", "(he|she) ... hit me"]
    >>> search = PhraseSearch(enumerate(map(Vocabulary({}).segments_of, phrases)))
    >>> folded = "hes got a knife she went and hit me"
    >>> search.spans(folded, SpokenText(folded, reach=search.reach))
    {0: {(4, 15)}, 1: {(16, 35)}}
    """

    __slots__ = ("_automaton", "_barred", "_by_word", "reach")

    def __init__(
        self, phrases: Iterable[tuple[int, tuple[Segment, ...]]], barred: frozenset[str] = frozenset()
    ) -> None:
        self._barred = barred
        self.reach = 0
        of_runs: dict[_Run, dict[tuple[frozenset[str] | None, frozenset[str] | None], _Beside]] = {}
        for number, parts in phrases:
            self.reach = max(self.reach, sum(map(_longest, parts)) + MAX_GAP_WORDS * (len(parts) - 1))
            for run, anchored in _anchored(number, parts):
                before = None if may_be_empty(anchored.before) else endings(anchored.before[::-1])
                after = None if may_be_empty(anchored.after) else beginnings(anchored.after)
                group = of_runs.setdefault(run, {})
                group.setdefault((before, after), _Beside(before, after, [])).phrases.append(anchored)
        self._by_word: _Anchors = {}
        by_run: dict[str, tuple[_Beside, ...]] = {}
        for run, group in of_runs.items():
            beside = tuple(group.values())
            for word in run[-1]:
                self._by_word[word] = self._by_word.get(word, ()) + beside
            for words in product(*run):
                spelled = " ".join(words)
                by_run[spelled] = by_run.get(spelled, ()) + beside
        by_letters: dict[str, list[tuple[str, int, str, tuple[_Beside, ...]]]] = {}
        for spelled, beside in by_run.items():
            target = (spelled, len(spelled), spelled.rpartition(" ")[2], beside)
            by_letters.setdefault(spelled.replace(" ", ""), []).append(target)
        self._automaton = ahocorasick.Automaton()
        for letters, targets in by_letters.items():
            self._automaton.add_word(letters, tuple(targets))
        self._automaton.make_automaton()

    def spans(self, folded: str, text: SpokenText) -> dict[int, set[tuple[int, int]]]:
        """Return, for each number found in a text, the spans of its phrases."""
        found: dict[int, set[tuple[int, int]]] = {}
        if not self._by_word:  # an empty automaton would raise
            return found
        size = len(folded)
        for last, targets in self._automaton.iter(folded, ignore_white_space=True):
            behind = last + 1
            if behind < size and folded[behind] not in SEPARATORS:
                continue  # the word goes on
            for spelled, length, word, anchored in targets:
                first = behind - length
                if first >= 0 and folded.startswith(spelled, first) and first and folded[first - 1] not in SEPARATORS:
                    continue
                stretch, at = text.around(last)
                if stretch.words[at] == word:
                    self._read(stretch, at, anchored, found)
                for stem, place in stretch.bare.get(at, ()):
                    if stem == word:
                        self._read_bare(stretch, at, place, anchored, found)
        return found

    def spans_within(self, text: Stretch, low: int, high: int) -> dict[int, set[tuple[int, int]]]:
        """Return the same for phrases that are anchored in the words ``low:high`` of a stretch."""
        found: dict[int, set[tuple[int, int]]] = {}
        by_word = self._by_word
        for at in range(max(low, 0), min(high, text.size)):
            if anchored := by_word.get(text.words[at]):
                self._read(text, at, anchored, found)
            for stem, place in text.bare.get(at, ()):
                self._read_bare(text, at, place, by_word.get(stem, ()), found)
        return found

    def _read(
        self, text: Stretch, at: int, anchored: tuple[_Beside, ...], found: dict[int, set[tuple[int, int]]]
    ) -> None:
        words = text.words
        before, after = words[at - 1], words[at + 1]
        contracted = at + 1 in text.bare
        for wanted_before, wanted_after, phrases in anchored:
            if (wanted_before is None or before in wanted_before) and (
                wanted_after is None or after in wanted_after or (contracted and _some_bare(text, at + 1, wanted_after))
            ):
                for phrase in phrases:
                    if _may_stand(text, phrase, at):
                        self._join(text, phrase, at, None, found)

    def _read_bare(
        self,
        text: Stretch,
        at: int,
        place: int,
        anchored: tuple[_Beside, ...],
        found: dict[int, set[tuple[int, int]]],
    ) -> None:
        """The same where a clitic follows the anchor, so that its part must end there."""
        for wanted_before, _, phrases in anchored:
            if wanted_before is None or text.words[at - 1] in wanted_before:
                for phrase in phrases:
                    if phrase.may_end:
                        self._join(text, phrase, at, place, found)

    def _join(
        self,
        text: Stretch,
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
            spans = found.setdefault(phrase.number, set())
            lasts = [text.end_before(end) for end in ends]
            for start in starts:
                first = text.start(start + 1)
                spans.update([(first, last) for last in lasts])

    def _beyond(self, text: Stretch, part: _Part, ends: set[int]) -> set[int]:
        """Return where a part ends that follows any of ``ends``, at most a gap on."""
        found: set[int] = set()
        known: _Known = {}
        words, bare = text.words, text.bare
        for end in {text.behind(end) for end in ends}:
            for at in range(end, end + 1 + MAX_GAP_WORDS):
                if words[at] in part.edge or at in bare:
                    reached = _follow(text, part.segment, at, 1, known, _NOWHERE)
                    if reached and text.holds_clause_end(end - 1, at):
                        break
                    found |= reached
                if words[at] == NO_WORD or self._bars(text, at):
                    break
        return found

    def _ahead_of(self, text: Stretch, part: _Part, starts: set[int]) -> set[int]:
        """Return what stands before a part that comes before any of ``starts``, at most a gap away."""
        found: set[int] = set()
        words, bare = text.words, text.bare
        for start in starts:
            for at in range(start, start - 1 - MAX_GAP_WORDS, -1):
                if words[at] in part.edge or at in bare:
                    reached = _follow(text, part.segment, at, -1, {}, at)
                    if reached and text.holds_clause_end(at, start + 1):
                        break
                    found |= reached
                if words[at] == NO_WORD or self._bars(text, at):
                    break
        return found

    def _bars(self, text: Stretch, at: int) -> bool:
        """Tell whether no gap may hold a word."""
        barred = self._barred
        return bool(barred) and (text.words[at] in barred or _some_bare(text, at, barred))


def _some_bare(text: Stretch, at: int, words: frozenset[str]) -> bool:
    return at in text.bare and any(stem in words for stem, _ in text.bare[at])


def _may_stand(text: Stretch, phrase: _Anchored, at: int) -> bool:
    """Tell quickly that a phrase can't stand around an anchor; most anchors stand alone."""
    words = text.words
    place = at
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


def _some_contracted(text: Stretch, low: int, high: int) -> bool:
    return bool(text.bare) and any(at in text.bare for at in range(low, high))


def _follow(text: Stretch, segment: Segment, at: int, step: int, known: _Known, clitic: int) -> set[int]:
    """Return every place to which a segment leads from the word ``at``, ahead (``step`` 1) or, reversed, behind (-1).

    Ahead any word may be said with a clitic, behind the word at ``clitic`` only, and nothing goes on from there.
    """
    words, bare = text.words, text.bare
    places = {at}
    for said, ahead, behind, optional in segment:
        reached = set(places) if optional else set()
        longer = ahead if step > 0 else behind
        for place in places:
            word = words[place]
            if word in said:
                reached.add(place + step)
            ways = longer.get(word, ()) if longer else ()
            if place in bare and (step > 0 or place == clitic):
                for stem, beyond in bare[place]:
                    if stem in said:
                        reached.add(beyond if step > 0 else place - 1)
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


def _anchored(number: int, parts: tuple[Segment, ...]) -> Iterator[tuple[_Run, _Anchored]]:
    """Yield a phrase around each of its anchors, one of which is in every way to say it, with the words of the run."""
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
        run, before, after = _run(words, before, after)
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
        yield run, anchored


def _run(words: frozenset[str], before: Segment, after: Segment) -> tuple[_Run, Segment, Segment]:
    """Return a run of words around an anchor that is said seldom enough, and what stands around its last word."""
    run: _Run = (words,)
    often = _cost_of(words)
    left, right = list(_plain(before)), list(_plain(after))
    while often > SELDOM and len(run) < MOST_IN_A_RUN:
        ways = [(_cost_of(side[0]), ahead) for side, ahead in ((left, False), (right, True)) if side]
        ways = [way for way in ways if len((left, right)[way[1]][0]) * prod(map(len, run)) <= MOST_RUNS]
        if not ways:
            break
        cost, ahead = min(ways)
        often *= min(1.0, cost / ALL_THAT_IS_SAID)
        if ahead:
            run = (*run, right.pop(0))
            before, after = (Element(run[-2], {}, {}), *before), after[1:]
        else:
            run = (left.pop(0), *run)
    return run, before, after


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
