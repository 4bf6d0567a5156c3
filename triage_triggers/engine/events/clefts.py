"""Who is meant by "the one who": "the one who hit me is my brother", "my dad is the one that did it"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention

__all__ = ["clefts"]

REACH: Final = 16
"""Within how many words behind "the one who" it is told who that is."""
LEAST: Final = 2
"""How many words "the one who" has at least, where "who" has one."""


def clefts(cast: Cast) -> None:
    """Let "the one who" stand for whom the sentence names behind "is", or before it.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> cast = read_cast(Words(Document(Call.from_text("The one who hit me is my brother.")), load_vocabulary("en")))
    >>> clefts(cast)
    >>> cast.tie(cast.mentions[0], cast.mentions[1])
    'relative'
    """
    for mention in list(cast.mentions):
        if mention.sex != "who" or mention.last - mention.first < LEAST:
            continue
        meant = _behind(cast, mention) or _before(cast, mention)
        if meant is not None and meant.person not in {None, CALLER}:
            cast.stand_for(mention, meant.person or CALLER)


def _behind(cast: Cast, mention: Mention) -> Mention | None:
    words = cast.words
    for at in range(mention.last, min(words.sentence(mention.first)[1], mention.last + REACH)):
        named = cast.at(at)
        if named is not None and named.role != "pronoun" and words.said(at - 1, "is-or-was"):
            return named
    return None


def _before(cast: Cast, mention: Mention) -> Mention | None:
    words, first = cast.words, mention.first
    before = first - words.said(first - 1, "is-or-was")
    apart = before < first or words.ends_in(first - 1, "is-ending")
    return cast.ending(before) if first and apart else None
