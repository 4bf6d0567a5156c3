"""How an open call stood after a change, and what the change changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from triage_triggers.live.events import event_row
from triage_triggers.live.heard import findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage_triggers.assessment import Assessment, Finding, FirstFlag
    from triage_triggers.engine.decision.gate import Verdict
    from triage_triggers.engine.decision.policy import Decision
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.live.events import Event
    from triage_triggers.live.heard import Entry

__all__ = ["State", "Suggestion", "Update"]


class Suggestion(NamedTuple):
    """A code that was suggested during a call.

    ``utterance`` is the number of the last utterance then heard, ``None`` if none was; ``superseded`` says why the code
    is no longer suggested, ``None`` while it is.
    """

    code: str
    policies: tuple[str, ...]
    utterance: int | None
    superseded: str | None


class State(NamedTuple):
    """How an open call stands: what an assessment of it is made of."""

    evaluator: Evaluator
    call_id: str
    code: str | None
    decision: Decision
    first_flag: FirstFlag | None
    top: Entry | None
    verdicts: Mapping[str, Verdict]

    def assessment(self) -> Assessment:
        """Return the assessment; its cost is that of listing the call's findings."""
        found = findings(self.top, self.verdicts)
        return self.evaluator.assess(self.call_id, self.code, found, self.decision, self.first_flag)


@dataclass(frozen=True, eq=False, repr=False)
class Update:
    """What a change to an open call changed, and how the call stands after it; later changes don't touch it.

    ``number`` counts a call's updates from 1. ``utterance`` is the id of the utterance added or revised, ``None`` for
    another change; ``time`` is when it had been said, in seconds, where known. ``events`` are in order: findings, flag,
    suggestion, advice.

    >>> from triage_triggers import Evaluator, Utterance, load_ruleset
    >>> live = Evaluator(load_ruleset("uk-ambulance")).open_call("C-1", current_code="C3")
    >>> update = live.add(Utterance("He strangled me.", "caller"))
    >>> [event.kind for event in update.events]
    ['finding_added', 'flagged', 'suggestion_raised', 'advice_changed']
    >>> update.suggested_code, update.assessment == live.assessment()
    ('C2', True)
    """

    number: int
    utterance: int | str | None
    time: float | None
    events: tuple[Event, ...]
    state: State

    @cached_property
    def assessment(self) -> Assessment:
        """The assessment of the call at this point, put together when first asked for."""
        return self.state.assessment()

    @property
    def flagged(self) -> bool:
        """Whether a policy holds."""
        return self.state.decision.flagged

    @property
    def suggested_code(self) -> str | None:
        """The code suggested, if any."""
        return self.state.decision.suggested_code

    @property
    def escalates(self) -> bool | None:
        """Whether it is more urgent than the current one; ``None`` without a current one."""
        return self.state.decision.escalates

    @property
    def advice(self) -> tuple[str, ...]:
        """What else to consider."""
        return self.state.decision.advice

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies that hold."""
        return self.state.decision.policies

    @property
    def first_flag(self) -> FirstFlag | None:
        """When the call was first flagged."""
        return self.state.first_flag

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the call so far."""
        return self.assessment.findings

    def to_dict(self) -> dict[str, Any]:
        """Return the update as plain data: how the call stands, and the events. It holds no transcript text."""
        return {
            "call_id": self.state.call_id,
            "number": self.number,
            "utterance": self.utterance,
            "time": self.time,
            "current_code": self.state.code,
            "suggested_code": self.suggested_code,
            "escalates": self.escalates,
            "flagged": self.flagged,
            "advice": list(self.advice),
            "policies": list(self.policies),
            "first_flag": self.first_flag._asdict() if self.first_flag else None,
            "events": [event_row(event) for event in self.events],
        }

    def to_json(self) -> str:
        """Return :meth:`to_dict` as one line of ASCII JSON."""
        return json.dumps(self.to_dict(), allow_nan=False)
