"""A case entry by entry: how the suggestion unfolded, what was known before, what would have been sent, and when."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from triage_triggers.errors import CallError, CodeError
from triage_triggers.replay.case import duration
from triage_triggers.replay.counterfactual import counterfactuals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.engine.decision.verdict import Traces
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.replay.case import Case, CaseEntry, Dispatch, Moment
    from triage_triggers.replay.counterfactual import Search
    from triage_triggers.replay.replaying import Replay

__all__ = ["Against", "Known", "Review", "Step", "Unfolding", "review_case", "unfold"]


class Step(NamedTuple):
    """The assessment after an utterance at which it changed.

    ``utterance`` counts from 0; ``time`` is when that utterance ended (else began), in seconds from the start of the
    call, ``None`` where the call has no times.
    """

    utterance: int
    time: float | None
    assessment: Assessment


class Unfolding(NamedTuple):
    """What a call comes to, and each step at which flag, suggestion, advice or policies changed on the way."""

    assessment: Assessment
    steps: tuple[Step, ...]

    @property
    def flagged(self) -> Step | None:
        """The first step at which the call was flagged."""
        return next((step for step in self.steps if step.assessment.flagged), None)

    @property
    def suggested(self) -> Step | None:
        """The first step at which the code was suggested that is suggested in the end; ``None`` also for no code."""
        code = self.assessment.suggested_code
        return next((step for step in self.steps if code is not None and step.assessment.suggested_code == code), None)

    def to_dict(self) -> dict[str, Any]:
        """Return what was made of the call and when, as plain data without anything that was said."""
        return {
            "ruleset": self.assessment.ruleset._asdict(),
            "flagged": self.assessment.flagged,
            "suggested_code": self.assessment.suggested_code,
            "policies": list(self.assessment.policies),
            "first_flagged": _when(self.flagged),
            "first_suggested": _when(self.suggested),
        }


def unfold(evaluator: Evaluator, call: Call) -> Unfolding:
    """Return how a call unfolds, as a live call would have shown it.

    The last step, or no step, is what evaluating the whole call gives: an answer may take back what was suggested.

    >>> from triage_triggers import Call, Evaluator, Utterance, load_ruleset
    >>> said = [Utterance("Has your husband strangled you?", "call_taker", 1, 2), Utterance("Yeah.", "caller", 3, 4)]
    >>> unfolding = unfold(Evaluator(load_ruleset("uk-ambulance")), Call("C-1", said, current_code="C3"))
    >>> [(step.utterance, step.time, step.assessment.suggested_code) for step in unfolding.steps]
    [(1, 4, 'C2')]
    """
    outcome = attrgetter("flagged", "suggested_code", "policies", "advice")
    live = evaluator.open_call(call.call_id, current_code=call.current_code, code_system=call.code_system)
    last = live.assessment()
    steps = []
    for number, utterance in enumerate(call.utterances):
        now = live.add(utterance).assessment
        if outcome(now) != outcome(last):
            steps.append(Step(number, utterance.time, now))
        last = now
    return Unfolding(last, tuple(steps))


def _when(step: Step | None) -> dict[str, Any] | None:
    return None if step is None else {"utterance": step.utterance, "time": step.time}


class Known(NamedTuple):
    """A theme that an earlier entry of the case had disclosed; ``times`` counts its findings there."""

    theme: str
    entry: CaseEntry
    times: int
    temporalities: tuple[str, ...]


class Against(NamedTuple):
    """A dispatch beside the moment of the flag or the suggestion, in words."""

    sent: Dispatch
    flag: str
    suggestion: str


class Review(NamedTuple):
    """One entry of a case. ``known`` comes from entries before it alone, and never enters its assessment."""

    entry: CaseEntry
    evaluator: Evaluator
    unfolding: Unfolding
    traces: Traces
    known: tuple[Known, ...]
    searches: tuple[Search, ...]
    recorded: tuple[Replay, ...]

    @property
    def assessment(self) -> Assessment:
        """What is made of the whole entry."""
        return self.unfolding.assessment

    def moment(self, step: Step | None) -> Moment | None:
        """Return when a step was reached, as far as that can be told; a note is read whole when it was written."""
        if step is None or self.entry.at.is_day:
            return None
        if self.entry.kind == "note":
            return self.entry.at
        return None if step.time is None else self.entry.at.after(step.time)

    @property
    def against(self) -> tuple[Against, ...]:
        """Each dispatch, beside the moments of flag and suggestion."""
        return tuple(
            Against(sent, self._gap(self.unfolding.flagged, sent.at), self._gap(self.unfolding.suggested, sent.at))
            for sent in self.entry.dispatched
        )

    def _gap(self, step: Step | None, sent: Moment) -> str:
        if step is None:
            return "none"
        moment = self.moment(step)
        if moment is None or sent.is_day:
            return "can't be told: a time is missing"
        seconds = (sent.time - moment.time).total_seconds()
        if not round(seconds):
            return "in the same second"
        return f"{duration(seconds)} {'before' if seconds > 0 else 'after'} it"


def review_case(
    case: Case,
    evaluator_of: Callable[[CaseEntry], Evaluator],
    *,
    recorded: Callable[[CaseEntry], Sequence[Replay]] = lambda _: (),
) -> Iterator[Review]:
    """Yield the review of each entry, in the order of time, with the decisions that a log ``recorded``, replayed.

    Raises:
        CallError: An entry's code is none of the ladder's; the message names the entry.
    """
    found: dict[str, Assessment] = {}
    for entry in case.entries:
        evaluator = evaluator_of(entry)
        try:
            explanation = evaluator.explain(entry.call)
        except CodeError as error:
            raise CallError(f"{entry.kind} {entry.call.call_id!r}: {error}") from None
        found[entry.call.call_id] = explanation.assessment
        yield Review(
            entry,
            evaluator,
            unfold(evaluator, entry.call),
            explanation.traces,
            tuple(known for before in case.earlier(entry) for known in _known(before, found[before.call.call_id])),
            counterfactuals(evaluator, entry.call),
            tuple(recorded(entry)),
        )


def _known(entry: CaseEntry, assessment: Assessment) -> Iterator[Known]:
    told: dict[str, list[str]] = {}
    for finding in assessment.findings:
        if finding.counts:
            told.setdefault(finding.theme, []).append(finding.temporality)
    for theme, temporalities in told.items():
        yield Known(theme, entry, len(temporalities), tuple(dict.fromkeys(temporalities)))
