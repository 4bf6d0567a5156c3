"""By whom something was done where that is told only behind: "I've been stabbed. It was my girlfriend."."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.frames.passive import PASSIVE
from triage_triggers.engine.events.words import TURN_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.event import Event

__all__ = ["told_later"]

REACH: Final = 24
"""Within how many words behind a deed it is told whose it was."""


def told_later(cast: Cast, events: Iterable[Event]) -> Iterator[Event]:
    """Yield events; those that were done by nobody named are by whom the words behind name.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.scene import read_scene
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call.from_text("I've been stabbed. It was my girlfriend.")
    >>> [event.tie for event in read_scene(Document(call), load_vocabulary("en")).events if event.does == "cut"]
    ['partner']
    """
    for event in events:
        agent = _whose(cast, event) if event.frame == PASSIVE.name and event.agent is None else None
        yield event if agent is None else event._replace(agent=agent, tie=cast.tie(agent, event.patient))


def _whose(cast: Cast, event: Event) -> Mention | None:
    """Return who stands behind "it was", or alone as the answer to "who by?"."""
    words = cast.words
    asked = False
    for at in range(event.last, min(len(words), event.last + REACH)):
        asked = asked or (words.speaker(at) == "call_taker" and words.said(at, "who"))
        said = words.length_of(at, "it-was")
        begins = at + said if said else at if asked and words.breaks[at] == TURN_END else None
        mention = None if begins is None or begins >= len(words) else cast.at(begins)
        if mention is None or mention.role == "pronoun" or mention.person in {CALLER, None}:
            continue
        if words.speaker(begins or at) == "call_taker" or (event.patient and mention.person == event.patient.person):
            continue
        found = mention.last < len(words) and words.close(mention.last) and words.said(mention.last, "found-by")
        return None if found else mention
    return None
