"""A copy of a call in which identifiers are masked, character for character, so that every offset still holds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.call import Call
from triage_triggers.calls.dialogue import label_spans
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.calls.subtitles import TIMING
from triage_triggers.privacy.scanner import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.privacy.scanner import Scanner

__all__ = ["mask", "redact_call", "redact_cues", "redact_dialogue", "redact_text"]

_CUE_LINES: Final = re.compile(rf"(?:^[ \t]*\d+[ \t]*\r?\n)?^[^\n]*{TIMING}[^\n]*$", re.MULTILINE)
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^<>]*)>")
_USUAL: Final = SpeakerNames()
_NUMBERED: Final = re.compile(r"(?:speaker|spk|voice|channel|ch|participant)[ _-]?\d{1,3}", re.IGNORECASE)
_BLANKED: Final = re.compile(r"[^\r\n]")


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length with the letters and digits of the spans masked; what stands between stays.

    Words keep their number, length and capitals, so that sentences and the distances in them stay what they were.

    >>> mask("Ring 07700 900123, Sam.", [(5, 17), (19, 22)])
    'Ring XXXXX XXXXXX, Xxx.'
    """
    masked = list(text)
    for at in {at for start, end in spans for at in range(start, end)}:
        if text[at].isalnum():
            masked[at] = "X" if text[at].isupper() or not text[at].isalpha() else "x"
    return "".join(masked)


def redact_text(text: str, scanner: Scanner) -> str:
    """Return a text with its identifiers masked.

    >>> from triage_triggers.privacy.scanner import Scanner
    >>> redact_text("It's for jo@example.com.", Scanner())
    "It's for xx@xxxxxxx.xxx."
    """
    return mask(text, [(found.start, found.end) for found in scanner.all(text)])


def redact_dialogue(text: str, scanner: Scanner, speakers: SpeakerNames = _USUAL) -> str:
    r"""Return a text of turns with its identifiers masked, and its speakers' labels where they may be names.

    Labels that say a part or a number, such as ``Caller`` and ``Speaker 1``, stay.

    >>> from triage_triggers.privacy.scanner import Scanner
    >>> redact_dialogue("Caller: Help.\nSam Doe: No.", Scanner())
    'Caller: Help.\nXxx Xxx: No.'
    """
    return mask(redact_text(text, scanner), _names_of_speakers(text, speakers))


def _names_of_speakers(text: str, speakers: SpeakerNames) -> Iterator[tuple[int, int]]:
    for start, end in (*(match.span(1) for match in _VOICE.finditer(text)), *label_spans(text, speakers)):
        label = text[start:end]
        if label not in _USUAL and not _NUMBERED.fullmatch(label.strip()):
            yield start, end


def redact_cues(text: str, scanner: Scanner, speakers: SpeakerNames = _USUAL) -> str:
    """Return a WebVTT or SRT file with identifiers and speakers' names masked, times and numbers as they were."""
    # Blank for the search only: a number cut in two by a cue's end is still found, and no time is taken for one.
    searched = _CUE_LINES.sub(lambda match: _BLANKED.sub(" ", match[0]), text)
    kept = {at for match in _CUE_LINES.finditer(text) for at in range(*match.span())}
    found = [(found.start, found.end) for found in scanner.all(searched)]
    masked = mask(text, [*found, *_names_of_speakers(searched, speakers)])
    return "".join(old if at in kept else new for at, (old, new) in enumerate(zip(text, masked, strict=True)))


def redact_call(call: Call, scanner: Scanner, *, call_id: str | None = None) -> Call:
    """Return a call with its identifiers masked, in what was said, in its id and codes and in its metadata.

    ``call_id`` is the id in place of one that holds an identifier; by default that is masked, and two may share it.

    >>> from triage_triggers.privacy.scanner import Scanner
    >>> redact_call(Call.from_text("Ring 01632 960123.", "C-1"), Scanner()).utterances[0].text
    'Ring XXXXX XXXXXX.'
    """
    masked_id = redact_text(call.call_id, scanner)
    if masked_id != call.call_id and call_id is not None:
        masked_id = call_id
    return Call(
        masked_id,
        [
            replace(said, text=mask(said.text, spans))
            for said, spans in zip(call.utterances, scanner.spans(call), strict=True)
        ],
        current_code=call.current_code and redact_text(call.current_code, scanner),
        code_system=call.code_system and redact_text(call.code_system, scanner),
        metadata=_redacted(call.metadata, "", scanner),
    )


def _redacted(value: Any, column: str, scanner: Scanner) -> Any:  # noqa: ANN401  metadata is whatever JSON holds
    if isinstance(value, dict):
        copy: dict[str, Any] = {}
        for key, part in value.items():
            name = redact_text(str(key), scanner)
            while name in copy:  # two names that differed in what is masked
                name += "_"
            copy[name] = _redacted(part, str(key), scanner)
        return copy
    if isinstance(value, (list, tuple)):
        return [_redacted(part, column, scanner) for part in value]
    text = as_text(value)
    if text is None:
        return value
    spans = [(found.start, found.end) for found in scanner.find_value(column, text, overlapping=True)]
    return mask(text, spans) if spans else value
