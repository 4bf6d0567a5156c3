"""Read text in which each turn says first who speaks, ``Caller: He's here.`` and so on; also from a .docx document."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zipfile import BadZipFile

from triage_triggers.calls.call import CLOCK, Call, Utterance, from_time_of_day, seconds_of
from triage_triggers.calls.source import SourceLine
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.calls.source import CallSource
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = [
    "DAMAGED_OFFICE_FILE",
    "is_dialogue",
    "label_spans",
    "labels_taken",
    "parse_line",
    "read_dialogue",
    "read_docx",
    "split_turns",
]

_TIME: Final = rf"[\[(<]?({CLOCK})(?:\s*(?:-->|-|–)\s*({CLOCK}))?[\])>]?(?!:?\w)"
_NAME: Final = r"([^\W_](?:[\w .'’()&/-]{0,38}?[\w.)])?)[*_]{0,3}"
_BEFORE: Final = "\ufeff \t\r#>*_|-"
_TIME_FIRST: Final = re.compile(rf"{_TIME}[\s|*_-]*")
# "Caller:", "**Caller**:", "Caller (00:01):", "Caller: [00:01]".
_LABEL: Final = re.compile(rf"{_NAME}(?:\s*{_TIME})?\s?[*_]{{0,3}}:[*_]{{0,3}}(?=\s|$)(?:\s+[\[(]({CLOCK})[\])])?")
# "Speaker 1  0:03", or "Speaker 1" behind a time or alone.
_OWN_LINE: Final = re.compile(rf"{_NAME}(?:\s+{_TIME})?\s*")
_NAME_LIKE: Final = re.compile(r"[A-Z\d][\w.'’()&/-]*(?:[ _-]?[A-Z\d(][\w.'’()&/-]*){0,3}")
_NUMBERED: Final = re.compile(r"(?:speaker|spk|voice|channel|ch|participant)[ _-]?(?:\d{1,3}|[a-z])", re.IGNORECASE)
_LATEST_START: Final = 3_600
"""A first time beyond it is one of day."""
DAMAGED_OFFICE_FILE: Final = (
    *(BadZipFile, KeyError, ValueError, OSError),
    *(EOFError, SyntaxError, AttributeError, TypeError),
)
"""What libraries of office files raise for one that is none, or not whole; an error of XML is a ``SyntaxError``."""


class LabelledLine(NamedTuple):
    """A line: who speaks, if it says so, and where in it that stands; what is said; its times; all behind its time.

    ``own``: the label has the line for itself, and no colon.
    """

    label: str | None
    at: int
    said: str
    text: str
    start: float | None = None
    end: float | None = None
    own: bool = False


def parse_line(line: str) -> LabelledLine:
    """Return a line's parts, whether or not what stands where a label would is one.

    >>> [parse_line(line).label for line in ("[00:03] Sam Doe: No.", "Speaker 1  0:03", "he hit me.")]
    ['Sam Doe', 'Speaker 1', None]
    """
    at = len(line) - len(line.lstrip(_BEFORE))
    times: list[str | None] = [None, None]
    if time := _TIME_FIRST.match(line, at):
        times, at = [time[1], time[2]], time.end()
    if match := _LABEL.match(line, at):
        times = times if times[0] else [match[2] or match[4], match[3]]
        label, said, own = match[1], line[match.end() :].strip(), False
    elif (match := _OWN_LINE.fullmatch(line, at)) and not match[1].endswith("."):
        times = times if times[0] else [match[2], match[3]]
        label, said, own = match[1], "", True
    else:
        label, said, own = None, "", False
    text = line[at:].strip() if time else line.strip("\ufeff\r\n\t ")
    start, end = (None if time is None else seconds_of(time) for time in times)
    return LabelledLine(label, at, said, text, start, end, own)


def labels_taken(lines: Iterable[LabelledLine], speakers: SpeakerNames) -> frozenset[str]:
    """Return the labels that are taken for speakers': known ones, numbered ones, and names that come again.

    What looks like a name and comes once may as well begin what somebody says, unless a time stands beside it.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> lines = [parse_line(line) for line in ("Caller: Hi.", "Sam: No.", "Note: x", "Sam: Yes.")]
    >>> sorted(labels_taken(lines, SpeakerNames()))
    ['Caller', 'Sam']
    """
    count: Counter[str] = Counter()
    taken = set()
    for line in lines:
        if line.label is None:
            continue
        if line.label in speakers or _NUMBERED.fullmatch(line.label):
            taken.add(line.label)
        elif _NAME_LIKE.fullmatch(line.label):
            count[line.label] += 1 + (line.own and line.start is not None)
    return frozenset(taken | {label for label, times in count.items() if times > 1})


class _Text:
    """The lines of a text, and which of their labels are speakers'."""

    def __init__(self, text: str, speakers: SpeakerNames) -> None:
        lines = [parse_line(line) for line in text.split("\n")]
        before = [True, *(not line.text for line in lines)]
        behind = [*before[2:], True]
        # A name alone on a line stands behind an empty one and before what is said.
        own = {
            at
            for at, line in enumerate(lines)
            if line.own and (str(line.label) in speakers or (before[at] and not behind[at]))
        }
        shown = [line for at, line in enumerate(lines) if not line.own or at in own]
        taken = labels_taken(shown, speakers)
        if any(not line.own and line.label in taken for line in shown):
            own = {at for at in own if lines[at].start is not None}
        self.lines = [
            line._replace(label=None, own=False) if line.own and at not in own else line
            for at, line in enumerate(lines)
        ]
        self.taken = labels_taken(self.lines, speakers)
        self._speakers = speakers

    def is_dialogue(self) -> bool:
        """Tell whether labels or times begin enough lines."""
        filled = [line for line in self.lines if line.text]
        labelled = [line for line in filled if line.label in self.taken]
        if filled and filled[0].label is not None and filled[0].label in self._speakers:
            return True
        if len({line.label for line in labelled}) > 1 or sum(line.own for line in labelled) > 1:
            return True
        timed = sum(line.start is not None for line in filled)
        return len(filled) > 1 and 2 * timed > len(filled)

    def turns(self) -> list[Utterance]:
        """Return the turns.

        A line without a label goes on with the turn before it. A line that begins with what looks like the name of
        somebody who speaks once is a turn of its own by an unknown speaker, name and all: nothing they say may be taken
        for the words of the speaker before.
        """
        turns: list[tuple[LabelledLine, list[str]]] = []
        for line in self.lines:
            taken = line.label in self.taken
            if taken:
                turns.append((line, []))
            elif line.label is not None and _NAME_LIKE.fullmatch(line.label):
                turns.append((line._replace(label=None), []))
            elif line.start is not None and turns and not turns[-1][1] and turns[-1][0].start is None:
                turns[-1] = (turns[-1][0]._replace(start=line.start, end=line.end), [])
            elif line.start is not None or not turns:
                turns.append((line._replace(label=turns[-1][0].label if turns else None), []))
            if words := line.said if taken else line.text:
                turns[-1][1].append(words)
        return [
            Utterance("\n".join(said), self._speakers[line.label], line.start, line.end) for line, said in turns if said
        ]


