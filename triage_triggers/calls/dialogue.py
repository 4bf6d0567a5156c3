"""Read plain text in which each turn says first who speaks: ``Caller: He's here.`` and so on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from triage_triggers.calls.source import CallSource
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["begins_dialogue", "label_span", "read_dialogue", "split_label", "split_turns"]

# "[00:01:02]", "(1:02.5)" or "00:01:02" before the label.
_TIME: Final = re.compile(r"[\[(]?(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d(?:\.\d{1,6})?)[\])]?[ \t]+", re.ASCII)
_LABEL: Final = re.compile(r"([^\W_][\w .'’()-]{0,39}?)[ \t]?:(?=\s|$)")
_NAME_LIKE: Final = re.compile(r"(?:[A-Z\d][\w.'’()-]*)(?:[ _-]?[A-Z\d][\w.'’()-]*){0,2}")
_EXAMPLE: Final = "'Caller: …'"


def split_label(text: str, speakers: SpeakerNames) -> tuple[str | None, str]:
    """Return the label before a colon and what follows it, where the label is a speaker's; else ``None`` and all.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> split_label("Caller: He's here.", SpeakerNames()), split_label("Note: seen before.", SpeakerNames())
    (('Caller', "He's here."), (None, 'Note: seen before.'))
    """
    match = _LABEL.match(text)
    if match is None or match[1] not in speakers:
        return None, text
    return match[1], text[match.end() :].strip()


def label_span(line: str, speakers: SpeakerNames) -> tuple[int, int] | None:
    """Return where in a line its label stands, behind a time perhaps: a known one, or what looks like a name.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> label_span("[00:03] Sam Doe: No.", SpeakerNames()), label_span("he said: no", SpeakerNames())
    ((8, 15), None)
    """
    said = _split_time(line.strip())[1]
    match = _LABEL.match(said)
    if match is None or not (match[1] in speakers or _NAME_LIKE.fullmatch(match[1])):
        return None
    start = line.index(said)
    return start, start + len(match[1])


def begins_dialogue(line: str, speakers: SpeakerNames) -> bool:
    """Return whether a line begins, after a time perhaps, with a known speaker's label.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> (
    ...     begins_dialogue("[00:03] Call taker: Ambulance.", SpeakerNames()),
    ...     begins_dialogue("PC: chest pain", SpeakerNames()),
    ... )
    (True, False)
    """
    return split_label(_split_time(line.strip())[1], speakers)[0] is not None


def split_turns(text: str, speakers: SpeakerNames) -> list[Utterance] | None:
    """Return the turns of a text, or ``None`` where its first line begins with no known speaker's label.

    A line without a label goes on with the turn before it. A line that begins with what looks like the name of
    somebody unmapped is a turn of its own by an unknown speaker, name and all: nothing they say may be taken for the
    words of the speaker before.
    """
    turns: list[tuple[str | None, float | None, list[str]]] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        start, rest = _split_time(line.strip())
        label, said = split_label(rest, speakers)
        if label is not None:
            turns.append((label, start, [said]))
        elif not turns:
            return None
        elif (match := _LABEL.match(rest)) and _NAME_LIKE.fullmatch(match[1]):
            turns.append((None, start, [rest]))
        else:
            turns[-1][2].append(line.strip())
    return [Utterance("\n".join(said), speakers[label], start) for label, start, said in turns] if turns else None


def read_dialogue(source: CallSource) -> Call:
    """Return the call that a text with labels holds.

    Raises:
        CallError: Its first line begins with no known label.
    """
    text = source.text()
    turns = split_turns(text, source.options.speakers)
    if turns is None:
        line = next((number for number, line in enumerate(text.split("\n"), 1) if line.strip()), 1)
        raise CallError(
            f"{source.file}:{line}: expected a known speaker and a colon, as in {_EXAMPLE}; say whose a label is with"
            " --speaker LABEL=SPEAKER"
        )
    return Call(source.name, turns)


def _split_time(line: str) -> tuple[float | None, str]:
    match = _TIME.match(line)
    if match is None:
        return None, line
    hours, minutes, seconds = match.groups()
    return (int(hours or 0) * 60 + int(minutes)) * 60 + float(seconds), line[match.end() :]
