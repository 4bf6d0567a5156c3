"""``triage-triggers live``: a call as it happens, and the suggestion as it forms; messages in, events out."""

from __future__ import annotations

import json
import signal
import sys
import time
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, Self

import typer
from typer import Option

from triage_triggers.calls.reading import STDIN
from triage_triggers.calls.source import decode_lines
from triage_triggers.cli.inputs import AsJson, CurrentCode, Intake, LogOption, OneCall, Rules, RulesetOption, recorded
from triage_triggers.cli.say import complain
from triage_triggers.errors import CallError, CodeError, TriageTriggersError
from triage_triggers.service.holder import EvaluatorHolder
from triage_triggers.service.session import Session, error_row, message_from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from triage_triggers.calls.call import Call, Utterance
    from triage_triggers.calls.source import SourceLine
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.service.session import Row

__all__ = ["run"]

_PRINTING: Final = Lock()
_WORDS_A_SECOND: Final = 2.5
"""How fast a call without times is played."""


def run(
    call: OneCall,
    *,
    ruleset: RulesetOption,
    rules: Rules,
    speed: Annotated[
        float, Option(metavar="FACTOR", min=0, help="How much faster than it happened; 0: no waiting.")
    ] = 1.0,
    as_json: AsJson = False,
    min_interval: Annotated[
        float,
        Option(
            metavar="SECONDS",
            min=0,
            help="With '-': how long a partial result ('final': false) must stand still to be evaluated.",
        ),
    ] = 0.0,
    log: LogOption = None,
    current_code: CurrentCode = None,
) -> int:
    """Follow calls as they happen, and say at once what each utterance changes.

    A file is played in real time, each utterance when it ended; all its calls, or the one of --call-id. Without --json
    the call is SHOWN IN FULL.

    With '-', each line of standard input is a message for one of any number of open calls, such as {"call_id": "C-1",
    "text": "…", "speaker": "caller", "start": 3.2, "end": 5.0}; events are printed as JSON Lines, at once and in order.
    docs/live.md lists messages and events.

    Examples:
        triage-triggers live examples/calls.jsonl --call-id question-confirmed -r uk-ambulance --speed 100
        triage-triggers live examples/calls.jsonl -r uk-ambulance --speed 0 --json > events.jsonl
        echo '{"call_id": "C-1", "text": "My husband strangled me."}' | triage-triggers live - -r uk-ambulance
    """
    options = call.options()
    evaluator = rules.evaluator(ruleset)
    with recorded(evaluator, log) as recorder, _Stop() as stop:
        if call.call == STDIN:
            session = Session(
                EvaluatorHolder(recorder), current_code=current_code, min_interval=min_interval, tell=_print_row
            )
            good, bad = _feed(session, sys.stdin.buffer, stop)
        else:
            show = _play_as_json if as_json else _play_on_screen

            def play(one: Call) -> None:
                show(one, recorder, one.current_code or current_code, _Clock(speed, stop))

            good, bad = _play_file(call, Intake([call.call], options), play)
    if stop.signal is not None:
        return 128 + stop.signal
    if not good and not bad and call.call != STDIN:
        raise call.missing()
    return 0 if not bad else 1 if good else 2


def _play_file(source: OneCall, intake: Intake, play: Callable[[Call], None]) -> tuple[int, int]:
    """Play a file's calls; return how many could be followed, and how many could not."""
    good = 0
    with suppress(_Stopped):
        for call in intake:
            if source.call_id in {None, call.call_id}:
                try:
                    play(call)
                    good += 1
                except (CallError, CodeError) as error:
                    intake.fail(error)
    return good, intake.bad


def _play_as_json(call: Call, evaluator: Evaluator, code: str | None, clock: _Clock) -> None:
    session = Session(EvaluatorHolder(evaluator))
    which = {"call_id": call.call_id}
    _print_rows(session.handle({"type": "open", **which, "current_code": code, "code_system": call.code_system}))
    why = "interrupted"
    try:
        for said in call.utterances:
            clock.wait_for(said)
            segment = {"text": said.text, "speaker": said.speaker, "start": said.start, "end": said.end}
            _print_rows(session.handle({"type": "segment", **which, **segment}))
        why = "the call ended"
    finally:
        _print_rows(session.close_all(why))


