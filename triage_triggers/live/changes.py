"""Compares what was heard and decided before a change to an open call with what is after it."""

from __future__ import annotations

from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from triage_triggers.live.events import (
    AdviceChanged,
    FindingAdded,
    FindingReread,
    FindingWithdrawn,
    Flagged,
    SuggestionRaised,
    SuggestionSuperseded,
    Unflagged,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.engine.decision.gate import Verdict
    from triage_triggers.live.events import Event
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["Decided", "decision_events", "finding_events", "turned_gates", "why_changed"]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_LONGER: Final = "its words are part of a longer phrase of the same rule"
_RUN_ON: Final = "what was said next runs on from it"


def turned_gates(before: Mapping[str, Verdict], after: Mapping[str, Verdict]) -> dict[str, str]:
    """Return the rules whose findings a gate let go of, or holds back now, each with the reason."""
    turned: dict[str, str] = {}
    if before is not after:
        for rule in before.keys() & after.keys():
            was, now = before[rule].closed, after[rule].closed
            if now is not None and now is not was:
                turned[rule] = now.reason
            elif was is not None and now is None:
                turned[rule] = f"the gate {was.id} is open now"
    return turned


def finding_events(
    before: Sequence[Finding], after: Sequence[Finding], *, because: str | None, turned: Mapping[str, str] = _NOTHING
) -> Iterator[Event]:
    """Yield what became of findings.

    Args:
        before: The findings before the change.
        after: Those after it.
        because: Why a finding may be gone, where it is not for what was said next.
        turned: Why a gate made the findings of some rules count or no longer count.
    """
    unchanged = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    known = {_place(finding): finding for finding in before[unchanged:]}
    new = {_place(finding): finding for finding in after[unchanged:]}
    for place, finding in known.items():
        if place not in new:
            taken_up = any(finding.rule == other.rule and _within(finding, other) for other in new.values())
            yield FindingWithdrawn(finding, _LONGER if taken_up else because or _RUN_ON)
    for place, finding in new.items():
        earlier = known.get(place)
        if earlier is None:
            yield FindingAdded(finding, finding.reason)
        elif earlier != finding:
            by_gate = earlier._replace(counts=finding.counts, reason=finding.reason, why=finding.why) == finding
            yield FindingReread(
                earlier, finding, turned.get(finding.rule, finding.reason) if by_gate else finding.reason
            )


def why_changed(events: Iterable[Event]) -> str | None:
    """Return why evidence is gone, in words; ``None`` where none is."""
    reasons = []
    for event in events:
        if isinstance(event, FindingWithdrawn) and event.finding.counts:
            reasons.append(f"{event.finding.rule} is gone: {event.reason}")
        elif isinstance(event, FindingReread) and event.before.counts and not event.finding.counts:
            reasons.append(f"{event.finding.rule} no longer counts: {event.reason}")
        elif isinstance(event, FindingReread) and event.before.temporality != event.finding.temporality:
            reasons.append(f"{event.finding.rule} is {event.finding.temporality} now: {event.reason}")
    return "; ".join(dict.fromkeys(reasons)) or None


class Decided(Protocol):
    """What was decided about a call: an assessment, or what a snapshot kept of one."""

    @property
    def flagged(self) -> bool:
        """Whether a policy holds."""

    @property
    def suggested_code(self) -> str | None:
        """The code suggested."""

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies that hold."""

    @property
    def advice(self) -> tuple[str, ...]:
        """What else to consider."""


def decision_events(before: Decided, after: Decided, ruleset: Ruleset, *, because: str) -> Iterator[Event]:
    """Yield what became of the flag, the suggestion and the advice.

    Args:
        before: What was decided before the change.
        after: What is decided now.
        ruleset: Whose policies decided it.
        because: Why what was suggested no longer is, unless something more urgent is suggested.
    """
    reasons = {policy.id: policy.reason for policy in ruleset.policy or ()}
    said = "; ".join(f"{policy}: {reasons[policy]}" for policy in after.policies) or "something counts"
    if after.flagged and not before.flagged:
        yield Flagged(after.policies, said)
    code = after.suggested_code
    if before.suggested_code is not None and before.suggested_code != code:
        new = [policy for policy in after.policies if policy not in before.policies]
        instead = f"{code} is suggested instead, as {', '.join(new)} holds now" if code and new else because
        yield SuggestionSuperseded(before.suggested_code, code, instead)
    if code is not None and code != before.suggested_code:
        policies = _asking(ruleset, after.policies, code)
        yield SuggestionRaised(code, policies, "; ".join(f"{policy}: {reasons[policy]}" for policy in policies))
    if after.advice != before.advice:
        given = tuple(advice for advice in after.advice if advice not in before.advice)
        taken_back = tuple(advice for advice in before.advice if advice not in after.advice)
        holding = set(after.policies)
        advising = [
            policy.id
            for policy in ruleset.policy or ()
            if policy.id in holding and not set(given).isdisjoint(policy.advise)
        ]
        reason = f"advised by {', '.join(advising)}" if given else because
        yield AdviceChanged(given, taken_back, after.advice, reason)
    if before.flagged and not after.flagged:
        yield Unflagged(because)


def _asking(ruleset: Ruleset, policies: tuple[str, ...], code: str) -> tuple[str, ...]:
    asked: Mapping[str, str | None] = {policy.id: policy.suggest for policy in ruleset.policy or ()}
    exactly = tuple(policy for policy in policies if asked[policy] == code)
    return exactly or tuple(policy for policy in policies if asked[policy] is not None)


def _place(finding: Finding) -> tuple[str, int, int, int, int]:
    return finding.rule, finding.utterance, finding.start, finding.end_utterance, finding.end


def _within(finding: Finding, other: Finding) -> bool:
    starts_within = (other.utterance, other.start) <= (finding.utterance, finding.start)
    return starts_within and (finding.end_utterance, finding.end) <= (other.end_utterance, other.end)
