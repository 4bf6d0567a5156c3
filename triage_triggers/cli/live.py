"""``triage-triggers live``: a call as it happens, and the suggestion as it forms; messages in, events out."""

from __future__ import annotations

import json
import signal
import sys
import time
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

from triage_triggers.calls.reading import STDIN, check_readable, read_calls
from triage_triggers.calls.source import decode_lines
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CodeSystem,
    CurrentCode,
    ReadingOptions,
    RulesetOption,
    open_evaluator,
    reads_calls,
)
from triage_triggers.cli.logs import LogOption, recorded
from triage_triggers.cli.say import say
from triage_triggers.errors import CallError, CodeError, TriageTriggersError
from triage_triggers.service.holder import EvaluatorHolder
from triage_triggers.service.session import Session, error_row, message_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from triage_triggers.calls.call import Call, Utterance
    from triage_triggers.calls.source import SourceLine
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.service.session import Row

__all__ = ["EXAMPLES", "Stop", "Stopped", "feed", "print_row", "print_rows", "run", "stop_signals"]

EXAMPLES: Final = (
    "triage-triggers live examples/calls.jsonl --call-id question-confirmed -r uk-ambulance --speed 100",
    "triage-triggers live examples/calls.jsonl -r uk-ambulance --speed 0 --json > events.jsonl",
    'echo \'{"call_id": "C-1", "text": "My husband strangled me."}\' | triage-triggers live - -r uk-ambulance',
)


_PRINTING: Final = Lock()
WORDS_A_SECOND: Final = 2.5
"""How fast a call without times is played."""


