"""Which column of a table holds what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["FIELDS", "Columns", "column_name", "is_milliseconds"]

FIELDS: Final = ("call_id", "text", "speaker", "start", "end", "current_code", "code_system")
_COLUMN_NAME: Final = re.compile(r"[\w][\w .()/-]{0,39}")
_MOST_NAMED: Final = 12
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS: Final = re.compile(r"[^\s_.()-]+")
_UNIT: Final = (
    r"(_?(time|at|s|secs?|seconds?|ms|millis(econds)?|time_?(s|ms)|offset(_(s|ms|millis|milliseconds|seconds))?))"
)
_ALIASES: Final = {
    name: re.compile(pattern)
    for name, pattern in {
        "call_id": r"(call|conversation|session|contact|dialog(ue)?|incident)(_?id|_(no|number|ref|reference|key))",
        "text": r"transcript(ion)?|utterance|content|sentence|message|(spoken|utterance|turn|transcript|segment)_text",
        "speaker": r"speaker_(label|name|id|role|tag|display_name)|role|participant(_(id|role|name))?|spk|said_by",
        "start": rf"begin|(start|begin){_UNIT}|from{_UNIT}|offset|time(stamp|code)?",
        "end": rf"stop|(end|stop|to){_UNIT}",
    }.items()
}
"""What other people call our fields, folded; looked for where no column has the field's own name."""
_MILLISECONDS: Final = re.compile(r".*(ms|millis(econds)?)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which of our fields; by default the column of the field's own name, or of a usual other one.

    Capitals, and spaces, ``-`` or ``.`` in place of ``_``, make no difference, so "Call ID" holds the ``call_id``, and
    "Start time" and "startTime" the ``start``. Columns that hold none of our fields become the call's metadata. A field
    that is none of ``FIELDS``, and an empty name, are a ``CallError``.

    >>> columns = Columns({"text": "What was said"})
    >>> columns.find(["Case", "What was said", "Start time"])
    {'text': 1, 'start': 2}
    """

    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, column in self.names.items():
            if name not in FIELDS:
                raise CallError(f"a column can hold one of {', '.join(FIELDS)}, written as in 'text=Transcript'")
            if not column.strip():
                raise CallError(f"the column that holds {name} has no name; write it as in '{name}=Transcript'")

    @classmethod
    def parse(cls, options: Iterable[str]) -> Columns:
        """Read what people type: ``FIELD=COLUMN``, once for each field.

        >>> Columns.parse(["text=Transcript"]).find(["Transcript"])
        {'text': 0}
        """
        names: dict[str, str] = {}
        for option in options:
            name, equals, column = option.partition("=")
            if not equals:
                raise CallError("a column is named by FIELD=COLUMN, such as 'text=Transcript'")
            if names.setdefault(name.strip(), column) != column:
                raise CallError(f"two columns are named for {column_name(name)}; keep one of the two")
        return cls(names)

    def find(self, header: Sequence[str], *, need: str | None = "text") -> dict[str, int]:
        """Return the position of each field's column."""
        folded = [_fold(name) for name in header]
        found: dict[str, int] = {}
        for name in FIELDS:
            wanted = self.names.get(name)
            column = _fold(name if wanted is None else wanted)
            if column in folded:
                found[name] = folded.index(column)
                if folded.count(column) > 1:
                    raise CallError(f"two columns are called {column_name(header[found[name]])}; rename one of them")
            elif wanted is not None:
                raise CallError(f"no column is called {column_name(wanted)}; {_listed(wanted, header)}")
        for name, alias in _ALIASES.items():
            fits = [at for at, column in enumerate(folded) if alias.fullmatch(column) and at not in found.values()]
            # Which of two holds the text must be said; of other fields the first one will do.
            if name not in found and name not in self.names and fits and (name != "text" or len(fits) == 1):
                found[name] = fits[0]
        if need is not None and need not in found:
            raise CallError(f"no column holds the {need}; name it with --column {need}=NAME; {_listed(need, header)}")
        if len(set(found.values())) < len(found):
            raise CallError("one column is named for two fields; keep one of the two")
        return found


def column_name(name: str) -> str:
    """Return a column's name for a message, unless it looks like something said rather than like a column."""
    return f"'{name}'" if _COLUMN_NAME.fullmatch(name) else "a column whose name is no plain name"


def _listed(wanted: str, header: Sequence[str]) -> str:
    close = get_close_matches(wanted.casefold(), [name.casefold() for name in header], n=1)
    names = [name for name in header if not close or name.casefold() in close][:_MOST_NAMED]
    shown = ", ".join(column_name(name) for name in names if _COLUMN_NAME.fullmatch(name))
    return f"did you mean {shown}?" if close and shown else f"the columns are {shown or 'not named at all'}"


def is_milliseconds(name: str) -> bool:
    """Tell whether a column of times counts milliseconds by its name.

    >>> is_milliseconds("start_ms"), is_milliseconds("Start")
    (True, False)
    """
    return _MILLISECONDS.fullmatch(_fold(name)) is not None


def _fold(name: str) -> str:
    return "_".join(_WORDS.findall(_CAMEL.sub(" ", name).casefold()))
