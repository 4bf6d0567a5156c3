"""Many open calls at once, spoken to in messages of plain data: what a program in any language can send and read."""

from __future__ import annotations

from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from triage_triggers.calls.call import Utterance
from triage_triggers.calls.json_lines import object_from_json
from triage_triggers.errors import CallError, RulesetNotFoundError, SnapshotError, TriageTriggersError, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage_triggers.live.call import LiveCall
    from triage_triggers.live.update import Update
    from triage_triggers.service.holder import EvaluatorHolder

__all__ = ["KINDS", "Row", "Session", "error_row", "message_from_json"]

Held = TypeVar("Held", str, bool)
Row = dict[str, Any]
"""An event as plain data: ``event`` is its kind, ``call_id`` the call's."""

ONLY_CALL: Final = "-"
"""The id of a call that is given none."""
KINDS: Final = frozenset(
    {"open", "segment", "revise", "flush", "code", "snapshot", "resume", "ruleset", "move", "respond", "close"}
)
"""What a message can ask for."""
MOST_CLOSED: Final = 10_000
"""How many closed calls are remembered, so that what comes late for one opens no new call."""


class Session:
    """Open calls by their ids. Every message is answered by its events in order, the last of which says how things are.

    What each ``type`` of message holds, and is answered by, stands in ``docs/live.md``. With ``min_interval``, what is
    not ``final`` is evaluated only when it has stood still so long: ``wake`` yields the events when ``due``. With
    ``tell``, a ruleset is loaded in a thread of its own while other messages are answered, and ``tell``
    gets the ``ruleset_loaded``, or an ``error``, when it is done.

    >>> from triage_triggers import Evaluator, EvaluatorHolder, load_ruleset
    >>> session = Session(EvaluatorHolder(Evaluator(load_ruleset("uk-ambulance"))), current_code="C3")
    >>> rows = list(session.handle({"call_id": "C-1", "text": "My husband strangled me.", "speaker": "caller"}))
    >>> list(dict.fromkeys(row["event"] for row in rows))
    ['opened', 'finding_added', 'flagged', 'suggestion_raised', 'advice_changed', 'heard']
    >>> rows[-1]["suggested_code"]
    'C2'
    """

    def __init__(
        self,
        holder: EvaluatorHolder,
        *,
        current_code: str | None = None,
        code_system: str | None = None,
        min_interval: float = 0.0,
        clock: Callable[[], float] = monotonic,
        tell: Callable[[Row], object] | None = None,
    ) -> None:
        self._holder = holder
        self._tell = tell
        self._loads: list[Thread] = []
        self._closed_ids: dict[str, None] = {}
        self._min_interval, self._clock = min_interval, clock
        self._current_code, self._code_system = current_code, code_system
        self._open: dict[str, LiveCall] = {}

    @property
    def open_calls(self) -> tuple[str, ...]:
        """The ids of the calls that are open, in the order in which they were opened."""
        return tuple(self._open)

    def handle(self, message: Row) -> Iterator[Row]:
        """Yield the events that a message brings about.

        Raises:
            TriageTriggersError: The message can't be followed; nothing changed. The error quotes nothing that was said.
        """
        kind = message.get("type", "segment" if "text" in message else None)
        if not isinstance(kind, str) or kind not in KINDS:
            hint = near(kind if isinstance(kind, str) else "", KINDS)
            raise CallError(f"a message's 'type' must say what to do; {hint}")
        yield from getattr(self, f"_on_{kind}")(message)

    @property
    def min_interval(self) -> float:
        """For how many seconds without a change a partial result waits; 0: none waits."""
        return self._min_interval

    @property
    def due(self) -> float | None:
        """When ``wake`` has something to do, in the clock's seconds; ``None`` while nothing waits."""
        return min((live.due for live in self._open.values() if live.due is not None), default=None)

    def wake(self) -> Iterator[Row]:
        """Evaluate the calls whose partial results have stood still long enough, and yield the events."""
        now = self._clock()
        for live in list(self._open.values()):
            if live.due is not None and live.due <= now:
                yield from _rows(live.flush())

    def close_all(self, reason: str) -> Iterator[Row]:
        """Wait for rulesets that are being loaded, close every call that is open, and yield the event of each."""
        while self._loads:
            self._loads.pop().join()
        for call_id in self.open_calls:
            yield self._closed(call_id, reason)

    def _on_open(self, message: Row) -> Iterator[Row]:
        call_id = _call_id(message)
        if call_id in self._open:
            raise CallError(f"call {call_id!r} is open already")
        self._closed_ids.pop(call_id, None)
        yield self._opened(call_id, message)

    def _on_segment(self, message: Row) -> Iterator[Row]:
        call_id = _call_id(message)
        if call_id in self._closed_ids:
            raise CallError(f"call {call_id!r} is closed, and this came late; an 'open' message opens it anew")
        speaker: Any = message.get("speaker") or "unknown"  # which the utterance checks
        text, final = _held(message, "text", str), _held({"final": True, **message}, "final", bool)
        utterance = Utterance(text, speaker, message.get("start"), message.get("end"))
        opened = None if call_id in self._open else self._opened(call_id, message)
        try:
            update = self._open[call_id].add(utterance, utterance_id=message.get("id"), final=final)
        except CallError:
            if opened:
                del self._open[call_id]
            raise
        if opened:
            yield opened
        yield from _rows(update)

    def _on_revise(self, message: Row) -> Iterator[Row]:
        utterance_id = message.get("id")
        if isinstance(utterance_id, bool) or not isinstance(utterance_id, (int, str)):
            raise CallError("a revision needs the 'id' of the segment: the one you gave, or its number from 0")
        live = self._known(message)
        final, text = _held({"final": True, **message}, "final", bool), _held(message, "text", str)
        speaker, start, end = message.get("speaker") or None, message.get("start"), message.get("end")
        yield from _rows(live.revise(utterance_id, text, speaker=speaker, start=start, end=end, final=final))

    def _on_flush(self, message: Row) -> Iterator[Row]:
        live = self._known(message)
        if live.due is None:
            yield self._state("heard", live)
        yield from _rows(live.flush())

    def _on_code(self, message: Row) -> Iterator[Row]:
        if "current_code" not in message:
            raise CallError("a 'code' message needs 'current_code', which may be null")
        yield from _rows(self._known(message).set_code(message["current_code"] or None))

    def _on_snapshot(self, message: Row) -> Iterator[Row]:
        live = self._known(message)
        yield {"event": "snapshot", "call_id": live.call.call_id, "snapshot": live.snapshot()}

    def _on_resume(self, message: Row) -> Iterator[Row]:
        snapshot = message.get("snapshot")
        if not isinstance(snapshot, dict):
            raise SnapshotError("a 'resume' message needs the 'snapshot' that was printed")
        if (call_id := snapshot.get("call_id")) in self._open:
            raise CallError(f"call {call_id!r} is open already")
        live = self._holder.evaluator.resume(
            snapshot, reevaluate=message.get("reevaluate") is True, min_interval=self._min_interval, clock=self._clock
        )
        self._closed_ids.pop(live.call.call_id, None)
        self._open[live.call.call_id] = live
        yield self._state("opened", live)

    def _on_ruleset(self, message: Row) -> Iterator[Row]:
        name = message.get("ruleset")
        if not isinstance(name, str):
            raise CallError("a 'ruleset' message needs 'ruleset': an id or a path")
        if self._tell is None:
            yield self._load(name)
            return
        load = Thread(target=self._load_aside, args=(name, self._tell))
        self._loads = [*(thread for thread in self._loads if thread.is_alive()), load]
        load.start()
        yield {"event": "ruleset_loading", "ruleset": name}

    def _load(self, name: str) -> Row:
        try:
            reference = self._holder.load(name).reference
        except OSError as error:
            raise RulesetNotFoundError(f"the ruleset can't be read: {error.strerror}") from error
        return {"event": "ruleset_loaded", "ruleset": reference._asdict()}

    def _load_aside(self, name: str, tell: Callable[[Row], object]) -> None:
        try:
            row = self._load(name)
        except TriageTriggersError as error:
            row = {"event": "error", "ruleset": name, **error_row(error)}
        tell(row)

    def _on_move(self, message: Row) -> Iterator[Row]:
        live = self._known(message)
        update = self._holder.move(live)
        yield from (self._state("heard", live),) if update is None else _rows(update)

    def _on_respond(self, message: Row) -> Iterator[Row]:
        live = self._known(message)
        answer: Any = message.get("answer")  # which the call checks
        reason = message.get("reason") or ""
        yield from _rows(live.respond(answer, suggestion=message.get("suggestion"), reason=reason))

    def _on_close(self, message: Row) -> Iterator[Row]:
        yield self._closed(self._known(message).call.call_id, "closed")

    def _known(self, message: Row) -> LiveCall:
        call_id = _call_id(message)
        if call_id not in self._open:
            raise CallError(f"there is no open call {call_id!r}")
        return self._open[call_id]

    def _opened(self, call_id: str, message: Row) -> Row:
        code = message.get("current_code") or self._current_code
        system = message.get("code_system") or self._code_system
        live = self._holder.evaluator.open_call(
            call_id, current_code=code, code_system=system, min_interval=self._min_interval, clock=self._clock
        )
        self._open[call_id] = live
        return self._state("opened", live)

    def _closed(self, call_id: str, reason: str) -> Row:
        assessment = self._open[call_id].close()
        del self._open[call_id]
        self._closed_ids[call_id] = None
        if len(self._closed_ids) > MOST_CLOSED:
            del self._closed_ids[next(iter(self._closed_ids))]
        return {"event": "closed", "call_id": call_id, "reason": reason, "assessment": assessment.to_dict()}

    def _state(self, event: str, live: LiveCall) -> Row:
        assessment = live.assessment()
        return {
            "event": event,
            "call_id": assessment.call_id,
            "ruleset": assessment.ruleset._asdict(),
            "utterances": len(live.utterance_ids),
            "current_code": assessment.current_code,
            "suggested_code": assessment.suggested_code,
            "flagged": assessment.flagged,
        }


def message_from_json(line: str) -> Row:
    """Return the message that a line of JSON holds."""
    return object_from_json(line, "message")


def error_row(error: Exception) -> Row:
    """Return what an ``error`` event says: in words, and of which kind.

    After a ``LogError`` the words of a call are kept, but not what came of them: a ``flush`` tries to record it again.
    """
    message = "a number is too large" if isinstance(error, OverflowError) else str(error)
    return {"message": message, "error": type(error).__name__}


def _call_id(message: Row) -> str:
    return _held(message, "call_id", str) if message.get("call_id") not in {None, ""} else ONLY_CALL


def _held(message: Row, key: str, kind: type[Held]) -> Held:
    value = message.get(key)
    if not isinstance(value, kind):
        expected = "a string" if kind is str else "true or false"
        raise CallError(f"{key} must be {expected}, not {type(value).__name__}")
    return value


def _rows(update: Update | None) -> Iterator[Row]:
    if update is None:
        return
    row = update.to_dict()
    which = {name: row[name] for name in ("call_id", "number", "utterance", "time")}
    for event in row.pop("events"):
        yield {"event": event.pop("event"), **which, **event}
    yield {"event": "heard", **row}
