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

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BEFORE_THE_FIRST", "ENTRY_FORMAT", "Payload", "digest", "entry_bytes", "parse_entry", "ranges", "timestamp"]

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
        return digest(b"".join(b"-;" if part is None else b"%d:%b;" % (len(part), part) for part in self))


def digest(content: bytes) -> str:
    """Return ``sha256:`` and the SHA-256 of some bytes, in hexadecimal."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def entry_bytes(content: dict[str, Any]) -> bytes:
    """Return an entry as the log stores and hashes it.

    >>> entry_bytes({"sequence": 0, "log": "L"})
    b'{"log":"L","sequence":0}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def parse_entry(entry: bytes) -> dict[str, Any]:
    """Return what an entry says."""
    data = json.loads(entry)
    if not isinstance(data, dict):
        raise ValueError("no JSON object")  # noqa: TRY004  the caller has bytes, whatever is in them
    return data


def timestamp(at: datetime | None) -> str:
    """Return a time, by default now, as UTC with microseconds: always as long, so that texts sort as times do.

    >>> timestamp(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    '2026-11-24T09:30:00.000000Z'
    """
    at = datetime.now(UTC) if at is None else at
    if at.utcoffset() is None:
        raise RecordError("the time must have a time zone, such as datetime.now(timezone.utc)")
    try:
        at = at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise RecordError("the time is out of range: in UTC its year must be 1 to 9999") from None
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


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
