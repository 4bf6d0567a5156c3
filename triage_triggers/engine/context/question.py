"""Was it asked rather than said, and what was the answer?

A question is no disclosure. What a call-taker asked counts once the caller has confirmed it, is negated once they
denied it, and stays ``questioned`` otherwise. Without speakers, a question mark followed by a short answer is read the
same way. A voice in the background answers nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.engine.context.sentence import sentence_at, tokens
from triage_triggers.folding import MARK, SEPARATORS

if TYPE_CHECKING:
    from triage_triggers.engine.context.claim import Claim
    from triage_triggers.engine.context.lexicon import Lexicon
    from triage_triggers.engine.context.sentence import Sentence
    from triage_triggers.engine.matching.document import Document

__all__ = ["Answer", "answer_to", "is_asked"]

Asked: TypeAlias = Literal["yes_no", "presumed", "doubted"]
Verdict: TypeAlias = Literal["yes", "no", "unknown"]

SHORT_ANSWER: Final = 6
"""How many words an answer without speakers may have unless it begins with yes or no."""
SHORT_QUESTION: Final = 3
"""How many words "sorry?" and "a what?" have."""
ANSWER_WORDS: Final = 14
"""How far into a reply an answer is looked for."""
TURNS_TO_ANSWER: Final = 3
"""How many changes of speaker an answer may take: the background may butt in."""


class Answer(NamedTuple):
    """What a reply said, and its words as half-open code-point offsets into the laid-out call.

    ``echoed``: a yes that repeats the verb ("yes he has"), and so leaves nothing open after a doubting question.
    """

    verdict: Verdict
    start: int
    end: int
    echoed: bool = False


def is_asked(claim: Claim, *, denied: bool) -> Asked | None:
    """Tell whether a finding is asked.

    ``yes_no`` asks whether it is so, ``presumed`` asks when, where or how and takes it for granted, ``doubted`` asks
    with a negation ("he hasn't hit you?").
    """
    sentence = claim.sentence
    asker = sentence.speaker
    if not sentence.question and asker != "call_taker" and claim.lexicon.asking.isdisjoint(sentence.vocabulary):
        return None
    if _tells_of_self(claim):
        return None
    inverted = _inversion_before(claim)
    if inverted is not None:
        if _asks_how(claim, inverted):
            return "presumed"
        asks = asker == "call_taker" or sentence.question or _opened(claim, inverted)
        return "yes_no" if asks else None
    if asker == "call_taker":
        return _asked_by_call_taker(claim, denied=denied)
    if asker == "unknown" and sentence.question:
        return _asked_by_nobody(claim, denied=denied)
    return None


def _asked_by_call_taker(claim: Claim, *, denied: bool) -> Asked | None:
    sentence = claim.sentence
    inquired = claim.lexicon.inquiries.find(claim.words, 0, claim.first)  # "I need to know if he's got a knife"
    if inquired or _asks_about_telling(claim):
        return "yes_no"
    if _opens_by_asking(claim):
        return "doubted" if denied else "yes_no"
    if _tagged(claim):
        return "doubted" if denied else "yes_no"
    wondering = _question_word_before(claim)
    if wondering == 0 or (wondering is not None and sentence.question):
        return "presumed"
    if _is_elliptic(claim):
        return "yes_no"
    if sentence.question:
        return "doubted" if denied else "yes_no"
    return None


def _opens_by_asking(claim: Claim) -> bool:
    """Tell "did one of them hit you" and "did Kev hit you", whoever it is that is asked about."""
    classes, words = claim.classes, claim.words
    start = next((at for at, word in enumerate(words) if word not in classes.question_openers), len(words))
    asks = start + 1 < claim.first and words[start] in classes.opening_auxiliaries
    if not asks or any(claim.sentence.breaks[start + 1 : claim.first + 1]):
        return False
    return classes.subjects.isdisjoint(words[start + 2 : claim.first])


def _asks_about_telling(claim: Claim) -> bool:
    """Tell "did you say he hit you", where a recogniser left out the question mark."""
    classes, words = claim.classes, claim.words
    start = next((at for at, word in enumerate(words) if word not in classes.question_openers), len(words))
    inverted = words[start : start + 1] and words[start] in classes.auxiliaries and words[start + 1 : start + 2]
    if not inverted or inverted[0] not in classes.askable or any(claim.sentence.breaks[start + 1 : claim.first]):
        return False
    return start < claim.first and not classes.addressee.isdisjoint(words[claim.first : claim.last])


def _tells_of_self(claim: Claim) -> bool:
    """Tell whether the one in danger asks: "why won't he stop hitting me" presumes it, "is he going to" fears it.

    Whoever is said to speak: no call-taker asks "did he hit me", but recognisers mix up speakers, and notes quote.
    """
    return claim.statement and not claim.classes.first_person.isdisjoint(claim.words[claim.first : claim.last])


def _is_elliptic(claim: Claim) -> bool:
    """Tell "any weapons?" and "anyone hurt?"."""
    return claim.words[0] in claim.classes.elliptic and not claim.new_statement_since(min(1, claim.first))


def _asked_by_nobody(claim: Claim, *, denied: bool) -> Asked | None:
    """Without speakers: "He hit you?" asks, "Can you come, he hit me?" tells."""
    if _question_word_before(claim) is not None:
        return "presumed"
    if _is_elliptic(claim) or _tagged(claim):
        return "yes_no"
    classes = claim.classes
    clause = _clause_start(claim)
    spoken = claim.words[clause : claim.last]
    tells = clause > 0 or not classes.first_person.isdisjoint(spoken)
    if tells and classes.addressee.isdisjoint(spoken):
        return None
    return "doubted" if denied else "yes_no"


def _clause_start(claim: Claim) -> int:
    sentence, classes = claim.sentence, claim.classes
    for at in range(claim.first, 0, -1):
        if sentence.breaks[at] or sentence.words[at - 1] in classes.clause_breaks:
            return 0 if all(word in classes.question_openers for word in sentence.words[:at]) else at
        opened = sentence.words[at - 1] in classes.question_openers
        if sentence.words[at] in classes.subjects and at < claim.first and not opened:
            return at
    return 0


def _inversion_before(claim: Claim) -> int | None:
    """Return where "has he", "did your husband", "is there" opens the finding's own clause."""
    sentence, classes = claim.sentence, claim.classes
    words = sentence.words
    for at in range(min(claim.first, len(words) - 2), -1, -1):
        if words[at] not in classes.auxiliaries or words[at + 1] not in classes.askable:
            continue
        if words[at] in classes.having and words[at + 1] in classes.articles and not sentence.question:
            continue  # "not known to caller, has a knife"
        run_on = at and (words[at - 1] in classes.subjects or words[at - 1] in classes.no_question_after)
        asks_you = sentence.speaker == "call_taker" and words[at - 1] in classes.addressed  # "I need to ask you has he"
        if run_on and not sentence.breaks[at] and not asks_you:
            continue  # "what he did he hit me"
        # The subject of the finding may be the one asked about: "did somebody hit you".
        if at + 1 < claim.opening and claim.new_statement_since(at + 2):
            return None
        return at
    return None


