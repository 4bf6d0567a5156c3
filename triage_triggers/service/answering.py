"""What answers the service's requests: one session of all open calls, asked from threads, timed and counted."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from triage_triggers.calls.json_lines import call_from_json
from triage_triggers.errors import CallError, LogError, TriageTriggersError
from triage_triggers.record.recording import RecordedEvaluator
from triage_triggers.service.limits import Limits, Rate
from triage_triggers.service.session import KINDS, Session, error_row
from triage_triggers.service.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.record.log import DecisionLog
    from triage_triggers.service.holder import EvaluatorHolder
    from triage_triggers.service.session import Row

__all__ = ["Service"]

_THREADS: Final = 32
_TURN: Final = 30.0
"""How often, in seconds, calls are looked for that nothing comes for any more."""


class Service:
    """One session of all open calls, in which each call has one message answered at a time.

    ``load`` loads the ruleset again and puts it in service; ``current_code`` is that of calls that give none.
    """

    def __init__(
        self,
        holder: EvaluatorHolder,
        log: DecisionLog | None,
        load: Callable[[], Evaluator],
        limits: Limits,
        current_code: str | None = None,
    ) -> None:
        self.holder, self.log, self.load, self.limits = holder, log, load, limits
        self.session = Session(holder, current_code=current_code)
        self.watch = Watch(lambda: len(self.session.open_calls))
        self.rate = Rate(limits.rate)
        self._threads = ThreadPoolExecutor(_THREADS, "call")
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._used: dict[str, tuple[float, int]] = {}

    async def aside(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401  whatever the work returns
        """Do something in a thread: reading a call takes time, and recording waits for the disk."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def answer(self, message: Row) -> list[Row]:
        """Return the events that a message brings about; one that can't be followed has an ``error`` as its last."""
        snapshot = message.get("snapshot")
        found = (snapshot if isinstance(snapshot, dict) else message).get("call_id")
        call_id = found if isinstance(found, str) else ""
        turn = self._turns.setdefault(call_id, asyncio.Lock())
        async with turn:
            rows: list[Row] = await self.aside(lambda: self._answer(call_id, message))
        return rows

    def _answer(self, call_id: str, message: Row) -> list[Row]:
        kind = message.get("type", "segment")
        rows: list[Row] = []
        with self.watch.timing(kind if kind in KINDS else "unknown", self.holder.evaluator.reference):
            try:
                self._check(call_id, kind, message)
                rows.extend(self.session.handle(message))
            except (TriageTriggersError, OverflowError) as error:
                if isinstance(error, LogError):
                    self.watch.log_failed()
                rows.append({"event": "error", "call_id": call_id, **error_row(error)})
        self.watch.answered(rows)
        return rows

    def _check(self, call_id: str, kind: object, message: Row) -> None:
        if not call_id:
            raise CallError("a message to the service needs the 'call_id' of the call that it is about")
        if kind == "ruleset":
            raise CallError("the service's ruleset is loaded again by POST /v1/ruleset")
        said = self._used.get(call_id, (0.0, 0))[1]
        longer = said + len(str(message.get("text") or ""))
        if longer > self.limits.most_text:
            raise CallError(f"the call is longer than {self.limits.most_text:,} characters; it stands as it is")
        open_calls = self.session.open_calls
        if call_id not in open_calls and len(open_calls) >= self.limits.most_open:
            raise CallError(f"{self.limits.most_open:,} calls are open, and the service takes no more")
        if kind == "close":
            self._used.pop(call_id, None)
        else:
            self._used[call_id] = (monotonic(), said if kind == "revise" else longer)

    def evaluate(self, body: str, current_code: str | None) -> tuple[Row, str | None]:
        """Return the assessment of a call that is over, and the id of the decision as the log has it."""
        evaluator = self.holder.evaluator
        with self.watch.timing("evaluate", evaluator.reference):
            call, record = call_from_json(body, "-"), None
            if isinstance(evaluator, RecordedEvaluator):
                assessment, record = evaluator.decide(call, current_code=current_code)
            else:
                assessment = evaluator.evaluate(call, current_code=current_code)
        self.watch.assessed(assessment)
        return assessment.to_dict(), None if record is None else str(record.decision_id)

    def ready(self) -> tuple[bool, Row]:
        """Return whether calls can be taken, and how things stand."""
        evaluator = self.holder.evaluator
        row: Row = {
            "ruleset": {**evaluator.reference._asdict(), "status": evaluator.ruleset.status},
            "open_calls": len(self.session.open_calls),
            "log": "off" if self.log is None else "on",
        }
        try:
            if self.log is not None:
                self.log.check()
        except LogError as error:
            return False, {"ready": False, **row, "log": str(error)}
        return True, {"ready": True, **row}

    async def close_idle(self) -> None:
        """Close, for ever, the calls that nothing has come for in a long time."""
        while True:
            await asyncio.sleep(min(_TURN, self.limits.most_idle))
            for call_id, (at, _) in list(self._used.items()):
                if monotonic() - at > self.limits.most_idle:
                    await self.answer({"type": "close", "call_id": call_id})

    def stop(self) -> None:
        """Close every open call, recorded as it ended."""
        with suppress(TriageTriggersError):
            for _ in self.session.close_all("the service stopped"):
                pass
        self._threads.shutdown()
