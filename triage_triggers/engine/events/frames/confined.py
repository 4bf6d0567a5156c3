"""Somebody is kept in: "he locked me in the bathroom", "she's trapped him"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.frames.frame import Frame, Told
from triage_triggers.engine.events.frames.known_verb import done_to

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["CONFINED"]


def find(site: Site) -> Event | None:
    """Return "locked me in", "kept in" with somebody behind."""
    return done_to(site, CONFINED.name)


CONFINED: Final = Frame(
    name="confined",
    looks_for="somebody locks, shuts or ties somebody in",
    find=find,
    does=frozenset({"confine"}),
    examples=(
        Told("he locked me in the bathroom", "he confine me"),
        Told("my husband shut her in the shed", "my husband confine her"),
        Told("he handcuffed me", "he confine me"),
    ),
    counter_examples=("he locked the door", "he locked himself in", "she locked her arm"),
)
