"""What somebody does so that another can't: "he's wedged the door so I can't get out"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.frames.frame import Frame, Told, between_two, event_at
from triage_triggers.engine.events.words import NONE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["SO_CANNOT"]

CLAUSE: Final = 14
"""Within how many words before "so" stands who does something."""
REACH: Final = 3
"""Within how many words behind "can't" stands what is made impossible."""
_MEANS: Final = frozenset({"m", "f", "many", None})


def find(site: Site) -> Event | None:
    """Return who sees to it that whom can't leave, ring or get what they need."""
    cast, words, kept = site.cast, site.cast.words, site.subject.mention
    if kept is None or kept.last > site.at or not words.close(site.at):
        return None
    so = kept.first - 1
    so -= words.said(so, "that-joins") and words.said(so - 1, "so")
    if so < 1 or not words.said(so, "so") or not any(words.said(site.at + step, "kept-from") for step in (1, 2, REACH)):
        return None
    agent = _who_bars(cast, so)
    if agent is None or agent.person == CALLER or agent.sex not in _MEANS:
        return None
    if agent.sex in ONE and agent.sex == cast.patient_sex and agent.role == "pronoun":
        return None
    if not between_two(cast, agent, kept, part=False) or agent.person == kept.person:
        return None
    return event_at(site.by(agent), site.at + 2, "confine", SO_CANNOT.name, kept)._replace(first=kept.first)


def _who_bars(cast: Cast, so: int) -> Mention | None:
    """Return who does something to bar the way in the clause before "so"."""
    words, barred = cast.words, False
    for at in range(so - 1, max(0, so - CLAUSE) - 1, -1):
        mention = cast.at(at)
        if mention is not None and mention.subject:
            return mention if barred else None
        barred = barred or words.said(at, "bars")
        if words.breaks[at] > NONE:
            break
    return None


SO_CANNOT: Final = Frame(
    name="so_cannot",
    looks_for="somebody does something so that somebody else can't leave, ring or get what they need",
    find=find,
    cue="cannot",
    examples=(
        Told("my ex has wedged the door so I can't get out", "my ex confine i"),
        Told("my husband blocks the drive so that she can't leave", "my husband confine she"),
        Told("he pulled the lead out the wall so I couldn't ring", "he confine i"),
    ),
    counter_examples=(
        "my leg's bad so I can't get out",
        "I locked the gate so he can't get out",
        "he's gone to work so I can't sleep",
        "he can't get out",
    ),
)
