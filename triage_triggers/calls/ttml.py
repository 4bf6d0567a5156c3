"""Read subtitles in XML as a call: TTML, which is also called DFXP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from triage_triggers.calls.subtitles import Cue, call_of_cues
from triage_triggers.calls.times import seconds_of
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.calls.call import Call
    from triage_triggers.calls.source import CallSource

__all__ = ["read_ttml"]

_FRAMES: Final = re.compile(r"(\d+:\d{2}:\d{2}):(\d{2,3})", re.ASCII)
_COUNT: Final = re.compile(r"(\d+(?:\.\d+)?)([hmft])", re.ASCII)
_BLANKS: Final = re.compile(r"\s+")


def read_ttml(source: CallSource) -> Call:
    """Return the call that a TTML file holds; ``ttm:agent`` or ``Name:`` gives the speaker.

    Raises:
        CallError: It is no such file, or a paragraph's time can't be read; the message counts the paragraphs.
    """
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
    return call_of_cues(source, list(_paragraphs(root, source.file)))


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
        begin, end, length = (_seconds(_attribute(timed, name), rates) for name in ("begin", "end", "dur"))
        if begin is None:
            raise CallError(f'{file}: paragraph {number}: expected when it begins, such as begin="00:00:01.000"')
        agent = _attribute(part, "agent")
        label = None if agent is None else names.get(agent) or agent
        yield Cue(begin, begin + length if end is None and length is not None else end, _text(part), label)


def _text(part: ET.Element) -> str:
    def pieces(element: ET.Element) -> Iterator[str]:
        if _local(element.tag) == "br":
            yield "\n"
        elif _local(element.tag) not in {"metadata", "desc", "title"}:
            yield _BLANKS.sub(" ", element.text or "")
            for child in element:
                yield from pieces(child)
                yield _BLANKS.sub(" ", child.tail or "")

    return "\n".join(line.strip() for line in "".join(pieces(part)).split("\n"))


def _seconds(time: str | None, rates: dict[str, float]) -> float | None:
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
