"""A call cut into words, each with the classes it may stand for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from triage_triggers.folding import APOSTROPHE, JOINER, MARK, STOP, TURN
from triage_triggers.vocabulary.form import Tag

if TYPE_CHECKING:
    from triage_triggers.calls.call import Speaker
    from triage_triggers.engine.matching.document import Document
    from triage_triggers.vocabulary.vocabulary import Entry, Vocabulary

__all__ = ["COMMA", "NONE", "SENTENCE", "TURN_END", "Words"]

NONE, COMMA, SENTENCE, TURN_END = range(4)
"""What stands before a word: nothing, a comma or dash, a sentence's end, another speaker."""

_WORD: Final = re.compile(r"([^ \t\n\r\x0b|]+(?:[\t\x0b]+[^ \t\n\r\x0b|]+)*)")
_PAUSES: Final = frozenset(",;:()\u2013\u2014\u3001\uff0c")


class Words:
    """The words of a laid-out call: each one's spelling, half-open span, what stands before it, its cues and classes.

    ``roles`` are those that its classes play, ``asides`` the first words of what stands in brackets by the word behind.

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
        "_capitals",
        "_forms",
        "_found",
        "_sentences",
        "_speakers",
        "_tags",
        "_turns",
        "_where",
        "asides",
        "breaks",
        "cues",
        "document",
        "ends",
        "roles",
        "spelled",
        "starts",
        "vocabulary",
    )

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document, self.vocabulary = document, vocabulary
        folded, raw = document.folded, document.raw
        pieces = _WORD.split(folded)  # what is between words, and words, by turns
        offsets = list(accumulate(map(len, pieces)))
        self.starts: list[int] = offsets[0:-1:2]
        self.ends: list[int] = offsets[1::2]
        self.spelled: list[str] = pieces[1::2]
        if APOSTROPHE in folded:
            self.spelled = [word.replace(APOSTROPHE, "'") for word in self.spelled]
        if JOINER in folded:
            self.spelled = [word.replace(JOINER, "") for word in self.spelled]
        self.spelled = [vocabulary.plain(word) for word in self.spelled]
        self._capitals = [raw[start].isupper() for start in self.starts]
        self.breaks: list[int] = [
            NONE if between == " " == raw[past] else _break(between, raw, past)
            for between, past in zip(pieces[2:-1:2], self.ends, strict=False)
        ]
        self.breaks[:0] = [TURN_END] if self.spelled else []
        self.asides: dict[int, int] = self._asides(raw) if "(" in raw else {}
        self._speakers = self._part_turns()
        self._sentences = [at for at, apart in enumerate(self.breaks) if apart >= SENTENCE]
        self._turns = [at for at in self._sentences if self.breaks[at] == TURN_END]
        self._forms = list(map(vocabulary.form, self.spelled))
        self.cues: list[frozenset[str]] = [form.cues for form in self._forms]
        self._tags = [form.tags for form in self._forms]
        self.roles: list[frozenset[str]] = [form.roles for form in self._forms]
        for at, entries in self._set_expressions().items():
            begun = [Tag(entry.sense, 1 + len(entry.rest), self.possessive(at + len(entry.rest))) for entry in entries]
            self._tags[at] = (*begun, *self._tags[at])
            self.roles[at] |= {tag.sense.is_ for tag in begun}
        self._where: dict[str, list[int]] = {}
        for at, word in enumerate(self.spelled):
            self._where.setdefault(word, []).append(at)
        self._found: dict[str, list[tuple[int, int]]] = {}

    def _asides(self, raw: str) -> dict[int, int]:
        """Return each aside's first word by the word behind its bracket; no sentence ends within: "(d. 2003)"."""
        asides: dict[int, int] = {}
        first: int | None = None
        for at in range(1, len(self.spelled)):
            between = raw[self.ends[at - 1] : self.starts[at]]
            if self.breaks[at] == TURN_END:
                first = None
            elif first is not None and ")" in between:
                asides[at], first = first, None
            elif first is not None:
                self.breaks[at] = min(self.breaks[at], COMMA)
            if "(" in between and ")" not in between.partition("(")[2]:
                first = at
        return asides

    def _part_turns(self) -> list[Speaker]:
        """Return who says each word. Where nobody is told apart, two may be talking: each utterance is a turn then."""
        utterances = self.document.utterances
        speakers: list[Speaker] = []
        firsts = [bisect_left(self.starts, start) for start in self.document.starts]
        for utterance, first, last in zip(utterances, firsts, [*firsts[1:], len(self.starts)], strict=False):
            speakers += [utterance.speaker] * (last - first)
            if utterance.speaker == "unknown" and first < len(self.starts):
                self.breaks[first] = TURN_END
        return speakers

    def __len__(self) -> int:
        return len(self.spelled)

    def tags(self, at: int) -> tuple[Tag, ...]:
        """Return the classes that begin at a word, the longest expressions first."""
        return self._tags[at]

    def _set_expressions(self) -> dict[int, list[Entry]]:
        """Return the set expressions that begin at each word, longest first; the last word may have a clitic."""
        spelled, vocabulary = self.spelled, self.vocabulary
        places = list(vocabulary.expressions_in(spelled))
        for last in [at for at, word in enumerate(spelled) if "'" in word]:
            if self.bare(last) != spelled[last]:
                places += vocabulary.expressions_ending(self.bare(last), spelled, last)
        found: dict[int, list[Entry]] = {}
        for at, entries in places:
            if not any(self.breaks[at + 1 : at + 1 + len(entries[0].rest)]):
                found.setdefault(at, []).extend(entries)
        for begun in found.values():
            begun.sort(key=lambda entry: -len(entry.rest))
        return found

    def bare(self, at: int) -> str:
        """Return a word without a clitic: "bloke" of "bloke's"."""
        return self._forms[at].bare

    def possessive(self, at: int) -> bool:
        """Whether a word ends in 's, which may be "is", "has" or "of"."""
        return self._forms[at].possessive

    def said(self, at: int, cue: str) -> bool:
        """Whether the word at a place, if there is one, is one of a cue's."""
        return 0 <= at < len(self.cues) and cue in self.cues[at]

    def any_said(self, first: int, last: int, cue: str) -> bool:
        """Whether a word of ``first:last`` is one of a cue's."""
        return not self.vocabulary.cue(cue).words.isdisjoint(self.spelled[max(0, first) : last])

    def ends_in(self, at: int, cue: str) -> bool:
        """Whether a word ends in one of a cue's endings."""
        return self.spelled[at].endswith(self.vocabulary.cue(cue).endings)

    def length_of(self, at: int, cue: str) -> int:
        """Return how many words of a cue's expression stand at a place, 0 for none."""
        return self.vocabulary.cue(cue).length_at(self.spelled, at) if 0 <= at < len(self.spelled) else 0

    def all_said(self, cue: str) -> list[int]:
        """Return every word of the call that is one of a cue's."""
        return sorted(at for word in self._where.keys() & self.vocabulary.cue(cue).words for at in self._where[word])

    def find(self, cue: str, first: int, last: int) -> tuple[int, int] | None:
        """Return where a cue is said first within ``first:last``."""
        found = self.found(cue)
        number = bisect_left(found, (first, first))
        return found[number] if number < len(found) and found[number][0] < last else None

    def somewhere(self, cue: str) -> tuple[int, int] | None:
        """Return where a cue is said first in the call."""
        return self.find(cue, 0, len(self.spelled))

    def found(self, cue: str) -> list[tuple[int, int]]:
        """Return the half-open range of words of every place where a cue is said; they are looked for once."""
        if cue not in self._found:
            self._found[cue] = list(self.vocabulary.cue(cue).found_in(self.spelled, self._where))
        return self._found[cue]

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
        return self._speakers[at]

    def capital(self, at: int) -> bool:
        """Whether a word is written with a capital letter."""
        return self._capitals[at]

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


def _break(between: str, raw: str, past: int) -> int:
    start = past + len(between)
    if TURN in between:
        return TURN_END
    if (STOP in between or MARK in between) and not _is_pause(raw, past, start):
        return COMMA if STOP * 2 in between and MARK not in between else SENTENCE
    said = raw[past:start]
    if "\n\n" in said:
        return SENTENCE
    return COMMA if not _PAUSES.isdisjoint(said) or " - " in said else NONE
