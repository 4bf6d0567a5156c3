"""An event: somebody does something to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Mention

__all__ = ["Event"]


class Event(NamedTuple):
    """What a frame found: words ``first`` to ``last``, half-open, that tell who ``does`` what to whom.

    ``agent`` and ``patient`` are None where nobody is named; ``tie`` is agent to patient. ``frame`` names what found
    it; ``verb`` is the word that tells the deed.
    """

    first: int
    last: int
    does: str
    frame: str
    agent: Mention | None
    patient: Mention | None
    tie: str
    verb: int
