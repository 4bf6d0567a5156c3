"""What was said, cut into runs with the same marks, and nothing in it that could deceive a reader's eye."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.legible import hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MASK", "Mark", "MarkKind", "MarkedRun", "ShownKind", "ShownText", "WordsShown", "mark_text", "shown"]

WordsShown: TypeAlias = Literal["full", "redacted", "none"]
"""How much of what was said a page shows: all of it; only the words of findings; nothing."""
MarkKind: TypeAlias = Literal["counted", "set_aside", "cue"]
ShownKind: TypeAlias = Literal["said", "character", "masked"]

MASK: Final = "\N{MEDIUM SHADE}"


class Mark(NamedTuple):
    """A span of an utterance's text, in code points, half-open, with the words that say what it is.

    ``label`` is shown behind the marked words: no mark may depend on its colour. ``target`` is the id of the place on
    the page that says more, if there is one.
    """

    start: int
    end: int
    kind: MarkKind
    label: str
    target: str | None = None


class ShownText(NamedTuple):
    """Text to show: as it was said; the name of a character that can't be seen (``U+202E``); or masked."""

    kind: ShownKind
    text: str


class MarkedRun(NamedTuple):
    """A stretch of text under the same marks; ``ending`` are those whose last word is here, so whose label follows."""

    pieces: tuple[ShownText, ...]
    marks: tuple[Mark, ...]
    ending: tuple[Mark, ...]

    @property
    def kind(self) -> MarkKind | None:
        """The mark that shows where several lie over one another: what counts, before what was set aside, and a cue."""
        kinds = {mark.kind for mark in self.marks}
        order: tuple[MarkKind, ...] = ("counted", "set_aside", "cue")
        return next((kind for kind in order if kind in kinds), None)


def mark_text(text: str, marks: Iterable[Mark], words: WordsShown = "full") -> tuple[MarkedRun, ...]:
    """Cut a text at the ends of its marks.

    Args:
        text: An utterance's text; any characters.
        marks: In any order; they may overlap, and reach beyond the text.
        words: ``"redacted"`` masks all but the words of findings (counted or set aside), character for character and
            spaces too; ``"none"`` masks everything.

    >>> for run in mark_text("no he hit me", [Mark(6, 12, "counted", "violence")]):
    ...     print(run.kind, [piece.text for piece in run.pieces], [mark.label for mark in run.ending])
    None ['no he '] []
    counted ['hit me'] ['violence']
    """
    inside = [mark for mark in marks if max(mark.start, 0) < min(mark.end, len(text))]
    edges = {0, len(text)} | {min(max(at, 0), len(text)) for mark in inside for at in (mark.start, mark.end)}
    starting: dict[int, list[Mark]] = {}
    for mark in sorted(inside, key=lambda mark: mark[:4]):
        starting.setdefault(max(mark.start, 0), []).append(mark)
    here: list[Mark] = []
    runs = []
    for start, end in pairwise(sorted(edges)):
        here = [mark for mark in here if mark.end > start] + starting.get(start, [])
        shows = words == "full" or (words == "redacted" and any(mark.kind != "cue" for mark in here))
        pieces = tuple(shown(text[start:end])) if shows else (ShownText("masked", MASK * (end - start)),)
        ending = tuple(mark for mark in here if min(mark.end, len(text)) == end)
        runs.append(MarkedRun(pieces, tuple(here), ending))
    return tuple(runs)


def shown(text: str) -> Iterator[ShownText]:
    r"""Yield text as it may be shown: characters that steer a screen or can't be seen are named.

    >>> [piece.text for piece in shown("no\x1b[2J\u202eknife")]
    ['no', 'U+001B', '[2J', 'U+202E', 'knife']
    """
    said = 0
    for found in hidden(text):
        if found.start() > said:
            yield ShownText("said", text[said : found.start()])
        yield ShownText("character", f"U+{ord(found[0]):04X}")
        said = found.end()
    if said < len(text):
        yield ShownText("said", text[said:])