def is_dialogue(text: str, speakers: SpeakerNames) -> bool:
    r"""Return whether a text's turns say who speaks, or when.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> is_dialogue("[00:03] Call taker: Ambulance.", SpeakerNames()), is_dialogue("PC: chest pain", SpeakerNames())
    (True, False)
    """
    return _Text(text, speakers).is_dialogue()


def split_turns(text: str, speakers: SpeakerNames) -> list[Utterance] | None:
    """Return the turns of a text, or ``None`` where it is no dialogue."""
    whole = _Text(text, speakers)
    return whole.turns() or None if whole.is_dialogue() else None


def label_spans(text: str, speakers: SpeakerNames) -> Iterator[tuple[int, int]]:
    r"""Yield where in a text labels stand: known ones, and what looks like a name.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> list(label_spans("[00:03] Sam Doe: No.\nhe said: no", SpeakerNames()))
    [(8, 15)]
    """
    whole, at = _Text(text, speakers), 0
    for line, raw in zip(whole.lines, text.split("\n"), strict=True):
        if line.label is not None and (line.label in whole.taken or _NAME_LIKE.fullmatch(line.label)):
            yield at + line.at, at + line.at + len(line.label)
        at += len(raw) + 1


def read_dialogue(source: CallSource) -> Iterator[Call]:
    """Yield the call that a text with labels holds."""
    text = source.text()
    whole = _Text(text, source.options.speakers)
    turns = whole.turns() if whole.taken or whole.is_dialogue() else []
    if not turns:
        line = next((number for number, line in enumerate(text.split("\n"), 1) if line.strip()), 1)
        raise CallError(
            f"{source.file}:{line}: expected a known speaker and a colon, as in 'Caller: …'; say whose a label is with"
            " --speaker LABEL=SPEAKER"
        )
    source.note_open_end(text)
    metadata = {}
    if next((turn.start for turn in turns if turn.start is not None), 0.0) >= _LATEST_START:
        turns, metadata["started_at"] = from_time_of_day(turns)
    yield Call(source.name, turns, metadata=metadata)


def read_docx(source: CallSource) -> Iterator[Call | CallError]:
    """Yield the call of a document: its paragraphs, and its tables' rows, are lines of a dialogue."""
    try:
        from docx import Document  # noqa: PLC0415  the extra may not be installed
        from docx.opc.exceptions import OpcError  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtraError("reading .docx", "office") from None
    try:
        source.check_seekable()
        lines = [line for part in Document(source.stream).iter_inner_content() for line in _docx_lines(part)]
    except CallError:
        raise
    except (OpcError, *DAMAGED_OFFICE_FILE):
        raise source.damaged("a .docx document") from None
    text = "\n".join(lines) + "\n"
    if not text.strip():
        raise CallError("this document holds no text")
    if source.options.format == "docx" or is_dialogue(text, source.options.speakers):
        yield from read_dialogue(source._replace(lines=iter([SourceLine(1, text)])))
    else:
        source.note_no_speakers()
        yield Call.from_text(text, source.name)


def _docx_lines(part: Any) -> Iterator[str]:  # noqa: ANN401  a paragraph or a table
    if not hasattr(part, "rows"):
        yield part.text
        return
    for row in part.rows:
        *before, said = [cell.text.strip() for cell in row.cells] or [""]
        yield " ".join(filter(None, before)) + ": " * any(before) + said
