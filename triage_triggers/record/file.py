"""An open log file: one connection for each process, shared by its threads, and transactions on it."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID, uuid4

from triage_triggers.errors import LogError
from triage_triggers.record.chain import BEFORE_THE_FIRST, ENTRY_FORMAT, digest, entry_bytes, timestamp
from triage_triggers.record.storage import connect, connect_to_read, speaking_plainly, transaction
from triage_triggers.version import __version__

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ChainEnd", "Chaining", "LogFile"]

_IS_BEGUN: Final = "SELECT EXISTS (SELECT 1 FROM entries)"


class ChainEnd(NamedTuple):
    """The last entry's number and hash."""

    sequence: int
    hash: str


class Chaining:
    """One transaction that writes: each entry it adds is chained to the one before.

    Raises:
        LogError: The note of the log's last entry is gone.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: Final = connection
        row = connection.execute("SELECT sequence, hash FROM head").fetchone()
        if row is None and connection.execute(_IS_BEGUN).fetchone()[0]:
            raise LogError("the log's note of its last entry is gone; run 'triage-triggers log verify' on it")
        self.end = ChainEnd(-1, BEFORE_THE_FIRST) if row is None else ChainEnd(row[0], row[1].decode())

    def add(self, kind: str, at: str, **fields: Any) -> dict[str, Any]:
        """Add an entry and return all that it says; ``end`` has its number and hash."""
        content = {
            "format": ENTRY_FORMAT,
            "kind": kind,
            "sequence": self.end.sequence + 1,
            "previous": self.end.hash,
            "at": at,
            **fields,
        }
        entry = entry_bytes(content)
        decision_id = UUID(fields["decision_id"]).bytes if "decision_id" in fields else None
        self.end = ChainEnd(content["sequence"], digest(entry))
        row = (self.end.sequence, at.encode(), decision_id, entry, self.end.hash.encode())
        self.connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
        return content

    def note_end(self) -> None:
        """Note which entry is the last."""
        noted = (self.end.sequence, self.end.hash.encode())
        self.connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", noted)


class LogFile:
    """A log's file, open. Threads take turns; a forked process gets a connection of its own.

    Raises:
        LogError: As for ``DecisionLog``.
    """

    def __init__(self, path: Path, *, create: bool, read_only: bool, timeout: float) -> None:
        self.path: Final = path
        self.timeout: Final = timeout
        self._read_only: Final = read_only
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._left_to_the_parent: list[sqlite3.Connection] = []
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
            self._connection = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the file, whatever others write meanwhile.

        Raises:
            LogError: The file can't be read, or is closed.
        """
        with self._using() as connection, transaction(connection, "DEFERRED"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Chaining]:
        """Write all or nothing; nobody else writes meanwhile. When this returns, all is on the disk.

        Raises:
            LogError: Nothing was written, and why.
        """
        if self._read_only:
            raise LogError(f"{self.path}: the decision log was opened to read only")
        with self._using() as connection, transaction(connection):
            chaining = Chaining(connection)
            before = chaining.end
            yield chaining
            if chaining.end != before:
                chaining.note_end()

    def tidy(self) -> None:
        """Move everything from the WAL into the file and empty it, so that nothing erased is left there.

        Raises:
            LogError: Another process still reads what the WAL holds.
        """
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
            return connect(self.path, create=create, timeout=self.timeout)

    def _begin(self) -> None:
        with self.reading() as connection:
            if connection.execute(_IS_BEGUN).fetchone()[0]:
                return
        with self.writing() as chaining:
            if chaining.end.sequence < 0:  # no other process was faster
                chaining.add("start", timestamp(None), log=str(uuid4()), engine=__version__)

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, speaking_plainly(self.path):
            if self._connection is None:
                raise LogError(f"{self.path}: the decision log is closed")
            if self._process != os.getpid():
                # An SQLite connection must not cross a fork, not even to be closed there.
                self._left_to_the_parent.append(self._connection)
                self._connection, self._process = self._connect(create=False), os.getpid()
            yield self._connection
