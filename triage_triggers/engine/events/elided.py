"""Who is meant where a sentence names nobody before its verb: "My ex came in. Dragged me off the bed."."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, Mention
from triage_triggers.engine.events.words import COMMA

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast

__all__ = ["unspoken"]

SENTENCES: Final = 6
"""How many sentences before may tell who is meant."""
WITHIN: Final = 40
"""... and within how many words."""
_NOBODY: Final = frozenset({"who", "some"})


def unspoken(cast: Cast, verb: int, *, passive: bool) -> Mention | None:
    """Return who does what a verb tells, or to whom it is done, where the sentence begins with it.

    Nobody where the verb may be an order, or the caller tells of themselves.

    >>> from triage_triggers.calls.call import Call, Utterance
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call("C-1", [Utterance("My brother came in. Shoved me over.", speaker="caller")])
    >>> cast = read_cast(Words(Document(call), load_vocabulary("en")))
    >>> meant = unspoken(cast, 4, passive=False)
    >>> meant and cast.words.spelled[meant.first : meant.last]
    ['my', 'brother']
    """
    words = cast.words
    start = words.sentence(verb)[0]
    if words.speaker(verb) == "call_taker" or not all(_is_small(cast, at) for at in range(start, verb)):
        return None
    if not (passive or words.ends_in(verb, "told-ending") or words.said(verb, "told-past")):
        return None
    behind = _behind(cast, verb)
    if behind is not None:
        return behind
    meant = _before(cast, start)
    if passive and meant is None and words.speaker(verb) == "caller":
        return Mention(verb, verb, CALLER, "self", "pronoun", subject=True)
    return meant if passive or (meant is not None and meant.person != CALLER) else None


def _is_small(cast: Cast, at: int) -> bool:
    words = cast.words
    if words.has(at, "article") is not None or words.has(at, "adjective") is not None:
        return True
    return words.has(at, "skip") is not None or words.said(at, "joiner") or words.said(at, "passive-auxiliary")


def _behind(cast: Cast, verb: int) -> Mention | None:
    """Return who is named behind in the same sentence: "got me by the wrist, my nephew did", "slapped me, she did"."""
    words = cast.words
    for at in range(verb + 1, words.sentence(verb)[1]):
        mention = cast.at(at)
        if mention is None or words.breaks[at] != COMMA or not mention.subject or mention.person == CALLER:
            continue
        if mention.last < len(words) and words.close(mention.last) and words.said(mention.last, "tag"):
            return mention
    return None


def _before(cast: Cast, start: int) -> Mention | None:
    """Return whom the sentence before is about; one that names nobody is passed over."""
    words, end = cast.words, start
    for _ in range(SENTENCES):
        if end <= 0 or start - end > WITHIN:
            return None
        first = words.sentence(end - 1)[0]
        said = [mention for mention in map(cast.at, range(first, end)) if mention is not None]
        subject = next((mention for mention in said if mention.subject and mention.sex not in _NOBODY), None)
        if subject is not None:
            addressed = words.speaker(first) == "call_taker" and subject.person == CALLER
            return None if addressed and subject.sex == "you" else subject
        end = first
    return None
