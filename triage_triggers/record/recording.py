"""An evaluator with a decision log turned on: nothing is returned that was not recorded first."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn, Protocol

from triage_triggers.calls.call import Call
from triage_triggers.errors import CallError, LogError, RecordError, TriageTriggersError
from triage_triggers.evaluator import Evaluator
from triage_triggers.live.call import LiveCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
    from threading import Lock
    from typing import TypeAlias
    from uuid import UUID

    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.engine import Engine, HasEngine
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.live.update import Response, Update
    from triage_triggers.record.entries import Record
    from triage_triggers.ruleset.definition import Ruleset

    OnFailure: TypeAlias = Callable[[LogError | RecordError], object] | None

__all__ = ["RecordedCall", "RecordedEvaluator", "Recording"]


class Recording(Protocol):
    """A decision log, as far as an evaluator uses it."""

    open_calls: MutableMapping[str, RecordedCall]
    opening: Lock

    def append_many(
        self, items: Iterable[tuple[Call, Assessment]], *, ruleset: Ruleset, ladder: Ladder | None = None
    ) -> Sequence[Record]:
        """Record decisions."""

    def append_response(self, call_id: str, response: Response, *, decision: UUID | None = None) -> object:
        """Record what a person answered."""


class Recorded(NamedTuple):
    """An assessment and its record; ``None`` where it could not be recorded and ``on_failure`` was told."""

    assessment: Assessment
    record: Record | None


class RecordedCall(LiveCall):
    """An open call that is recorded when it is opened and after each change of what is shown of it.

    An update without events adds no record: what the dispatcher sees is what the last record says. ``close`` records
    the call as it ended, so that the log holds all of it. Where a change could not be recorded, it is made all the
    same, the method raises a ``LogError`` unless ``on_failure`` was given, and the next update tries again.
    """

    def __init__(self, evaluator: HasEngine, call_id: str, **options: Any) -> None:
        assert isinstance(evaluator, RecordedEvaluator)  # noqa: S101  only that opens recorded calls
        super().__init__(evaluator, call_id, **options)
        self._recorder = evaluator
        self._decision: UUID | None = None  # the last record
        self._shown = False  # whether it says what is shown now
        self._complete = False  # whether it holds all that was said, too

    def assessment(self) -> Assessment:
        """Return the assessment of the call so far, which is recorded."""
        assessment = super().assessment()
        if not self._shown:
            self._put_down(assessment)
        return assessment

    def close(self) -> Assessment:
        """Record the call as it ended, unless the last record holds all of it; nothing can be added any more."""
        assessment = super().assessment()
        if not self._complete:
            self._put_down(assessment)
        self._ended = self._ended or "is closed"
        self._recorder.ended(self)
        return assessment

    def move_to(self, evaluator: HasEngine) -> Update:
        """Read the call with another ruleset, and record it in that evaluator's log, where it has one."""
        before = self._recorder
        if isinstance(evaluator, RecordedEvaluator):
            self._recorder = evaluator
        try:
            return super().move_to(evaluator)
        except TriageTriggersError:
            if self.evaluator is not evaluator:
                self._recorder = before
            raise

    def taken_over(self) -> None:
        """End the call here, as it goes on elsewhere."""
        self._ended = "was taken up elsewhere"

    def _updated(self, update: Update) -> Update:
        self._complete = False
        self._shown = self._shown and not update.events
        if not self._shown and not update.waiting:
            self._put_down(update.assessment)
        return update

    def _responded(self, response: Response) -> None:
        self._recorder.record_response(self.call.call_id, response, self._decision)

    def _put_down(self, assessment: Assessment) -> None:
        (recorded,) = self._recorder.record([(self.call, assessment)], self.evaluator.engine)
        self._shown = self._complete = recorded.record is not None
        if recorded.record is not None:
            self._decision = recorded.record.decision_id


