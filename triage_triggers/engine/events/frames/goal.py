"""Where an open verb leads: a wall, a wrist held, a way out of bed; what nobody is helped to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast
    from triage_triggers.engine.events.words import Tag

__all__ = ["Goal", "goal_at"]

REACH: Final = 5
"""Within how many words of its preposition a goal stands."""
OUT: Final = 2
"""How many words "out of" has."""


class Goal(NamedTuple):
    """The first word behind a goal, and what it makes of the deed."""

    last: int
    does: str


def goal_at(cast: Cast, at: int, *, rough: bool, part: bool) -> Goal | None:
    """Return the hard goal that begins at a word. ``rough``: no kind verb leads to it; ``part``: a part is moved."""
    words = cast.words
    if not words.close(at):
        return None
    if words.said(at, "goal-adverb") and at + 1 < len(words):
        at += 1
        at += words.said(at, "goal-first")
    held = _held_by(cast, at) or (_out_of(cast, at) if rough else None)
    if held is not None:
        return held
    for step in range(at + 1, min(len(words), at + REACH)):
        if not words.close(step):
            return None
        for tag in words.tags(step):
            does = _does(cast, at, step, tag, rough=rough, part=part)
            if does is not None:
                return Goal(step + tag.length, does)
    return None


def _does(cast: Cast, way: int, step: int, tag: Tag, *, rough: bool, part: bool) -> str | None:
    """Return what a way ("into", "off") to a thing makes of a deed."""
    words, role, soft = cast.words, tag.sense.is_, tag.sense.kind == "soft"
    if role == "part":
        if tag.sense.kind == "neck" and words.said(way, "round-neck"):
            return "throttle"
        return "strike" if rough and words.said(way, "at-part") else None
    if not rough and not words.said(way, "kind-way"):
        return None  # a kind verb: "get him down the stairs"
    if role == "weapon" and words.said(way, "with-thing"):
        return "strike"
    if role == "surface" and _hard(cast, way, step, soft=soft, rough=rough, part=part):
        return "throw"
    return "throw" if words.said(way, "to-ground") and words.said(step, "ground") else None


def _hard(cast: Cast, way: int, step: int, *, soft: bool, rough: bool, part: bool) -> bool:
    words = cast.words
    firm = not soft or words.said(way, "very-hard-way") or (rough and not words.said(way, "onto"))
    if firm and words.said(way, "hard-way"):
        return True
    return part and words.said(way, "off-part") and (not soft or words.said(step, "hard-ground"))


def _held_by(cast: Cast, at: int) -> Goal | None:
    """Return where "by the hair" ends, with up to four words before it: "out of bed by my ankles"."""
    words = cast.words
    for by in range(at, min(len(words) - 2, at + REACH)):
        if not words.close(by):
            return None
        if words.said(by, "held-with"):
            for step in range(by + 1, min(len(words), by + REACH)):
                if words.close(step) and words.said(step, "held-by"):
                    return Goal(step + 1, "throttle" if words.said(step, "held-by-neck") else "grab")
    return None


def _out_of(cast: Cast, at: int) -> Goal | None:
    """Return where "out of the chair" ends: nobody is dragged from there to be saved."""
    words = cast.words
    if words.length_of(at, "out-of") != OUT:
        return None
    for step in range(at + OUT, min(len(words), at + REACH)):
        if not words.close(step):
            return None
        if words.said(step, "rest"):
            return Goal(step + 1, "throw")
    return None
