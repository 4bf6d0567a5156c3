"""Who stands before a verb and behind it, within its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.words import COMMA, NONE, SENTENCE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention

__all__ = ["Object", "Subject", "object_at", "own_part", "past_small_words", "subject_of"]

REACH: Final = 12
"""How many words each way from its verb a clause goes at most where nothing ends it."""
_PREPOSITIONS: Final = frozenset(
    "of to with at by for from on in about near than like between against behind beside off into onto under after before around round".split()
)
_JOINERS: Final = frozenset({"and", "then", "an", "n", "cause", "cos", "coz", "because", "or", "but"})
_RELATIVES: Final = frozenset({"who", "that", "what", "which", "who's", "whos"})


class Subject(NamedTuple):
    """Who does what a verb tells. ``passive``: it is done to them. ``denied``: a no stands between."""

    mention: Mention | None
    passive: bool
    blocked: bool


class Object(NamedTuple):
    """Whom or what a verb is done to: a person, or a part of them; ``last`` is the first word behind."""

    patient: Mention | None
    last: int
    part: bool
    kind: str | None


def subject_of(cast: Cast, verb: int) -> Subject:
    """Return who stands before a verb, past its auxiliaries; over "and" to the one before, not over a clause's end."""
    words = cast.words
    at, floor = verb, max(0, verb - REACH)
    passive, crossed = False, False
    while at > floor:
        if words.breaks[at] >= SENTENCE:
            return Subject(None, passive, blocked=False)
        comma = words.breaks[at] == COMMA
        mention = cast.ending(at)
        if mention is not None:
            if comma and at == verb and mention.role != "pronoun":
                return Subject(None, passive, blocked=False)  # "Ellie, open your eyes"
            if mention.subject and not _behind_preposition(cast, mention):
                return Subject(mention, passive, blocked=False)
            at, crossed = mention.first, True
            continue
        word = words.spelled[at - 1]
        if not crossed and not passive and word in {"been", "got", "getting", "gets", "get", "gotten", "being", "was", "were", "is", "are"}:
            passive = True
        if not crossed and word not in _JOINERS and _is_noun(cast, at - 1) and not comma:
            return Subject(None, passive, blocked=True)
        if word in _JOINERS or comma:
            crossed = True
        at -= 1
    return Subject(None, passive, blocked=False)


def _behind_preposition(cast: Cast, mention: Mention) -> bool:
    first = mention.first
    return first > 0 and cast.words.breaks[first] == NONE and cast.words.spelled[first - 1] in _PREPOSITIONS and mention.role != "pronoun"


def _is_noun(cast: Cast, at: int) -> bool:
    """Tell whether a thing stands here as a subject: "a car hit her", "the door caught him", "it hit me"."""
    words = cast.words
    word = words.spelled[at]
    if word in {"it", "its", "that", "which", "this", "it's"} and at + 1 < len(words):
        return word in {"it", "it's", "its"}
    if any(tag.sense.is_ in {"skip", "not", "passive", "person", "pronoun", "article", "adjective", "by", "goal"} for tag in words.tags(at)):
        return False
    return any(
        words.has(near, "article") is not None and words.breaks[near + 1] == NONE for near in range(max(0, at - 2), at)
    ) and words.has(at, "verb") is None


def past_small_words(cast: Cast, at: int) -> int:
    """Return the place behind adverbs and particles that may stand between a verb and its object."""
    words = cast.words
    for _ in range(2):
        if at < len(words) and words.breaks[at] == NONE and words.spelled[at] in {"up", "out", "down", "straight", "right", "at", "on", "over", "about", "poor", "back", "hard", "fuck", "both", "all", "the"} and cast.at(at) is None:
            at += 1
    return at


def object_at(cast: Cast, at: int) -> Object | None:
    """Return the person, or the part of a person, that stands at a word."""
    words = cast.words
    if at >= len(words) or words.breaks[at] > NONE:
        return None
    mention = cast.at(at)
    if mention is not None and words.spelled[at].endswith(("self", "selves", "sel")):
        return None
    if mention is not None and not (mention.role == "pronoun" and mention.subject and mention.sex in {"m", "f", "many", "self"} ):
        behind = mention.last
        if words.possessive(mention.last - 1) and behind < len(words) and words.has(behind, "part") is not None:
            tag = words.has(behind, "part")
            return Object(mention, behind + (tag.length if tag else 1), part=True, kind=tag.sense.kind if tag else None)
        return Object(mention, mention.last, part=False, kind=None)
    part = own_part(cast, at)
    if part is not None:
        return part
    tag = words.has(at, "part") if words.spelled[at] not in {"back", "side", "bottom"} else None
    if tag is not None and words.breaks[at] == NONE and words.spelled[at - 1] in {"the", "x2", "x3"}:
        return Object(None, at + tag.length, part=True, kind=tag.sense.kind)
    return None


def bare_part(cast: Cast, at: int) -> Object | None:
    """Return a part of somebody untold, as notes name it: "iron on leg"."""
    tag = cast.words.has(at, "part") if at < len(cast.words) and cast.words.breaks[at] == NONE else None
    return None if tag is None else Object(None, at + tag.length, part=True, kind=tag.sense.kind)


def own_part(cast: Cast, at: int) -> Object | None:
    """Return the owner of a part of a body: "my shoulder", "her left ear", "his mum's arm"."""
    words = cast.words
    if at >= len(words):
        return None
    for tag in words.tags(at):
        if tag.sense.is_ != "owner":
            continue
        step = at + tag.length
        for _ in range(3):
            if step < len(words) and words.breaks[step] == NONE and words.has(step, "part") is None and words.has(step, "adjective"):
                step += 1
        if step >= len(words) or words.breaks[step] > NONE:
            return None
        part = words.has(step, "part")
        if part is None:
            return None
        return Object(owner_of(cast, at, tag.sense.sex), step + part.length, part=True, kind=part.sense.kind)
    return None


def owner_of(cast: Cast, at: int, sex: str | None) -> Mention | None:
    """Return the one whom "my", "his" or "her" stands for, as a mention of its own."""
    from triage_triggers.engine.events.cast import Mention  # noqa: PLC0415

    person: int | None = None
    if sex == "self":
        person = None if cast.words.speaker(at) == "call_taker" else CALLER
    elif sex == "you":
        person = CALLER
    else:
        for mention in reversed(cast.mentions):
            if mention.first < at and mention.sex == sex and mention.person is not None:
                person = mention.person if at - mention.last <= 60 else None
                break
    return Mention(at, at + 1, person, sex, "pronoun", subject=False)
