"""A deed that is only pointed at: "her husband did that to her", "what he done to my mum"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["DID_THAT"]


def find(site: Site) -> Event | None:
    """Return who did "that" to whom."""
    words, at = site.cast.words, site.at + 1
    at += words.close(at) and words.said(at, "pointed-at")
    if not words.close(at) or not words.said(at, "to-somebody"):
        return None
    target = object_at(site.cast, at + 1)
    if target is None or not is_hurt(site, target):
        return None
    return event_at(site, target.last, "strike", DID_THAT.name, target.patient)


DID_THAT: Final = Frame(
    name="did_that",
    looks_for="somebody did that, this, it or things to somebody",
    find=find,
    cue="did-something",
    examples=(
        Told("her husband did that to her", "her husband strike her"),
        Told("what he done to my mum", "he strike my mum"),
    ),
    counter_examples=("she did it to herself", "who did this", "he did that on Monday"),
)
