"""Names: which words are used as one. No list of names is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.words import COMMA, NONE, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.words import Words

__all__ = ["acts_or_ends", "answered_names", "asked_names", "capitals_of", "is_addressed", "may_be_name"]

LEAST_NAME: Final = 2
ANSWER: Final = 6
"""Within how many words of an answer a name must stand."""


def capitals_of(words: Words) -> frozenset[str]:
    """Return the words that are written as names within a sentence: then they are names at its beginning too."""
    return frozenset(
        words.bare(at)
        for at, apart in enumerate(words.breaks)
        if apart < SENTENCE and words.capital(at) and not words.shouted(at)
    )


def asked_names(words: Words) -> frozenset[str]:
    """Return the names written small that a question asks about: "who is wayne", "has carl been back"."""
    asked: set[str] = set()
    for at, name in words.found("asks-name"):
        asks = words.speaker(at) in {"call_taker", "unknown"} and name < len(words) and words.close(name)
        if asks and (may_be_name(words, name, frozenset()) or _is_whole_question(words, at, name)):
            asked.add(words.bare(name))
    return frozenset(asked)


def _is_whole_question(words: Words, at: int, name: int) -> bool:
    """Tell whether "who is" asks for one word and nothing else, which is a name then: "who is dean"."""
    word = words.bare(name)
    if not words.said(at, "who") or name + 1 != words.sentence(at)[1] or word in words.vocabulary.words:
        return False
    state = words.said(name, "is-how") or word.endswith(words.vocabulary.cue("no-name").endings)
    return word.isalpha() and len(word) >= LEAST_NAME and not state


def answered_names(words: Words) -> Iterator[tuple[str, bool]]:
    """Yield what patient and caller are called, and whether it is the caller: "what's your name?" "Bryony"."""
    name = words.vocabulary.cue("name").words
    for at in range(1, len(words)):
        if words.bare(at) not in name or words.speaker(at) not in {"call_taker", "unknown"}:
            continue
        owner, stop = words.bare(at - 1), words.sentence(at)[1]
        if owner not in words.vocabulary.cue("has-name"):
            continue
        for answer in range(stop, min(len(words), stop + ANSWER)):
            word = words.bare(answer)
            if word.isalpha() and word not in words.vocabulary.words and word not in words.vocabulary.ordinary:
                yield word, owner in words.vocabulary.cue("your-name")
                break


def may_be_name(words: Words, at: int, capitals: frozenset[str]) -> bool:
    """Tell whether a word may be used as a name. ``capitals`` are those that are written as one within a sentence."""
    word = words.bare(at)
    if len(word) < LEAST_NAME or not word.isalpha() or words.shouted(at):
        return False
    capital = words.capital(at)
    if capital and (words.breaks[at] < SENTENCE or word in capitals):
        return not any(tag.sense.closed or tag.sense.is_ == "person" for tag in words.tags(at))
    if capital and not (_stands_apart(words, at) or _does_something(words, at + 1)):
        return False
    vocabulary = words.vocabulary
    if word in vocabulary.words or word in vocabulary.ordinary:
        return False
    return not word.endswith(vocabulary.cue("no-name").endings)


def acts_or_ends(words: Words, at: int) -> bool:
    """Tell whether somebody may be named here: a verb stands behind, or nothing does."""
    return _stands_apart(words, at) or _does_something(words, at + 1)


def is_addressed(words: Words, at: int) -> bool:
    """Tell whether a name is what the call-taker calls the caller: "is it sore, Gwen?", "right Idris, where ...".

    >>> from triage_triggers.calls.call import Call, Utterance
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> asked = Call("C-1", [Utterance("Is he breathing, Gwen?", speaker="call_taker")])
    >>> is_addressed(Words(Document(asked), load_vocabulary("en")), 3)
    True
    """
    if words.speaker(at) != "call_taker":
        return False
    first = at - 1 if words.close(at) and words.said(at - 1, "title") else at
    start, end = words.sentence(at)
    ends = at + 1 == end or words.breaks[at + 1] == COMMA
    opens = all(words.said(step, "hails") for step in range(start, first))
    return ends and (opens or (words.breaks[first] == COMMA and at + 1 == end))


def _does_something(words: Words, at: int) -> bool:
    """Tell whether a verb stands here, so that what stands before it may be its subject: "Rhys kneed me"."""
    if not words.close(at):
        return False
    return any(tag.sense.is_ in {"verb", "passive"} for tag in words.tags(at)) or words.said(at, "auxiliary")


def _stands_apart(words: Words, at: int) -> bool:
    """Tell whether a sentence's first word is called out or an answer: "Kyle." "Bryony, my girlfriend"."""
    return at + 1 >= len(words) or words.breaks[at + 1] > NONE or words.possessive(at)
