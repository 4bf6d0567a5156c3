"""Is a finding denied? Scopes made for callers' speech, where "no" answers and "can't" is fear.

A negation reaches forward from its cue and stops at the first sign of a new statement: punctuation, a conjunction, a
new subject, or a verb of its own ("I can't breathe | he strangled me"). What a class of cue reaches differs:

* ``negation`` ("didn't", "never"): things, and statements that it directly governs.
* ``determiner`` ("no"): things only ("no knife"); before a statement it is an answer ("no, he hit me").
* ``nobody``: as ``negation``; it is the subject itself.
* ``denial``, ``absence``, ``absence_after``: clinical, see ``context.absence``.
* ``affirming`` ("won't stop", "no doubt"): denies nothing, whatever words it is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.assessment import Why
from triage_triggers.engine.context.absence import absence_behind, absence_reaches, denial_reaches, lists_with_or
from triage_triggers.engine.context.claim import Ruling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triage_triggers.engine.context.claim import Claim
    from triage_triggers.engine.context.cues import Found

__all__ = ["denial_of"]


_WHY: Final = {
    "negation": Why.NOT_SO,
    "determiner": Why.NOT_THERE,
    "nobody": Why.NOBODY,
    "denial": Why.DENIED,
    "absence": Why.ABSENT,
    "absence_after": Why.ABSENT,
    "correction": Why.TAKEN_BACK,
}


def denial_of(claim: Claim) -> Ruling | None:
    """Return the cue that denies a finding, the nearest where there are several.

    A ruling of the kind ``again`` is none: "he promised he'd never hit me again" tells of the past.
    """
    if not any(index.may_occur(claim.sentence.vocabulary) for index in claim.lexicon.denying):
        return None
    cues = claim.lexicon.polarity.find(claim.words, 0, claim.first)
    for number in range(len(cues) - 1, -1, -1):
        cue = cues[number]
        if cue.kind == "affirming":
            break  # it stands nearer than what denies: "wouldn't confirm or deny DV"
        if not _REACHES[cue.kind](claim, cue):
            continue
        if _twice(claim, cues[:number], cue) or _disputed(claim, cue):
            return None
        return _softened(claim, cue) if claim.statement else _ruling(cue)
    after = None if claim.statement else absence_behind(claim)
    return _ruling(after) if after else None


def _ruling(cue: Found) -> Ruling:
    if cue.kind == "again":
        return Ruling(*cue, Why.NOT_AGAIN, temporality="past")
    return Ruling(*cue, _WHY[cue.kind], polarity="negated", counts=False)


def _softened(claim: Claim, cue: Found) -> Ruling | None:
    """Return the ruling on a denied statement, unless what follows affirms it after all.

    "Didn't hit me that hard", "doesn't hit me when the kids are here", "says he didn't hit me but he did".
    """
    lexicon, words = claim.lexicon, claim.words
    for at in range(claim.last, min(claim.last + claim.reach.again, len(words))):
        found = lexicon.degrees.at(words, at)
        if found and found.kind == "again":
            return _ruling(found)
        if found and at == claim.last:
            return None
    habit = tuple(words[cue.first : cue.last]) in lexicon.words.habits
    if habit and claim.last < len(words) and words[claim.last] in lexicon.words.limits:
        return None
    return None if lexicon.reaffirming.find(words, claim.last, len(words)) else _ruling(cue)


def _twice(claim: Claim, earlier: list[Found], cue: Found) -> bool:
    """Tell whether two negations make a yes.

    "There isn't a day he doesn't hit me", "never goes out without a knife", "he can't say he didn't hit me".
    """
    occasions, claiming = claim.classes.occasions, claim.classes.claiming
    for other in earlier:
        if other.kind == "affirming" and not occasions.isdisjoint(claim.words[other.first : other.last]):
            return True  # "not sure he won't hurt me"
        if other.kind not in {"negation", "nobody", "determiner"}:
            continue
        between = claim.words[other.last : cue.first]
        if claim.words[cue.first] in claim.classes.without or not (occasions | claiming).isdisjoint(between):
            return not any(claim.sentence.breaks[other.last : cue.first + 1])
    return False


def _disputed(claim: Claim, cue: Found) -> bool:
    """Tell whether the denial is not the speaker's own: a wish, a plea, or another's word against the one in danger.

    "I wish he hadn't hit me", "I begged him not to hit me", "he told the police he didn't hit me".
    """
    if not claim.statement:
        return False
    classes, words = claim.classes, claim.words
    before = words[: cue.first]
    if not classes.wishing.isdisjoint(before):
        return True
    if cue.last < len(words) and words[cue.last] in classes.infinitive and not classes.asking.isdisjoint(before):
        return True
    if classes.first_person.isdisjoint(words[claim.first : claim.last]):
        return False
    return any(
        word in classes.claiming
        and at
        and before[at - 1] in classes.third_persons
        and not any(claim.sentence.breaks[at + 1 : cue.first + 1])
        for at, word in enumerate(before)
    )


def _negation_reaches(claim: Claim, cue: Found) -> bool:
    between = claim.words[cue.last : claim.opening]
    if len(between) > (claim.reach.statements if claim.statement else claim.reach.things) or claim.reopened_since(
        cue.last
    ):
        return False
    classes = claim.classes
    if between and between[0] in classes.merely:
        return False
    # One new statement may follow "I don't think", and "not once has" turns its own around.
    may_open = _raises(claim, cue) or _turns_round(claim, cue)
    governs = _governs_statement if claim.statement else _governs_thing
    if not may_open and not governs(claim, cue, between):
        return False
    for at in range(cue.last, claim.opening):
        word = claim.words[at]
        if claim.sentence.breaks[at] and not _lists_things(claim, at):
            return False
        if word in classes.clause_breaks or (claim.statement and word in classes.joiners):
            return False
        if (word in classes.opaque or word in classes.subjects) and not may_open:
            return False
        may_open = may_open and word not in classes.subjects
    if claim.sentence.breaks[claim.opening] and not _lists_things(claim, claim.opening):
        return False
    return may_open or not claim.has_subject()


def _raises(claim: Claim, cue: Found) -> bool:
    """Tell "I don't think (he's got a knife)" and "it's not that (he hit me)" from "he doesn't believe me"."""
    classes, words = claim.classes, claim.words
    if cue.kind == "nobody":
        return False  # "nobody cares that he hits me"
    if cue.first and not claim.sentence.breaks[cue.first]:
        before = words[cue.first - 1]
        if before not in classes.first_person and before not in classes.before_raising:
            return False
    for at in range(cue.last, min(cue.last + 2, claim.opening)):
        if words[at] not in classes.raising or (words[at] in classes.that and at > cue.last):
            continue  # "it's not okay that he hits me"
        if words[at] not in classes.conjoined and words[at + 1] in classes.that:
            at += 1  # noqa: PLW2901  "I don't think that he"
        opens = words[at + 1] in classes.openings or at + 1 == claim.opening
        return opens and classes.advised.isdisjoint(words[at + 1 : claim.first])
    return False


def _turns_round(claim: Claim, cue: Found) -> bool:
    """Tell "at no point did he hit me" from "never mind, he hit me"."""
    words, at = claim.words, cue.last
    if at + 1 >= claim.first or "'" in words[cue.first]:
        return False
    classes = claim.classes
    return words[at] in classes.auxiliaries and words[at + 1] in classes.inverted_subjects


def _governs_statement(claim: Claim, cue: Found, between: list[str]) -> bool:
    """Tell whether a negation can be that of the statement's own verb.

    Only adverbs and auxiliaries may stand between, or verbs joined by "or".
    """
    if _is_plea(claim, cue):
        return False
    classes = claim.classes
    if cue.kind == "nobody" and not classes.witnessing.isdisjoint(between):
        return False  # "nobody saw him hit me"
    return not classes.disjunctions.isdisjoint(between) or classes.transparent.issuperset(between)


def _is_plea(claim: Claim, cue: Found) -> bool:
    """Tell whether the cue forbids ("don't hit me"), which says that it happens. A call-taker's order says nothing."""
    classes, words = claim.classes, claim.words
    if claim.sentence.speaker == "call_taker" or tuple(words[cue.first : cue.last]) not in classes.forbidding:
        return False
    if cue.first == 0 or claim.sentence.breaks[cue.first]:
        return True
    before = words[cue.first - 1]
    return before not in classes.subjects and before not in classes.not_pleading


