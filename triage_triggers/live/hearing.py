"""Reads an open call as it grows: what a change can't have a bearing on is not read again.

Equal to reading the whole call, for these reasons.

* A phrase never runs across a change of speaker, and takes up so many words at most. So what was found before a place
  stands, once that many words have followed; and what is found behind it is the same wherever the reading began, if the
  phrases found just before it are the same ones.
* A finding is read within its sentence, of which so many letters count before and behind it; a question without
  speakers has its answer in the next sentence.
* What is said in later turns changes only the reading of questions, until they are answered, and of voices in the
  background, if the caller explains them; both within so many turns.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.context.fiction import may_explain
from triage_triggers.engine.context.question import ANSWER_WORDS, TURNS_TO_ANSWER
from triage_triggers.engine.context.reader import TURNS_TO_EXPLAIN
from triage_triggers.engine.context.sentence import REACH_AHEAD, REACH_BACK
from triage_triggers.engine.matching.matcher import Match, Span
from triage_triggers.folding import fold
from triage_triggers.live.heard import entries, placed, pushed
from triage_triggers.live.transcript import Transcript

if TYPE_CHECKING:
    from triage_triggers.calls.call import Utterance
    from triage_triggers.engine.heard import Heard
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.live.heard import Entry
    from triage_triggers.live.transcript import Stretch

__all__ = ["Hearing", "Reread"]

MARGIN: Final = 20
"""Letters more than anything reaches: what decides about a word's spelling or a sentence's end stands beside it."""
TURNS_OPEN: Final = max(2 * TURNS_TO_ANSWER, TURNS_TO_EXPLAIN) + 1
"""For how many turns a finding may be read anew: an answer may take that many, each of them asking back."""
MOST_LOOKED_AT: Final = 40
"""How many utterances are looked through for a question's answer before it is simply read again."""
_VOICES: Final = frozenset({"other", "unknown"})


class Reread(NamedTuple):
    """What was heard before and after, in order, from where a change could have a bearing to the end of the call."""

    before: tuple[Heard, ...]
    after: tuple[Heard, ...]


