"""Compares what was heard and decided before a change to an open call with what is after it."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from triage_triggers.assessment import Finding
from triage_triggers.deeds import who_to_whom
from triage_triggers.live.update import (
    AdviceChanged,
    FindingAdded,
    FindingReread,
    FindingWithdrawn,
    Flagged,
    SuggestionRaised,
    SuggestionSuperseded,
    Unflagged,
)
from triage_triggers.ruleset.definition import ANY_SIGN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from triage_triggers.assessment import Assessment, CastMember
    from triage_triggers.engine.decision.verdict import Decision
    from triage_triggers.live.update import Event
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["decision_events", "finding_events", "why_changed"]

_LONGER: Final = "its words are part of a longer phrase of the same rule"
_MEANT: Final = slice(Finding._fields.index("polarity"), Finding._fields.index("agent"))
_RUN_ON: Final = "what was said next runs on from it"


def finding_events(
    before: Sequence[Finding], after: Sequence[Finding], *, because: str | None, cast: Sequence[CastMember] = ()
) -> Iterator[Event]:
    """Yield what became of findings."""
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
        elif _by_mention(earlier) != _by_mention(finding):
            yield FindingReread(earlier, finding, _why_reread(earlier, finding, cast))


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
        elif isinstance(event, FindingReread) and event.before.tie != event.finding.tie:
            reasons.append(f"{event.finding.rule} is by somebody else than thought: {event.reason}")
    return "; ".join(dict.fromkeys(reasons)) or None


def decision_events(
    before: Assessment | Decision, after: Assessment, ruleset: Ruleset, *, then: Collection[str], because: str
) -> Iterator[Event]:
    """Yield what became of the flag, the suggestion and the advice."""
    said = "; ".join(f"{sign}: {ruleset.reasons[sign]}" for sign in after.policies) or "something counts"
    lines = [line for line in ruleset.then if line.id in then]
    if after.flagged and not before.flagged:
        yield Flagged(after.policies, said)
    code = after.suggested_code
    if before.suggested_code is not None and before.suggested_code != code:
        new = [sign for sign in after.policies if sign not in before.policies]
        instead = f"{code} is suggested instead, as {', '.join(new)} holds now" if code and new else because
        yield SuggestionSuperseded(before.suggested_code, code, instead)
    if code is not None and code != before.suggested_code:
        suggesting = [line for line in lines if line.suggest is not None]
        asking = [line for line in suggesting if line.suggest == code] or suggesting
        signs = {name for line in asking for name in line.if_}
        policies = tuple(sign for sign in after.policies if sign in signs or ANY_SIGN in signs)
        yield SuggestionRaised(code, policies, "; ".join(f"{line.id}: {line.reason}" for line in asking))
    if after.advice != before.advice:
        given = tuple(advice for advice in after.advice if advice not in before.advice)
        taken_back = tuple(advice for advice in before.advice if advice not in after.advice)
        advising = [line.id for line in lines if not set(given).isdisjoint(line.advice)]
        reason = f"advised by {', '.join(advising)}" if given else because
        yield AdviceChanged(given, taken_back, after.advice, reason)
    if before.flagged and not after.flagged:
        yield Unflagged(because)


def _by_mention(finding: Finding) -> Finding:
    agent, patient = finding.agent and finding.agent._replace(person=None), finding.patient
    return finding._replace(agent=agent, patient=patient and patient._replace(person=None))


def _why_reread(before: Finding, after: Finding, cast: Sequence[CastMember]) -> str:
    """Return why a finding is read otherwise: how it was meant or, if that is as before, who is said to do it."""
    if before[_MEANT] != after[_MEANT]:
        return after.reason
    told = "".join(map(str, who_to_whom(after, cast)))
    return f"said now to be {told}" if told else "nobody is said to do it any longer"


def _place(finding: Finding) -> tuple[str, int, int, int, int]:
    return finding.rule, finding.utterance, finding.start, finding.end_utterance, finding.end


def _within(finding: Finding, other: Finding) -> bool:
    starts_within = (other.utterance, other.start) <= (finding.utterance, finding.start)
    return starts_within and (finding.end_utterance, finding.end) <= (other.end_utterance, other.end)
