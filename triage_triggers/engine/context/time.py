"""When: current, past, or not (yet) happened; or in a film, a game or a dream.

The past is said before a finding ("used to", "hx of"), behind it ("hit me before", "DV hx") or as a date anywhere in
the sentence ("two years ago", "2/7 ago"); a word of the present in the same statement ("now", "again") takes it back.
What is announced is feared and counts ("he'll hit me"); what is only supposed does not ("if he hits me"). A threat
that somebody made is a thing that happened: "he said he'd kill me" is current.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.assessment import Why
from triage_triggers.engine.context.claim import Ruling
from triage_triggers.engine.context.cues import Found

if TYPE_CHECKING:
    from triage_triggers.engine.context.claim import Claim
    from triage_triggers.engine.matching.document import Document

__all__ = ["fiction_of", "time_of"]

_PAST: Final = frozenset({"past_before", "past_noun", "past_habit", "past_anywhere"})
_DAYS_AGO: Final = re.compile(r"(?<![\d/])(\d{1,3})\s?/\s?(7|52|12)\b(?!\s?/\s?\d)")  # no part of a date
_YEAR: Final = re.compile(r"\b(?:19[5-9]\d|20[0-4]\d)\b")


def time_of(claim: Claim, document: Document) -> Ruling | None:
    """Return the reading of when for a finding; ``None`` where nothing says but now."""
    vocabulary, lexicon = claim.sentence.vocabulary, claim.lexicon
    dated = not lexicon.dating.isdisjoint(vocabulary)
    if not dated and not lexicon.time.may_occur(vocabulary):
        return None
    before = lexicon.time.find(claim.words, 0, claim.first)
    return _past(claim, before, document if dated else None) or _hypothetical(claim, before)


def _past(claim: Claim, before: list[Found], dated: Document | None) -> Ruling | None:
    after = claim.lexicon.time.find(claim.words, claim.last, len(claim.words))
    now = any(cue.kind == "present" and cue.first - claim.last <= claim.reach.now_behind for cue in after)
    for cue in reversed(before):
        if _past_before(claim, cue, before, now=now):
            return Ruling(*cue, Why.PAST, temporality="past")
    for cue in after:
        if _past_behind(claim, cue):
            return Ruling(*cue, Why.PAST, temporality="past")
    for first, last in _dated(claim, dated) if dated else ():
        date = Found("past_anywhere", first, last)
        if _past_before(claim, date, before, now=now) or _past_behind(claim, date):
            return Ruling("past_date", first, last, Why.PAST, temporality="past")
    return None


def _past_before(claim: Claim, cue: Found, before: list[Found], *, now: bool) -> bool:
    if cue.last > claim.first:
        return False
    if cue.kind == "past_adjective":
        return cue.last == claim.first and not claim.statement
    if now and cue.kind != "past_header":
        return False
    reaches = claim.reach
    reach = reaches.past if cue.kind in _PAST else reaches.headings if cue.kind == "past_header" else 0
    return claim.first - cue.last < reach and not _taken_back(claim, cue, before)


def _past_behind(claim: Claim, cue: Found) -> bool:
    distance = cue.first - claim.last
    if cue.kind == "past_after":
        return 0 <= distance <= claim.reach.past_behind and _closes(claim, cue)
    return cue.kind == "past_anywhere" and 0 <= distance <= claim.reach.past and not _moves_on(claim, cue.first)


def _taken_back(claim: Claim, cue: Found, cues: list[Found]) -> bool:
    """Tell whether the story came back to the present between a cue of the past and the finding."""
    if any(other.kind in {"present", "present_header"} and cue.last <= other.first < claim.first for other in cues):
        return True
    classes = claim.classes
    between = claim.words[cue.last : claim.first]
    if any(word in classes.clause_breaks and word not in classes.within_past for word in between):
        return True
    if cue.kind in {"past_habit", "past_noun"}:
        # It ends with the next subject: "I used to live here he hit me", "a history of illness he hit me".
        return claim.has_subject() or not classes.subjects.isdisjoint(between)
    subjects = sum(word in classes.subjects for word in between)
    if not classes.and_.isdisjoint(between):
        return subjects > 0 or claim.has_subject()
    # A verb in the present after a story of the past: "I met him last year he hits me".
    return claim.statement and subjects > 0 and claim.words[claim.first] in classes.present_verbs


def _moves_on(claim: Claim, cue: int) -> bool:
    """Tell whether a new statement stands between the finding and a date behind it."""
    words, classes = claim.words, claim.classes
    return any(
        claim.sentence.breaks[at] == ";"
        or (words[at] in classes.subjects and words[at - 1] not in classes.within_past)
        or words[at] in classes.moving_on
        for at in range(claim.last, cue)
    )


def _closes(claim: Claim, cue: Found) -> bool:
    """Tell whether nothing but a clause's end follows: "hit me before", not "hit me before I rang"."""
    words, breaks, subjects = claim.words, claim.sentence.breaks, claim.classes.subjects
    if any(words[at] in subjects or breaks[at] for at in range(claim.last, cue.first)):
        return False
    return cue.last == len(words) or bool(breaks[cue.last]) or words[cue.last] in claim.classes.goes_on


def _dated(claim: Claim, document: Document) -> list[tuple[int, int]]:
    """Return the word ranges that date something before yesterday: "two years ago", "2/7", "in 2011"."""
    sentence = claim.sentence
    dating = claim.lexicon.dating
    ranges = [span for at, word in enumerate(sentence.words) if word in dating and (span := _ago(claim, at))]
    text = document.raw[sentence.start : sentence.end]
    ranges += [
        sentence.words_of(sentence.start + match.start(), sentence.start + match.end())
        for match in _DAYS_AGO.finditer(text)
    ]
    for match in _YEAR.finditer(text):
        first, last = sentence.words_of(sentence.start + match.start(), sentence.start + match.end())
        classes = claim.classes
        led = first > 0 and sentence.words[first - 1] in classes.year_leads
        if led and classes.births.isdisjoint(sentence.words[max(0, first - 3) : first - 1]):
            ranges.append((first, last))
    return [(first, last) for first, last in ranges if first < last]


