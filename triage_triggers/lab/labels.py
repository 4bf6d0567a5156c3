"""A call's columns, by name, and among them its label: what a person said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.errors import CallError, ColumnError, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from triage_triggers.calls.call import Call

__all__ = [
    "ANY_OTHER",
    "IGNORED",
    "IN_WORDS",
    "NEGATIVE",
    "POSITIVE",
    "Label",
    "LabelColumn",
    "column_filter",
    "column_value",
    "missing_column",
]

Label: TypeAlias = Literal["positive", "negative", "ignored", "none"]
"""``ignored`` was looked at and not decided ("unclear"); ``none`` was never labelled."""

IN_WORDS: Final[Mapping[Label, str]] = {
    "positive": "positive",
    "negative": "negative",
    "ignored": "not decided",
    "none": "no label",
}
POSITIVE: Final = ("yes", "y", "true", "1", "positive")
NEGATIVE: Final = ("no", "n", "false", "0", "negative")
IGNORED: Final = ("unclear", "unknown", "unsure", "n/a")
ANY_OTHER: Final = "*"
"""Among the values of a label: every value that is not named elsewhere."""


class LabelColumn(NamedTuple):
    """Which column holds the label, and what its values mean. Upper and lower case make no difference.

    >>> from triage_triggers import Call
    >>> column = LabelColumn("nature", positive=("domestic",), negative=("*",))
    >>> column.read(Call("C-1", [], metadata={"nature": "Domestic"}))
    'positive'
    >>> column.read(Call("C-2", [], metadata={"nature": "fall"})), column.read(Call("C-3", []))
    ('negative', 'none')
    """

    name: str = "label"
    positive: tuple[str, ...] = POSITIVE
    negative: tuple[str, ...] = NEGATIVE
    ignored: tuple[str, ...] = IGNORED

    def read(self, call: Call) -> Label:
        """Return a call's label.

        Raises:
            CallError: The value is none of those named. It is not quoted: a wrong column may hold what was said.
        """
        value = column_value(call, self.name)
        if value is None:
            return "none"
        meanings: dict[Label, tuple[str, ...]]
        meanings = {"positive": self.positive, "negative": self.negative, "ignored": self.ignored}
        # Where a value stands for two labels, the first one is meant.
        named = {known.casefold(): label for label, values in reversed(meanings.items()) for known in values}
        label = named.get(value.casefold(), named.get(ANY_OTHER))
        if label is None:
            known = "; ".join(f"{label}: {', '.join(values)}" for label, values in meanings.items())
            raise CallError(f"the label in '{self.name}' is none of the known values ({known})")
        return label


_OWN: Final = ("current_code", "code_system")
_NAME: Final = re.compile(r"[A-Za-z_][\w-]{0,39}", re.ASCII)
_COLUMN: Final = re.compile(r"[^=\s][^=]*")


def column_value(call: Call, column: str) -> str | None:
    """Return what a call has in a column, as text; ``None`` where it has nothing there.

    A dot reaches into nested columns (``label.da``), unless there is a column of that very name. ``current_code`` and
    ``code_system`` are columns too. ``true`` and ``false`` are written so; a whole number has no decimals.

    Raises:
        ColumnError: The column holds several values; the message says how to name one.
    """
    if column in _OWN and column not in call.metadata:
        value: object = getattr(call, column)
    else:
        value = _found(call.metadata, column)
    if isinstance(value, Mapping):
        known = sorted(_names(value, f"{column}."))
        example = f", such as {known[0]}" if known else ""
        raise ColumnError(f"the column '{column}' holds several values by name; name one of them{example}")
    if isinstance(value, (list, tuple)):
        raise ColumnError(f"the column '{column}' holds a list; a column must hold one value")
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None


def column_filter(text: str) -> Callable[[Call], bool]:
    """Return what says whether a call passes ``COLUMN=VALUE`` or ``COLUMN!=VALUE``.

    Upper and lower case make no difference, and no value is the empty one.

    Raises:
        ColumnError: It is neither.
    """
    name, sign, value = text.partition("=")
    equal = not name.endswith("!")
    name, value = name.removesuffix("!").strip(), value.strip().casefold()
    if not sign or not _COLUMN.fullmatch(name):
        raise ColumnError(f"'{text}' is no condition; write COLUMN=VALUE or COLUMN!=VALUE, such as trust=north")
    return lambda call: ((column_value(call, name) or "").casefold() == value) is equal


def missing_column(column: str, calls: Iterable[Call]) -> ColumnError:
    """Return the error for a column that no call has; it names those that look like names, nested ones with dots."""
    names = {name for call in calls for name in _names(call.metadata, "")}.union(_OWN)
    return ColumnError(f"no call has anything in a column '{column}'; {near(column, names)}")


def _found(metadata: Mapping[str, object], column: str) -> object:
    if column in metadata:
        return metadata[column]
    name, dot, rest = column.partition(".")
    inside = metadata.get(name) if dot else None
    return _found(inside, rest) if isinstance(inside, Mapping) else None


def _names(metadata: Mapping[str, object], above: str) -> Iterable[str]:
    for key, value in metadata.items():
        if not isinstance(key, str) or not _NAME.fullmatch(key):
            continue
        if isinstance(value, Mapping):
            yield from _names(value, f"{above}{key}.")
        elif not isinstance(value, (list, tuple)):
            yield f"{above}{key}"