def _asks_how(claim: Claim, inverted: int) -> bool:
    """Tell "how many times has he" and "what did he" from "what's happened, has he"."""
    sentence = claim.sentence
    for at in range(inverted - 1, max(-1, inverted - 4), -1):
        if sentence.breaks[at + 1] or sentence.words[at].endswith("ed"):
            return False
        if sentence.words[at] in claim.classes.question_words:
            return sentence.question or _opened(claim, at)
    return False


def _opened(claim: Claim, at: int) -> bool:
    """Tell whether nothing but "okay, and so" stands before word ``at``."""
    before = claim.words[:at]
    if before and before[-1] in claim.classes.answer_particles:
        return True  # "is he armed no | has he got a knife no"
    return bool(claim.sentence.breaks[at]) or all(word in claim.classes.question_openers for word in before)


def _question_word_before(claim: Claim) -> int | None:
    sentence = claim.sentence
    for at in range(claim.first, -1, -1):
        if sentence.words[at] in claim.classes.question_words:
            return at if _opened(claim, at) and not any(sentence.breaks[at + 1 : claim.first + 1]) else None
    return None


def _tagged(claim: Claim) -> bool:
    """Tell whether a tag closes the sentence: "he's hit you, has he"."""
    words = claim.words
    for at in range(max(claim.last, len(words) - 3), len(words)):
        tag = claim.lexicon.tags.at(words, at)
        if tag and tag.last == len(words):
            return True
    return False


