"""An evaluator with a decision log turned on: nothing is returned that was not recorded first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from triage_triggers.calls.call import Call
from triage_triggers.errors import LogError, RecordError, TriageTriggersError
from triage_triggers.live.call import LiveCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.engine import Engine
    from triage_triggers.evaluator import Evaluator, Explanation
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.live.update import Update
    from triage_triggers.record.entries import Record
    from triage_triggers.ruleset.definition import Ruleset

    Append: TypeAlias = Callable[[list[tuple[Call, Assessment]], Engine], Sequence[Record]]
    OnFailure: TypeAlias = Callable[[LogError | RecordError], object] | None

__all__ = ["Recorded", "RecordedCall", "RecordedEvaluator"]


class Recorded(NamedTuple):
    """An assessment and its record; ``None`` where it could not be recorded and ``on_failure`` was told."""

    assessment: Assessment
    record: Record | None


class RecordedEvaluator:
    """An evaluator whose every assessment is recorded, on the disk, before it is returned; from ``DecisionLog.attach``.

    It has the evaluator's methods. Share it between threads. ``append`` writes calls to the log, with what an engine
    made of them.
    """

    __slots__ = ("_append", "_on_failure", "evaluator")

    def __init__(self, evaluator: Evaluator, append: Append, on_failure: OnFailure = None) -> None:
        self.evaluator = evaluator
        self._append = append
        self._on_failure = on_failure

    @property
    def engine(self) -> Engine:
        """What reads calls; a live call reads with it too."""
        return self.evaluator.engine

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
            CodeError: As for the evaluator; the calls before it are recorded and yielded first.
            LogError: A batch could not be recorded; none of it is yielded.
        """
        waiting: list[tuple[Call, Assessment]] = []
        try:
            for call in calls:
                evaluated = _as_evaluated(call, None)
                waiting.append((evaluated, self.evaluator.evaluate(evaluated)))
                if len(waiting) >= batch:
                    items, waiting = waiting, []
                    yield from self._recorded(items)
        except TriageTriggersError:
            yield from self._recorded(waiting)  # what came before the call that can't be evaluated
            raise
        yield from self._recorded(waiting)

    def _recorded(self, items: list[tuple[Call, Assessment]]) -> list[Assessment]:
        return [recorded.assessment for recorded in self.record(items)]

    def open_call(
        self,
        call_id: str,
        *,
        current_code: str | None = None,
        code_system: str | None = None,
        min_interval: float = 0.0,
    ) -> RecordedCall:
        """Open a call that is still going on; record how it stands now and after each change."""
        call = RecordedCall(
            self, call_id, current_code=current_code, code_system=code_system, min_interval=min_interval
        )
        call.assessment()
        return call

    def resume(
        self,
        snapshot: Mapping[str, object],
        *,
        reevaluate: bool = False,
        code_system: str | None = None,
        min_interval: float = 0.0,
    ) -> RecordedCall:
        """Take up an open call where another process left it, as ``Evaluator.resume`` does; record how it stands."""
        call = RecordedCall.from_snapshot(
            self, snapshot, reevaluate=reevaluate, code_system=code_system, min_interval=min_interval
        )
        call.assessment()
        return call

    def explain(self, call: str | Call, *, current_code: str | None = None) -> Explanation:
        """Explain one call. That is no decision, so it is not recorded."""
        return self.evaluator.explain(call, current_code=current_code)

    def record(self, items: list[tuple[Call, Assessment]], engine: Engine | None = None) -> list[Recorded]:
        """Record calls with the assessments that this evaluator's engine, or another one, made of them."""
        try:
            records = self._append(items, engine or self.engine)
        except (LogError, RecordError) as error:
            if self._on_failure is None:
                raise
            self._on_failure(error)
            return [Recorded(assessment, None) for _, assessment in items]
        return [Recorded(assessment, record) for (_, assessment), record in zip(items, records, strict=True)]


class RecordedCall(LiveCall):
    """An open call that is recorded when it is opened and after each change of what is shown of it.

    An update without events adds no record: what the dispatcher sees is what the last record says. ``close`` records
    the call as it ended, so that the log holds all of it. Where a change could not be recorded, it is made all the
    same, the method raises a ``LogError`` unless ``on_failure`` was given, and the next update tries again.
    """

    __slots__ = ("_complete", "_recorder", "_shown")

    def __init__(self, evaluator: RecordedEvaluator, call_id: str, **options: Any) -> None:
        super().__init__(evaluator, call_id, **options)
        self._recorder = evaluator
        self._shown = False  # whether the last record says what is shown now
        self._complete = False  # whether it holds all that was said, too

    def assessment(self) -> Assessment:
        """Return the assessment of the call so far, which is recorded."""
        assessment = super().assessment()
        if not self._shown:
            self._put_down(assessment)
        return assessment

    def close(self) -> Assessment:
        """Record the call as it ended, unless the last record holds all of it, and return its assessment."""
        assessment = super().assessment()
        if not self._complete:
            self._put_down(assessment)
        return assessment

    def _updated(self, update: Update) -> Update:
        self._complete = False
        self._shown = self._shown and not update.events
        if not self._shown and not update.waiting:
            self._put_down(update.assessment)
        return update

    def _put_down(self, assessment: Assessment) -> None:
        (recorded,) = self._recorder.record([(self.call, assessment)], self.evaluator.engine)
        self._shown = self._complete = recorded.record is not None


def _as_evaluated(call: str | Call, current_code: str | None) -> Call:
    """Return the call with the code it is evaluated at, so that its record is all that a replay needs."""
    if isinstance(call, str):
        return Call.from_text(call, current_code=current_code)
    return call if current_code is None else replace(call, current_code=current_code)