def _play_on_screen(call: Call, evaluator: Evaluator, code: str | None, clock: _Clock) -> None:
    from triage_triggers.cli.call_view import LiveView  # noqa: PLC0415  --json needs no Rich

    live = evaluator.open_call(call.call_id, current_code=code, code_system=call.code_system)
    view = LiveView(evaluator.ruleset)
    view.open(call.call_id)
    for said in call.utterances:
        clock.wait_for(said)
        view.show(live.add(said), said)
    view.close(live.close())


class _Clock:
    """Waits until an utterance would have been heard."""

    def __init__(self, speed: float, stop: _Stop) -> None:
        self._speed, self._stop = speed, stop
        self._began = time.monotonic()
        self._heard = 0.0

    def wait_for(self, utterance: Utterance) -> None:
        said = utterance.time
        if said is None:
            said = self._heard + len(utterance.text.split()) / _WORDS_A_SECOND
        self._heard = max(self._heard, said)
        left = self._heard / self._speed - (time.monotonic() - self._began) if self._speed else 0.0
        with self._stop.waiting():
            time.sleep(max(left, 0.0))


class _Stopped(BaseException):
    """A signal asked the command to stop while it waited for input."""


class _Stop:
    """Within, SIGINT and SIGTERM end the waiting for input, not what is being done with it; notes which it was."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._waiting = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within, a signal raises ``_Stopped``; one that came before does so at once."""
        self._waiting = True
        try:
            if self.signal is not None:
                raise _Stopped
            yield
        finally:
            self._waiting = False

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Note a signal, and stop the waiting; a second one ends everything."""
        again = self.signal is not None
        self.signal = number
        if self._waiting:
            self._waiting = False
            raise _Stopped
        if again:  # whoever should read the output doesn't
            raise SystemExit(128 + number)


def _feed(session: Session, stream: BinaryIO, stop: _Stop) -> tuple[int, int]:
    """Follow a stream of messages, one a line; return how many could be followed, and how many could not.

    A line is read when the one before has been answered and its events are written, so that a slow reader of the output
    slows the input down, and memory holds one line, or two where a session may have to wake. A line that
    can't be followed is answered by an ``error`` event, and named on standard error; the rest goes on.
    """
    good = bad = 0
    lines = decode_lines(stream)
    if session.min_interval:
        lines = _read_ahead(lines, session)
    with suppress(_Stopped):
        while True:
            with stop.waiting():
                line = next(lines, None)
            if line is None:
                break
            if line.text is not None and not line.text.strip():
                continue
            try:
                if line.text is None:
                    raise CallError("this is not UTF-8 text")
                _print_rows(session.handle(message_from_json(line.text)))
                good += 1
            except (TriageTriggersError, OverflowError) as error:
                bad += 1
                row = error_row(error)
                complain(f"{STDIN}:{line.number}: {row['message']}")
                _print_row({"event": "error", "line": line.number, **row})
    _print_rows(session.close_all("the input ended" if stop.signal is None else "interrupted"))
    return good, bad


def _read_ahead(lines: Iterator[SourceLine], session: Session) -> Iterator[SourceLine]:
    """Yield lines, each read ahead in a thread, so that the session can wake while none comes."""
    read: Queue[SourceLine | None] = Queue(1)

    def fill() -> None:
        for line in lines:
            read.put(line)
        read.put(None)

    Thread(target=fill, daemon=True).start()
    while True:
        due = session.due
        try:
            line = read.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
        except Empty:
            _print_rows(session.wake())
            continue
        if line is None:
            return
        yield line


def _print_rows(rows: Iterable[Row]) -> None:
    """Print events, one a line of ASCII JSON, each at once."""
    for row in rows:
        _print_row(row)


def _print_row(row: Row) -> None:
    """Print an event; several threads may."""
    line = json.dumps(row, allow_nan=False)
    with _PRINTING:
        typer.echo(line)
