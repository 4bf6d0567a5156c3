"""Who stands before a verb and behind it, within its clause."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.cast import CALLER, ONE, Mention
from triage_triggers.engine.events.elided import unspoken
from triage_triggers.engine.events.words import COMMA, NONE, SENTENCE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast

__all__ = ["Object", "Subject", "bare_part", "object_at", "own_part", "owner_of", "past_small_words", "subject_of"]

CLAUSE: Final = 12
"""How many words before its verb a clause begins at most where nothing ends it, ..."""
NOTE_CLAUSE: Final = 24
"""... and in a note, which names somebody once and lists what they did."""
REACH: Final = 60
"""Within how many words "his" may go back to somebody named."""
PHRASE: Final = 4
"""Within how many words before its noun a phrase's article stands."""
MOST_ADJECTIVES: Final = 3
MOST_PARTICLES: Final = 2
_NEVER_NOUNS: Final = frozenset({"skip", "not", "passive", "person", "pronoun", "article", "adjective", "by", "goal"})
_NO_OBJECTS: Final = frozenset({"many", "self", *ONE})


class Subject(NamedTuple):
    """Who does what a verb tells. ``passive``: it is done to them. ``blocked``: a thing does it."""

    mention: Mention | None
    passive: bool
    blocked: bool


class Object(NamedTuple):
    """Whom a verb is done to, or a ``part`` of them; ``last`` is the first word behind, ``kind`` the part's."""

    patient: Mention | None
    last: int
    part: bool
    kind: str | None


def subject_of(cast: Cast, verb: int) -> Subject:
    """Return who stands before a verb, past its auxiliaries; over "and" to the one before, not over a clause's end."""
    words = cast.words
    at, passive, crossed = verb, False, False
    going_on = words.ends_in(verb, "going-on-now")
    least = verb - (CLAUSE if len(words.document.utterances) > 1 else NOTE_CLAUSE)
    while at > max(0, least) and words.breaks[at] < SENTENCE:
        aside = words.asides.get(at)
        if aside is not None:
            least, at = least - (at - aside), aside  # "ex (M31, on bail) pulled her"
        comma, mention = aside is None and words.breaks[at] == COMMA, cast.ending(at)
        if mention is not None:
            if comma and at == verb and mention.role != "pronoun":
                break  # "Ellie, open your eyes"
            if mention.subject and not _behind_preposition(cast, mention):
                return Subject(_first_of(cast, mention, verb), passive, blocked=False)
            at, crossed = mention.first, True
            continue
        at -= 1
        joins = words.said(at, "joiner")
        if not crossed:
            passive = passive or (words.said(at, "passive-auxiliary") and not going_on)
            if not joins and not comma and _is_noun(cast, at):
                phrase = _phrase(cast, at)
                if phrase is None:
                    return Subject(None, passive, blocked=True)
                at = phrase
        crossed = crossed or joins or comma
    return Subject(unspoken(cast, verb, passive=passive), passive, blocked=False)


def _first_of(cast: Cast, mention: Mention, verb: int) -> Mention:
    """Return for whom a relative stands ("the lad, who hit me"), or the first of two ("my dad and his mate")."""
    words, first = cast.words, mention.first
    if mention.sex == "who" and mention.last - first > 1:
        return mention  # "the one who"
    if mention.sex == "who":
        start = max(words.sentence(first)[0], first - CLAUSE)
        near = takewhile(lambda other: other.first >= start, cast.before(first))
        return next((other for other in near if other.role != "pronoun"), mention)
    joined = first - (words.said(first - 1, "and") or words.said(first - 1, "which"))
    other = cast.ending(joined) if words.close(first) and words.close(joined) else None
    if other is None or other.role == "pronoun" or _behind_preposition(cast, other):
        return mention
    if mention.role == "pronoun":
        lives_with = words.any_said(mention.last, verb, "lives-with")
        return other if lives_with and not words.said(first - 1, "and") else mention
    return other if words.said(first - 1, "and") else mention