@reads_calls
def run(
    call: Annotated[
        str,
        typer.Argument(metavar="CALL", help="A file of calls to play; '-': messages as JSON Lines, one per segment."),
    ],
    *,
    ruleset: RulesetOption,
    speed: Annotated[
        float, typer.Option("--speed", metavar="FACTOR", min=0, help="How much faster than it happened; 0: no waiting.")
    ] = 1.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print events as JSON Lines, without what was said, for other programs.")
    ] = False,
    call_id: Annotated[
        str | None, typer.Option("--call-id", metavar="ID", help="Play this call only, of a file that holds several.")
    ] = None,
    min_interval: Annotated[
        float,
        typer.Option(
            "--min-interval",
            metavar="SECONDS",
            min=0,
            help="With '-': how long a partial result ('final': false) must stand still to be evaluated.",
        ),
    ] = 0.0,
    log: LogOption = None,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    options: ReadingOptions,
) -> None:
    """Follow calls as they happen, and say at once what each utterance changes.

    A file is played in real time, each utterance when it ended. Without --json the call is SHOWN IN FULL.

    With '-', each line of standard input is a message for one of any number of open calls, such as {"call_id": "C-1",
    "text": "…", "speaker": "caller", "start": 3.2, "end": 5.0}; events are printed as JSON Lines, at once and in order.
    docs/live.md lists messages and events.
    """
    check_readable([call], options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    with recorded(evaluator, log) as recorder:
        if call == STDIN:
            session = Session(
                EvaluatorHolder(recorder), current_code=current_code, min_interval=min_interval, tell=print_row
            )
            status = feed(session, sys.stdin.buffer)
        else:
            calls = read_calls(call, options=options)
            status = _play_file(calls, call, recorder, speed, current_code, as_json=as_json, wanted=call_id)
    if status:
        raise typer.Exit(status)


def _play_file(
    calls: Iterable[Call | CallError],
    path: str,
    evaluator: Evaluator,
    speed: float,
    current_code: str | None,
    *,
    as_json: bool,
    wanted: str | None,
) -> int:
    play = _play_as_json if as_json else _play_on_screen
    good = bad = 0
    with stop_signals() as stop:
        for call in calls:
            try:
                if isinstance(call, CallError):
                    raise call
                if wanted is None or call.call_id == wanted:
                    play(call, evaluator, call.current_code or current_code, _Clock(speed, stop))
                    good += 1
            except (CallError, CodeError) as error:
                bad += 1
                say(f"triage-triggers: {error}", err=True)
            except Stopped:
                break
    if stop.status is not None:
        return stop.status
    if not good and not bad:
        raise CallError(f"{path} holds no call" + (f" with the id {wanted!r}" if wanted is not None else ""))
    return 0 if not bad else 1 if good else 2


def _play_as_json(call: Call, evaluator: Evaluator, code: str | None, clock: _Clock) -> None:
    session = Session(EvaluatorHolder(evaluator))
    which = {"call_id": call.call_id}
    print_rows(session.handle({"type": "open", **which, "current_code": code, "code_system": call.code_system}))
    why = "interrupted"
    try:
        for said in call.utterances:
            clock.wait_for(said)
            segment = {"text": said.text, "speaker": said.speaker, "start": said.start, "end": said.end}
            print_rows(session.handle({"type": "segment", **which, **segment}))
        why = "the call ended"
    finally:
        print_rows(session.close_all(why))


def _play_on_screen(call: Call, evaluator: Evaluator, code: str | None, clock: _Clock) -> None:
    from triage_triggers.cli.call_view import LiveView  # noqa: PLC0415  --json needs no Rich

    live = evaluator.open_call(call.call_id, current_code=code, code_system=call.code_system)
    with LiveView(evaluator.ruleset) as view:
        view.open(call.call_id)
        for said in call.utterances:
            clock.wait_for(said)
            view.show(live.add(said), said)
        view.close(live.close())


class _Clock:
    """Waits until an utterance would have been heard."""

    def __init__(self, speed: float, stop: Stop) -> None:
        self._speed, self._stop = speed, stop
        self._began = time.monotonic()
        self._heard = 0.0

    def wait_for(self, utterance: Utterance) -> None:
        said = utterance.time
        if said is None:
            said = self._heard + len(utterance.text.split()) / WORDS_A_SECOND
        self._heard = max(self._heard, said)
        left = self._heard / self._speed - (time.monotonic() - self._began) if self._speed else 0.0
        with self._stop.waiting():
            time.sleep(max(left, 0.0))


_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal asked the command to stop while it waited for input."""


class Stop:
    """Notes a signal; interrupts at once only while nothing is half done."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._waiting = False

    @property
    def status(self) -> int | None:
        """The exit status that says which signal it was."""
        return None if self.signal is None else 128 + self.signal

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within, a signal raises ``Stopped``; one that came before does so at once."""
        self._waiting = True
        try:
            if self.signal is not None:
                raise Stopped
            yield
        finally:
            self._waiting = False

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Note a signal, and stop the waiting; a second one ends everything."""
        again = self.signal is not None
        self.signal = number
        if self._waiting:
            self._waiting = False
            raise Stopped
        if again:  # whoever should read the output doesn't
            raise SystemExit(128 + number)


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Have SIGINT and SIGTERM end the waiting for input, not what is being done with it."""
    stop = Stop()
    before = {number: signal.signal(number, stop.on_signal) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def feed(session: Session, stream: BinaryIO, name: str = "-") -> int:
    """Follow a stream of messages, one a line; return the exit status.

    A line is read when the one before has been answered and its events are written, so that a slow reader of the output
    slows the input down, and memory holds one line, or two where a session may have to wake. A line that
    can't be followed is answered by an ``error`` event, and named on standard error; the rest goes on.
    """
    good = bad = 0
    lines = decode_lines(stream)
    ahead = _Ahead(lines) if session.min_interval else None
    with stop_signals() as stop:
        try:
            while True:
                with stop.waiting():
                    line = next(lines, None) if ahead is None else ahead.next(session)
                if line is None:
                    break
                if line.text is not None and not line.text.strip():
                    continue
                try:
                    _answer(session, line.text)
                    good += 1
                except (TriageTriggersError, OverflowError) as error:
                    bad += 1
                    row = error_row(error)
                    say(f"triage-triggers: {name}:{line.number}: {row['message']}", err=True)
                    print_row({"event": "error", "line": line.number, **row})
        except Stopped:
            pass
        print_rows(session.close_all("the input ended" if stop.signal is None else "interrupted"))
    if stop.status is not None:
        return stop.status
    return 0 if not bad else 1 if good else 2


class _Ahead:
    """Reads a line ahead, in a thread, so that a session can wake while no line comes."""

    def __init__(self, lines: Iterator[SourceLine]) -> None:
        self._read: Queue[SourceLine | None] = Queue(1)
        Thread(target=self._fill, args=(lines,), daemon=True).start()

    def _fill(self, lines: Iterator[SourceLine]) -> None:
        for line in lines:
            self._read.put(line)
        self._read.put(None)

    def next(self, session: Session) -> SourceLine | None:
        """Return the next line, ``None`` at the end; print what the session wakes for meanwhile."""
        while True:
            due = session.due
            try:
                return self._read.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
            except Empty:
                print_rows(session.wake())


def _answer(session: Session, text: str | None) -> None:
    if text is None:
        raise CallError("this is not UTF-8 text")
    print_rows(session.handle(message_from_json(text)))


def print_rows(rows: Iterable[Row]) -> None:
    """Print events, one a line of ASCII JSON, each at once."""
    for row in rows:
        print_row(row)


def print_row(row: Row) -> None:
    """Print an event; several threads may."""
    line = json.dumps(row, allow_nan=False)
    with _PRINTING:
        typer.echo(line)
