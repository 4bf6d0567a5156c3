"""A call: what was said, by whom, when; and times as people and recognisers write them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CLOCK", "SPEAKERS", "Call", "Speaker", "Utterance", "from_time_of_day", "is_time_of_day", "seconds_of"]

Speaker: TypeAlias = Literal["caller", "call_taker", "other", "unknown"]
SPEAKERS: Final[tuple[Speaker, ...]] = get_args(Speaker)
_KNOWN_SPEAKERS: Final[Mapping[str, Speaker]] = {name: name for name in SPEAKERS}

_FLAGS: Final = re.IGNORECASE | re.ASCII
CLOCK: Final = r"(?:\d{1,4}:)?\d{1,4}:\d{2}(?:[.,]\d{1,9})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_CLOCK: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?(?:\s?([ap])\.?m\.?)?", _FLAGS)
_NUMBER: Final = re.compile(r"(\d{1,12}(?:\.\d{1,40})?(?:e-\d{1,3})?)\s?(ms|s|secs?|seconds)?", _FLAGS)
_ISO: Final = re.compile(r"PT(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?", re.ASCII)
_MINUTES_AND_SECONDS: Final = 60
DAY_SECONDS: Final = 86_400
_HALF_DAY: Final = 12


@dataclass(frozen=True, slots=True)
class Utterance:
    """One speaker's turn, or one segment of it as a speech recogniser cut it.

    ``start`` and ``end`` are seconds from the start of the call, where known. ``other`` is anyone in the
    background; a speaker nobody identified is ``unknown`` and may be the perpetrator. Any text is legal, also
    empty text, NULs and lone surrogates: a call is never lost to its characters. What is no text, no speaker and no
    finite number is a ``CallError``.

    >>> Utterance("He's got a knife.", speaker="caller", start=3.2, end=5.0).speaker
    'caller'
    """

    text: str
    speaker: Speaker = "unknown"
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise CallError(f"an utterance's text must be a string, not {type(self.text).__name__}")
        if not isinstance(self.speaker, str) or self.speaker not in _KNOWN_SPEAKERS:
            object.__setattr__(self, "speaker", _speaker(self.speaker))
        for name, seconds in (("start", self.start), ("end", self.end)):
            is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
            if seconds is not None and not (is_number and abs(seconds) <= sys.float_info.max):
                kind = type(seconds).__name__
                raise CallError(f"an utterance's {name} must be a finite number of seconds, not {kind}")

    @property
    def time(self) -> float | None:
        """When all of it had been said: its end, or its start where no end is known, in seconds."""
        return self.end if self.end is not None else self.start


@dataclass(frozen=True, slots=True, init=False)
class Call:
    """A conversation, or a note about one.

    ``current_code`` is the code dispatched so far, in ``code_system`` (by default the ruleset's). ``metadata``
    keeps whatever else a policy team's file says of the call. A field of the wrong type is a ``CallError``.

    >>> call = Call("C-1", [Utterance("Is he there?", "call_taker"), Utterance("Yeah.", "caller")], current_code="C3")
    >>> len(call.utterances), call.current_code
    (2, 'C3')
    """

    call_id: str
    utterances: tuple[Utterance, ...]
    current_code: str | None = None
    code_system: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    def __init__(
        self,
        call_id: str,
        utterances: Iterable[Utterance],
        *,
        current_code: str | None = None,
        code_system: str | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        if not isinstance(call_id, str):
            raise CallError(f"call_id must be a string, not {type(call_id).__name__}")
        frozen = tuple(utterances)
        if not all(isinstance(utterance, Utterance) for utterance in frozen):
            raise CallError("utterances must be Utterance objects")
        for name, value in (("current_code", current_code), ("code_system", code_system)):
            if value is not None and not isinstance(value, str):
                raise CallError(f"{name} must be a string, not {type(value).__name__}")
        object.__setattr__(self, "call_id", call_id)
        object.__setattr__(self, "utterances", frozen)
        object.__setattr__(self, "current_code", current_code)
        object.__setattr__(self, "code_system", code_system)
        object.__setattr__(self, "metadata", dict(metadata or {}))

    def shown_time(self, seconds: float | None) -> float | None:
        """Return a time of the call as it is shown: of day where its metadata say when it ``started_at``.

        >>> Call("C-1", [], metadata={"started_at": "09:41:05"}).shown_time(2.5)
        34867.5
        """
        began = self.metadata.get("started_at")
        of_day = seconds_of(began) if isinstance(began, str) and seconds is not None else None
        return seconds if of_day is None or seconds is None else (of_day + seconds) % DAY_SECONDS

    @classmethod
    def from_text(cls, text: str, call_id: str = "-", *, current_code: str | None = None) -> Call:
        """Return a call of one utterance by an unknown speaker: a note, or a transcript without speakers.

        >>> Call.from_text("He's got a knife.").utterances[0].speaker
        'unknown'
        """
        return cls(call_id, (Utterance(text),), current_code=current_code)


def from_time_of_day(turns: list[Utterance]) -> tuple[list[Utterance], str]:
    """Return turns at times of day as turns from the start of their call, and when that was.

    >>> turns, start = from_time_of_day([Utterance("Hi.", start=86399.0), Utterance("Yes?", start=1.5)])
    >>> [turn.start for turn in turns], start
    ([0.0, 2.5], '23:59:59')
    """
    first = next((turn.start for turn in turns if turn.start is not None), 0.0)

    def since(seconds: float | None) -> float | None:
        return None if seconds is None else round((seconds - first) % DAY_SECONDS, 6)

    whole = int(first)
    start = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return [replace(turn, start=since(turn.start), end=since(turn.end)) for turn in turns], start


def _speaker(label: object) -> Speaker:
    """Accept the usual spellings of a label ("Call taker", "call-taker"); refuse the rest by name of what is known."""
    if isinstance(label, str):
        folded = label.strip().lower().replace("-", "_").replace(" ", "_")
        if folded in _KNOWN_SPEAKERS:
            return _KNOWN_SPEAKERS[folded]
    # The label itself is left out of the message: in a mis-mapped file it may be a person's name or their words.
    raise CallError(f"a speaker must be one of {', '.join(SPEAKERS)}")


def seconds_of(text: str) -> float | None:
    """Return how many seconds a time says, ``None`` where it is none.

    >>> [seconds_of(time) for time in ("62.5", "1:02.5", "00:01:02,500", "62500ms", "PT1M2.5S", "9:41 PM", "soon")]
    [62.5, 62.5, 62.5, 62.5, 62.5, 78060.0, None]
    """
    text = text.strip()
    if match := _NUMBER.fullmatch(text):
        number = float(match[1])
        return number / 1000 if (match[2] or "").lower() == "ms" else number
    if match := _ISO.fullmatch(text):
        hours, minutes, seconds, fraction = match.groups()
    elif match := _CLOCK.fullmatch(text):
        hours, minutes, seconds, fraction, half = match.groups()
        if half and hours is None:
            hours, minutes, seconds = minutes, seconds, "0"
        if int(seconds) >= _MINUTES_AND_SECONDS or (hours is not None and int(minutes) >= _MINUTES_AND_SECONDS):
            return None
        if half:
            hours = str(int(hours) % _HALF_DAY + _HALF_DAY * (half.lower() == "p"))
    else:
        return None
    # By way of text: 3600 + 0.3 is not quite 3600.3.
    return float(f"{(int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)}.{fraction or 0}")


def is_time_of_day(text: str) -> bool:
    """Tell whether a first time is one of day, and not counted from the start of a call.

    >>> is_time_of_day("09:41:05"), is_time_of_day("00:41:05")
    (True, False)
    """
    match = _CLOCK.fullmatch(text.strip())
    return match is not None and (match[5] is not None or int(match[1] or 0) > 0)
