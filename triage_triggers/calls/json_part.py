"""Parts of a JSON document that know their place: what is not as expected is noted there, and reading goes on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeVar

from triage_triggers.calls.times import seconds_of
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["JsonPart"]

Value = TypeVar("Value")

_MISSING: Final = object()
_SPOILED: Final = object()
"""Stands in the place of what is inside something that is not as expected; one fault is enough."""
_MOST_FAULTS: Final = 3


class JsonPart:
    """A part of a document: the whole of it, or what ``part["key"]`` and ``part[0]`` hold.

    What is missing, or no such thing as is asked for, makes a fault that names its place and quotes nothing. Some
    value of the right type is returned all the same, so that one look finds all faults; :meth:`check` raises them.

    >>> document = JsonPart({"segments": [{"text": "He hit me.", "start": "soon"}]})
    >>> [(part["text"].text(), part["start"].time(), part["speaker"].text_if_any()) for part in document["segments"]]
    [('He hit me.', 0.0, None)]
    >>> document.check("call.json: this is not quite an export")
    Traceback (most recent call last):
    triage_triggers.errors.CallError: call.json: this is not quite an export: segments[0].start: expected a number
    """

    def __init__(self, value: object, place: str = "", faults: list[str] | None = None) -> None:
        self._value, self.place = value, place
        self.faults: list[str] = [] if faults is None else faults

    def __getitem__(self, key: str | int) -> JsonPart:
        if isinstance(key, str):
            value = self._value.get(key, _MISSING) if isinstance(self._value, dict) else self._inside("an object, {…}")
            return JsonPart(value, f"{self.place}.{key}".removeprefix("."), self.faults)
        if isinstance(self._value, list):
            value = self._value[key] if key < len(self._value) else _MISSING
        else:
            value = self._inside("a list, […]")
        return JsonPart(value, f"{self.place}[{key}]", self.faults)

    def __iter__(self) -> Iterator[JsonPart]:
        if isinstance(self._value, list):
            return map(self.__getitem__, range(len(self._value)))
        self.read(_nothing, ())
        return iter(())

    def __bool__(self) -> bool:
        return self._value is not _MISSING and self._value is not None

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._value, list)

    def at(self, path: str) -> JsonPart:
        """Return a part of a part, named as in ``"users.0.name"``."""
        part = self
        for key in path.split("."):
            part = part[int(key) if key.isdecimal() else key]
        return part

    def first(self, *keys: str) -> JsonPart:
        """Return the first of several parts that is there, and where none is, the first."""
        return next((part for key in keys if (part := self[key])), self[keys[0]])

    def text(self) -> str:
        """Return text."""
        return self.read(_text, "")

    def text_if_any(self) -> str | None:
        """Return text, ``None`` where there is none."""
        return self.text() if self else None

    def label_if_any(self) -> str | None:
        """Return a speaker's label; a number is that of a speaker."""
        if isinstance(self._value, int) and not isinstance(self._value, bool):
            return f"speaker {self._value}"
        return self.text_if_any() or None

    def time(self) -> float:
        """Return a time that is not negative: a number, also as text, a time by the clock, or seconds and nanos."""
        return self.read(_time, 0.0)

    def time_if_any(self) -> float | None:
        """Return such a number, ``None`` where there is none."""
        return self.time() if self else None

    def whole_if_any(self) -> int | None:
        """Return a whole number, ``None`` where there is none."""
        return self.read(_whole, 0) if self else None

    def read(self, read: Callable[[object], Value], otherwise: Value) -> Value:
        """Return what ``read`` makes of it, which raises ``ValueError`` to say what it expected."""
        if self._value is _MISSING:
            self.fault("expected here, but it is not there")
        elif self._value is not _SPOILED:
            try:
                return read(self._value)
            except ValueError as error:
                self.fault(str(error))
        return otherwise

    def fault(self, expected: str) -> None:
        """Note what was expected here."""
        self.faults.append(f"{self.place or 'the whole file'}: {expected}")

    def check(self, name: str) -> None:
        """Raise the first faults of the whole document, if there are any.

        Raises:
            CallError: There are; begins with the name, and counts the others.
        """
        if self.faults:
            more = f" (and {len(self.faults) - _MOST_FAULTS:,} more)" if len(self.faults) > _MOST_FAULTS else ""
            raise CallError(f"{name}: {'; '.join(self.faults[:_MOST_FAULTS])}{more}")

    def _inside(self, expected: str) -> object:
        """Return what stands for anything inside a part that can have nothing inside."""
        if not self:
            return _MISSING
        if self._value is not _SPOILED:
            self.fault(f"expected {expected}")
        return _SPOILED


def _nothing(_: object) -> tuple[()]:
    raise ValueError("expected a list, […]")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("expected text")


def _time(value: object) -> float:
    if isinstance(value, dict) and value.keys() <= {"seconds", "nanos"}:  # as Google's libraries write durations
        return _time(value.get("seconds", 0)) + _time(value.get("nanos", 0)) / 1e9
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        number = seconds_of(value) if isinstance(value, str) else None
    if number is None:
        raise ValueError("expected a number")
    if not math.isfinite(number):
        raise ValueError("expected a finite number")
    if number < 0:
        raise ValueError("expected a time that is not before the call")
    return number


def _whole(value: object) -> int:
    try:
        number = int(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or (isinstance(value, float) and number != value):
        raise ValueError("expected a whole number")
    return number