def _ago(claim: Claim, at: int) -> tuple[int, int] | None:
    """Return the words of "two years ago" around its unit at ``at``; a day ago is not the past."""
    words, classes = claim.words, claim.classes
    unit = words[at]
    long = unit in classes.units_past
    if not long and unit not in classes.units_days:
        return None
    if at + 1 == len(words) or words[at + 1] not in classes.ago:
        return None
    start = at
    while start and (words[start - 1] in classes.numbers or words[start - 1].isdigit()):
        start -= 1
    number = set(words[start:at])
    if not number:
        return (at, at + 2) if long and unit.endswith("s") else None
    return (start, at + 2) if long or not number <= classes.single else None


def _hypothetical(claim: Claim, before: list[Found]) -> Ruling | None:
    threat = next((cue for cue in reversed(before) if cue.kind == "threatening"), None)
    if threat and claim.first - threat.last <= claim.reach.future:
        return Ruling(*threat, Why.THREATENED)
    feared = _feared(claim, before)
    dreaded = next((cue for cue in reversed(before) if cue.kind == "dreaded"), None)
    if dreaded and claim.first - dreaded.last <= claim.reach.future:
        return Ruling(*dreaded, Why.FEARED, temporality="hypothetical")
    if feared and _is_unreal(claim, feared, before):
        feared = None
    if feared:
        said = next((cue for cue in reversed(before) if cue.kind == "reported" and cue.last <= feared.first), None)
        if said and feared.first - said.last <= claim.reach.condition:
            return Ruling(*said, Why.THREATENED)
        return Ruling(*feared, Why.FEARED, temporality="hypothetical")
    for cue in reversed(before):
        near = cue.kind == "supposed" and claim.first - cue.last <= claim.reach.condition
        if near and not _condition_over(claim, cue):
            return Ruling(*cue, Why.SUPPOSED, temporality="hypothetical", counts=False)
    return None


def _is_unreal(claim: Claim, feared: Found, before: list[Found]) -> bool:
    """Tell "if he'd hit me I'd tell you", where the short form stands for "had"."""
    return claim.words[feared.first].endswith("'d") and any(
        cue.kind == "supposed" and cue.last == feared.first for cue in before
    )


def _feared(claim: Claim, before: list[Found]) -> Found | None:
    for cue in reversed(before):
        if cue.kind != "feared" or claim.first - cue.last > claim.reach.future or claim.new_statement_since(cue.last):
            continue  # "scared he hit me" is no fear of what may come; "scared he'll" has its own cue nearer by
        if claim.classes.perfect.isdisjoint(claim.words[cue.last : claim.first]):
            return cue  # but "could have killed me" looks back
    return None


def _condition_over(claim: Claim, cue: Found) -> bool:
    """Tell whether the supposition ended before the finding: "if you can hear me, he hit me"."""
    sentence, classes = claim.sentence, claim.classes
    between = claim.words[cue.last : claim.opening]
    if any(sentence.breaks[cue.last : claim.opening + 1]) or not classes.clause_breaks.isdisjoint(between):
        return True
    subjects = [at for at, word in enumerate(between) if word in classes.subjects or word in classes.you_or_it]
    if claim.has_subject():
        subjects.append(len(between))
    return len(subjects) > 1 or bool(subjects and subjects[0] >= claim.reach.least_clause)


def fiction_of(claim: Claim) -> Ruling | None:
    """Return the cue that makes a finding a story: "a gun in a film", "in the film he stabs her".

    Only a dream does where it was done to the one who speaks. A television that is merely on makes none: "we were
    watching a film on the telly and he hit her".
    """
    index, sentence = claim.lexicon.fiction, claim.sentence
    if not index.may_occur(sentence.vocabulary):
        return None
    found = [*index.find(claim.words, 0, claim.opening), *index.find(claim.words, claim.last, len(claim.words))]
    classes = claim.classes
    if not classes.to_speaker.isdisjoint(claim.words[claim.first : claim.last + 1]):
        found = [cue for cue in found if claim.words[cue.last - 1] in classes.dreams]
    told = next((cue for cue in found if _leads_into(claim, cue) or _belongs_to(claim, cue)), None)
    return Ruling(*told, Why.FICTION, temporality="hypothetical", counts=False) if told else None


def _leads_into(claim: Claim, cue: Found) -> bool:
    """Tell whether the finding is in the cue's statement, or is all that follows it: "in the film he | stabs her"."""
    if cue.first >= claim.last:
        return False
    between = claim.words[cue.last : claim.opening]
    introduced = claim.classes.subjects.issuperset(word for word in between if word not in claim.classes.that)
    return (
        introduced and ";" not in claim.sentence.breaks[cue.last : claim.first + 1]
    ) or not claim.new_statement_since(cue.last)


def _belongs_to(claim: Claim, cue: Found) -> bool:
    """Tell whether the cue belongs to the finding before it, and not to a statement of its own."""
    if cue.first < claim.last:
        return False
    between = claim.words[claim.last : cue.first]
    if len(between) > claim.reach.fiction or any(claim.sentence.breaks[claim.last : cue.first]):
        return False
    classes = claim.classes
    return (
        classes.clause_breaks.isdisjoint(between)
        and classes.subjects.isdisjoint(between)
        and classes.and_.isdisjoint(between)
    )
