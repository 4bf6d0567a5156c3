"""What has been said in an open call so far, and stretches of it laid out to be read."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.engine.matching.document import Document
from triage_triggers.folding import GAP, RECORD_SEPARATOR, fold_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Piece", "Stretch", "Transcript"]

LONGEST_PIECE: Final = 400
"""Longer utterances are cut into pieces of about so many code points, so that a note is not read again for a word."""


class Piece(NamedTuple):
    """An utterance, or a part of a long one: where a stretch of the call may begin.

    ``skip`` is where it begins in the text of its utterance, ``start`` in the laid-out call; ``words`` and ``letters``
    are how much it holds, hesitations left out. ``opens``: somebody else spoke before, so that nothing of what was said
    before has a bearing on how its sentences are read.
    """

    utterance: int
    skip: int
    start: int
    words: int
    letters: int
    opens: bool


class Stretch(NamedTuple):
    """A call from some place on to its end, laid out: ``utterance`` is the number of the first one in it.

    ``skip`` is how much of that one's text is left out, ``offset`` what to add to an offset in the ``document``.
    """

    document: Document
    utterance: int
    skip: int
    offset: int


class Transcript:
    """The utterances of an open call, which may be added to and revised. Offsets are those of ``Document(call)``.

    >>> transcript = Transcript()
    >>> transcript.add(Utterance("he hit", "caller")), transcript.add(Utterance("me", "caller"))
    (0, 1)
    >>> transcript.starts, [piece.opens for piece in transcript.pieces]
    ([0, 7], [True, False])
    """

    __slots__ = ("first_pieces", "has_separators", "pieces", "starts", "turns", "utterances")

    def __init__(self) -> None:
        self.utterances: list[Utterance] = []
        self.starts: list[int] = []
        self.turns: list[int] = []
        """By utterance, the number of its turn: segments of one speaker that follow each other are one turn."""
        self.pieces: list[Piece] = []
        self.first_pieces: list[int] = []
        """By utterance, the number of its first piece."""
        self.has_separators = False
        """Whether some text holds the control character that stands between speakers, and so looks like several."""

    def add(self, utterance: Utterance) -> int:
        """Take in what was said next; return its number."""
        number = len(self.utterances)
        opens = number == 0 or self.utterances[-1].speaker != utterance.speaker
        start = self.starts[-1] + len(self.utterances[-1].text) + 1 if number else 0
        self.turns.append(self.turns[-1] + opens if number else 0)
        self.has_separators = self.has_separators or RECORD_SEPARATOR in utterance.text
        self.utterances.append(utterance)
        self.starts.append(start)
        self.first_pieces.append(len(self.pieces))
        for skip, end in _cuts(utterance.text):
            words = fold_phrase(utterance.text[skip:end]).split(GAP)
            letters = sum(map(len, words))
            opens_here = opens and skip == 0
            self.pieces.append(Piece(number, skip, start + skip, len(words) if letters else 0, letters, opens_here))
        return number

    def revise(self, number: int, utterance: Utterance) -> None:
        """Put another utterance in the place of one; everything after it moves accordingly."""
        after = [utterance, *self.utterances[number + 1 :]]
        del self.pieces[self.first_pieces[number] :]
        for by_utterance in (self.utterances, self.starts, self.turns, self.first_pieces):
            del by_utterance[number:]
        for later in after:
            self.add(later)

    def words_in(self, number: int) -> int:
        """Return how many words an utterance holds."""
        after = self.first_pieces[number + 1] if number + 1 < len(self.first_pieces) else None
        return sum(piece.words for piece in self.pieces[self.first_pieces[number] : after])

    def utterance_at(self, position: int) -> int:
        """Return the number of the utterance in which a position, of what ends there, stands."""
        return bisect_right(self.starts, position) - 1

    def piece_at(self, position: int) -> int:
        """Return the number of the last piece that begins at a position or before it."""
        return bisect_right(self.pieces, position, key=_start) - 1

    def back(self, piece: int, *, words: int, letters: int) -> int:
        """Return the piece that lies so many words and letters before another, or where its turn began if sooner."""
        while piece > 0 and (words > 0 or letters > 0) and not self.pieces[piece].opens:
            piece -= 1
            words -= self.pieces[piece].words
            letters -= self.pieces[piece].letters
        return piece

    def turn_start(self, piece: int) -> int:
        """Return the piece with which another's turn began."""
        return self.back(piece, words=self.starts[-1] + 1, letters=0)

    def stretch(self, offset: int) -> Stretch:
        """Lay out the call from an offset on, which must be the start of a word or of an utterance."""
        number = self.utterance_at(offset)
        skip = offset - self.starts[number]
        utterances = self.utterances[number:]
        if skip:
            cut = utterances[0]
            utterances[0] = Utterance(cut.text[skip:], cut.speaker, cut.start, cut.end)
        return Stretch(Document(Call("", utterances)), number, skip, offset)


def _start(piece: Piece) -> int:
    return piece.start


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text's pieces. A piece begins with a letter behind a plain space, or where the text does."""
    start = 0
    while len(text) - start > LONGEST_PIECE:
        at = text.find(" ", start + LONGEST_PIECE)
        while at >= 0 and not text[at + 1 : at + 2].isalnum():
            at = text.find(" ", at + 1)
        if at < 0:
            break
        yield start, at + 1
        start = at + 1
    yield start, len(text)