def _governs_thing(claim: Claim, cue: Found, between: list[str]) -> bool:
    """Tell whether a negation denies the thing, rather than something done with a thing that is there."""
    classes = claim.classes
    if not between:
        return True
    if between[-1] in classes.contrasts:
        return False  # "it's not a toy gun"
    if between[-1] in classes.definites and not classes.possessing.issuperset(between[:-1]):
        return False  # "he won't put the knife down"
    if not classes.telling.isdisjoint(between) and not classes.first_person.isdisjoint(claim.words):
        return False  # "I didn't report the strangling", but "did not report DV" in a note
    named = [*between, claim.words[claim.first]]
    articles = [at for at, word in enumerate(named) if word in classes.indefinites]
    if len(articles) > 1 and articles[-1] > articles[0] + 1 and classes.alternatives.isdisjoint(between):
        return False  # "not a gun a knife"
    if cue.kind == "nobody":
        return True  # "nobody here has a gun"
    return not any(
        word in classes.taking_up and at and between[at - 1] not in classes.transparent
        for at, word in enumerate(between)
    )  # "he hasn't slept has a knife"


def _lists_things(claim: Claim, at: int) -> bool:
    return not claim.statement and claim.sentence.breaks[at] == "," and lists_with_or(claim, at)


def _determiner_reaches(claim: Claim, cue: Found) -> bool:
    classes, sentence = claim.classes, claim.sentence
    if claim.has_subject() or _answers(claim, cue) or claim.reopened_since(cue.last):
        return False
    verbal = claim.looks_verbal(claim.words[claim.first])
    listed = lists_with_or(claim, cue.last)
    if claim.statement and (cue.last != claim.first or verbal):
        return False
    # "no drugs or drink, assaulted by ex", but not "no numbness, tingling or weakness"
    new_event = bool(sentence.breaks[claim.first]) and not claim.words[claim.first].endswith("ing")
    if verbal and cue.last != claim.first and (not listed or new_event):
        return False
    if sentence.breaks[cue.last]:
        return False  # "no, ..." answers
    since_item = 0
    for at in range(cue.last, claim.first + 1):
        if at > cue.last and sentence.breaks[at]:
            if sentence.breaks[at] != "," or not listed:
                return False
            since_item = 0
        if at == claim.first:
            break
        if _leaves_thing(claim, cue, at, listed=listed):
            return False
        since_item = 0 if claim.words[at] in classes.alternatives else since_item + 1
    return since_item <= claim.reach.determiners and (listed or not _after_acronym(claim, cue))


