"""Read subtitles as a call: WebVTT, SRT, SBV and TTML, whose cues carry times and often speakers.

The published parsers skip a cue they can't read, or name no line (see docs/transcripts.md); a call can't lose a turn
in silence, so this one refuses the file and says where. Tests hold it to their results on well-formed files.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree as ET

from triage_triggers.calls.call import Call, Utterance, seconds_of
from triage_triggers.calls.dialogue import labels_taken, parse_line
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage_triggers.calls.source import CallSource

__all__ = ["CUES", "SBV_TIMES", "TIMING", "read_cues", "read_ttml"]

TIMING: Final = "-->"
_CLOCK: Final = r"(?:\d{1,4}:)?[0-5]\d:[0-5]\d"
_VTT_TIMES: Final = re.compile(rf"({_CLOCK}\.\d{{3}})[ \t]+-->[ \t]+({_CLOCK}\.\d{{3}})(?:[ \t].*)?", re.ASCII)
_SRT_TIMES: Final = re.compile(rf"({_CLOCK},\d{{3}}) *--> *({_CLOCK},\d{{3}})(?:[ \t].*)?", re.ASCII)
SBV_TIMES: Final = re.compile(rf"({_CLOCK}\.\d{{3}}),({_CLOCK}\.\d{{3}})", re.ASCII)
_ALMOST_TIMES: Final = re.compile(r"\W*\d+:\d+(?::\d+)?(?:[.,]\d+)?\s*(?:-{1,3}>?|,)\s*\d+:\d+", re.ASCII)
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAG: Final = re.compile(r"</?(?:[bicuv]|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE)
_TIME_INSIDE: Final = re.compile(r"<\d+:[\d:.]+>")
_FLASH_SECONDS: Final = 0.02
"""Rolling captions hold each line for so long, between rolling in and standing above the next."""


class _Kind(NamedTuple):
    name: str
    times: re.Pattern[str]
    example: str


CUES: Final[Mapping[str, _Kind]] = {
    "webvtt": _Kind("WebVTT", _VTT_TIMES, "00:00:01.000 --> 00:00:02.500"),
    "srt": _Kind("SRT", _SRT_TIMES, "00:00:01,000 --> 00:00:02,500"),
    "sbv": _Kind("SBV", SBV_TIMES, "0:00:01.000,0:00:02.500"),
}


class Cue(NamedTuple):
    """What is shown for some time; ``label``: who says it, where that does not stand in the text."""

    start: float | None
    end: float | None
    text: str
    label: str | None = None


def read_cues(source: CallSource, kind: str) -> Iterator[Call]:
    """Yield the call that a file of subtitles holds; every voice of a cue becomes an utterance with the cue's times."""
    text = source.text()
    lines = text.split("\n")
    is_vtt = kind == "webvtt"
    if is_vtt and not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise CallError(f"{source.file}:1: a WebVTT file begins with the line 'WEBVTT'; this one doesn't")
    cues = _once(list(_cues(source.file, lines, CUES[kind], after_header=is_vtt)))
    source.note_open_end(text)
    yield call_of_cues(source, [voice for cue in cues for voice in (_voices(cue) if is_vtt else [cue])])


def call_of_cues(source: CallSource, cues: list[Cue]) -> Call:
    """Return the call of some cues; a name and a colon before what is said is its speaker's, where that can be told."""
    cues = [cue._replace(text=_TAG.sub("", cue.text)) for cue in cues]
    taken = labels_taken(
        (line for cue in cues for line in map(parse_line, cue.text.split("\n")) if not line.own),
        source.options.speakers,
    )
    said: list[Utterance] = []
    for cue in cues:
        turns = [(cue.label, list[str]())]
        for raw in cue.text.strip().split("\n"):
            line = parse_line(raw)
            if cue.label is None and line.label in taken and not line.own:
                turns.append((line.label, [line.said] if line.said else []))
            else:
                turns[-1][1].append(raw)
        said += [
            Utterance(text, source.options.speakers[label], cue.start, cue.end)
            for label, words in turns
            if (text := "\n".join(words)).strip()
        ]
    if not said:  # what is not there must not be read as a call in which nothing was said
        raise CallError(f"{source.file}: there is no subtitle with words in it; was the file cut short?")
    return Call(source.name, said)


def _once(cues: list[Cue]) -> list[Cue]:
    """Return captions that roll, as YouTube's do, without the lines that stand there again."""
    timed_inside = any(_TIME_INSIDE.search(cue.text) for cue in cues)
    if not timed_inside and not any((cue.end or 0) - (cue.start or 0) <= _FLASH_SECONDS for cue in cues):
        return cues
    kept, before, end = list[Cue](), list[str](), 0.0
    for cue in cues:
        raw = [line for line in cue.text.split("\n") if line.strip()]
        lines = [_TAG.sub("", line).strip() for line in raw]
        again = next((count for count in range(len(lines), 0, -1) if before[-count:] == lines[:count]), 0)
        rolls = timed_inside or (cue.start or 0) - end <= _FLASH_SECONDS
        kept.append(cue._replace(text="\n".join(raw[again:] if rolls else raw)))
        before, end = lines or before, cue.end or end
    return kept


