"""Ties that questions bring out: who did it, who somebody is, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.cast import CALLER, ONE, Tie
from triage_triggers.engine.events.patient import is_patient
from triage_triggers.engine.events.words import TURN_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention, Person
    from triage_triggers.engine.events.words import Words

__all__ = ["Named", "answers", "asked_outright", "named_as_cause"]

ANSWER: Final = 24
"""Within how many words of an answer somebody must be named."""
QUESTION: Final = 12
"""How many words of a question are read."""
HARMED: Final = 4
"""Within how many words of "who" it stands what was done."""
SHORT: Final = 2
"""How many words stand at most before "is" in "and he is?"."""
SUBJECT: Final = 1
"""Within how many words of "who is" stands whom it is about."""


class Named(NamedTuple):
    """Somebody close was named when it was asked who did it, or who somebody is.

    ``first:last`` are the words of the answer that name them.
    """

    first: int
    last: int
    person: int
    tie: str
    did_it: bool


class _Asked(NamedTuple):
    """Whom a who-question is about, whether it asks who did it, and where it ends. ``heard``: it asks "who's that?"."""

    subject: Mention | None
    did_it: bool
    stop: int
    heard: bool = False


def answers(cast: Cast) -> Iterator[Named]:
    """Bind who is named in answer to a who-question, and yield them where they are close to somebody."""
    words = cast.words
    if len(words.document.utterances) == 1:
        return  # a note asks nothing
    asking = frozenset().union(*(words.vocabulary.cue(cue).words for cue in ("who", "what-is", "relation-asked")))
    for at, word in enumerate(words.spelled):
        if word not in asking or words.speaker(at) not in {
            "call_taker",
            "unknown",
        }:
            continue
        if words.said(at, "relation-asked"):
            asked = _asked_relation(cast, at)
        else:
            asked = _asked_about(cast, at) if words.said(at, "who") else _asked_what(cast, at)
        start = None if asked is None else _answer_start(cast, asked.stop)
        if asked is not None and start is not None:
            stop = start + 1
            while stop < min(len(words), start + ANSWER) and words.breaks[stop] < TURN_END:
                stop += 1
            if asked.did_it or asked.heard:
                _fill(cast, at, start, stop)
            if asked.subject is None and (asked.did_it or asked.heard):
                asked = asked._replace(subject=_by_name(cast, start, stop))
            named = _named(cast, asked, start, stop) or _told(cast, asked, start, stop)
            if named is not None:
                yield named


def _fill(cast: Cast, at: int, start: int, stop: int) -> None:
    """Let "who" of "who did that?" stand for the one whom the answer names."""
    who = cast.at(at)
    answered = next((mention for mention in map(cast.at, range(start, stop)) if mention is not None), None)
    if who is not None and answered is not None and answered.role != "pronoun" and answered.person is not None:
        cast.stand_for(who, answered.person)


def _by_name(cast: Cast, start: int, stop: int) -> Mention | None:
    """Return whom an answer names first, by a name that is nothing to anybody yet, and give them the pronouns."""
    begins = start + cast.words.length_of(start, "it-was")
    first = cast.at(begins) if begins < stop else None
    person = cast.person(first)
    if first is None or person is None or first.role != "name" or person.ties or person.number == CALLER:
        return None
    cast.give_pronouns(person, person.sex)
    return first


def _asked_about(cast: Cast, at: int) -> _Asked | None:
    """Return whom a who-question is about; None if about others than those who may have done it."""
    words = cast.words
    last = words.sentence(at)[1]
    stop = last if words.speaker(at) == "unknown" else min(last, at + QUESTION)
    if at + 1 >= stop:
        return _Asked(None, did_it=False, stop=stop)
    doing = cast.at(at + 2) is not None or words.said(at + 2, "pointed-at")
    done = words.said(at, "who-did") or (words.ends_in(at, "possessive") and doing)
    if done and words.said(at + 1, "did-it"):
        passive = (words.said(at + 1, "was-asked") and not words.said(at + 2, "that-is")) or (
            words.ends_in(at, "s-ending") and words.said(at + 1, "hurting")
        )
        harmed = not passive and words.find("who-harmed", at + 1, min(stop, at + HARMED)) is not None
        return _Asked(None, did_it=harmed, stop=stop, heard=not passive)  # not "who was hit", "who's hurt"
    step = at + 1 + words.said(at + 1, "are-asked")
    for near in range(step, min(stop, step + SUBJECT)):
        mention = cast.at(near)
        if mention is not None and mention.sex != "you":
            return None if is_patient(cast, mention) else _Asked(mention, did_it=False, stop=stop)
        if words.said(near, "who-is-that"):
            return _Asked(_named_lately(cast, at), did_it=False, stop=stop, heard=words.said(near, "heard-nearby"))
    return None


def _named_lately(cast: Cast, at: int) -> Mention | None:
    """Return who was named just before "who's that?" and is nothing to anybody yet."""
    for mention in cast.before(at):
        person = cast.person(mention)
        if at - mention.last > QUESTION or person is None or person.ties:
            return None
        if mention.role == "name":
            return mention
    return None


def _asked_what(cast: Cast, at: int) -> _Asked | None:
    """Return whom "what's Ricky to you?", "Stacey is?" or "and he is?" asks about."""
    words = cast.words
    start, stop = words.sentence(at)
    asked = cast.ending(at)
    if asked is not None and asked.sex in ONE and asked.role == "pronoun" and at + 1 == stop:
        short = at - start <= SHORT and not is_patient(cast, asked)
        return _Asked(asked, did_it=False, stop=stop) if short else None
    to_you = words.length_of(stop - 2, "to-you") > 0
    mention = cast.at(at + 1) if to_you else cast.ending(at) if at + 1 == stop else None
    if mention is None or mention.role != "name":
        return None
    return _Asked(mention, did_it=False, stop=stop)


def _asked_relation(cast: Cast, at: int) -> _Asked | None:
    """Return whom "what relation is he?", "do you know him?" or "Dave's your ...?" asks about."""
    words = cast.words
    start, stop = words.sentence(at)
    if words.said(at, "your-name"):
        asked = cast.ending(at) if at + 1 == stop else None
        return None if asked is None or asked.sex in {"you", "self"} else _Asked(asked, did_it=False, stop=stop)
    if words.said(at, "knows-whom"):
        known = cast.at(at + 1) if words.said(at - 1, "hears-you") and words.close(at + 1) else None
        if known is None or known.role == "person":
            return None  # "does she know where she is?"
    said = (mention for mention in map(cast.at, range(start, stop)) if mention is not None)
    asked = next((mention for mention in said if mention.sex in ONE or mention.role == "name"), None)
    if asked is None or is_patient(cast, asked):
        return None
    return _Asked(asked, did_it=False, stop=stop)


def _answer_start(cast: Cast, stop: int) -> int | None:
    """Return the word where an answer begins: the next turn's first, or the next sentence's where nobody is known."""
    words = cast.words
    if stop >= len(words):
        return None
    if words.breaks[stop] == TURN_END or words.speaker(stop) == "unknown":
        return stop
    start = words.next_turn(stop)
    return start if start < len(words) else None


def _named(cast: Cast, asked: _Asked, start: int, stop: int) -> Named | None:
    """Return the first close one who is named in an answer."""
    subject = cast.person(asked.subject)
    for at in range(start, stop):
        mention = cast.at(at)
        person = cast.person(mention)
        if mention is None or person is None or person.number == CALLER or mention.role == "pronoun":
            continue
        if person is subject:
            continue
        close = person.close
        if close is None:
            if asked.did_it and (person.helper or person.group is not None):
                return None  # "who hurt him?" "The dentist."
            if subject is not None and not subject.ties and (person.group is not None or person.helper or person.child):
                subject.group, subject.helper, subject.child = person.group, person.helper, person.child
            continue
        if subject is None and asked.subject is None:
            _be_somebody(cast, start, person)
        if subject is not None:
            subject.same_as(person)
        elif asked.subject is not None or asked.did_it or asked.heard:
            cast.give_pronouns(person, _sex(asked.subject, person))
        return Named(mention.first, mention.last, person.number, close.tie, asked.did_it)
    return None


def _be_somebody(cast: Cast, answer: int, person: Person) -> None:
    """Let the "somebody" of the caller's turn before a question stand for whom the answer names."""
    words = cast.words
    asked = words.turn_start(answer - 1)
    for mention in cast.before(asked):
        if mention.first < words.turn_start(asked - 1):
            break
        if mention.sex == "some":
            cast.stand_for(mention._replace(sex=person.sex), person.number)
            break


