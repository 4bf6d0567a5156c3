"""A labelled call, evaluated: all that the lab's figures are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from triage_triggers.errors import CallError, CodeError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.engine.decision.verdict import Decision
    from triage_triggers.engine.heard import Heard
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label

__all__ = ["Observation", "judge", "observe"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One call with its label, its values in the columns asked for, and what the ruleset makes of it.

    ``heard`` is what the evaluator heard in the call, so that it can be judged again without some of it.
    """

    call: Call
    label: Label
    columns: Mapping[str, str | None]
    assessment: Assessment
    heard: Sequence[Heard]

    @property
    def flagged(self) -> bool:
        """Whether any sign holds."""
        return self.assessment.flagged

    @property
    def outcome(self) -> str | None:
        """The code the call would have if the suggestion were accepted; ``None`` where it never had any."""
        return self.assessment.suggested_code or self.assessment.current_code

    @property
    def is_missed(self) -> bool:
        """Whether the call is labelled positive and was not flagged."""
        return self.label == "positive" and not self.flagged

    @property
    def is_false_alarm(self) -> bool:
        """Whether the call is labelled negative and was flagged."""
        return self.label == "negative" and self.flagged

    @property
    def is_right(self) -> bool:
        """Whether the call is labelled and flagged as it is labelled."""
        return self.label == ("positive" if self.flagged else "negative")

    @property
    def time_until_flag(self) -> float | None:
        """Seconds from the start of the call; ``None`` where it is not flagged or has no times."""
        first = self.assessment.first_flag
        return None if first is None else first.time

    @property
    def share_until_flag(self) -> float | None:
        """The share of the call's characters that had been said; ``None`` where it is not flagged."""
        first = self.assessment.first_flag
        if first is None:
            return None
        lengths = [len(utterance.text) for utterance in self.call.utterances]
        return (sum(lengths[: first.utterance]) + first.end) / sum(lengths)

    @property
    def counted(self) -> frozenset[str]:
        """The ids of the rules that count in the call."""
        return frozenset(finding.rule for finding in self.assessment.findings if finding.counts)


def judge(evaluator: Evaluator, item: Observation, without: Collection[str]) -> Decision:
    """Judge an observed call again, as if some rules were not in the ruleset.

    What a rule hears depends on no other rule; signs are asked anew. So this is what the ruleset would say
    with those rules switched off.
    """
    return evaluator.engine.decide(item.heard, item.assessment.current_code, without)


def observe(
    evaluator: Evaluator,
    call: Call,
    label: Label = "none",
    columns: Mapping[str, str | None] | None = None,
    *,
    current_code: str | None = None,
) -> Observation:
    """Evaluate a call and keep what the lab needs; ``columns`` are its values in the columns to break figures down by.

    Raises:
        CallError: The call's code or code system is unknown; the message names the call.
    """
    try:
        examined = evaluator.engine.examine(call, call.current_code or current_code)
    except CodeError as error:
        raise CallError(f"call {call.call_id!r}: {error}") from None
    return Observation(call, label, columns or {}, examined.assessment, examined.heard)