def _cues(file: str, lines: list[str], kind: _Kind, *, after_header: bool) -> Iterator[Cue]:
    """Yield the cues: blocks between empty lines, times in the first or second line of each."""
    at = lines.index("") if after_header and "" in lines else (len(lines) if after_header else 0)
    if after_header:  # a cue may follow the header at once
        at = next((number for number in range(1, at) if TIMING in lines[number]), at)
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        first, head = at, lines[at]
        if after_header and re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", head):
            at = _end_of_block(lines, at + 1)
            continue
        if TIMING not in head and not _ALMOST_TIMES.match(head):  # a number or an identifier
            at += 1
        match = kind.times.fullmatch(lines[at].strip()) if at < len(lines) else None
        if match is None:
            raise CallError(
                f"{file}:{min(at, len(lines) - 1) + 1}: expected the times of a {kind.name} cue, as in '{kind.example}'"
            )
        start, end = (seconds_of(time) or 0.0 for time in match.groups())
        if end < start:
            raise CallError(f"{file}:{at + 1}: this cue ends before it starts; expected the earlier time first")
        behind = _end_of_block(lines, at + 1)
        for number in range(at + 1, behind):
            if TIMING in lines[number] or _ALMOST_TIMES.match(lines[number]):
                raise CallError(
                    f"{file}:{number + 1}: expected an empty line before the next cue of line {first + 1}'s"
                )
        yield Cue(start, end, "\n".join(lines[at + 1 : behind]))
        at = behind


def _end_of_block(lines: list[str], at: int) -> int:
    """Return where a cue ends: at an empty line, or at one of blanks where another cue follows."""
    for number in range(at, len(lines)):
        if not lines[number]:
            return number
        if not lines[number].strip():
            behind = next((at for at in range(number, min(number + 9, len(lines))) if lines[at].strip()), len(lines))
            # The times, or a number and the times.
            if any(TIMING in line or SBV_TIMES.fullmatch(line) for line in lines[behind : behind + 2]):
                return number
    return len(lines)


def _voices(cue: Cue) -> Iterator[Cue]:
    """Yield what each voice of a cue says."""
    if cue.text.startswith("{") and (spoken := _spoken(cue)):
        yield spoken
        return
    parts = _VOICE.split(cue.text)
    yield cue._replace(text=html.unescape(_TAG.sub("", parts[0])))
    for label, said in zip(parts[1::2], parts[2::2], strict=True):
        yield cue._replace(text=html.unescape(_TAG.sub("", said)).strip(), label=html.unescape(label).strip())


def _spoken(cue: Cue) -> Cue | None:
    """Return a cue that Teams writes as JSON."""
    try:
        data = json.loads(cue.text)
    except ValueError:
        return None
    text, label = data.get("spokenText"), data.get("speakerName")
    return cue._replace(text=text, label=label) if isinstance(text, str) and isinstance(label, str) else None


_FRAMES: Final = re.compile(r"(\d+:\d{2}:\d{2}):(\d{2,3})", re.ASCII)
_COUNT: Final = re.compile(r"(\d+(?:\.\d+)?)([hmft])", re.ASCII)
_BLANKS: Final = re.compile(r"\s+")


def read_ttml(source: CallSource) -> Iterator[Call]:
    """Yield the call that a TTML file holds; ``ttm:agent`` or ``Name:`` gives the speaker."""
    text = source.text()
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # which could blow up to any size
        raise CallError(f"{source.file}: expected TTML without a document type or entities of its own")
    try:
        root = ET.fromstring(text)  # noqa: S314  no entities
    except (ET.ParseError, ValueError) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise CallError(f"{source.file}:{line}: this is not valid XML from here on; was the file cut short?") from None
    if _local(root.tag) != "tt":
        raise CallError(f"{source.file}: expected TTML, whose topmost element is 'tt'; this is other XML")
    yield call_of_cues(source, list(_paragraphs(root, source.file)))


def _paragraphs(root: ET.Element, file: str) -> Iterator[Cue]:
    rates = {"f": float(_attribute(root, "frameRate") or 30), "t": float(_attribute(root, "tickRate") or 1)}
    names = {
        _attribute(agent, "id"): " ".join("".join(agent.itertext()).split())
        for agent in root.iter()
        if _local(agent.tag) == "agent"
    }
    paragraphs = [part for part in root.iter() if _local(part.tag) == "p"]
    for number, part in enumerate(paragraphs, 1):
        timed = part if _attribute(part, "begin") else next((span for span in part if _attribute(span, "begin")), part)
        begin, end, length = (_ttml_seconds(_attribute(timed, name), rates) for name in ("begin", "end", "dur"))
        if begin is None:
            raise CallError(f'{file}: paragraph {number}: expected when it begins, such as begin="00:00:01.000"')
        agent = _attribute(part, "agent")
        label = None if agent is None else names.get(agent) or agent
        yield Cue(begin, begin + length if end is None and length is not None else end, _ttml_text(part), label)


def _ttml_text(part: ET.Element) -> str:
    def pieces(element: ET.Element) -> Iterator[str]:
        if _local(element.tag) == "br":
            yield "\n"
        elif _local(element.tag) not in {"metadata", "desc", "title"}:
            yield _BLANKS.sub(" ", element.text or "")
            for child in element:
                yield from pieces(child)
                yield _BLANKS.sub(" ", child.tail or "")

    return "\n".join(line.strip() for line in "".join(pieces(part)).split("\n"))


def _ttml_seconds(time: str | None, rates: dict[str, float]) -> float | None:
    if time is None:
        return None
    if match := _FRAMES.fullmatch(time):
        return (seconds_of(match[1]) or 0.0) + int(match[2]) / rates["f"]
    if match := _COUNT.fullmatch(time):
        unit = {"h": 3600.0, "m": 60.0}.get(match[2])
        return float(match[1]) * unit if unit else float(match[1]) / rates[match[2]]
    return seconds_of(time)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(element: ET.Element, name: str) -> str | None:
    return next((value.strip() for key, value in element.attrib.items() if _local(key) == name), None)