def _told(cast: Cast, asked: _Asked, start: int, stop: int) -> Named | None:
    """Return the one asked about where an answer says what they are: "we're married"."""
    predicate = _predicate(cast, start, stop)
    if predicate is None or asked.subject is None:
        return None
    tie, first, last = predicate
    person = cast.person(asked.subject)
    if person is not None:
        cast.bind(person.number, Tie(CALLER, tie, "answer", first, last))
    else:
        person = cast.new(asked.subject.first, asked.subject.last, asked.subject.sex)
        cast.bind(person.number, Tie(CALLER, tie, "answer", first, last))
        cast.give_pronouns(person, _sex(asked.subject, person))
    return Named(first, last, person.number, tie, asked.did_it)


def _predicate(cast: Cast, start: int, stop: int) -> tuple[str, int, int] | None:
    words = cast.words
    for at in range(start, stop):
        for tie, cue in words.vocabulary.predicates.get(words.spelled[at], ()):
            length = cue.length_at(words.spelled, at)
            if length:
                return tie, at, at + length
    return None


def _sex(mention: Mention | None, person: Person) -> str | None:
    return person.sex or (mention.sex if mention is not None and mention.sex in ONE else None)


def asked_outright(cast: Cast) -> Iterator[Named]:
    """Bind "is Stuart your son?", "Rhys is your partner?", "so he's your husband?" where the answer is no denial."""
    words = cast.words
    for mention in list(cast.mentions):
        person = cast.person(mention)
        if person is None or mention.role != "person" or words.speaker(mention.first) not in {"call_taker", "unknown"}:
            continue
        tie = next(iter(person.ties.values()), None)
        if tie is None or person.close is not tie or not words.said(mention.first, "outright-owner"):
            continue
        subject = _subject(cast, mention)
        if subject is None:
            first = mention.first - 1  # "you mentioned that your mother had it" asks nothing
            begins = words.sentence(first)[0] == first or words.said(first - 1, "is-or-and")
            if words.said(first, "that-is") and (begins or not words.close(mention.last)):
                cast.give_pronouns(person, person.sex)
                yield Named(mention.first, mention.last, person.number, tie.tie, did_it=False)
            continue
        if (
            subject.role == "person"
            or is_patient(cast, subject)
            or words.said(words.sentence(mention.first)[1], "denial")
        ):
            continue
        one = cast.person(subject)
        if one is None:
            cast.give_pronouns(person, _sex(subject, person))
        elif one is not person and one.number != CALLER:
            one.same_as(person)
        yield Named(mention.first, mention.last, person.number, tie.tie, did_it=False)