def answer_to(document: Document, claim: Claim) -> Answer | None:
    """Return what was answered to what a claim's sentence asks; ``None`` where nobody did."""
    sentence, lexicon = claim.sentence, claim.lexicon
    if sentence.speaker == "unknown":
        run_on = _run_on_answer(document, claim)
        if run_on:
            return run_on
    turn_end = document.turn_end(sentence.end)
    if sentence.speaker == "unknown":
        own = _next_sentence(document, sentence.end, turn_end)
        if own:
            return _classify(document, *own, lexicon, short=True)
    if document.asks_within(sentence.end + 1, turn_end):
        # The reply belongs to the turn's last question. Only a "no" is taken to answer the earlier ones as well.
        reply = _reply(document, sentence, turn_end, lexicon)
        return reply if reply and reply.verdict == "no" else None
    return _reply(document, sentence, turn_end, lexicon)


def _run_on_answer(document: Document, claim: Claim) -> Answer | None:
    """Find the answer where a recogniser ran question and answer together: "did he hit you yes he did"."""
    sentence, lexicon = claim.sentence, claim.lexicon
    following = bisect_left(document.starts, sentence.ends[claim.last - 1])
    if following < len(document.starts) and document.starts[following] < sentence.end:
        return _classify(document, document.starts[following], sentence.end, lexicon, short=False)
    for at in range(claim.last, min(claim.last + 3, len(sentence.words))):
        if sentence.words[at] in lexicon.words.answer_particles:
            found = lexicon.answers.at(sentence.words, at)
            if found:
                return Answer(_VERDICTS[found.kind], sentence.starts[at], sentence.ends[found.last - 1])
    return None


def _reply(document: Document, sentence: Sentence, turn_end: int, lexicon: Lexicon) -> Answer | None:
    start, call_end = turn_end + 1, len(document.folded)
    for _ in range(TURNS_TO_ANSWER):
        if start >= call_end:
            return None
        end = document.turn_end(start)
        speaker = document.speaker_at(start)
        if speaker == sentence.speaker != "unknown":
            return None  # the asker went on: nobody answered
        if speaker != "other":
            answer = _classify(document, start, end, lexicon, short=False)
            if not (answer and answer.verdict == "unknown" and _asks_back(document, start, end)):
                return answer
            # "Sorry?" - the question will be put again, and the reply to that is the answer.
            end = document.turn_end(end + 1)
            if end == call_end:
                return answer
        start = end + 1
    return None


def _asks_back(document: Document, start: int, end: int) -> bool:
    said = tokens(document.folded, start, end, SHORT_QUESTION + 1)
    return len(said) <= SHORT_QUESTION and MARK in document.folded[start:end]


def _next_sentence(document: Document, after: int, turn_end: int) -> tuple[int, int] | None:
    folded = document.folded
    at = after
    while at < turn_end and folded[at] in SEPARATORS:
        at += 1
    if at >= turn_end:
        return None
    return at, min(sentence_at(document, at, at + 1)[1], turn_end)


def _classify(document: Document, start: int, end: int, lexicon: Lexicon, *, short: bool) -> Answer | None:
    said = tokens(document.folded, start, end, ANSWER_WORDS)
    words = [token.word for token in said]
    at = 0
    while (opener := lexicon.answers.at(words, at)) and opener.kind == "answer_openers":
        at = opener.last
    found = lexicon.answers.at(words, at)
    if found is None and short and len(said) > SHORT_ANSWER:
        return None
    if found is None:
        found = next((cue for cue in lexicon.answers.find(words, at, len(words)) if cue.kind in _VERDICTS), None)
        if found is None or found.first > SHORT_ANSWER:
            return Answer("unknown", said[0].start, said[-1].end) if words else None
    verdict = _VERDICTS[found.kind]
    if (
        words[found.first] in lexicon.words.unheard
        and document.folded[said[found.first].end : said[found.first].end + 1] == MARK
    ):
        verdict = "unknown"  # "huh?", but "uh-huh" is a yes whose "uh" was taken for a hesitation
    if verdict == "no":
        later = [cue for cue in lexicon.answers.find(words, found.last, len(words)) if cue.kind == "second_thoughts"]
        unsure = lexicon.answers.at(words, found.last)
        if later:
            found, verdict = later[0], "yes"
        elif unsure and unsure.kind == "answer_unknown":
            found, verdict = unsure, "unknown"
    echo = lexicon.answers.at(words, found.last) if found.last - found.first == 1 else found
    echoed = verdict == "yes" and echo is not None and echo.kind == "answer_yes" and echo.last - echo.first > 1
    return Answer(verdict, said[found.first].start, said[found.last - 1].end, echoed)


_VERDICTS: Final[dict[str, Verdict]] = {
    "answer_yes": "yes",
    "answer_no": "no",
    "answer_unknown": "unknown",
    "second_thoughts": "yes",
}