class RecordedEvaluator(Evaluator):
    """An evaluator whose every assessment is recorded, on the disk, before it is returned; from ``DecisionLog.attach``.

    ``evaluator`` is the same without the log. What is no decision (``explain``, ``reassess``) is not recorded. Share it
    between threads.
    """

    __slots__ = ("_log", "_on_failure", "evaluator")
    _opens: ClassVar[type[LiveCall]] = RecordedCall

    def __init__(self, evaluator: Evaluator, log: Recording, on_failure: OnFailure = None) -> None:
        self.evaluator: Evaluator = evaluator.evaluator if isinstance(evaluator, RecordedEvaluator) else evaluator
        self._engine = evaluator.engine
        self._log = log
        self._on_failure = on_failure

    def __reduce__(self) -> NoReturn:
        raise TypeError("a recorded evaluator can't be pickled, as its log can't: attach the log in the other process")

    def over(self, evaluator: Evaluator) -> RecordedEvaluator:
        """Return another evaluator with this one's log turned on."""
        return RecordedEvaluator(evaluator, self._log, self._on_failure)

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

    def evaluate_many(self, calls: Iterable[str | Call], *, workers: int = 1, batch: int = 1) -> Iterator[Assessment]:
        """Evaluate calls lazily and in order, each recorded before it is yielded.

        ``batch`` is how many are evaluated and recorded at a time. With more than one, a call waits for those after it,
        so keep to one for calls that come in live; for files, 100 is many times faster.

        Raises:
            CodeError: As for the evaluator; the calls before it are recorded and yielded first.
            LogError: A batch could not be recorded; none of it is yielded.
        """
        taken: deque[Call] = deque()

        def taking() -> Iterator[Call]:
            for call in calls:
                taken.append(_as_evaluated(call, None))
                yield taken[-1]

        waiting: list[tuple[Call, Assessment]] = []
        try:
            for assessment in self.evaluator.evaluate_many(taking(), workers=workers):
                waiting.append((taken.popleft(), assessment))
                if len(waiting) >= batch:
                    items, waiting = waiting, []
                    yield from self._recorded(items)
        except TriageTriggersError:
            yield from self._recorded(waiting)  # what came before the call that can't be evaluated
            raise
        yield from self._recorded(waiting)

    def _recorded(self, items: list[tuple[Call, Assessment]]) -> list[Assessment]:
        return [recorded.assessment for recorded in self.record(items)]

    def record(self, items: list[tuple[Call, Assessment]], engine: Engine | None = None) -> list[Recorded]:
        """Record calls with the assessments that this evaluator's engine, or another one, made of them."""
        engine = engine or self.engine
        try:
            records = self._log.append_many(items, ruleset=engine.ruleset, ladder=engine.ladder)
        except (LogError, RecordError) as error:
            self._failed(error)
            return [Recorded(assessment, None) for _, assessment in items]
        return [Recorded(assessment, record) for (_, assessment), record in zip(items, records, strict=True)]

    def record_response(self, call_id: str, response: Response, decision: UUID | None) -> None:
        """Record what a person answered to a suggestion, and which decision was shown then."""
        try:
            self._log.append_response(call_id, response, decision=decision)
        except (LogError, RecordError) as error:
            self._failed(error)

    def _failed(self, error: LogError | RecordError) -> None:
        if self._on_failure is None:
            raise error
        self._on_failure(error)

    def ended(self, call: RecordedCall) -> None:
        """Note that a call is over, so that another may have its id."""
        with self._log.opening:
            if self._log.open_calls.get(call.call.call_id) is call:
                del self._log.open_calls[call.call.call_id]

    def _begun(self, live: LiveCall, *, resumed: bool = False) -> LiveCall:
        assert isinstance(live, RecordedCall)  # noqa: S101  what this class opens
        call_id = live.call.call_id
        with self._log.opening:
            before = self._log.open_calls.get(call_id)
            if before is not None and not resumed:
                raise CallError(f"call {call_id!r} is open already in this log; close it, or resume it from a snapshot")
            self._log.open_calls[call_id] = live
        if before is not None:
            before.taken_over()
        live.assessment()
        return live


def _as_evaluated(call: str | Call, current_code: str | None) -> Call:
    """Return the call with the code it is evaluated at, so that its record is all that a replay needs."""
    if isinstance(call, str):
        return Call.from_text(call, current_code=current_code)
    return call if current_code is None else replace(call, current_code=current_code)