def named_as_cause(cast: Cast) -> Iterator[Named]:
    """Yield who is named where it was asked how a harm came: "was it a fall?" "It was the wife."."""
    words = cast.words
    for mention in cast.mentions:
        at, person = mention.first, cast.person(mention)
        if person is None or person.close is None or mention.role == "pronoun" or words.speaker(at) == "call_taker":
            continue
        turn = words.turn_start(at)
        if turn and words.speaker(turn - 1) == "call_taker" and _is_named_as_cause(words, mention, turn):
            yield Named(at, mention.last, person.number, person.close.tie, did_it=True)


def _is_named_as_cause(words: Words, mention: Mention, turn: int) -> bool:
    """Tell whether a sentence names somebody and nothing else, and a harm's cause was asked for just before.

    "How did you break it?" "My husband did." tells; "what happened?" "My husband. He's collapsed." does not.
    """
    asked, (begins, ends) = words.turn_start(turn - 1), words.sentence(mention.first)
    pointed = words.length_of(begins, "it-was")
    if begins + pointed != mention.first:
        return False
    if pointed:
        return not words.close(mention.last) and words.any_said(asked, turn, "cause-asked")
    says_how = words.said(mention.last, "and-how") and not words.possessive(mention.last - 1)
    question = words.sentence(turn - 1)
    asked_how = words.find("how-or-by-whom", *question) and words.any_said(*question, "harm-caused")
    return bool(asked_how) and (says_how or mention.last == ends)


def _subject(cast: Cast, mention: Mention) -> Mention | None:
    """Return who stands before "your husband" in a question, with "is" or 's between them or before."""
    words, before = cast.words, mention.first - 1
    subject = cast.ending(mention.first)
    if subject is None:
        return cast.ending(before) if before > 0 and words.said(before, "is-or-was") else None
    apart = words.ends_in(before, "s-ending") or words.said(subject.first - 1, "is-or-and")
    return subject if apart else None
