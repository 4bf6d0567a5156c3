"""Whether a log is what was recorded: every byte that says something is checked, and every fault named."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.errors import LogError
from triage_triggers.record.contents import RULESET, is_before_signs, ladder_from, ruleset_from
from triage_triggers.record.entries import (
    BEFORE_THE_FIRST,
    Anchor,
    LogFault,
    Payload,
    Verification,
    digest,
    parse_entry,
)
from triage_triggers.record.storage import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    connect_to_read,
    empty_schema,
    schema,
    speaking_plainly,
    transaction,
)
from triage_triggers.ruleset.digest import ruleset_digest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from triage_triggers.record.entries import FaultKind

__all__ = ["verify_log"]

_MOST_FAULTS: Final = 1_000
_DAMAGE: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
_CAN_NOT_BE_TRIED: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
)


def verify_log(
    path: str | os.PathLike[str], anchor: Anchor | Iterable[Anchor] | None = None, *, timeout: float = 5.0
) -> Verification:
    """Check a log from its first entry to its last, without changing it and without holding up who writes it.

    ``docs/decision-log.md`` says what is found, and what only against an ``anchor`` that ``DecisionLog.anchor``
    returned earlier, one or several. A damaged file is reported as a fault and raises nothing. ``timeout`` is how many
    seconds to wait for a lock.

    Raises:
        LogError: There is no such file, it can't be opened, or another process keeps it locked.
    """
    path = Path(path)
    anchors = () if anchor is None else (anchor,) if isinstance(anchor, Anchor) else tuple(anchor)
    if not path.is_file():
        raise LogError(f"{path}: there is no such file")
    check = _Check()
    try:
        connection = connect_to_read(path, timeout=timeout, check=False)
        try:
            with transaction(connection, "DEFERRED"):
                check.everything(connection, anchors)
        finally:
            connection.close()
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _CAN_NOT_BE_TRIED:
            with speaking_plainly(path):
                raise
        check.fault(None, "file", f"the file is damaged, and can't be read to its end: {error}")
    except (*_DAMAGE, MemoryError) as error:
        check.fault(None, "file", f"the file is damaged, and can't be read to its end ({type(error).__name__})")
    return check.result(anchored=bool(anchors))


class _Check:
    """The state of one verification."""

    def __init__(self) -> None:
        self._faults: list[LogFault] = []
        self._notes: list[LogFault] = []
        self._entries = self._decisions = self._erased = 0
        self._last: tuple[int, str, str] | None = None  # sequence, hash and time of the last entry
        self._log = ""
        self._contents: set[str] = set()
        self._tombstones: list[tuple[int, int, int]] = []  # first and last erased, and by which entry

    def fault(self, sequence: int | None, kind: FaultKind, message: str) -> None:
        """Note what is wrong; beyond a thousand faults, only that there are more."""
        if len(self._faults) < _MOST_FAULTS:
            self._faults.append(LogFault(sequence, kind, message))
        elif len(self._faults) == _MOST_FAULTS:
            self._faults.append(LogFault(None, kind, f"there are more than {_MOST_FAULTS:,} faults"))

    def result(self, *, anchored: bool) -> Verification:
        """Return what was found."""
        anchor = None if self._last is None or not self._log else Anchor(self._log, *self._last)
        return Verification(
            tuple(self._faults), self._entries, self._decisions, self._erased, anchor, anchored, tuple(self._notes)
        )

    def everything(self, connection: sqlite3.Connection, anchors: tuple[Anchor, ...]) -> None:
        """Check the file, its rulesets, its chain, its payloads, its head, and the anchors."""
        self._file(connection)
        self._rulesets(connection)
        self._find_tombstones(connection)
        hashes = {anchor.sequence: "" for anchor in anchors}
        for sequence, hashed in self._chain(connection):
            if sequence in hashes:
                hashes[sequence] = hashed
        self._stray_payloads(connection)
        self._head(connection)
        for anchor in anchors:
            self._anchor(anchor, hashes[anchor.sequence])

    def _file(self, connection: sqlite3.Connection) -> None:
        for (message,) in connection.execute("PRAGMA integrity_check"):
            if message != "ok":
                self.fault(None, "file", f"the file is damaged: {message.splitlines()[0]}")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            self.fault(None, "file", "the file does not say that it is a decision log")
        if version != SCHEMA_VERSION:
            self.fault(None, "file", f"the file says that it has schema {version}, which this version does not know")
        if schema(connection) != empty_schema():
            self.fault(None, "file", "the tables are not those of a decision log")

    def _rulesets(self, connection: sqlite3.Connection) -> None:
        for key, kind, content_digest, content in connection.execute("SELECT * FROM contents"):
            try:
                self._contents.add(key.decode())
                if wrong := self._wrong_with(key.decode(), kind.decode(), content_digest.decode(), content):
                    self.fault(None, "ruleset", f"the stored {kind.decode()} {key.decode()} {wrong}")
            except _DAMAGE:
                self.fault(None, "ruleset", "a stored ruleset or ladder can't be read")

    @staticmethod
    def _wrong_with(key: str, kind: str, content_digest: str, content: bytes) -> str | None:
        if digest(content) != key:
            return "was changed"
        if kind == RULESET and is_before_signs(content):
            return None
        try:
            found = ruleset_digest(ruleset_from(content)) if kind == RULESET else ladder_from(content).digest
        except ValueError:
            return "can't be read by this version"
        return "has another digest than is noted beside it" if found != content_digest else None

    def _find_tombstones(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT sequence, entry FROM entries WHERE decision_id IS NULL AND sequence > 0")
        for sequence, entry in rows:
            try:
                self._tombstones.extend((first, last, sequence) for first, last in parse_entry(entry)["erased"])
            except _DAMAGE:
                continue  # the chain will say so
        self._tombstones.sort()

    def _chain(self, connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
        previous, expected = BEFORE_THE_FIRST, 0
        rows = connection.execute(
            "SELECT entries.sequence, at, decision_id, entry, hash, payloads.sequence, erased_by, salt, call_id, "
            "input_digest, call, assessment FROM entries LEFT JOIN payloads ON payloads.sequence = entries.sequence "
            "ORDER BY entries.sequence"
        )
        for sequence, at, decision_id, entry, hashed, *payload in rows:
            self._entries += 1
            if sequence != expected:
                what = f"entries {expected} to {sequence - 1} are" if sequence - expected > 1 else "the entry is"
                self.fault(expected, "missing", f"{what} not there")
            actual = ""
            try:
                actual = digest(entry)
                if actual.encode() != hashed:
                    self.fault(sequence, "changed", "the entry, or its hash, was changed")
                data = parse_entry(entry)
                self._entry(data, sequence, at, decision_id, previous if sequence == expected else None)
                self._payload(data, sequence, payload)
                self._last = (sequence, actual, at.decode())
            except _DAMAGE:
                self.fault(sequence, "changed", "the entry can't be read")
                self._last = (sequence, actual, "")
            previous, expected = actual, sequence + 1
            yield sequence, actual

    def _entry(
        self, data: dict[str, Any], sequence: int, at: bytes, decision_id: bytes | None, previous: str | None
    ) -> None:
        if data["sequence"] != sequence:
            self.fault(sequence, "order", f"here stands what was recorded as entry {data['sequence']}")
        elif previous is not None and data["previous"] != previous:
            self.fault(sequence, "order", "the entry before is not the one that this one followed")
        if self._last is not None and data["at"] < self._last[2] and len(self._notes) < _MOST_FAULTS:
            self._notes.append(LogFault(sequence, "clock", "its time is before that of the entry it follows"))
        if data["at"].encode() != at:
            self.fault(sequence, "changed", "the time noted beside the entry is not the entry's")
        is_decision = data["kind"] == "decision"
        noted = None if decision_id is None else decision_id.hex()
        if noted != (data["decision_id"].replace("-", "") if is_decision else None):
            self.fault(sequence, "changed", "the decision id noted beside the entry is not the entry's")
        if (data["kind"] == "start") != (sequence == 0):
            self.fault(sequence, "order", "a log has one entry that opens it, its first")
        if data["kind"] == "start":
            self._log = data["log"]
        for key in ("ruleset_content", "ladder_content") if is_decision else ():
            if data[key] is not None and data[key] not in self._contents:
                self.fault(sequence, "ruleset", f"the content recorded, {data[key]}, is not in the log")

    def _payload(self, data: dict[str, Any], sequence: int, found: list[Any]) -> None:
        at, erased_by, *parts = found
        if data["kind"] not in {"decision", "response"}:
            if at is not None:
                self.fault(sequence, "payload", "a payload belongs to decisions and responses only")
            return
        is_decision = data["kind"] == "decision"
        self._decisions += is_decision
        tombstone = self._tombstone_of(sequence)
        if erased_by != tombstone:
            what = "was removed without a tombstone" if tombstone is None else "is noted as erased by another tombstone"
            self.fault(sequence, "payload", f"the payload {what}" if erased_by is not None else _STILL_THERE)
        elif at is None:
            self.fault(sequence, "payload", "the payload is not there")
        elif tombstone is not None:
            self._erased += is_decision
            if any(part is not None for part in parts):
                self.fault(sequence, "payload", _STILL_THERE)
        elif Payload(*parts).commitment() != data["payload"]:
            self.fault(sequence, "payload", "what was recorded about the call was changed or removed")

    def _tombstone_of(self, sequence: int) -> int | None:
        place = bisect_right(self._tombstones, sequence, key=itemgetter(0)) - 1
        if place < 0 or self._tombstones[place][1] < sequence:
            return None
        return self._tombstones[place][2]

    def _stray_payloads(self, connection: sqlite3.Connection) -> None:
        query = "SELECT sequence FROM payloads WHERE sequence NOT IN (SELECT sequence FROM entries)"
        for (sequence,) in connection.execute(query):
            self.fault(sequence, "payload", "there is a payload without an entry")

    def _head(self, connection: sqlite3.Connection) -> None:
        heads = connection.execute("SELECT sequence, hash FROM head").fetchall()
        if self._last is None:
            self.fault(None, "file", "there is no decision log in this file; it is empty")
        elif len(heads) != 1:
            self.fault(None, "tail", "the note of how far the log goes is not there")
        else:
            sequence, hashed = heads[0]
            if sequence > self._last[0]:
                self.fault(self._last[0] + 1, "tail", f"the log went on to entry {sequence}; its tail was cut off")
            elif (sequence, hashed.decode()) != self._last[:2]:
                self.fault(self._last[0], "tail", "the last entry is not the one noted as the last")

    def _anchor(self, anchor: Anchor, hashed: str) -> None:
        if self._log and anchor.log != self._log:
            self.fault(None, "anchor", f"the anchor is of another log ({anchor.log}; this is {self._log})")
        elif not hashed:
            self.fault(anchor.sequence, "anchor", "the anchor's entry is not there: the log's tail was cut off")
        elif hashed != anchor.hash:
            anew = "the entry is not the anchor's: the log was written anew from here on or earlier"
            self.fault(anchor.sequence, "anchor", anew)


_STILL_THERE: Final = "the payload is there in spite of a tombstone"