def _behind_preposition(cast: Cast, mention: Mention) -> bool:
    words, first = cast.words, mention.first
    return first > 0 and words.close(first) and words.said(first - 1, "preposition") and mention.role != "pronoun"


def _is_noun(cast: Cast, at: int) -> bool:
    """Tell whether a thing stands here as a subject: "a car hit her", "the door caught him", "it hit me"."""
    words = cast.words
    if words.said(at, "time-word"):
        return False
    if words.said(at, "pointer"):
        return words.said(at, "it")
    if any(tag.sense.is_ in _NEVER_NOUNS for tag in words.tags(at)) or words.has(at, "verb") is not None:
        return False
    before = range(max(0, at - 2), at)
    return any(words.has(near, "article") is not None and words.breaks[near + 1] == NONE for near in before)


def _phrase(cast: Cast, noun: int) -> int | None:
    """Return where the phrase begins that a noun ends, if it belongs to who stands before: "a man on the tram"."""
    words = cast.words
    for article in range(noun - 1, max(0, noun - PHRASE), -1):
        if words.has(article, "article") is not None:
            whose = words.close(article) and words.said(article - 1, "belongs-by") and cast.ending(article - 1)
            return article - 1 if whose else None
    return None


def past_small_words(cast: Cast, at: int) -> int:
    """Return the place behind adverbs and particles that may stand between a verb and its object."""
    for _ in range(MOST_PARTICLES):
        if cast.words.close(at) and cast.words.said(at, "particle") and cast.at(at) is None:
            at += 1
    return at


def object_at(cast: Cast, at: int) -> Object | None:
    """Return the person, or the part of a person, that stands at a word."""
    words = cast.words
    if not words.close(at):
        return None
    at += words.length_of(at, "some-of")  # "three of his ribs"
    if not words.close(at):
        return None
    mention = cast.at(at)
    if mention is not None and not (mention.role == "pronoun" and mention.subject and mention.sex in _NO_OBJECTS):
        part = words.has(mention.last, "part") if mention.last < len(words) else None
        if part is not None and words.possessive(mention.last - 1):
            return Object(mention, mention.last + part.length, part=True, kind=part.sense.kind)
        return Object(mention, mention.last, part=False, kind=None)
    own = own_part(cast, at)
    if own is not None:
        return own
    if words.said(at, "part-or-place") or not words.said(at - 1, "nobodys"):
        return None
    return bare_part(cast, at)


def bare_part(cast: Cast, at: int) -> Object | None:
    """Return a part of somebody untold, as notes name it: "iron on leg"."""
    tag = cast.words.has(at, "part") if cast.words.close(at) else None
    return None if tag is None else Object(None, at + tag.length, part=True, kind=tag.sense.kind)


def own_part(cast: Cast, at: int) -> Object | None:
    """Return the owner of a part of a body: "my shoulder", "her left ear", "his mum's arm"."""
    words = cast.words
    owner = words.has(at, "owner") if at < len(words) else None
    if owner is None:
        return None
    step = at + owner.length
    for _ in range(MOST_ADJECTIVES):
        if words.close(step) and words.has(step, "part") is None and words.has(step, "adjective"):
            step += 1
    part = bare_part(cast, step)
    return None if part is None else part._replace(patient=owner_of(cast, at, owner.sense.sex))


def _may_be(cast: Cast, mention: Mention) -> bool:
    """Tell whether "his" and "her" may go to somebody of no known sex: "partner put his foot in the door"."""
    person = cast.person(mention)
    return mention.role == "person" and person is not None and person.sex is None and person.close is not None


def owner_of(cast: Cast, at: int, sex: str | None) -> Mention:
    """Return the one whom "my", "his" or "her" stands for, as a mention of its own."""
    person: int | None = None
    if sex == "self":
        person = None if cast.words.speaker(at) == "call_taker" else CALLER
    elif sex == "you":
        person = CALLER
    else:
        for mention in cast.before(at):
            if at - mention.last > REACH:
                break
            if mention.person is not None and (mention.sex == sex or _may_be(cast, mention)):
                person = mention.person
                break
    return Mention(at, at + 1, person, sex, "pronoun", subject=False)
