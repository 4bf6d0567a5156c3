"""All frames, and the search for events: to add a frame, write its module and enter it here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.frames.confined import CONFINED
from triage_triggers.engine.events.frames.did_that import DID_THAT
from triage_triggers.engine.events.frames.frame import Frame, Site
from triage_triggers.engine.events.frames.given import GIVEN
from triage_triggers.engine.events.frames.harmed_part import HARMED_PART
from triage_triggers.engine.events.frames.killed import KILLED
from triage_triggers.engine.events.frames.known_verb import KNOWN_VERB
from triage_triggers.engine.events.frames.made_to import MADE_TO
from triage_triggers.engine.events.frames.menaced import MENACED
from triage_triggers.engine.events.frames.nominal import NOMINAL
from triage_triggers.engine.events.frames.not_let import NOT_LET
from triage_triggers.engine.events.frames.open_verb import OPEN_VERB
from triage_triggers.engine.events.frames.part_as_weapon import PART_AS_WEAPON
from triage_triggers.engine.events.frames.passive import PASSIVE
from triage_triggers.engine.events.frames.promised import PROMISED
from triage_triggers.engine.events.frames.shut_on import SHUT_ON
from triage_triggers.engine.events.frames.so_cannot import SO_CANNOT
from triage_triggers.engine.events.frames.taken import TAKEN
from triage_triggers.engine.events.frames.threat_to_kill import THREAT_TO_KILL
from triage_triggers.engine.events.frames.thrown_at import THROWN_AT
from triage_triggers.engine.events.frames.took_to import TOOK_TO
from triage_triggers.engine.events.words import SENTENCE
from triage_triggers.vocabulary.form import Tag
from triage_triggers.vocabulary.sense import Sense

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast
    from triage_triggers.engine.events.clause import Subject
    from triage_triggers.engine.events.event import Event

__all__ = ["FRAMES", "find_events"]

FRAMES: Final[tuple[Frame, ...]] = (
    PASSIVE,
    KNOWN_VERB,
    HARMED_PART,
    CONFINED,
    MENACED,
    THREAT_TO_KILL,
    KILLED,
    OPEN_VERB,
    THROWN_AT,
    GIVEN,
    TAKEN,
    NOT_LET,
    MADE_TO,
    PART_AS_WEAPON,
    SHUT_ON,
    SO_CANNOT,
    TOOK_TO,
    PROMISED,
    DID_THAT,
    NOMINAL,
)
"""Of the frames that are asked at one verb the earlier is believed."""
_OF_THINGS: Final = frozenset({SHUT_ON.name, THROWN_AT.name})
"""What moves a thing against somebody, which may be found as the thing's own doing too."""
_UNKNOWN: Final = Tag(
    Sense.model_validate({"name": "unknown", "is": "verb", "does": "unknown", "hard": True}), 1, False
)
_NO_OBJECTS: Final = frozenset({"self", "m", "f", "many", "who", None})
_NO_VERBS: Final = frozenset({"person", "verb"})


def find_events(cast: Cast, frames: tuple[Frame, ...] = FRAMES) -> list[Event]:
    """Return the events of a call in order; of those that tell of one word, the most certain.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call.from_text("My bloke bounced me off the radiator.")
    >>> cast = read_cast(Words(Document(call), load_vocabulary("en")))
    >>> [(event.does, event.frame, event.tie) for event in find_events(cast)]
    [('throw', 'open_verb', 'partner')]
    """
    words = cast.words
    at_verbs: defaultdict[str, list[Frame]] = defaultdict(list)
    for frame in frames:
        for does in frame.does:
            at_verbs[does].append(frame)
    at_words = [frame for frame in frames if not frame.does]
    roles = {role for frame in at_words for role in frame.roles}
    cues = {frame.cue for frame in at_words if frame.cue is not None}
    events: list[Event] = []
    subjects: dict[int, Subject] = {}
    for at in _places(cast, frozenset({"verb", "idiom", *roles}), frozenset(cues)):
        if "verb" in words.roles[at] and not _is_noun(cast, at):
            events += _at_verb(cast, at, at_verbs, subjects)
        if not (roles.isdisjoint(words.roles[at]) and cues.isdisjoint(words.cues[at])):
            events += _at_word(cast, at, at_words, subjects)
    for site in _unknown_verbs(cast, subjects):
        events += filter(None, (frame.find(site) for frame in at_verbs["unknown"]))
    return sorted(_once(events), key=lambda event: event[:3])


