"""A case looked at entry by entry: what was said, what was known before, what would have been suggested, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.errors import CallError, CodeError
from triage_triggers.replay.counterfactual import counterfactuals
from triage_triggers.replay.moment import duration
from triage_triggers.replay.unfolding import unfold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.decision.verdict import Traces
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.replay.case import Case, CaseEntry, Dispatch
    from triage_triggers.replay.counterfactual import Search
    from triage_triggers.replay.moment import Moment
    from triage_triggers.replay.replaying import Replay
    from triage_triggers.replay.unfolding import Step, Unfolding

__all__ = ["Against", "Known", "Review", "review_case"]


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
    """Yield the review of each entry, in the order of time.

    Args:
        case: The case.
        evaluator_of: What judges an entry.
        recorded: The decisions that a log holds about an entry, replayed.

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
    said = [finding for finding in assessment.findings if finding.counts]
    for theme in dict.fromkeys(finding.theme for finding in said):
        ours = [finding for finding in said if finding.theme == theme]
        temporalities = tuple(dict.fromkeys(finding.temporality for finding in ours))
        yield Known(theme, entry, len(ours), temporalities)
