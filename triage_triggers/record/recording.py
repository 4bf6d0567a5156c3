"""An evaluator with a decision log turned on: nothing is returned that was not recorded first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.calls.model import Call
from triage_triggers.errors import LogError, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.model import Utterance
    from triage_triggers.decision.ladder import Ladder
    from triage_triggers.evaluator import Evaluator, Explanation
    from triage_triggers.live import LiveCall
    from triage_triggers.record.log import DecisionLog
    from triage_triggers.record.model import Record
    from triage_triggers.ruleset.model import Ruleset

    OnFailure: TypeAlias = Callable[[LogError | RecordError], object] | None

__all__ = ["Recorded", "RecordedCall", "RecordedEvaluator"]


class Recorded(NamedTuple):
    """An assessment and its record; ``None`` where it could not be recorded and ``on_failure`` was told."""

    assessment: Assessment
    record: Record | None


class RecordedEvaluator:
    """An evaluator whose every assessment is recorded, on the disk, before it is returned; from ``DecisionLog.attach``.

    It has the evaluator's methods. Share it between threads.
    """

    __slots__ = ("_on_failure", "evaluator", "log")

    def __init__(self, evaluator: Evaluator, log: DecisionLog, on_failure: OnFailure = None) -> None:
        self.evaluator = evaluator
        self.log = log
        self._on_failure = on_failure

    @property
    def ruleset(self) -> Ruleset:
        """The evaluator's ruleset."""
        return self.evaluator.ruleset

    @property
    def ladder(self) -> Ladder:
        """The evaluator's ladder."""
        return self.evaluator.ladder

    def evaluate(self, call: str | Call, *, current_code: str | None = None) -> Assessment:
        """Evaluate one call as ``Evaluator.evaluate`` does, and record it.

        Raises:
            CodeError: As for the evaluator; nothing is recorded.
            LogError: It could not be recorded. Nobody has seen the assessment.
            RecordError: The call's metadata is no plain JSON.
        """
        return self.decide(call, current_code=current_code).assessment

    def decide(self, call: str | Call, *, current_code: str | None = None) -> Recorded:
        """Evaluate and record one call as :meth:`evaluate` does; return the record too, for its ``decision_id``."""
        call = _as_evaluated(call, current_code)
        return self.record([(call, self.evaluator.evaluate(call))])[0]

    def evaluate_many(self, calls: Iterable[str | Call], *, batch: int = 1) -> Iterator[Assessment]:
        """Evaluate calls lazily and in order, each recorded before it is yielded.

        Args:
            calls: The calls.
            batch: How many to evaluate and record at a time. With more than one, a call waits for those after it, so
                keep to one for calls that come in live; for files, 100 is many times faster.

        Raises:
            LogError: A batch could not be recorded; none of it is yielded.
        """
        source = iter(calls)
        while some := [_as_evaluated(call, None) for call in islice(source, batch)]:
            for recorded in self.record([(call, self.evaluator.evaluate(call)) for call in some]):
                yield recorded.assessment

    def open_call(
        self, call_id: str, *, current_code: str | None = None, code_system: str | None = None
    ) -> RecordedCall:
        """Open a call that is still going on, and record each change in its assessment."""
        return RecordedCall(self, self.evaluator.open_call(call_id, current_code=current_code, code_system=code_system))

    def explain(self, call: str | Call, *, current_code: str | None = None) -> Explanation:
        """Explain one call. That is no decision, so it is not recorded."""
        return self.evaluator.explain(call, current_code=current_code)

    def record(self, items: list[tuple[Call, Assessment]]) -> list[Recorded]:
        """Record calls with the assessments that this evaluator made of them."""
        try:
            records = self.log.append_many(items, ruleset=self.evaluator.ruleset, ladder=self.evaluator.ladder)
        except (LogError, RecordError) as error:
            if self._on_failure is None:
                raise
            self._on_failure(error)
            return [Recorded(assessment, None) for _, assessment in items]
        return [Recorded(assessment, record) for (_, assessment), record in zip(items, records, strict=True)]


class RecordedCall:
    """An open call whose assessment is recorded when the call is opened and whenever it changes.

    An update that changes nothing in the assessment adds no record: what the dispatcher sees is what the last one says.
    ``close`` records the call as it ended, so that the log holds all of it.
    """

    __slots__ = ("_evaluator", "_live", "_recorded")

    def __init__(self, evaluator: RecordedEvaluator, live: LiveCall) -> None:
        self._evaluator = evaluator
        self._live = live
        self._recorded: tuple[Call, Assessment] | None = None
        self.assessment()

    @property
    def call(self) -> Call:
        """The call so far."""
        return self._live.call

    def add(self, utterance: Utterance) -> Assessment:
        """Add what was said next; return the assessment of the call so far, recorded if it changed."""
        self._live.add(utterance)
        return self.assessment()

    def assessment(self) -> Assessment:
        """Return the assessment of the call so far, recorded if it changed."""
        assessment = self._live.assessment()
        if self._recorded is None or self._recorded[1] != assessment:
            self._record(assessment)
        return assessment

    def close(self) -> Assessment:
        """Record the call as it ended, unless that was its last record, and return its assessment."""
        assessment = self._live.assessment()
        if self._recorded != (self._live.call, assessment):
            self._record(assessment)
        return assessment

    def _record(self, assessment: Assessment) -> None:
        call = self._live.call
        if self._evaluator.record([(call, assessment)])[0].record is not None:  # else the next update tries again
            self._recorded = (call, assessment)


def _as_evaluated(call: str | Call, current_code: str | None) -> Call:
    """Return the call with the code it is evaluated at, so that its record is all that a replay needs."""
    if isinstance(call, str):
        return Call.from_text(call, current_code=current_code)
    if current_code is None:
        return call
    return Call(
        call.call_id,
        call.utterances,
        current_code=current_code,
        code_system=call.code_system,
        metadata=call.metadata,
    )
