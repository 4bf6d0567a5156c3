"""What a word tells wherever it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.vocabulary.sense import Sense

__all__ = ["Form", "Tag"]


class Tag(NamedTuple):
    """A class that ``length`` words from some word on may stand for; ``possessive``: with 's behind."""

    sense: Sense
    length: int
    possessive: bool


class Form(NamedTuple):
    """A word as it is spelled: ``bare`` of its clitic, whether that is 's, the cues that it is, and its classes.

    ``roles`` are those that its classes play.
    """

    bare: str
    possessive: bool
    cues: frozenset[str]
    tags: tuple[Tag, ...]
    roles: frozenset[str]
