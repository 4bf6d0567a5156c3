"""A part of somebody that is broken, burnt or held: "he broke her nose", "had my hair", "slammed my head"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.frames.frame import Frame, Told, target_of
from triage_triggers.engine.events.frames.known_verb import HARMS, done_to

if TYPE_CHECKING:
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["HARMED_PART"]


def find(site: Site) -> Event | None:
    """Return "he broke her nose", "grabbed my throat"; what is only held must be a part that nobody leads by."""
    if site.tag.sense.takes != "part":
        return None
    target = target_of(site)
    if target is None or not target.part:
        return None
    words, part = site.cast.words, target.last - 1
    if site.tag.sense.kind == "held" and (
        not words.said(part, "held-to-harm")
        or (words.said(part, "hair-of-head") and words.said(site.at, "holds-lightly"))
    ):
        return None
    return done_to(site, HARMED_PART.name)


HARMED_PART: Final = Frame(
    name="harmed_part",
    looks_for="somebody, a verb that breaks or holds, and a part of somebody else",
    find=find,
    does=HARMS,
    examples=(
        Told("he broke her nose", "he break her"),
        Told("my fella had my throat", "my fella throttle my"),
        Told("she bust his lip", "she break his"),
        Told("he pulled my hair", "he grab my"),
        Told("he blacked my eye", "he break my"),
    ),
    counter_examples=(
        "he broke his nose",
        "I broke my arm",
        "he held my hand",
        "she held her hair",
        "he broke the window",
    ),
)
