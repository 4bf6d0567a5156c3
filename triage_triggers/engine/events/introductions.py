"""Ties that are told when somebody is introduced: "Kev's my brother", "I'm her husband", "this is Phil, my ex"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.words import COMMA, SENTENCE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention

__all__ = ["introductions"]


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
        if person is None or not person.ties or mention.role == "pronoun" or mention.first == 0:
            continue
        apart = cast.words.breaks[mention.first]
        subject = None if apart >= SENTENCE else _introduced(cast, mention)
        one = cast.person(subject)
        if subject is None or subject.role == "person" or one is person:
            continue
        if one is None:
            if apart != COMMA:
                cast.give_pronouns(person, person.sex or (subject.sex if subject.sex in ONE else None))
        elif subject.role == "name" or (one.number == CALLER and apart != COMMA):
            one.same_as(person)


def _introduced(cast: Cast, mention: Mention) -> Mention | None:
    """Return who stands before somebody, if what is between them says that they are one."""
    words, before = cast.words, mention.first - 1
    subject = cast.ending(mention.first)
    if subject is None:
        return cast.ending(before) if words.said(before, "is-or-am") else None
    return subject if words.breaks[mention.first] == COMMA or words.ends_in(before, "is-ending") else None
