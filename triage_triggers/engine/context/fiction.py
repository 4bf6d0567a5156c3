"""Is a finding told of a film, a game or a dream? Only a dream is, where it was done to the one who speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage_triggers.engine.context.claim import Claim
    from triage_triggers.engine.context.cues import Found

__all__ = ["fiction_of"]


def fiction_of(claim: Claim) -> Found | None:
    """Return the cue that makes a finding a story: "a gun in a film", "in the film he stabs her".

    A television that is merely on makes none: "we were watching a film on the telly and he hit her".
    """
    index, sentence = claim.lexicon.fiction, claim.sentence
    if not index.may_occur(sentence.vocabulary):
        return None
    found = [*index.find(claim.words, 0, claim.opening), *index.find(claim.words, claim.last, len(claim.words))]
    classes = claim.lexicon.words
    if not classes.to_speaker.isdisjoint(claim.words[claim.first : claim.last + 1]):
        found = [cue for cue in found if claim.words[cue.last - 1] in classes.dreams]
    return next((cue for cue in found if _before(claim, cue) or _behind(claim, cue)), None)


def _before(claim: Claim, cue: Found) -> bool:
    """Tell whether the finding is in the cue's statement, or is all that follows it: "in the film he | stabs her"."""
    if cue.first >= claim.last:
        return False
    between = claim.words[cue.last : claim.opening]
    introduced = claim.lexicon.words.subjects.issuperset(
        word for word in between if word not in claim.lexicon.words.that
    )
    return (
        introduced and ";" not in claim.sentence.breaks[cue.last : claim.first + 1]
    ) or not claim.new_statement_since(cue.last)


def _behind(claim: Claim, cue: Found) -> bool:
    """Tell whether the cue belongs to the finding before it, and not to a statement of its own."""
    if cue.first < claim.last:
        return False
    between = claim.words[claim.last : cue.first]
    if len(between) > claim.lexicon.words.reach.fiction or any(claim.sentence.breaks[claim.last : cue.first]):
        return False
    classes = claim.lexicon.words
    return (
        classes.clause_breaks.isdisjoint(between)
        and classes.subjects.isdisjoint(between)
        and classes.and_.isdisjoint(between)
    )
