"""Where an open verb leads: a wall, a wrist held, a way out of bed; what nobody is helped to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast
    from triage_triggers.vocabulary.form import Tag

__all__ = ["Goal", "goal_at"]

REACH: Final = 5
"""Within how many words of its preposition a goal stands."""
OUT: Final = 2
"""How many words "out of" has."""


class Goal(NamedTuple):
    """The first word behind a goal, and what it makes of the deed."""

    last: int
    does: str


class _Way(NamedTuple):
    """How a goal is come by: ``rough``, by no kind verb; ``known``, by a known one; ``part``, a part is moved."""

    at: int
    rough: bool
    known: bool
    part: bool


def goal_at(cast: Cast, at: int, *, rough: bool, known: bool, part: bool) -> Goal | None:
    """Return the hard goal that begins at a word, for a verb that is not kind, that is known, that moves a part."""
    words = cast.words
    if not words.close(at):
        return None
    held = _held_by(cast, at) or (_out_of(cast, at) if rough else None)
    if held is not None:
        return held
    if words.said(at, "goal-adverb") and at + 1 < len(words):
        at += 1
        at += words.said(at, "goal-first")
    way = _Way(at, rough, known, part)
    for step in range(at + 1, min(len(words), at + REACH)):
        if not words.close(step):
            return None
        for tag in words.tags(step):
            does = _does(cast, way, step, tag)
            if does is not None:
                return Goal(step + tag.length, does)
    return None


def _does(cast: Cast, way: _Way, step: int, tag: Tag) -> str | None:
    """Return what a way ("into", "off") to a thing makes of a deed."""
    words, role, soft = cast.words, tag.sense.is_, tag.sense.kind == "soft"
    if role == "part":
        if tag.sense.kind == "neck" and words.said(way.at, "round-neck"):
            return "throttle"
        return "strike" if way.rough and words.said(way.at, "at-part") else None
    if not way.rough and not words.said(way.at, "kind-way"):
        return None  # a kind verb: "get him down the stairs"
    if role == "weapon" and words.said(way.at, "with-thing"):
        return "strike"
    if role == "surface" and _hard(cast, way, step, soft=soft):
        return "throw"
    return "throw" if words.said(way.at, "to-ground") and words.said(step, "ground") else None


def _hard(cast: Cast, way: _Way, step: int, *, soft: bool) -> bool:
    words, ground = cast.words, cast.words.said(step, "hard-ground")
    rough = way.rough and (way.known or ground) and not words.said(way.at, "onto")
    if words.said(way.at, "hard-way") and (not soft or rough or _forced(cast, way)):
        return True
    return way.part and words.said(way.at, "off-part") and (not soft or ground)


def _forced(cast: Cast, way: _Way) -> bool:
    """Tell whether nobody goes that way to something soft, unless they are lifted "off the floor"."""
    return cast.words.said(way.at, "very-hard-way") and (way.rough or not cast.words.said(way.at, "off-part"))


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
