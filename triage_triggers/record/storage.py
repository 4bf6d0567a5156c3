"""The log's file: an SQLite database in WAL mode, its schema, and what its errors mean to the caller."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from triage_triggers.errors import LogBusyError, LogError
from triage_triggers.privacy.private_file import create_private, unfinished_file

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "APPLICATION_ID",
    "SCHEMA_VERSION",
    "OpenFiles",
    "connect",
    "connect_to_read",
    "copy_to",
    "empty_schema",
    "schema",
    "speaking_plainly",
    "transaction",
]

APPLICATION_ID: Final = 0x7474646C
"""Written into the file, so that no other SQLite database is taken for a log ("ttdl")."""

SCHEMA_VERSION: Final = 1
# Everything that says something is a blob: bytes are what is hashed, and bytes are what SQLite gives back.
_SCHEMA: Final = """
    CREATE TABLE contents (
        key BLOB PRIMARY KEY NOT NULL, kind BLOB NOT NULL, digest BLOB NOT NULL, content BLOB NOT NULL);
    CREATE INDEX contents_digest ON contents (digest);
    CREATE TABLE entries (
        sequence INTEGER PRIMARY KEY NOT NULL, at BLOB NOT NULL, decision_id BLOB UNIQUE, entry BLOB NOT NULL,
        hash BLOB NOT NULL);
    CREATE TABLE payloads (
        sequence INTEGER PRIMARY KEY NOT NULL, erased_by INTEGER, salt BLOB, call_id BLOB, input_digest BLOB,
        call BLOB, assessment BLOB);
    CREATE INDEX payloads_call_id ON payloads (call_id) WHERE call_id IS NOT NULL;
    CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, hash BLOB NOT NULL);
"""

_PAUSE: Final = 0.01
_OURS_ALREADY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_MEANING: Final = {
    sqlite3.SQLITE_FULL: "the disk is full, or a quota is used up; make room and try again",
    sqlite3.SQLITE_READONLY: "the file or its folder may not be written",
    sqlite3.SQLITE_CANTOPEN: "the file can't be opened; see that its folder is there and may be written",
    sqlite3.SQLITE_PERM: "the file may not be read",
    sqlite3.SQLITE_IOERR: "the disk reports an error in reading or writing, or is full",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; run 'triage-triggers log verify' on it and go back to a copy",
    sqlite3.SQLITE_NOTADB: "this is no decision log, or its beginning is damaged",
}


class OpenFiles:
    """The files that a connection writes to: the log, and what SQLite keeps beside it, as they were when opened.

    On most systems a file can be moved or deleted while it is open; whatever is written to it then is lost to everybody
    who opens the log by its name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = _files_of(path)
        self._opened = [self._which(name) for name in self._names]
        self._size = 0

    def check(self, *, written: bool) -> None:
        """Make sure that each file still is the one that was opened, and that the log was not cut short."""
        for name, opened in zip(self._names, self._opened, strict=True):
            found = self._which(name)
            if found is None or found != opened:
                gone = "is gone" if found is None else "is another one"
                what = "what was written last may be lost with it" if written else "nothing was recorded"
                raise LogError(f"{name}: the file {gone} since the decision log was opened; {what}; open the log again")
        size = self._path.stat().st_size
        if size < self._size:
            raise LogError(f"{self._path}: the file was cut short by somebody else; run 'triage-triggers log verify'")
        self._size = size

    def lost_beside_the_log(self) -> bool:
        """Return whether the log is the one that was opened, and a file beside it is gone, with none in its place."""
        log, *beside = (self._which(name) for name in self._names)
        return log == self._opened[0] and beside != self._opened[1:] and beside[0] in {None, self._opened[1]}

    @staticmethod
    def _which(name: Path) -> tuple[int, int] | None:
        try:
            found = name.lstat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


_AS_SQLITE_SAYS: Final = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), sqlite3.SQLITE_FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), sqlite3.SQLITE_READONLY),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP), sqlite3.SQLITE_CANTOPEN),
}