def _once(events: list[Event]) -> list[Event]:
    """Return each deed once: of those that tell of one verb, or end in one patient, the most certain."""
    kept: dict[int, Event] = {}
    for event in sorted(events, key=lambda event: (event.frame == OPEN_VERB.name, event.first)):
        kept.setdefault(event.verb, event)
    weapons = {event.last for event in kept.values() if event.frame == PART_AS_WEAPON.name}
    return [event for event in kept.values() if event.frame not in _OF_THINGS or event.last not in weapons]


def _places(cast: Cast, roles: frozenset[str], cues: frozenset[str]) -> Iterator[int]:
    """Yield the words that play one of some roles or are one of some cues, none of an idiom."""
    words, behind = cast.words, 0
    for at in [
        at
        for at, (played, told) in enumerate(zip(words.roles, words.cues, strict=True))
        if not (roles.isdisjoint(played) and cues.isdisjoint(told))
    ]:
        if at >= behind:
            first = next(iter(words.tags(at)), None)
            if first is not None and first.sense.is_ == "idiom" and first.length > 1:
                behind = at + first.length
            else:
                yield at


def _is_noun(cast: Cast, at: int) -> bool:
    """Tell whether a word stands for somebody, or for a thing: "a punch", "the kick"."""
    words = cast.words
    return cast.at(at) is not None or (words.close(at) and words.said(at - 1, "before-noun"))


def _at_verb(
    cast: Cast, at: int, frames: defaultdict[str, list[Frame]], subjects: dict[int, Subject]
) -> Iterator[Event]:
    sites = [Site(cast, at, tag, subjects) for tag in cast.words.tags(at) if tag.sense.is_ == "verb"]
    found = [event for site in sites for frame in frames[site.tag.sense.does or ""] if (event := frame.find(site))]
    # An expression may hold the one it is done to ("got me by the"): then a shorter one knows more.
    yield from [event for event in found if event.patient is not None][:1] or found[:1]


def _at_word(cast: Cast, at: int, frames: list[Frame], subjects: dict[int, Subject]) -> Iterator[Event]:
    words = cast.words
    for frame in frames:
        if not words.roles[at].isdisjoint(frame.roles):
            tag = next(filter(None, (words.has(at, role) for role in frame.roles)))
        elif frame.cue in words.cues[at] and cast.at(at) is None:
            tag = next(iter(words.tags(at)), _UNKNOWN)
        else:
            continue
        event = frame.find(Site(cast, at, tag, subjects))
        if event is not None:
            yield event


def _unknown_verbs(cast: Cast, subjects: dict[int, Subject]) -> Iterator[Site]:
    """Yield the words before somebody that no class holds and that may be verbs."""
    words = cast.words
    for mention in cast.mentions:
        at = mention.first - 1
        if at < 1 or not words.close(mention.first) or words.breaks[at] >= SENTENCE:
            continue
        if mention.role == "pronoun" and mention.subject and mention.sex in _NO_OBJECTS:
            continue
        if not words.spelled[at].isalpha() or not words.ends_in(at, "verb-ending"):
            continue
        closed = any(tag.sense.closed or tag.sense.is_ in _NO_VERBS for tag in words.tags(at))
        if not closed and cast.ending(mention.first) is None:
            yield Site(cast, at, _UNKNOWN, subjects)
