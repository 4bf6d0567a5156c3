"""An open log file: one connection for each process, shared by its threads, and transactions on it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from uuid import UUID, uuid4

from triage_triggers.errors import LogBusyError, LogError
from triage_triggers.record.entries import BEFORE_THE_FIRST, ENTRY_FORMAT, digest, entry_bytes, timestamp
from triage_triggers.record.storage import OpenFiles, connect, connect_to_read, speaking_plainly, transaction
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from triage_triggers.record.entries import Payload

__all__ = ["Chaining", "LogFile"]

Written = TypeVar("Written")

_IS_BEGUN: Final = "SELECT EXISTS (SELECT 1 FROM entries)"


class ChainEnd(NamedTuple):
    """The last entry's number and hash."""

    sequence: int
    hash: str


class Chaining:
    """One transaction that writes: each entry it adds is chained to the one before."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: Final = connection
        row = connection.execute("SELECT sequence, hash FROM head").fetchone()
        if row is None and connection.execute(_IS_BEGUN).fetchone()[0]:
            raise LogError("the log's note of its last entry is gone; run 'triage-triggers log verify' on it")
        self.end = ChainEnd(-1, BEFORE_THE_FIRST) if row is None else ChainEnd(row[0], row[1].decode())

    def add(self, kind: str, at: str, payload: Payload | None = None, **fields: Any) -> dict[str, Any]:
        """Add an entry, with what may be erased of it, and return all that it says; ``end`` has number and hash."""
        content = {
            "format": ENTRY_FORMAT,
            "kind": kind,
            "sequence": self.end.sequence + 1,
            "previous": self.end.hash,
            "at": at,
            **({} if payload is None else {"payload": payload.commitment()}),
            **fields,
        }
        entry = entry_bytes(content)
        decision_id = UUID(fields["decision_id"]).bytes if "decision_id" in fields else None
        self.end = ChainEnd(content["sequence"], digest(entry))
        row = (self.end.sequence, at.encode(), decision_id, entry, self.end.hash.encode())
        self.connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
        if payload is not None:
            self.connection.execute(
                "INSERT INTO payloads VALUES (?, NULL, ?, ?, ?, ?, ?)", (self.end.sequence, *payload)
            )
        return content


class _Turn(NamedTuple):
    """What one thread has to write, and what comes of it."""

    add: Callable[[Chaining], Any]
    outcome: Future[Any]


class LogFile:
    """A log's file, open. Threads take turns; a forked process gets a connection of its own.

    Whoever's turn it is writes what the others have waiting too, so that a burst waits for the disk once.
    """

    def __init__(self, path: Path, *, create: bool, read_only: bool, timeout: float) -> None:
        self.path: Final = path
        self.timeout: Final = timeout
        self._read_only: Final = read_only
        self._lock = threading.RLock()
        self._turns: deque[_Turn] = deque()
        self._process = os.getpid()
        self._left_to_the_parent: list[sqlite3.Connection] = []
        self._files: OpenFiles | None = None
        self._closed = False
        self._connection: sqlite3.Connection | None = self._connect(create=create)
        if not read_only:
            try:
                self._begin()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection, self._closed = None, True

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the file, whatever others write meanwhile."""
        with self._using() as connection, transaction(connection, "DEFERRED"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Chaining]:
        """Write all or nothing; nobody else writes meanwhile. When this returns, all is on the disk."""
        if self._read_only:
            raise LogError(f"{self.path}: the decision log was opened to read only")
        with self._using() as connection:
            files = self._files
            assert files is not None  # noqa: S101  who may write has opened them
            try:
                with transaction(connection):
                    chaining = Chaining(connection)
                    before = chaining.end
                    yield chaining
                    if chaining.end != before:
                        noted = (chaining.end.sequence, chaining.end.hash.encode())
                        connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", noted)
                    files.check(written=False)
                files.check(written=True)
            except LogError:
                if files.lost_beside_the_log():  # all that was acknowledged goes into the log
                    with suppress(sqlite3.Error):
                        connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
                    connection.close()
                    self._connection = None  # the next use opens it again
                raise

    def write(self, add: Callable[[Chaining], Written]) -> Written:
        """Write all or nothing of what ``add`` adds, in one transaction with what other threads have waiting."""
        if self._process != os.getpid():
            self._turns.clear()  # the parent's threads write these
        turn = _Turn(add, Future())
        self._turns.append(turn)
        try:
            with self._taking_turns():
                if not turn.outcome.done():
                    others = [self._turns.popleft() for _ in range(len(self._turns))]
                    self._write_together([turn, *(other for other in others if other is not turn)])
        except LogBusyError:
            with suppress(ValueError):
                self._turns.remove(turn)  # or else another thread is writing it just now
                raise
            with self._lock:
                pass
            if not turn.outcome.done():  # that thread was stopped, and left it to whoever writes next
                with suppress(ValueError):
                    self._turns.remove(turn)
                raise
        result: Written = turn.outcome.result()
        return result

    def _write_together(self, turns: list[_Turn]) -> None:
        try:
            with self.writing() as chaining:
                results = [turn.add(chaining) for turn in turns]
        except Exception as error:  # noqa: BLE001  each thread raises its own
            if len(turns) > 1 and not isinstance(error, LogError):
                for turn in turns:
                    self._write_together([turn])  # one of them can't be written; the others can
                return
            for turn in turns:
                turn.outcome.set_exception(error if len(turns) == 1 else type(error)(*error.args))
        except BaseException:
            self._turns.extendleft(turns[1:])
            raise
        else:
            for turn, result in zip(turns, results, strict=True):
                turn.outcome.set_result(result)

    def check(self) -> None:
        """Make sure that the file can be read, and is the one that was opened."""
        with self.reading() as connection:
            connection.execute(_IS_BEGUN).fetchone()
        if self._files is not None:
            self._files.check(written=False)

    def tidy(self) -> None:
        """Move everything from the WAL into the file and empty it, so that nothing erased is left there."""
        with self._using() as connection:
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LogError(
                f"{self.path}: erased; but another process still reads an older state, so the words stay in the file "
                f"{self.path.name}-wal until a later erasure, or until every process has closed the log"
            )

    def _connect(self, *, create: bool) -> sqlite3.Connection:
        with speaking_plainly(self.path):
            if self._read_only:
                return connect_to_read(self.path, timeout=self.timeout)
            connection = connect(self.path, create=create, timeout=self.timeout)
            with transaction(connection, "DEFERRED"):
                connection.execute(_IS_BEGUN).fetchone()  # now SQLite has opened all its files
            self._files = OpenFiles(self.path)
            return connection

    def _begin(self) -> None:
        with self.reading() as connection:
            if connection.execute(_IS_BEGUN).fetchone()[0]:
                return
        with self.writing() as chaining:
            if chaining.end.sequence < 0:  # no other process was faster
                chaining.add("start", timestamp(None), log=str(uuid4()), engine=__version__)

    @contextmanager
    def _taking_turns(self) -> Iterator[float]:
        """Wait for the other threads; give the time until which to wait for other processes too."""
        until = monotonic() + self.timeout
        if not self._lock.acquire(timeout=min(max(self.timeout, 0.0), threading.TIMEOUT_MAX)):
            raise LogBusyError(f"{self.path}: other threads kept the decision log busy; try again")
        try:
            yield until
        finally:
            self._lock.release()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._taking_turns() as until, speaking_plainly(self.path):
            if self._closed:
                raise LogError(f"{self.path}: the decision log is closed")
            if self._connection is not None and self._process != os.getpid():
                # An SQLite connection must not cross a fork, not even to be closed there.
                self._left_to_the_parent.append(self._connection)
                self._connection = None
            if self._connection is None:
                self._connection, self._process = self._connect(create=False), os.getpid()
            left = max(0.0, min(until - monotonic(), 2_000_000.0))
            self._connection.execute(f"PRAGMA busy_timeout = {int(left * 1000)}")
            yield self._connection
