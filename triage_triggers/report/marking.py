"""What was said with what was found marked in it, line by line, and nothing in it that could deceive an eye."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from triage_triggers.assessment import Why
from triage_triggers.legible import hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.calls.call import Call

__all__ = [
    "MASK",
    "Mark",
    "MarkedRun",
    "ShownText",
    "TranscriptLine",
    "WordsShown",
    "clock",
    "lay_out",
    "mark_text",
    "shown",
    "why_set_aside",
]

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
        return min((mark.kind for mark in self.marks), key=get_args(MarkKind).index, default=None)


def mark_text(text: str, marks: Iterable[Mark], words: WordsShown = "full") -> tuple[MarkedRun, ...]:
    """Cut a text at the ends of its marks, which may overlap, and reach beyond the text.

    ``"redacted"`` masks all but the words of findings (counted or set aside), character for character and spaces too;
    ``"none"`` masks everything.

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


class TranscriptLine(NamedTuple):
    """One utterance. ``number`` counts from 1, as readers do; ``clock`` is empty where the call has no times.

    ``length`` is the text's, in code points; ``runs`` are empty on a page without text.
    """

    number: int
    speaker: str
    clock: str
    length: int
    runs: tuple[MarkedRun, ...]


def lay_out(
    call: Call, findings: Sequence[Finding], *, words: WordsShown = "full", anchor: str = ""
) -> tuple[TranscriptLine, ...]:
    """Return a call's lines. Findings are numbered from 1 in their own order; each cue is labelled with its finding's.

    With ``anchor``, marks link to the element with the id ``f"{anchor}-{number of the finding}"``.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> call = Call.from_text("My husband had his hands round my throat.")
    >>> findings = Evaluator(load_ruleset("uk-ambulance")).evaluate(call).findings
    >>> (line,) = lay_out(call, [finding for finding in findings if finding.rule == "strangulation.throttled"])
    >>> [mark.label for run in line.runs for mark in run.ending]
    ['1 counted: strangulation']
    """
    marks: dict[int, list[Mark]] = {}
    for utterance, mark in _marks(call, findings, anchor):
        marks.setdefault(utterance, []).append(mark)
    return tuple(
        TranscriptLine(
            number + 1,
            utterance.speaker.replace("_", "-"),
            clock(call.shown_time(utterance.start)),
            len(utterance.text),
            () if words == "none" else mark_text(utterance.text, marks.get(number, ()), words),
        )
        for number, utterance in enumerate(call.utterances)
    )


def _marks(call: Call, findings: Sequence[Finding], anchor: str) -> Iterator[tuple[int, Mark]]:
    for number, finding in enumerate(findings, start=1):
        target = f"{anchor}-{number}" if anchor else None
        theme = finding.theme.replace("_", " ")
        said = f"counted: {theme}" if finding.counts else f"set aside ({why_set_aside(finding)}): {theme}"
        for at in range(finding.utterance, finding.end_utterance + 1):
            start = finding.start if at == finding.utterance else 0
            end = finding.end if at == finding.end_utterance else len(call.utterances[at].text)
            yield at, Mark(start, end, "counted" if finding.counts else "set_aside", f"{number} {said}", target)
        if finding.cue is not None:
            cue = finding.cue
            yield cue.utterance, Mark(cue.start, cue.end, "cue", f"cue of {number}: {_name(cue.kind)}", target)


def why_set_aside(finding: Finding) -> str:
    """Return in a word or two why a finding does not count: "negated", its cue's kind, or its reason."""
    if finding.polarity != "affirmed":
        return finding.polarity
    if finding.cue is not None:
        return _name(finding.cue.kind)
    return "another speaker" if finding.why is Why.SPEAKER else finding.why.in_words


def clock(seconds: float | None) -> str:
    """Return seconds from the start of a call as minutes and seconds, empty where unknown.

    >>> clock(3661.5), clock(75.0), clock(None)
    ('1:01:01', '01:15', '')
    """
    if seconds is None:
        return ""
    minutes, rest = divmod(int(abs(seconds)), 60)
    hours = f"{minutes // 60}:" if minutes >= 60 else ""  # noqa: PLR2004
    return f"{'-' if seconds < 0 else ''}{hours}{minutes % 60:02}:{rest:02}"


def _name(kind: str) -> str:
    return kind.replace("_", " ")