@contextmanager
def speaking_plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, which name the file and say what to do."""
    try:
        yield
    except LogError:
        raise
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        else:
            code = _AS_SQLITE_SAYS.get(error.errno or 0, sqlite3.SQLITE_IOERR)
        if code in _OURS_ALREADY:
            raise LogBusyError(f"{path}: another process kept the decision log locked; try again") from error
        raise LogError(f"{path}: {_MEANING.get(code, f'SQLite refuses: {error}')}") from error


def connect(path: Path, *, create: bool, timeout: float) -> sqlite3.Connection:
    """Open a log to write, creating it if asked to; a ``LogError`` where it is none, or of another schema."""
    with ExitStack() as undo:
        if create and create_private(path):  # what goes into a log that can't be opened was never acknowledged
            for name in _files_of(path):
                undo.callback(name.unlink, missing_ok=True)
        refuse_link(path)
        connection = undo.enter_context(closing(_open(f"{path.absolute().as_uri()}?mode=rw", timeout)))
        with transaction(connection, "DEFERRED"):  # one state of the file, whoever is just setting it up
            is_new = _check(connection, path, may_be_empty=create)
        _set_up(connection, timeout)
        if is_new:
            _create(connection, path)
        undo.pop_all()
    return connection


def connect_to_read(path: Path, *, timeout: float, check: bool = True) -> sqlite3.Connection:
    """Open a log that nothing may change: not the connection, and where the medium is read-only not SQLite either."""
    refuse_link(path)
    address = f"{path.absolute().as_uri()}?mode=ro"
    with ExitStack() as undo:
        connection = undo.enter_context(closing(_open(address, timeout)))
        try:
            _version(connection)
        except sqlite3.OperationalError as error:
            # WAL needs a file beside the log; where none can be made, all is in the log itself or can't be had.
            code, wal = error.sqlite_errorcode & 0xFF, _files_of(path)[1]
            in_wal = wal.exists() and wal.stat().st_size
            if code not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY} or in_wal:
                raise
            undo.close()
            connection = undo.enter_context(closing(_open(f"{address}&immutable=1", timeout)))
        connection.execute("PRAGMA query_only = ON")
        if check:
            with transaction(connection, "DEFERRED"):
                _check(connection, path, may_be_empty=False)
        undo.pop_all()
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Do all or nothing. When this returns, all of it is on the disk."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def copy_to(connection: sqlite3.Connection, target: Path) -> None:
    """Write all that a connection sees to a new file, which appears when it is complete."""
    if os.path.lexists(target):
        raise LogError(f"{target}: there is a file of this name already")
    with speaking_plainly(target), unfinished_file(target) as unfinished, closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)


def refuse_link(path: Path) -> None:
    """Refuse a log that is a symbolic link, which somebody else may have planted."""
    if path.is_symlink():
        raise LogError(f"{path}: this is a link; name the decision log's file itself")


def schema(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return every table and index as the file describes it."""
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    return found.fetchall()


def empty_schema() -> list[tuple[object, ...]]:
    """Return every table and index of the schema in use."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(_SCHEMA)
        return schema(connection)


def _open(uri: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
    for pragma in ("cell_size_check = ON", "trusted_schema = OFF", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _set_up(connection: sqlite3.Connection, timeout: float) -> None:
    until = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:  # SQLite does not wait for this lock by itself
            if error.sqlite_errorcode & 0xFF not in _OURS_ALREADY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
    # FULL: a commit is on the disk before it returns, through a power cut too. Erased text is overwritten with zeros.
    for pragma in ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _create(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        if _check(connection, path, may_be_empty=True):  # no other process was faster
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _check(connection: sqlite3.Connection, path: Path, *, may_be_empty: bool) -> bool:
    """Return whether the file is empty; refuse one that is not ours, or of another schema."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    version = _version(connection)
    if not application and not version and not schema(connection):
        if not may_be_empty:
            raise LogError(f"{path}: there is no decision log in this file; it is empty")
        return True
    if application != APPLICATION_ID:
        raise LogError(f"{path}: this is an SQLite database, but no decision log")
    if version != SCHEMA_VERSION:
        raise LogError(
            f"{path}: the log has schema {version}, and this version of triage-triggers reads schema {SCHEMA_VERSION}; "
            "use the version of triage-triggers that wrote it, or a newer one"
        )
    return False


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _files_of(path: Path) -> tuple[Path, Path, Path]:
    """Return the names of a log's files: its own, and those that SQLite keeps beside it."""
    return path, Path(f"{path}-wal"), Path(f"{path}-shm")
