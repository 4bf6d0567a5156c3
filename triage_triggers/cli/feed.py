"""Messages from standard input, events to standard output, until the input ends or a signal comes."""

from __future__ import annotations

import json
import signal
import time
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO, Final

import typer

from triage_triggers.calls.source import decode_lines
from triage_triggers.errors import CallError, TriageTriggersError
from triage_triggers.service.session import message_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from triage_triggers.calls.source import SourceLine
    from triage_triggers.service.session import Row, Session

__all__ = ["Stop", "Stopped", "feed", "print_rows", "stop_signals"]

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
                    message = "a number is too large" if isinstance(error, OverflowError) else str(error)
                    typer.echo(f"triage-triggers: {name}:{line.number}: {message}", err=True)
                    print_rows([{"event": "error", "line": line.number, "message": message}])
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
        typer.echo(json.dumps(row, allow_nan=False))
