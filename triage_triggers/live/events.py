"""What a change to an open call changed, each with its reason, so that a screen needn't compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from triage_triggers.assessment import Finding, RulesetRef

__all__ = [
    "AdviceChanged",
    "CodeSet",
    "Event",
    "FindingAdded",
    "FindingReread",
    "FindingWithdrawn",
    "Flagged",
    "Responded",
    "RulesetMoved",
    "SuggestionRaised",
    "SuggestionSuperseded",
    "Unflagged",
    "event_row",
]


@dataclass(frozen=True, slots=True)
class FindingAdded:
    """A phrase was found. Its ``reason`` says how it was read."""

    kind: ClassVar = "finding_added"
    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FindingReread:
    """What was said later changed how a finding is read: a question was answered, a denial repaired, a person named."""

    kind: ClassVar = "finding_reread"
    before: Finding
    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FindingWithdrawn:
    """A phrase is no longer there: its words were revised, or are part of a longer phrase now."""

    kind: ClassVar = "finding_withdrawn"
    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A sign holds, where none did before."""

    kind: ClassVar = "flagged"
    policies: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Unflagged:
    """No sign holds any longer."""

    kind: ClassVar = "unflagged"
    reason: str


@dataclass(frozen=True, slots=True)
class SuggestionRaised:
    """A code is suggested; a person decides."""

    kind: ClassVar = "suggestion_raised"
    code: str
    policies: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SuggestionSuperseded:
    """A code that was suggested no longer is. ``by`` is the code suggested instead, if any."""

    kind: ClassVar = "suggestion_superseded"
    code: str
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class AdviceChanged:
    """There are other things to consider; ``advice`` are all of them."""

    kind: ClassVar = "advice_changed"
    given: tuple[str, ...]
    taken_back: tuple[str, ...]
    advice: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A person dispatched another code."""

    kind: ClassVar = "code_set"
    before: str | None
    code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Responded:
    """A person answered a suggestion: ``accepted``, ``dismissed`` or ``unsure``. Nothing else changed."""

    kind: ClassVar = "responded"
    suggestion: int
    code: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class RulesetMoved:
    """The call is read with another ruleset from here on."""

    kind: ClassVar = "ruleset_moved"
    before: RulesetRef
    ruleset: RulesetRef
    reason: str


Event: TypeAlias = (
    FindingAdded
    | FindingReread
    | FindingWithdrawn
    | Flagged
    | Unflagged
    | SuggestionRaised
    | SuggestionSuperseded
    | AdviceChanged
    | CodeSet
    | Responded
    | RulesetMoved
)


def event_row(event: Event) -> dict[str, Any]:
    """Return an event as plain data: ``event`` is its kind, the rest are its fields. It holds no transcript text.

    >>> event_row(CodeSet("C3", "C2", "set by a person"))
    {'event': 'code_set', 'before': 'C3', 'code': 'C2', 'reason': 'set by a person'}
    """
    row: dict[str, Any] = {"event": event.kind}
    for name in event.__slots__:
        value = getattr(event, name)
        if isinstance(value, Finding):
            row[name] = value.to_dict()
        elif isinstance(value, RulesetRef):
            row[name] = value._asdict()
        else:
            row[name] = list(value) if isinstance(value, tuple) else value
    return row
