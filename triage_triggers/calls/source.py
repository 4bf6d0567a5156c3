"""What a reader is given: one file's lines, its name, and what the user said about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from triage_triggers.calls.columns import Columns
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage_triggers.calls.lines import Line

__all__ = ["ReadingOptions", "Source", "parse_json", "undecodable"]


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What is known of the files beforehand.

    ``format`` forces a format by its name in ``calls.formats.FORMATS`` instead of recognising it by content;
    ``speakers`` says whose a label is; ``columns`` which columns of a table hold what.

    >>> ReadingOptions(format="csv", speakers=SpeakerNames({"Sam": "caller"})).speakers["sam"]
    'caller'
    """

    format: str | None = None
    speakers: SpeakerNames = field(default_factory=SpeakerNames)
    columns: Columns = field(default_factory=Columns)


class Source(NamedTuple):
    """One file: its name in errors, in the id of its only call and in those of its many, its content, the options.

    ``lines`` are decoded from ``stream`` as they are asked for; a reader uses one of the two.
    """

    file: str
    name: str
    name_of_many: str
    lines: Iterator[Line]
    stream: BinaryIO
    options: ReadingOptions
    on_bytes: Callable[[int], object] | None = None

    def text(self) -> str:
        r"""Return the whole text, for formats of one call a file; line ends become ``"\n"``.

        Raises:
            CallError: A line is no text.
        """
        parts: list[str] = []
        for number, text in self.lines:
            if text is None:
                raise undecodable(self.file, number)
            parts.append(text)
        return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")


def undecodable(file: str, line: int) -> CallError:
    """Return the error of a line that is no text."""
    return CallError(f"{file}:{line}: this is not UTF-8 text; save the file as UTF-8")


def parse_json(text: str, object_pairs_hook: Callable[[list[tuple[str, Any]]], object] | None = None) -> Any:  # noqa: ANN401
    """Return what JSON says; raw control characters inside strings are allowed.

    Raises:
        CallError: It is no JSON, or too deep, or a number is too long.
    """
    try:
        # strict=False: a raw tab or NUL inside a string is no reason to lose a call.
        return json.loads(text, strict=False, object_pairs_hook=object_pairs_hook)
    except json.JSONDecodeError as error:
        place = f"from character {error.pos + 1} on"
        if error.lineno > 1:
            place = f"from line {error.lineno}, character {error.colno} on"
        raise CallError(f"this is not valid JSON ({place})") from None
    except CallError:
        raise
    except ValueError:
        raise CallError("a number has more digits than can be read") from None
    except RecursionError:
        raise CallError("the JSON is nested too deeply") from None
