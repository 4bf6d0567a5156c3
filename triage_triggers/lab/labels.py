"""Labels: what a person said of a call, to hold the ruleset's answer against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.errors import CallError
from triage_triggers.lab.call_columns import column_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage_triggers.calls.call import Call

__all__ = ["ANY_OTHER", "IGNORED", "IN_WORDS", "NEGATIVE", "POSITIVE", "Label", "LabelColumn"]

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
        value = value.casefold()
        meanings: tuple[tuple[Label, tuple[str, ...]], ...] = (
            ("positive", self.positive),
            ("negative", self.negative),
            ("ignored", self.ignored),
        )
        for label, values in meanings:
            if any(value == known.casefold() for known in values):
                return label
        for label, values in meanings:
            if ANY_OTHER in values:
                return label
        known = "; ".join(f"{label}: {', '.join(values)}" for label, values in meanings)
        raise CallError(f"the label in '{self.name}' is none of the known values ({known})")
