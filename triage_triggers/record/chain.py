"""The log's entries as bytes, and the hashes that chain them.

An entry is one line of canonical JSON (keys sorted, no spaces, ASCII) that holds its own number and the hash of the
entry before; its hash is the SHA-256 of exactly those bytes. What tells something about a person (call id, digest of
the input, text, assessment) is not in the entry but in its payload. The entry holds only a commitment to it: a hash
over the payload and 16 random bytes kept with it. So a payload can be removed and the chain still verifies, and what
remains can't be matched against a guessed text.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.errors import RecordError
from triage_triggers.record.calls import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BEFORE_THE_FIRST",
    "ENTRY_FORMAT",
    "Payload",
    "entry_bytes",
    "from_timestamp",
    "parse_entry",
    "ranges",
    "timestamp",
]

ENTRY_FORMAT: Final = 1
BEFORE_THE_FIRST: Final = f"sha256:{'0' * 64}"
"""What the first entry names as the hash of the one before."""


class Payload(NamedTuple):
    """What may be erased: the columns of a payload, each as bytes exactly as stored, after 16 random bytes."""

    salt: bytes
    call_id: bytes
    input_digest: bytes
    call: bytes | None
    assessment: bytes

    def commitment(self) -> str:
        """Return a hash over all parts and their lengths, so that no byte can move from one part to the next."""
        hashed = hashlib.sha256()
        for part in self:
            hashed.update(b"-;" if part is None else b"%d:%b;" % (len(part), part))
        return f"sha256:{hashed.hexdigest()}"


def entry_bytes(kind: str, sequence: int, previous: str, at: str, **fields: object) -> tuple[bytes, str]:
    """Return an entry and its hash.

    >>> entry, hashed = entry_bytes("start", 0, BEFORE_THE_FIRST, "2026-11-24T09:00:00.000000Z", log="L")
    >>> parse_entry(entry)["log"], hashed[:7]
    ('L', 'sha256:')
    """
    content = {"format": ENTRY_FORMAT, "kind": kind, "sequence": sequence, "previous": previous, "at": at, **fields}
    entry = json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")
    return entry, digest(entry)


def parse_entry(entry: bytes) -> dict[str, Any]:
    """Return what an entry says.

    Raises:
        ValueError: It is no JSON object.
    """
    data = json.loads(entry)
    if not isinstance(data, dict):
        raise ValueError("no JSON object")  # noqa: TRY004  the caller has bytes, whatever is in them
    return data


def timestamp(at: datetime | None) -> str:
    """Return a time, by default now, as UTC with microseconds: always as long, so that texts sort as times do.

    >>> timestamp(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    '2026-11-24T09:30:00.000000Z'

    Raises:
        RecordError: The time has no time zone, so it would say different things in different places.
    """
    at = datetime.now(UTC) if at is None else at
    if at.utcoffset() is None:
        raise RecordError("the time must have a time zone, such as datetime.now(timezone.utc)")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def from_timestamp(text: str) -> datetime:
    """Return the time that :func:`timestamp` wrote."""
    return datetime.fromisoformat(text)


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as ranges, both ends included.

    >>> ranges([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
