"""Rulesets and ladders, as the log stores them once for each content, and as it builds them again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from pydantic import ValidationError

from triage_triggers.errors import LogError, RecordError, RulesetError
from triage_triggers.ladders.ladder import Ladder
from triage_triggers.ladders.ladder_file import DeterminantTable, LadderFile
from triage_triggers.record.entries import digest
from triage_triggers.ruleset.definition import Ruleset
from triage_triggers.ruleset.digest import ruleset_digest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from pydantic import BaseModel

    from triage_triggers.record.file import LogFile

__all__ = [
    "LADDER",
    "RULESET",
    "Content",
    "Contents",
    "is_before_signs",
    "ladder_content",
    "ladder_from",
    "ruleset_content",
    "ruleset_from",
]

RULESET: Final = "ruleset"
LADDER: Final = "ladder"


class Content(NamedTuple):
    """A ruleset or ladder as JSON, in the order it was written in.

    ``key`` is the SHA-256 of exactly these bytes, ``digest`` the content's own. Two rulesets that differ in the order
    of their signs alone have one digest but list a call's signs in different orders, so the log keeps both.
    """

    key: str
    kind: str
    digest: str
    content: bytes


def ruleset_content(ruleset: Ruleset) -> Content:
    """Return a ruleset as the log stores it."""
    content_digest = ruleset_digest(ruleset)
    if ruleset.digest not in {"", content_digest}:
        raise RecordError(
            f"the ruleset {ruleset.id} {ruleset.version} was changed after it was loaded: its digest is not that of "
            "its content; load it again"
        )
    content = ruleset.model_dump_json(by_alias=True, exclude_defaults=True).encode()
    return Content(digest(content), RULESET, content_digest, content)


def ruleset_from(content: bytes) -> Ruleset:
    """Build a ruleset again, exactly as it was."""
    ruleset = Ruleset.model_validate_json(content)
    if ruleset.digest not in {"", ruleset_digest(ruleset)}:
        raise ValueError("its content has another digest than it says")
    return ruleset


def is_before_signs(content: bytes) -> bool:
    """Tell whether a ruleset was stored when conditions, gates and policies decided: no version since can build it."""
    try:
        written = json.loads(content)
    except ValueError:
        return False
    return isinstance(written, dict) and not {"conditions", "gates", "policy"}.isdisjoint(written)


def ladder_content(ladder: Ladder) -> Content:
    """Return a ladder, with its determinant table if it has one, as the log stores it."""
    parts = {"file": _plain(ladder.file), "table": _plain(ladder.table)}
    content = json.dumps(parts, separators=(",", ":")).encode("ascii")
    return Content(digest(content), LADDER, ladder.digest, content)


def ladder_from(content: bytes) -> Ladder:
    """Build a ladder again."""
    try:
        parts = json.loads(content)
        table = parts["table"]
        return Ladder(
            LadderFile.model_validate(parts["file"]), None if table is None else DeterminantTable.model_validate(table)
        )
    except (KeyError, TypeError, ValidationError, RulesetError):
        raise ValueError("it is no ladder") from None


def _plain(part: BaseModel | None) -> dict[str, Any] | None:
    return None if part is None else part.model_dump(mode="json", by_alias=True, exclude_defaults=True)


_KEPT: Final = 8
Built = TypeVar("Built")


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

    def built(self, kind: str, key: str, build: Callable[[bytes], Built]) -> Built:
        """Build a ruleset or ladder again; a ``LogError`` where the log holds none, or it is not what was stored."""
        query = "SELECT key, content FROM contents WHERE kind = ? AND (key = ? OR digest = ?) ORDER BY rowid LIMIT 1"
        with self._file.reading() as connection:
            row = connection.execute(query, (kind.encode(), key.encode(), key.encode())).fetchone()
        if row is None:
            raise LogError(f"{self._file.path}: the log holds no {kind} of digest {key}")
        found, content = row
        stored = f"{self._file.path}: the stored {kind} {key}"
        if not isinstance(content, bytes) or digest(content).encode() != found:
            raise LogError(f"{stored} is not what was stored; run 'triage-triggers log verify'")
        try:
            return build(content)
        except ValueError as error:
            raise LogError(
                f"{stored} can't be built again by this version of triage-triggers; use the one that the record names "
                "as its engine"
            ) from error
