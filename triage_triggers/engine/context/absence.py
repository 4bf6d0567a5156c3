"""What a note denies or lacks: "denies LOC, CP or SOB", "nil weapons", "DA screen neg".

Clinical cues go on through a list, which no caller's negation does. The list ends where a person or a verb appears.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.engine.context.cues import Found

if TYPE_CHECKING:
    from triage_triggers.engine.context.claim import Claim

__all__ = ["absence_behind", "absence_reaches", "denial_reaches", "lists_with_or"]


def absence_reaches(claim: Claim, cue: Found) -> bool:
    """Tell whether what is noted as absent takes in the finding."""
    if claim.has_subject():
        return False  # "without any reason he hit me"
    verbal = claim.looks_verbal(claim.words[claim.first])
    if claim.statement and verbal and claim.words[cue.first] not in claim.classes.without:
        return False
    if claim.words[claim.first].endswith("ed") and cue.last != claim.first and not lists_with_or(claim, cue.last):
        return False  # "no further info, assaulted by male"
    return _list_reaches(claim, cue)


def denial_reaches(claim: Claim, cue: Found) -> bool:
    """Tell whether what a patient denies takes in the finding; a perpetrator's denial takes nothing back."""
    before = claim.words[cue.first - 1] if cue.first else ""
    classes = claim.classes
    if before.partition("'")[0] in classes.deniers and (claim.statement or before not in classes.pronouns):
        return False  # "husband denies hitting her"
    if claim.has_subject() and claim.first - cue.last > 1:
        return False  # but "denies that he hit her"
    return _list_reaches(claim, cue)


def lists_with_or(claim: Claim, at: int) -> bool:
    """Tell whether what begins at word ``at`` is a list: an "or" follows, and no new statement before it."""
    classes = claim.classes
    for word in claim.words[at : claim.last + 4]:
        if word in classes.subjects or word in classes.clause_breaks:
            return False
        if word in classes.disjunctions:
            return True
    return False


def _list_reaches(claim: Claim, cue: Found) -> bool:
    classes = claim.classes
    if claim.first - cue.last > claim.reach.absence_lists or claim.opening not in {claim.first, cue.last}:
        return False
    for at in range(cue.last, claim.first + 1):
        if at > cue.last and claim.sentence.breaks[at] and not _continues(claim, cue, at):
            return False
        if at < claim.first and (
            claim.words[at] in classes.clause_breaks or (claim.words[at] in classes.subjects and at > cue.last + 1)
        ):
            return False
    return True


def _continues(claim: Claim, cue: Found, at: int) -> bool:
    """Tell whether the punctuation before ``at`` is a comma in a list that the cue began.

    In a caller's sentence only where "or" says so; a clinician's list of absent things has no verbs, no persons, no
    agent ("nil LOC, strangulation by partner") and nothing of today.
    """
    if claim.sentence.breaks[at] != ",":
        return False
    if lists_with_or(claim, cue.last):
        return True
    classes = claim.classes
    if not (classes.pronouns.isdisjoint(claim.words) and classes.first_person.isdisjoint(claim.words)):
        return False
    following = claim.words[claim.last : claim.last + 1]
    if not classes.agency.isdisjoint(following) or (
        following and claim.lexicon.time.at(claim.words, claim.last) is not None
    ):
        return False
    rest = claim.words[at : claim.last + 1]
    if cue.kind == "denial":
        return classes.verbs.isdisjoint(rest) and not any(word.endswith("ed") for word in rest)
    return not any(claim.looks_verbal(word) for word in rest)


def absence_behind(claim: Claim) -> Found | None:
    """Return what takes a thing back ("a knife, no sorry, it's a phone") or notes it as absent ("weapons: none")."""
    words, lexicon, breaks = claim.words, claim.lexicon, claim.sentence.breaks
    for at in range(claim.last, min(claim.last + claim.reach.absence_behind, len(words))):
        correction = lexicon.corrections.at(words, at)
        if correction:
            return correction._replace(kind="correction")
    for at in range(claim.last, min(claim.last + claim.reach.absence_behind - 1, len(words))):
        cue = lexicon.absence_after.at(words, at)
        if cue:
            return cue if cue.kind == "absence_after" and _closes(claim, cue) else None
        closed = at + 1 == len(words) or bool(breaks[at + 1])
        if (
            words[at] in lexicon.words.no and breaks[at] == ";" and closed and claim.classes.pronouns.isdisjoint(words)
        ):  # speech has persons in it
            return Found("absence_after", at, at + 1)
        if breaks[at] == "," or words[at] in lexicon.words.clause_breaks:
            return None
    return None


def _closes(claim: Claim, cue: Found) -> bool:
    """Tell whether a noted absence ends there, rather than being that of what follows ("NFS, nil LOC")."""
    words, may_follow = claim.words, claim.classes.behind_absence
    return cue.last == len(words) or bool(claim.sentence.breaks[cue.last]) or words[cue.last] in may_follow