def _answers(claim: Claim, cue: Found) -> bool:
    """Tell "no, a knife" and "no no my husband's here" from "no knife"."""
    words, classes = claim.words, claim.classes
    if words[cue.first] not in classes.no:
        return False
    at = cue.last
    while at < claim.first and words[at] in classes.no:
        at += 1
    return words[claim.first] in classes.articles or words[at] in classes.possessives


def _leaves_thing(claim: Claim, cue: Found, at: int, *, listed: bool) -> bool:
    """Tell whether word ``at`` ends what "no" is said of."""
    word, classes = claim.words[at], claim.classes
    if word in classes.subjects or word in classes.clause_breaks or word in classes.verbs:
        return True
    if word in classes.articles and claim.words[cue.first] in classes.no:
        return True  # "no clothes on and a knife"
    return at > cue.last and word.endswith("ing") and not listed  # "no shirt carrying knife"


def _after_acronym(claim: Claim, cue: Found) -> bool:
    """Tell "no LOC | strangulation": in a note, an abbreviation is an item of its own."""
    sentence, continuing = claim.sentence, claim.classes.in_list
    return any(
        sentence.capitals(at) and not sentence.capitals(at + 1) and sentence.words[at + 1] not in continuing
        for at in range(cue.last, claim.first)
    )


_REACHES: Final[Mapping[str, Callable[[Claim, Found], bool]]] = {
    "negation": _negation_reaches,
    "nobody": _negation_reaches,
    "determiner": _determiner_reaches,
    "absence": absence_reaches,
    "denial": denial_reaches,
}
