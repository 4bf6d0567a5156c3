"""Parts of a JSON document that know their place, so that what is not as expected is named there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NoReturn

from triage_triggers.calls.times import seconds_of
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["JsonPart"]

_MISSING: Final = object()


class JsonPart:
    """A part of a document: the whole of it, or what ``part["key"]`` and ``part[0]`` hold.

    What is missing, or no such thing as is asked for, raises a ``CallError`` that names its place and quotes nothing;
    what is asked for with ``_if_any`` may be missing.

    >>> part = JsonPart({"segments": [{"text": "He hit me.", "start": "soon"}]})["segments"][0]
    >>> part["text"].text(), part["speaker"].text_if_any()
    ('He hit me.', None)
    >>> part["start"].time()
    Traceback (most recent call last):
    triage_triggers.errors.CallError: segments[0].start: expected a number
    """

    def __init__(self, value: object, place: str = "") -> None:
        self.value, self.place = value, place

    def __getitem__(self, key: str | int) -> JsonPart:
        value: object = _MISSING
        if isinstance(key, str):
            if isinstance(self.value, dict):
                value = self.value.get(key, _MISSING)
            elif self:
                self.refuse("expected an object, {…}")
            return JsonPart(value, f"{self.place}.{key}".removeprefix("."))
        if isinstance(self.value, list):
            value = self.value[key] if key < len(self.value) else _MISSING
        elif self:
            self.refuse("expected a list, […]")
        return JsonPart(value, f"{self.place}[{key}]")

    def __iter__(self) -> Iterator[JsonPart]:
        if not isinstance(self.value, list):
            self.refuse("expected a list, […]")
        return map(self.__getitem__, range(len(self.value)))

    def __bool__(self) -> bool:
        return self.value is not _MISSING and self.value is not None

    def at(self, path: str) -> JsonPart:
        """Return a part of a part, named as in ``"users.0.name"``; of ``"start|begin"`` the first that is there."""
        part = self
        for key in path.split("."):
            found = [part[int(name) if name.isdecimal() else name] for name in key.split("|")]
            part = next(filter(None, found), found[0])
        return part

    def text(self) -> str:
        """Return text."""
        return self.value if isinstance(self.value, str) else self.refuse("expected text")

    def text_if_any(self) -> str | None:
        """Return text, ``None`` where there is none."""
        return self.text() if self else None

    def label_if_any(self) -> str | None:
        """Return a speaker's label; a number is that of a speaker or, if that is what holds it, of a channel."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return f"{'channel' if 'channel' in self.place.rpartition('.')[2] else 'speaker'} {self.value}"
        return self.text_if_any() or None

    def time(self) -> float:
        """Return a time that is not negative: a number, also as text, a time by the clock, or seconds and nanos."""
        if isinstance(self.value, dict) and self.value.keys() <= {"seconds", "nanos"}:  # Google's libraries' durations
            return sum(self[key].time() / size for key, size in (("seconds", 1), ("nanos", 1e9)) if key in self.value)
        try:
            number = None if isinstance(self.value, bool) else float(self.value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = seconds_of(self.value) if isinstance(self.value, str) else None
        if number is None:
            self.refuse("expected a number")
        if not math.isfinite(number):
            self.refuse("expected a finite number")
        return number if number >= 0 else self.refuse("expected a time that is not before the call")

    def time_if_any(self) -> float | None:
        """Return such a time, ``None`` where there is none."""
        return self.time() if self else None

    def refuse(self, expected: str) -> NoReturn:
        """Raise what was expected here, unless nothing is here at all."""
        expected = "expected here, but it is not there" if self.value is _MISSING else expected
        raise CallError(f"{self.place or 'the whole file'}: {expected}")
