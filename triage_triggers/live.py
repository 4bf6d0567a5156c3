"""A call that is still going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.calls.model import Call, Utterance

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment
    from triage_triggers.evaluator import Evaluator

__all__ = ["LiveCall"]


class LiveCall:
    """An open call: add utterances as they come, and read the assessment of everything said so far.

    Equal to evaluating the same utterances at once, because that is what it does: every ``add`` reads the whole call
    again. Use it from one thread or task.

    >>> from triage_triggers import Evaluator, Utterance, load_ruleset
    >>> live = Evaluator(load_ruleset("uk-ambulance")).open_call("C-1", current_code="C3")
    >>> live.add(Utterance("Has he strangled you?", speaker="call_taker", start=1.0, end=2.5)).flagged
    False
    >>> live.add(Utterance("Yeah.", speaker="caller", start=3.2, end=3.6)).suggested_code
    'C2'
    """

    __slots__ = ("_call", "_evaluator")

    def __init__(self, evaluator: Evaluator, call: Call) -> None:
        self._evaluator = evaluator
        self._call = call
        self.assessment()  # an unknown code is refused when the call is opened, not in the middle of it

    @property
    def call(self) -> Call:
        """The call so far."""
        return self._call

    def add(self, utterance: Utterance) -> Assessment:
        """Add what was said next; return the assessment of the call so far."""
        call = self._call
        self._call = Call(
            call.call_id,
            (*call.utterances, utterance),
            current_code=call.current_code,
            code_system=call.code_system,
            metadata=call.metadata,
        )
        return self.assessment()

    def assessment(self) -> Assessment:
        """Return the assessment of the call so far."""
        return self._evaluator.evaluate(self._call)
