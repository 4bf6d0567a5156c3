"""The rulesets and ladders that a log holds, once for each content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.errors import LogError
from triage_triggers.ladders.ladder import Ladder
from triage_triggers.record.chain import digest
from triage_triggers.record.contents import LADDER, RULESET, ladder_content, ladder_from, ruleset_content, ruleset_from

if TYPE_CHECKING:
    import sqlite3

    from triage_triggers.record.contents import Content
    from triage_triggers.record.file import LogFile
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["Contents"]

_KEPT: Final = 8
_ANOTHER_VERSION: Final = (
    "{path}: the stored {what} can't be built again by this version of triage-triggers; use the one that the record "
    "names as its engine"
)


class Contents:
    """What a log's file holds of rulesets and ladders."""

    def __init__(self, file: LogFile) -> None:
        self._file = file
        self._latest: tuple[tuple[Ruleset | Ladder, Content], ...] = ()

    def of(self, part: Ruleset | Ladder) -> Content:
        """Return a ruleset or ladder as the log stores it."""
        for known, content in self._latest:
            if known is part:
                return content
        content = ladder_content(part) if isinstance(part, Ladder) else ruleset_content(part)
        self._latest = (*self._latest[1 - _KEPT :], (part, content))
        return content

    @staticmethod
    def add(connection: sqlite3.Connection, *parts: Content | None) -> None:
        """Store what the log does not hold yet."""
        for part in parts:
            if part is not None:
                row = (part.key.encode(), part.kind.encode(), part.digest.encode(), part.content)
                connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)

    def ruleset(self, key: str) -> Ruleset:
        """Build a ruleset again.

        Raises:
            LogError: The log holds none, or it is not what was stored.
        """
        try:
            return ruleset_from(self._stored(RULESET, key))
        except ValueError as error:
            raise LogError(_ANOTHER_VERSION.format(path=self._file.path, what=f"ruleset {key}")) from error

    def ladder(self, key: str) -> Ladder:
        """Build a ladder again.

        Raises:
            LogError: As for ``ruleset``.
        """
        try:
            return ladder_from(self._stored(LADDER, key))
        except ValueError as error:
            raise LogError(_ANOTHER_VERSION.format(path=self._file.path, what=f"ladder {key}")) from error

    def _stored(self, kind: str, key: str) -> bytes:
        query = "SELECT key, content FROM contents WHERE kind = ? AND (key = ? OR digest = ?) ORDER BY rowid LIMIT 1"
        with self._file.reading() as connection:
            row = connection.execute(query, (kind.encode(), key.encode(), key.encode())).fetchone()
        if row is None:
            raise LogError(f"{self._file.path}: the log holds no {kind} of digest {key}")
        found, content = row
        if not isinstance(content, bytes) or digest(content).encode() != found:
            raise LogError(
                f"{self._file.path}: the stored {kind} {key} is not what was stored; run 'triage-triggers log verify'"
            )
        return content
