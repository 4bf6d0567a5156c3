"""Ties that are told when somebody is introduced: "Kev's my brother", "I'm her husband", "this is Phil, my ex"."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, FAR, ONE, Tie
from triage_triggers.engine.events.words import COMMA, SENTENCE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention

__all__ = ["appositions", "fragments", "introductions", "predicates"]


NEAR: Final = 8
"""Within how many words of a predicate stands whom it is about."""


def introductions(cast: Cast) -> None:
    """Bind whoever stands before a kin word with "is" or a comma between.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> cast = read_cast(Words(Document(Call.from_text("And Kev's my brother.")), load_vocabulary("en")))
    >>> introductions(cast)
    >>> cast.tie(cast.mentions[0], None)
    'relative'
    """
    for mention in list(cast.mentions):
        person = cast.person(mention)
        if person is None or not (person.ties or person.group) or mention.role == "pronoun" or mention.first == 0:
            continue
        apart = cast.words.breaks[mention.first]
        if apart == COMMA and person.helper and cast.words.close(mention.last):
            continue  # "Nicole, the ambulance is coming"
        subject = None if apart >= SENTENCE else _introduced(cast, mention)
        one = cast.person(subject)
        if subject is None or not subject.subject or subject.role == "person" or one is person:
            continue
        if one is None:
            if apart != COMMA:
                cast.give_pronouns(person, person.sex or (subject.sex if subject.sex in ONE else None))
        elif subject.role == "name" or (apart != COMMA and person.ties and _may_be(cast, subject)):
            one.same_as(person)


def _may_be(cast: Cast, subject: Mention) -> bool:
    """Tell whether a pronoun stands for the caller, or for somebody who is nothing to anybody yet."""
    one = cast.person(subject)
    return one is not None and (one.number == CALLER or not (one.ties or one.helper or one.child))


def fragments(cast: Cast) -> None:
    """Bind a name that is a sentence to the kin word beside it: "She's my wife. Nicole.", "Elwyn. My husband."."""
    for mention, other in pairwise(cast.mentions):
        together = mention.last == other.first and cast.words.breaks[other.first] == SENTENCE
        if not together or {mention.role, other.role} != {"person", "name"}:
            continue
        known, named = (mention, other) if mention.role == "person" else (other, mention)
        person, one = cast.person(known), cast.person(named)
        apart = _is_sentence(cast, named) and (known is mention or _is_sentence(cast, known))
        if apart and person is not None and one is not None and person.ties and not one.ties and one.number != CALLER:
            one.same_as(person)


def _is_sentence(cast: Cast, mention: Mention) -> bool:
    return cast.words.sentence(mention.first) == (mention.first, mention.last)


def appositions(cast: Cast) -> None:
    """Bind the pronouns of a sentence that says at its end who is meant: "he clobbered me, my fiance"."""
    words = cast.words
    for mention in list(cast.mentions):
        person, first = cast.person(mention), mention.first
        if person is None or mention.role != "person" or not person.ties or not _stands_behind(cast, mention):
            continue
        behind = mention.last + words.said(mention.last, "tag")
        if (behind < len(words) and words.breaks[behind] < COMMA) or not (
            words.has(first, "owner") or words.has(first, "article")
        ):
            continue
        start = words.sentence(first)[0]
        if start == first:
            start = words.sentence(first - 1)[0]  # "he punched me. My husband."
        for other in cast.before(first):
            if other.first < start:
                break
            known = cast.person(other)
            fits = other.role == "pronoun" and other.sex in ONE and person.sex in {other.sex, None}
            if other.sex == "many" and other.person is None and words.ends_in(mention.last - 1, "s-ending"):
                cast.stand_for(other, person.number)  # "they've had her phone, her lads"
                break
            if fits and (known is None or not (known.names or known.ties)):
                cast.give_pronouns(person, other.sex)
                break


def _stands_behind(cast: Cast, mention: Mention) -> bool:
    """Tell whether somebody is named behind a sentence, after a comma or as a sentence of their own."""
    words, first = cast.words, mention.first
    if words.breaks[first] == COMMA:
        return True
    if first and words.said(first - 1, "tag"):
        return words.breaks[first - 1] == COMMA
    own = words.breaks[first] == SENTENCE and _is_sentence(cast, mention)
    return own and words.speaker(first) != "call_taker"


def predicates(cast: Cast) -> None:
    """Bind who is told to live with somebody, or to be a stranger: "two kids with Darren", "never met him"."""
    words, predicates_of = cast.words, cast.words.vocabulary.predicates
    for at, word in enumerate(words.spelled):
        if word not in predicates_of or words.speaker(at) == "call_taker":
            continue
        for tie, cue in predicates_of[word]:
            length = cue.length_at(words.spelled, at)
            if length and _tell(cast, at, at + length, tie):
                break


def _tell(cast: Cast, first: int, last: int, tie: str) -> bool:
    """Bind the nearest in the sentence who may be meant, and tell whether there is one."""
    start, end = cast.words.sentence(first)
    around = range(max(start, first - NEAR), min(end, last + NEAR))
    said = [mention for mention in map(cast.at, around) if mention is not None]
    roles = ("name", "pronoun") if tie in FAR else ("name",)
    meant = [
        mention for mention in said if mention.role in roles and mention.sex in {*ONE, None} and mention.last > start
    ]
    for mention in sorted(meant, key=lambda mention: abs(mention.first - first)):
        person = cast.person(mention)
        if person is None:
            person = cast.new(mention.first, mention.last, mention.sex)
            cast.give_pronouns(person, mention.sex)
        elif person.ties or person.number == CALLER:
            continue
        if tie in FAR:
            person.group = tie
        else:
            cast.bind(person.number, Tie(_other(cast, said, mention), tie, "predicate", first, last))
        return True
    return False


def _other(cast: Cast, said: list[Mention], mention: Mention) -> int:
    """Return to whom somebody is tied by a predicate: to a he or she before, else to the caller."""
    for other in said:
        if (
            other.first < mention.first
            and other.role == "pronoun"
            and other.sex in ONE
            and other.person != mention.person
        ):
            return cast.somebody(other.sex or "", mention.first, NEAR).number if other.person is None else other.person
    return CALLER


def _introduced(cast: Cast, mention: Mention) -> Mention | None:
    """Return who stands before somebody, if what is between them says that they are one."""
    words, before = cast.words, mention.first - 1
    subject = cast.ending(mention.first)
    if subject is None:
        return cast.ending(before) if words.said(before, "is-or-am") or words.said(before, "that-is") else None
    return subject if words.breaks[mention.first] == COMMA or words.ends_in(before, "is-ending") else None