class Hearing:
    """What was said and found in one open call. ``top`` is the last finding, with all before it."""

    __slots__ = ("_evaluator", "_letters", "_words", "top", "transcript")

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._words = evaluator.reach.words
        self._letters = max(evaluator.reach.letters, REACH_BACK, 2 * REACH_AHEAD) + MARGIN
        self.transcript = Transcript()
        self.top: Entry | None = None

    def add(self, utterance: Utterance) -> Reread:
        """Take in what was said next."""
        number = self.transcript.add(utterance)
        explains = utterance.speaker == "caller" and self._may_explain(utterance)
        return self._read_from(number, explains=explains, rejoined=False)

    def revise(self, number: int, utterance: Utterance) -> Reread:
        """Put another utterance in the place of one."""
        before = self.transcript.utterances[number]
        self.transcript.revise(number, utterance)
        rejoined = before.speaker != utterance.speaker
        explains = rejoined or any(map(self._may_explain, (before, *self.transcript.utterances[number:])))
        return self._read_from(number, explains=explains, rejoined=rejoined)

    def add_all(self, utterances: list[Utterance]) -> None:
        """Take in a whole call at once, for an empty transcript."""
        for utterance in utterances:
            self.transcript.add(utterance)
        if utterances:
            self._read_from(0, explains=False, rejoined=False)

    def _read_from(self, number: int, *, explains: bool, rejoined: bool) -> Reread:
        """Read again whatever a change at utterance ``number`` and behind it can have a bearing on."""
        transcript = self.transcript
        if transcript.has_separators:
            return self._read(0)
        changed = transcript.first_pieces[number]
        piece = self._back(changed)
        if rejoined and changed:
            piece = min(piece, self._back(changed - 1))  # what ended with a turn may run on now, or the other way round
        opened = self._open_since(number, explains=explains, rejoined=rejoined)
        if opened is not None:
            piece = min(piece, transcript.piece_at(opened))
        return self._read(piece)

    def _back(self, piece: int) -> int:
        return self.transcript.back(piece, words=2 * self._words, letters=self._letters)

    def _may_explain(self, utterance: Utterance) -> bool:
        return may_explain(fold(utterance.text), self._evaluator.lexicon)

    def _open_since(self, number: int, *, explains: bool, rejoined: bool) -> int | None:
        """Return where the first finding begins whose reading waits for what comes in later turns."""
        transcript = self.transcript
        turn, start = transcript.turns[number], transcript.starts[number]
        entry = next((entry for entry in entries(self.top) if entry.heard.start < start), None)
        if entry is not None and entry.turn == turn == transcript.turns[-1] and not rejoined:
            entry = entry.earlier  # nobody else has spoken since
        since: int | None = None
        while entry is not None and turn - entry.turn <= TURNS_OPEN:
            speaker = transcript.utterances[entry.heard.finding.utterance].speaker
            if explains and speaker in _VOICES:
                since = entry.first
            elif entry.first_asked is not None and not self._is_answered(entry.turn, number):
                since = entry.first_asked
            entry = entry.earlier
        return since

    def _is_answered(self, turn: int, number: int) -> bool:
        """Tell whether all of a reply that decides about a turn's questions was given before utterance ``number``."""
        transcript = self.transcript
        first = bisect_right(transcript.turns, turn)
        asker = transcript.utterances[first - 1].speaker
        words, replying = 0, -1
        for at in range(first, min(number, first + MOST_LOOKED_AT)):
            utterance = transcript.utterances[at]
            if utterance.speaker == "other":
                continue
            if replying >= 0 and transcript.turns[at] != replying:
                return False  # it may have been "sorry?", and the answer is still to come
            if utterance.speaker == asker != "unknown":
                return True
            replying = transcript.turns[at]
            words += transcript.words_in(at)
            if words > ANSWER_WORDS + 1:
                return True
        return False

    def _uncrossed(self, piece: int) -> int:
        """Return a piece not behind the one given that no finding runs across; that one itself if none is near."""
        pieces, entry = self.transcript.pieces, self.top
        for nearby in range(piece, max(piece - MOST_LOOKED_AT, -1), -1):
            start = pieces[nearby].start
            while entry is not None and entry.heard.start >= start:
                entry = entry.below
            if pieces[nearby].opens or entry is None or entry.furthest <= start:
                return nearby
        return piece

    def _read(self, piece: int) -> Reread:
        """Read again from a piece on, or from where its turn began if that is not enough to be sure."""
        transcript, evaluator = self.transcript, self._evaluator
        start = piece
        if not transcript.pieces[piece].opens:
            start = self._uncrossed(transcript.back(self._back(piece), words=self._words, letters=0))
        stretch = transcript.stretch(transcript.pieces[start].start)
        matches = evaluator.find(stretch.document)
        if start != piece:
            mended = self._mended(piece, stretch, matches)
            if mended is None:
                return self._read(transcript.turn_start(piece))
            matches = mended
        since = transcript.pieces[piece].start
        matches = [match for match in matches if match.start + stretch.offset >= since]
        heard = evaluator.hear(stretch.document, matches) if matches else []
        before = [entry.heard for entry in takewhile(lambda entry: entry.heard.start >= since, entries(self.top))]
        while self.top is not None and self.top.heard.start >= since:
            self.top = self.top.below
        after = tuple([placed(one, stretch) for one in heard])
        for one in after:
            self.top = pushed(one, self.top, transcript.turns[one.finding.utterance])
        return Reread(tuple(before[::-1]), after)

    def _mended(self, piece: int, stretch: Stretch, matches: list[Match]) -> list[Match] | None:
        """Return the matches of a stretch, right from ``piece`` on; ``None`` if that can't be told.

        They are if just before ``piece`` they are those that are known. A rule's are not where its phrases overlap in a
        chain ("hit me he hit me he hit …") which the stretch cuts at another link; then that rule's are looked for from
        one of its known phrases on, because nothing before that has a bearing on what follows.
        """
        pieces = self.transcript.pieces
        low, high = pieces[self.transcript.back(piece, words=self._words, letters=0)].start, pieces[piece].start
        known = [entry.heard for entry in takewhile(lambda entry: entry.furthest > low, entries(self.top))]
        around = {(heard.start, heard.end, heard.owner) for heard in known if heard.end > low and heard.start < high}

        def seen(matches: list[Match]) -> set[tuple[int, int, int]]:
            placed_at = ((match.start + stretch.offset, match.end + stretch.offset, match.owner) for match in matches)
            return {span for span in placed_at if span[1] > low and span[0] < high}

        for owner in {owner for _, _, owner in around ^ seen(matches)}:
            link = next(
                (e.heard for e in entries(self.top) if e.heard.owner == owner and e.heard.start <= stretch.offset), None
            )
            if link is None:
                return None
            longer = self.transcript.stretch(link.start)
            shift = longer.offset - stretch.offset
            own = [match for match in self._evaluator.find(longer.document) if match.owner == owner]
            matches = [match for match in matches if match.owner != owner]
            matches += [_moved(match, shift) for match in own]
        matches.sort()
        return matches if seen(matches) == around else None


def _moved(match: Match, by: int) -> Match:
    idiom = match.idiom and Span(match.idiom.start + by, match.idiom.end + by)
    return Match(match.start + by, match.end + by, match.owner, idiom)
