"""How each match in a call was meant: polarity, temporality, whether it counts, and the cue that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Why
from triage_triggers.engine.context.claim import Claim, Ruling
from triage_triggers.engine.context.negation import denial_of
from triage_triggers.engine.context.question import answer_to, is_asked
from triage_triggers.engine.context.sentence import Sentence, sentence_at, tokens
from triage_triggers.engine.context.time import fiction_of, time_of

if TYPE_CHECKING:
    from triage_triggers.assessment import Cue, Polarity, Temporality
    from triage_triggers.engine.context.lexicon import Lexicon
    from triage_triggers.engine.context.question import Answer
    from triage_triggers.engine.matching.document import Document

__all__ = ["ContextReader", "Reading"]

TURNS_TO_EXPLAIN: Final = 4
"""Within how many turns a caller may explain a voice in the background: "sorry, it's a film"."""


class Reading(NamedTuple):
    """How a match was meant. ``known_at`` is the offset in the laid-out call at which the reading was complete."""

    polarity: Polarity
    temporality: Temporality
    counts: bool
    cue: Cue | None
    why: Why
    known_at: int


class ContextReader:
    """Reads the matches of one document. A sentence is cut into words once for all its findings."""

    def __init__(self, document: Document, lexicon: Lexicon) -> None:
        self._document = document
        self._lexicon = self._lexicons = lexicon
        self._bounds = (-1, -1)
        # What was explained in each turn that was looked at, in each language: many findings may ask about one turn.
        self._explanations: dict[tuple[int, str], Reading | None] = {}
        self._sentence: Sentence | None = None

    def read(self, start: int, end: int, spelled: frozenset[str] = frozenset(), language: str | None = None) -> Reading:
        """Return how the finding at ``start:end`` of the laid-out call was meant, said in ``language``.

        ``spelled`` are the words that its phrase is made of, without apostrophes, where others may stand in between: a
        denial or a time among those ("my husband | has never | hit me") is looked for too.
        """
        self._lexicon = self._lexicons.of(language)
        bounds = sentence_at(self._document, start, end)
        if bounds != self._bounds or self._sentence is None:
            # Findings come in order, so the last sentence is the only one worth keeping.
            self._bounds, self._sentence = bounds, Sentence(self._document, *bounds)
        asked = self._sentence.question or self._sentence.speaker == "call_taker"
        if not asked and self._lexicon.leaves_plain(self._sentence.words, self._sentence.vocabulary):
            return self._explained_later(self._sentence, end) or _plainly(end)
        first, last = self._sentence.words_of(start, end)
        reading = self._read(self._sentence, first, last, end)
        if spelled and reading.counts:
            return self._turned_within(self._sentence, first, last, spelled, reading) or reading
        return reading

    def _turned_within(
        self, sentence: Sentence, first: int, last: int, spelled: frozenset[str], reading: Reading
    ) -> Reading | None:
        """Return a reading where the words that a phrase leaves open deny what follows them, or put it in the past."""
        words, indexes = sentence.words, (self._lexicon.polarity, self._lexicon.time)
        between = [at for at in range(first, last) if words[at].replace("'", "") not in spelled]
        cues = [cue for index in indexes for cue in index.find(words, first, last) if cue.first in between]
        # What follows the last of them is the phrase's own again, and is read as if it were found alone.
        opening = max([*(at + 1 for at in between), *(cue.last for cue in cues)], default=last)
        if opening >= last:
            return None
        claim = Claim.of(sentence, opening, last, self._lexicon)
        for ruling in (denial_of(claim), time_of(claim, self._document)):
            if ruling is not None and ruling.kind != "again" and ruling.first in between:
                temporality = ruling.temporality if ruling.polarity == "affirmed" else reading.temporality
                return self._as_ruled(sentence, ruling._replace(temporality=temporality), reading.known_at)
        return None

    def _read(self, sentence: Sentence, first: int, last: int, end: int) -> Reading:
        claim = Claim.of(sentence, first, last, self._lexicon)
        story = fiction_of(claim)
        if story:
            return self._as_ruled(sentence, story, max(end, sentence.ends[story.last - 1]))
        if explained := self._explained_later(sentence, end):
            return explained
        denied = denial_of(claim)
        asked = is_asked(claim, denied=denied is not None and denied.kind not in {"again", "determiner"})
        time = time_of(claim, self._document)
        temporality: Temporality = time.temporality if time else "current"
        if asked:
            return self._answered(claim, asked, temporality, end)
        ordered = self._lexicon.instructions.at(sentence.words, 0) if sentence.speaker == "call_taker" else None
        if ordered and not claim.new_statement_since(ordered.last):
            order = Ruling("instruction", 0, ordered.last, Why.INSTRUCTION, temporality="hypothetical", counts=False)
            return self._as_ruled(sentence, order, end)
        if denied and denied.polarity == "negated":
            denied = denied._replace(temporality=temporality)
        ruling = denied or time
        return self._as_ruled(sentence, ruling, end) if ruling else _plainly(end)

    def _as_ruled(self, sentence: Sentence, ruling: Ruling, known_at: int) -> Reading:
        cue = self._document.cue(ruling.kind, sentence.starts[ruling.first], sentence.ends[ruling.last - 1])
        return Reading(ruling.polarity, ruling.temporality, ruling.counts, cue, ruling.why, known_at)

    def _answered(self, claim: Claim, asked: str, temporality: Temporality, end: int) -> Reading:
        answer = answer_to(self._document, claim)
        polarity: Polarity = "questioned"
        if answer is None:
            cue = self._document.cue("question", claim.sentence.starts[-1], claim.sentence.ends[-1])
            return Reading(polarity, temporality, counts=False, cue=cue, why=Why.UNANSWERED, known_at=end)
        if answer.verdict == "no":
            polarity, why = "negated", Why.ANSWERED_NO
        elif answer.verdict == "yes" and asked == "doubted" and not answer.echoed:
            why = Why.DOUBTED
        elif answer.verdict == "yes":
            polarity, why = "affirmed", Why.ANSWERED_YES
        elif asked == "presumed" and not self._professes_ignorance(answer):
            polarity, why = "affirmed", Why.PRESUMED
        else:
            why = Why.ANSWERED_OPENLY
        cue = self._document.cue(f"answer_{answer.verdict}", answer.start, answer.end)
        return Reading(polarity, temporality, polarity == "affirmed", cue, why, known_at=max(end, answer.end))

    def _professes_ignorance(self, answer: Answer) -> bool:
        words = [token.word for token in tokens(self._document.folded, answer.start, answer.end)]
        found = self._lexicon.answers.at(words, 0)
        return found is not None and found.kind == "answer_unknown"

    def _explained_later(self, sentence: Sentence, end: int) -> Reading | None:
        """Return a reading where a caller explains that the voice was a film's or a game's."""
        if sentence.speaker not in {"other", "unknown"} or len(self._document.starts) == 1:
            return None
        document = self._document
        call_end = len(document.folded)
        stop = document.turn_end(end)
        for _ in range(TURNS_TO_EXPLAIN):
            if stop == call_end:
                break
            start = stop + 1
            stop = document.turn_end(start)
            if document.speaker_at(start) == "caller":
                key = start, self._lexicon.version
                if key not in self._explanations:
                    self._explanations[key] = self._explained(start, stop)
                if reading := self._explanations[key]:
                    return reading
        return None

    def _explained(self, start: int, stop: int) -> Reading | None:
        """Return a reading where the caller says in ``start:stop`` that the voice before was a film's."""
        index = self._lexicon.fiction
        if index.last_words.isdisjoint(self._document.folded[start:stop].split()):
            return None
        said = tokens(self._document.folded, start, stop)
        found = index.find([token.word for token in said], 0, len(said))
        if not found:
            return None
        known_at = said[found[0].last - 1].end
        cue = self._document.cue("fiction", said[found[0].first].start, known_at)
        return Reading("affirmed", "hypothetical", counts=False, cue=cue, why=Why.VOICE, known_at=known_at)


def _plainly(end: int) -> Reading:
    return Reading("affirmed", "current", counts=True, cue=None, why=Why.PLAIN, known_at=end)
