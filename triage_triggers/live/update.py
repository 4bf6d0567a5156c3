"""What a change to an open call changed, each with its reason, and how the call stood after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple, TypeAlias, get_args

from triage_triggers.assessment import Finding, RulesetRef
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.assessment import Assessment, FirstFlag

__all__ = [
    "ANSWERS",
    "AdviceChanged",
    "Answer",
    "CodeSet",
    "Event",
    "FindingAdded",
    "FindingReread",
    "FindingWithdrawn",
    "Flagged",
    "Responded",
    "Response",
    "RulesetMoved",
    "Suggestion",
    "SuggestionRaised",
    "SuggestionSuperseded",
    "Unflagged",
    "Update",
    "response_to",
]


class Event:
    """What a change brought about: its ``kind``, the class's name in small letters, and its ``reason`` for people."""

    __slots__: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[str]
    reason: str

    def __init_subclass__(cls) -> None:
        cls.kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class FindingAdded(Event):
    """A phrase was found. Its ``reason`` says how it was read."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FindingReread(Event):
    """What was said later changed how a finding is read: a question was answered, a denial repaired, a person named."""

    before: Finding
    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FindingWithdrawn(Event):
    """A phrase is no longer there: its words were revised, or are part of a longer phrase now."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Flagged(Event):
    """A sign holds, where none did before."""

    policies: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Unflagged(Event):
    """No sign holds any longer."""

    reason: str


@dataclass(frozen=True, slots=True)
class SuggestionRaised(Event):
    """A code is suggested; a person decides."""

    code: str
    policies: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SuggestionSuperseded(Event):
    """A code that was suggested no longer is. ``by`` is the code suggested instead, if any."""

    code: str
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class AdviceChanged(Event):
    """There are other things to consider; ``advice`` are all of them."""

    given: tuple[str, ...]
    taken_back: tuple[str, ...]
    advice: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CodeSet(Event):
    """A person dispatched another code."""

    before: str | None
    code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Responded(Event):
    """A person answered a suggestion: ``accepted``, ``dismissed`` or ``unsure``. Nothing else changed."""

    suggestion: int
    code: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class RulesetMoved(Event):
    """The call is read with another ruleset from here on."""

    before: RulesetRef
    ruleset: RulesetRef
    reason: str


def event_row(event: Event) -> dict[str, Any]:
    """Return an event as plain data: ``event`` is its kind, the rest are its fields. It holds no transcript text.

    >>> event_row(CodeSet("C3", "C2", "set by a person"))
    {'event': 'code_set', 'before': 'C3', 'code': 'C2', 'reason': 'set by a person'}
    """
    return {"event": event.kind} | {name: _plain(getattr(event, name)) for name in event.__slots__}


def _plain(value: object) -> object:
    if isinstance(value, Finding):
        return value.to_dict()
    if isinstance(value, RulesetRef):
        return value._asdict()
    return list(value) if isinstance(value, tuple) else value


Answer: TypeAlias = Literal["accepted", "dismissed", "unsure"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
MOST_REASON: Final = 1_000
"""How many characters a reason may have."""


class Suggestion(NamedTuple):
    """A code that was suggested during a call.

    ``utterance`` is the number of the last utterance then heard, ``None`` if none was; ``superseded`` says why the code
    is no longer suggested, ``None`` while it is.
    """

    code: str
    policies: tuple[str, ...]
    utterance: int | None
    superseded: str | None


class Response(NamedTuple):
    """What a person answered to a suggestion: to which, counted from 0, of which code, and why in their own words."""

    suggestion: int
    code: str
    answer: Answer
    reason: str


def response_to(suggestions: Sequence[Suggestion], answer: Answer, number: int | None, reason: str) -> Response:
    """Return what was answered to one of the suggestions, by default the last."""
    count = len(suggestions)
    number = count - 1 if number is None else number
    if type(number) is not int or not 0 <= number < count:
        raise CallError(f"there is no such suggestion: {count} made so far, counted from 0")
    if answer not in ANSWERS:
        raise CallError(f"the answer to a suggestion must be one of {', '.join(ANSWERS)}")
    if not isinstance(reason, str) or len(reason) > MOST_REASON:
        raise CallError(f"the reason must be text of at most {MOST_REASON:,} characters")
    return Response(number, suggestions[number].code, answer, reason)


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Update:
    """What a change to an open call changed, and how the call stands after it; later changes don't touch it.

    ``number`` counts a call's updates from 1. ``utterance`` is the id of the utterance added or revised, ``None`` for
    another change; ``time`` is when it had been said, in seconds, where known. ``events`` are in order: findings, flag,
    suggestion, advice. ``waiting``: the words are kept, but a partial result is not evaluated yet, so that
    ``assessment`` is still that of before.

    >>> from triage_triggers import Evaluator, Utterance, load_ruleset
    >>> live = Evaluator(load_ruleset("uk-ambulance")).open_call("C-1", current_code="C3")
    >>> update = live.add(Utterance("My husband strangled me.", "caller"))
    >>> list(dict.fromkeys(event.kind for event in update.events))
    ['finding_added', 'flagged', 'suggestion_raised', 'advice_changed']
    >>> update.suggested_code, update.assessment == live.assessment()
    ('C2', True)
    """

    number: int
    utterance: int | str | None
    time: float | None
    events: tuple[Event, ...]
    assessment: Assessment
    waiting: bool = False

    @property
    def flagged(self) -> bool:
        """Whether a sign holds."""
        return self.assessment.flagged

    @property
    def suggested_code(self) -> str | None:
        """The code suggested, if any."""
        return self.assessment.suggested_code

    @property
    def advice(self) -> tuple[str, ...]:
        """What else to consider."""
        return self.assessment.advice

    @property
    def policies(self) -> tuple[str, ...]:
        """The signs that hold."""
        return self.assessment.policies

    @property
    def first_flag(self) -> FirstFlag | None:
        """When the call was first flagged."""
        return self.assessment.first_flag

    def to_dict(self) -> dict[str, Any]:
        """Return the update as plain data: how the call stands, and the events. It holds no transcript text."""
        stands, own = self.assessment, ("number", "utterance", "time")
        names = ("current_code", "suggested_code", "escalates", "flagged", "advice", "policies")
        return {
            "call_id": stands.call_id,
            **{name: getattr(self, name) for name in own},
            **{name: _plain(getattr(stands, name)) for name in names},
            "first_flag": stands.first_flag._asdict() if stands.first_flag else None,
            **({"waiting": True} if self.waiting else {}),
            "events": [event_row(event) for event in self.events],
        }
