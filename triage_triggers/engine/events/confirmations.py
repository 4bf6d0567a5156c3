"""Ties that a call-taker takes to be so and the caller confirms or puts right: "your husband did?" "no, my son"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.answers import Named
from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.patient import is_patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention, Person

__all__ = ["confirmations"]

ANSWER: Final = 14
"""Within how many words of an answer the one who is meant instead stands."""

AT_ONCE: Final = 3
"""Within how many of them, where the question named them: "is Gaz your dad?" "no, he's my ex"."""


class _Asked(NamedTuple):
    """Who is taken to be meant, and the word where the question ends."""

    mention: Mention
    person: Person
    stop: int


def confirmations(cast: Cast) -> Iterator[Named]:
    """Bind the pronouns that went to nobody to the one a short question names, or to whom the answer names instead.

    >>> from triage_triggers.calls.call import Call, Utterance
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> said = ("He hit me.", "caller"), ("Your husband did?", "call_taker"), ("No, my brother.", "caller")
    >>> call = Call("C-1", [Utterance(text, speaker=speaker) for text, speaker in said])
    >>> cast = read_cast(Words(Document(call), load_vocabulary("en")))
    >>> [named.tie for named in confirmations(cast)]
    ['relative']
    >>> cast.tie(cast.mentions[0], cast.mentions[1])
    'relative'
    """
    words = cast.words
    for mention in list(cast.mentions):
        asked = _asked(cast, mention)
        if asked is None:
            continue
        start, named = asked.stop, mention
        if words.said(start, "denial"):
            meant = _named_instead(cast, start, words.next_turn(start))
            if meant is None:
                continue
            named, person = meant
            if named.first - start <= AT_ONCE:
                _same_as_asked(cast, asked, person)
        elif words.said(start, "assent"):
            person = asked.person
        elif words.length_of(start, "was-once"):
            person = asked.person
            person.ties = {to: tie._replace(tie="ex_partner") for to, tie in person.ties.items()}
        else:
            continue
        cast.give_pronouns(person, person.sex)
        close = person.close
        if close is not None:
            did_it = words.any_said(words.sentence(asked.mention.first)[0], asked.stop, "did-something")
            yield Named(named.first, named.last, person.number, close.tie, did_it)


def _asked(cast: Cast, mention: Mention) -> _Asked | None:
    """Return who is named in a question that says little else and is answered: "so it was Gareth, your partner?"."""
    words, person = cast.words, cast.person(mention)
    if person is None or person.close is None or mention.role == "pronoun" or is_patient(cast, mention):
        return None
    if words.speaker(mention.first) != "call_taker":
        return None
    start, stop = words.sentence(mention.first)
    if stop >= len(words) or words.next_turn(mention.first) != stop:
        return None
    others = {
        at
        for other in map(cast.at, range(start, stop))
        if other is not None and other.role != "pronoun"
        for at in range(other.first, other.last)
    }
    for at in range(start, stop):
        behind = at >= mention.last and words.said(at, "lives-behind")
        if at not in others and not behind and not words.said(at, "takes-for"):
            return None
    return _Asked(mention, person, stop)


def _same_as_asked(cast: Cast, asked: _Asked, person: Person) -> None:
    """Let a name that a question got wrong stand for who is meant instead: "is Gaz your dad?" "no, he's my ex"."""
    for mention in map(cast.at, range(cast.words.sentence(asked.mention.first)[0], asked.stop)):
        one = cast.person(mention)
        if mention is not None and mention.role == "name" and one is not None and not (one.ties or one.helper):
            one.same_as(person)


def _named_instead(cast: Cast, start: int, stop: int) -> tuple[Mention, Person] | None:
    """Return who is named in an answer that begins with no: "no, my nephew"."""
    for at in range(start, min(stop, start + ANSWER)):
        mention = cast.at(at)
        person = cast.person(mention)
        if mention is None or person is None or person.number == CALLER or mention.role == "pronoun":
            continue
        return mention, person
    return None
