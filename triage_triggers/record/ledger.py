"""What is written to the log's tables inside one transaction: entries, payloads, contents, tombstones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.errors import LogError
from triage_triggers.record.chain import BEFORE_THE_FIRST, entry_bytes, ranges

if TYPE_CHECKING:
    import sqlite3
    from uuid import UUID

    from triage_triggers.record.chain import Payload
    from triage_triggers.record.contents import Content

__all__ = ["NOTHING_YET", "Head", "add_entry", "add_payload", "add_tombstone", "current_head", "set_head", "store"]


class Head(NamedTuple):
    """The last entry's number and hash."""

    sequence: int
    hash: str


NOTHING_YET: Final = Head(-1, BEFORE_THE_FIRST)


def current_head(connection: sqlite3.Connection) -> Head:
    """Return the last entry's number and hash.

    Raises:
        LogError: The note of it is gone.
    """
    row = connection.execute("SELECT sequence, hash FROM head").fetchone()
    if row is None:
        raise LogError("the log's note of its last entry is gone; run 'triage-triggers log verify' on it")
    return Head(row[0], row[1].decode())


def set_head(connection: sqlite3.Connection, head: Head) -> None:
    """Note which entry is the last."""
    connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (head.sequence, head.hash.encode()))


def add_entry(
    connection: sqlite3.Connection,
    kind: str,
    after: Head,
    at: str,
    *,
    decision_id: UUID | None = None,
    **fields: Any,
) -> Head:
    """Chain an entry to the one before and return it as the new last one; ``set_head`` is left to the caller."""
    if decision_id is not None:
        fields["decision_id"] = str(decision_id)
    sequence = after.sequence + 1
    entry, hashed = entry_bytes(kind, sequence, after.hash, at, **fields)
    row = (sequence, at.encode(), None if decision_id is None else decision_id.bytes, entry, hashed.encode())
    connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
    return Head(sequence, hashed)


def add_payload(connection: sqlite3.Connection, sequence: int, payload: Payload) -> None:
    """Store what belongs to a decision's entry and may be erased."""
    connection.execute("INSERT INTO payloads VALUES (?, NULL, ?, ?, ?, ?, ?)", (sequence, *payload))


def store(connection: sqlite3.Connection, part: Content) -> None:
    """Store a ruleset or ladder, unless it is there."""
    row = (part.key.encode(), part.kind.encode(), part.digest.encode(), part.content)
    connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)


def add_tombstone(connection: sqlite3.Connection, sequences: list[int], at: str, **fields: Any) -> Head:
    """Remove the payloads of some entries, ascending, and chain a tombstone that says so."""
    head = add_entry(
        connection,
        "erasure",
        current_head(connection),
        at,
        erased=ranges(sequences),
        count=len(sequences),
        **fields,
    )
    connection.executemany(
        "UPDATE payloads SET erased_by = ?, salt = NULL, call_id = NULL, input_digest = NULL, call = NULL, "
        "assessment = NULL WHERE sequence = ?",
        [(head.sequence, sequence) for sequence in sequences],
    )
    set_head(connection, head)
    return head
