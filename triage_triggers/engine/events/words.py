"""A call cut into words, each with the classes it may stand for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.folding import APOSTROPHE, JOINER, MARK, STOP, TURN

if TYPE_CHECKING:
    from triage_triggers.calls.call import Speaker
    from triage_triggers.engine.matching.document import Document
    from triage_triggers.vocabulary.sense import Sense
    from triage_triggers.vocabulary.vocabulary import Entry, Vocabulary

__all__ = ["COMMA", "NONE", "SENTENCE", "TURN_END", "Tag", "Words"]

NONE, COMMA, SENTENCE, TURN_END = range(4)
"""What stands before a word: nothing, a comma or dash, a sentence's end, another speaker."""

_WORD: Final = re.compile(r"[^ \t\n\r\x0b|]+(?:[\t\x0b]+[^ \t\n\r\x0b|]+)*")
_PAUSES: Final = frozenset(",;:()\u2013\u2014\u3001\uff0c")
_NO_CUES: Final[frozenset[str]] = frozenset()


class Tag(NamedTuple):
    """A class that ``length`` words from some word on may stand for; ``possessive``: with 's behind."""

    sense: Sense
    length: int
    possessive: bool


class Words:
    """The words of a laid-out call: spelling, half-open span, what stands before each, and its classes.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> words = Words(Document(Call.from_text("My bloke's hit me, twice.")), load_vocabulary("en"))
    >>> words.spelled
    ['my', "bloke's", 'hit', 'me', 'twice']
    >>> words.breaks
    [3, 0, 0, 0, 1]
    """

    __slots__ = (
        "_clitics",
        "_cues",
        "_expressions",
        "_memo",
        "_possessives",
        "_sentences",
        "_somewhere",
        "_turns",
        "breaks",
        "document",
        "ends",
        "spelled",
        "starts",
        "vocabulary",
    )

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document, self.vocabulary = document, vocabulary
        folded, raw = document.folded, document.raw
        self.spelled: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.breaks: list[int] = []
        past = 0
        for match in _WORD.finditer(folded):
            start, end = match.span()
            word = match[0]
            if APOSTROPHE in word or JOINER in word:
                word = word.replace(JOINER, "").replace(APOSTROPHE, "'")
            self.spelled.append(word)
            self.starts.append(start)
            self.ends.append(end)
            self.breaks.append(_break(folded, raw, past, start) if past else TURN_END)
            past = end
        self._part_turns()
        self._sentences = [at for at, apart in enumerate(self.breaks) if apart >= SENTENCE]
        self._turns = [at for at in self._sentences if self.breaks[at] == TURN_END]
        cues_of = vocabulary.cues_of
        self._clitics = vocabulary.cue("clitic").endings
        self._possessives = vocabulary.cue("possessive").endings
        self._cues = [cues_of.get(word, _NO_CUES) for word in self.spelled]
        self._expressions = self._set_expressions()
        self._memo: dict[int, tuple[Tag, ...]] = {}
        self._somewhere: dict[str, tuple[int, int] | None] = {}

    def _part_turns(self) -> None:
        """Let each utterance of an unknown speaker be a turn: where nobody is told apart, two may be talking."""
        document = self.document
        if len(document.utterances) > 1 and any(said.speaker == "unknown" for said in document.utterances):
            for number, start in enumerate(document.starts):
                at = bisect_left(self.starts, start)
                if document.utterances[number].speaker == "unknown" and at < len(self.breaks):
                    self.breaks[at] = TURN_END

    def __len__(self) -> int:
        return len(self.spelled)

    def tags(self, at: int) -> tuple[Tag, ...]:
        """Return the classes that begin at a word, the longest expressions first."""
        if at in self._memo:
            return self._memo[at]
        tags = self._memo[at] = self._look_up(at)
        return tags

    def _look_up(self, at: int) -> tuple[Tag, ...]:
        spelled, vocabulary = self.spelled, self.vocabulary
        word = spelled[at]
        tags: list[Tag] = []
        for entry in self._expressions.get(at, ()):
            length = len(entry.rest) + 1
            tags.append(Tag(entry.sense, length, self.possessive(at + length - 1)))
        known = vocabulary.words.get(word)
        if known is None and (known := vocabulary.words.get(self.bare(at))) is None:
            return tuple(tags)
        possessive = self.possessive(at)
        tags += [Tag(sense, 1, possessive) for sense in known]
        return tuple(tags)

    def _set_expressions(self) -> dict[int, list[Entry]]:
        """Return the set expressions that begin at each word, longest first; the last word may have a clitic."""
        spelled = self.spelled
        bare = [self.bare(at) for at in range(len(spelled))]
        found: dict[int, list[Entry]] = {}
        for words in (spelled, bare) if bare != spelled else (spelled,):
            for at, entries in self.vocabulary.expressions_in(words):
                last = at + len(entries[0].rest)
                clitic = words is bare and bare[last] != spelled[last]
                plain = words is spelled or (clitic and bare[at:last] == spelled[at:last])
                if plain and all(self.breaks[step] == NONE for step in range(at + 1, last + 1)):
                    found.setdefault(at, []).extend(entries)
        for begun in found.values():
            begun.sort(key=lambda entry: -len(entry.rest))
        return found

    def bare(self, at: int) -> str:
        """Return a word without a clitic: "bloke" of "bloke's"."""
        word = self.spelled[at]
        if "'" in word:
            for clitic in self._clitics:
                if word.endswith(clitic):
                    return word[: -len(clitic)]
            return word.strip("'")
        return word

    def possessive(self, at: int) -> bool:
        """Whether a word ends in 's, which may be "is", "has" or "of"."""
        return self.spelled[at].endswith(self._possessives)

    def said(self, at: int, cue: str) -> bool:
        """Whether the word at a place, if there is one, is one of a cue's."""
        return 0 <= at < len(self._cues) and cue in self._cues[at]

    def any_said(self, first: int, last: int, cue: str) -> bool:
        """Whether a word of ``first:last`` is one of a cue's."""
        return not self.vocabulary.cue(cue).words.isdisjoint(self.spelled[max(0, first) : last])

    def ends_in(self, at: int, cue: str) -> bool:
        """Whether a word ends in one of a cue's endings."""
        return self.spelled[at].endswith(self.vocabulary.cue(cue).endings)

    def length_of(self, at: int, cue: str) -> int:
        """Return how many words of a cue's expression stand at a place, 0 for none."""
        return self.vocabulary.cue(cue).length_at(self.spelled, at) if 0 <= at < len(self.spelled) else 0

    def find(self, cue: str, first: int, last: int) -> tuple[int, int] | None:
        """Return where a cue is said first within ``first:last``."""
        return self.vocabulary.cue(cue).find(self.spelled, max(0, first), min(last, len(self.spelled)))

    def somewhere(self, cue: str) -> tuple[int, int] | None:
        """Return where a cue is said first in the call; asked for again, it costs nothing."""
        if cue not in self._somewhere:
            self._somewhere[cue] = self.find(cue, 0, len(self.spelled))
        return self._somewhere[cue]

    def close(self, at: int) -> bool:
        """Whether there is a word at a place, and nothing stands between it and the one before."""
        return at < len(self.breaks) and self.breaks[at] == NONE

    def has(self, at: int, role: str) -> Tag | None:
        """Return the longest tag at a word that plays a role."""
        for tag in self.tags(at):
            if tag.sense.is_ == role:
                return tag
        return None

    def speaker(self, at: int) -> Speaker:
        """Return who says a word."""
        return self.document.speaker_at(self.starts[at])

    def capital(self, at: int) -> bool:
        """Whether a word is written with a capital letter."""
        return self.document.raw[self.starts[at]].isupper()

    def shouted(self, at: int) -> bool:
        """Whether a word is written in capitals, as abbreviations are in a note."""
        written = self.document.raw[self.starts[at] : self.ends[at]]
        return len(written) > 1 and written.isupper()

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the half-open range of words of the sentence that holds a word."""
        after = bisect_right(self._sentences, at)
        last = self._sentences[after] if after < len(self._sentences) else len(self.breaks)
        return self._sentences[after - 1], last

    def turn_start(self, at: int) -> int:
        """Return the first word of the turn that holds a word."""
        after = bisect_right(self._turns, at)
        return self._turns[after - 1] if after else 0

    def next_turn(self, at: int) -> int:
        """Return the first word of the turn behind the one that holds a word, or the end of the call."""
        after = bisect_right(self._turns, at)
        return self._turns[after] if after < len(self._turns) else len(self.breaks)


def _is_pause(raw: str, past: int, start: int) -> bool:
    """Tell "he's got my... bank book", where somebody is short of breath, from the end of a sentence."""
    return raw[start].islower() and ("..." in raw[past:start] or "\u2026" in raw[past:start])


def _break(folded: str, raw: str, past: int, start: int) -> int:
    if start - past == 1 and folded[past] == " " and raw[past] == " ":
        return NONE
    between = folded[past:start]
    if TURN in between:
        return TURN_END
    if (STOP in between or MARK in between) and not _is_pause(raw, past, start):
        return COMMA if STOP * 2 in between and MARK not in between else SENTENCE
    said = raw[past:start]
    if "\n\n" in said:
        return SENTENCE
    return COMMA if not _PAUSES.isdisjoint(said) or " - " in said else NONE
