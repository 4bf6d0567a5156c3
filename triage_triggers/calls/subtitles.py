"""Read subtitles as a call: WebVTT and SRT, whose cues carry times and often speakers.

The published parsers skip a cue they can't read, or name no line (see docs/transcripts.md); a call can't lose a turn
in silence, so this one refuses the file and says where. Tests hold it to their results on well-formed files.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.dialogue import split_label
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.source import CallSource

__all__ = ["TIMING", "read_srt", "read_webvtt"]

TIMING: Final = "-->"
_CLOCK: Final = r"(?:(\d{1,4}):)?([0-5]\d):([0-5]\d)"
_VTT_TIMES: Final = re.compile(rf"{_CLOCK}\.(\d{{3}})[ \t]+-->[ \t]+{_CLOCK}\.(\d{{3}})(?:[ \t].*)?", re.ASCII)
_SRT_TIMES: Final = re.compile(rf"{_CLOCK},(\d{{3}}) *--> *{_CLOCK},(\d{{3}})(?:[ \t].*)?", re.ASCII)
_ALMOST_TIMES: Final = re.compile(r"\W*\d+:\d+(?::\d+)?(?:[.,]\d+)?\s*-{1,3}>?\s*\d+:\d+", re.ASCII)
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAG: Final = re.compile(r"</?(?:[bicuv]|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[\d:.]+>", re.IGNORECASE)
_MILLISECONDS: Final = 1000


class _Cue(NamedTuple):
    start: float
    end: float
    text: str


def read_webvtt(source: CallSource) -> Call:
    """Return the call that a WebVTT file holds; ``<v Name>`` or ``Name:`` gives the speaker.

    Every voice of a cue becomes an utterance with the cue's times.

    Raises:
        CallError: A cue is none, or the file doesn't begin as it must; the message names the line.
    """
    lines = source.text().split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise CallError(f"{source.file}:1: a WebVTT file begins with the line 'WEBVTT'; this one doesn't")
    cues = _cues(source.file, lines, after_header=True)
    return _call(source, [turn for cue in cues for turn in _voices(cue, source)])


def read_srt(source: CallSource) -> Call:
    """Return the call that an SRT file holds; ``Name:`` at the start of a subtitle gives the speaker, where known.

    Raises:
        CallError: A subtitle is none; the message names the line.
    """
    cues = _cues(source.file, source.text().split("\n"), after_header=False)
    return _call(source, [_labelled(cue, _TAG.sub("", cue.text), source) for cue in cues])


def _call(source: CallSource, said: list[Utterance]) -> Call:
    if not said:  # what is not there must not be read as a call in which nothing was said
        raise CallError(f"{source.file}: there is no subtitle with words in it; was the file cut short?")
    return Call(source.name, said)


def _cues(file: str, lines: list[str], *, after_header: bool) -> Iterator[_Cue]:
    """Yield the cues of either format: blocks between empty lines, times in the first or second line of each."""
    times, example, name = (
        (_VTT_TIMES, "00:00:01.000 --> 00:00:02.500", "WebVTT")
        if after_header
        else (_SRT_TIMES, "00:00:01,000 --> 00:00:02,500", "SRT")
    )
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
        match = times.fullmatch(lines[at].strip()) if at < len(lines) else None
        if match is None:
            raise CallError(
                f"{file}:{min(at, len(lines) - 1) + 1}: expected the times of a {name} cue, as in '{example}'"
            )
        start, end = _seconds(match, 1), _seconds(match, 5)
        if end < start:
            raise CallError(f"{file}:{at + 1}: this cue ends before it starts; expected the earlier time first")
        behind = _end_of_block(lines, at + 1)
        for number in range(at + 1, behind):
            if TIMING in lines[number] or _ALMOST_TIMES.match(lines[number]):
                raise CallError(
                    f"{file}:{number + 1}: expected an empty line before the next cue of line {first + 1}'s"
                )
        yield _Cue(start, end, "\n".join(lines[at + 1 : behind]))
        at = behind


def _end_of_block(lines: list[str], at: int) -> int:
    return next((number for number in range(at, len(lines)) if not lines[number].strip()), len(lines))


def _seconds(match: re.Match[str], group: int) -> float:
    hours, minutes, seconds, thousandths = (int(match[group + part] or 0) for part in range(4))
    return (((hours * 60 + minutes) * 60 + seconds) * _MILLISECONDS + thousandths) / _MILLISECONDS


def _voices(cue: _Cue, source: CallSource) -> Iterator[Utterance]:
    """Yield what each voice of a cue says; a cue without voices may name its speaker as ``Name:`` does."""
    parts = _VOICE.split(cue.text)
    if parts[0].strip() or len(parts) == 1:
        yield _labelled(cue, _plain(parts[0]), source)
    for label, said in zip(parts[1::2], parts[2::2], strict=True):
        yield Utterance(_plain(said).strip(), source.options.speakers[html.unescape(label)], cue.start, cue.end)


def _plain(marked_up: str) -> str:
    return html.unescape(_TAG.sub("", marked_up))


def _labelled(cue: _Cue, text: str, source: CallSource) -> Utterance:
    label, said = split_label(text.strip(), source.options.speakers)
    return Utterance(said, source.options.speakers[label], cue.start, cue.end)
