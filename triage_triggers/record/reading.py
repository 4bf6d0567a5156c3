"""From a row of the file back to a record, checked on the way: nothing altered is ever handed out as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from triage_triggers.assessment import RulesetRef
from triage_triggers.errors import LogError
from triage_triggers.record.calls import call_from_bytes, digest
from triage_triggers.record.chain import Payload, from_timestamp, parse_entry
from triage_triggers.record.entries import Erasure, Record

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, TypeAlias

__all__ = ["RECORDS", "read_record"]

RECORDS: Final = (
    "SELECT entries.sequence, entries.entry, entries.hash, tombstones.entry, payloads.salt, payloads.call_id, "
    "payloads.input_digest, payloads.call, payloads.assessment FROM entries "
    "LEFT JOIN payloads ON payloads.sequence = entries.sequence "
    "LEFT JOIN entries AS tombstones ON tombstones.sequence = payloads.erased_by"
)
"""The start of a query whose rows :func:`read_record` takes."""

Row: TypeAlias = "tuple[Any, ...]"


def read_record(row: Row, path: Path) -> Record:
    """Return the record of a row.

    Raises:
        LogError: It is not what was recorded.
    """
    sequence, entry, hashed, tombstone, *parts = row
    cause: Exception | None = None
    try:
        data = parse_entry(entry)
        payload = None if tombstone is not None else Payload(*parts)
        erased = None if tombstone is None else _erasure(tombstone, sequence)
        is_payload = erased is not None if payload is None else payload.commitment() == data["payload"]
        if digest(entry).encode() == hashed and data["sequence"] == sequence and is_payload:
            return _record(data, hashed.decode(), payload, erased)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:  # whatever damage does
        cause = error
    message = f"{path}: entry {sequence} is not what was recorded; run 'triage-triggers log verify' on the log"
    raise LogError(message) from cause


def _record(data: dict[str, Any], hashed: str, payload: Payload | None, erased: Erasure | None) -> Record:
    call = call_from_bytes(payload.call) if payload and payload.call is not None else None
    return Record(
        sequence=data["sequence"],
        decision_id=UUID(data["decision_id"]),
        at=from_timestamp(data["at"]),
        call_id=payload.call_id.decode("utf-8", "surrogatepass") if payload else None,
        input_digest=payload.input_digest.decode() if payload else None,
        call=call,
        text=data["text"],
        ruleset=RulesetRef(*data["ruleset"]),
        ruleset_content=data["ruleset_content"],
        engine=data["engine"],
        lexicon=data["lexicon"],
        ladder=data["ladder"],
        ladder_digest=data["ladder_digest"],
        assessment=payload.assessment.decode() if payload else None,
        previous=data["previous"],
        hash=hashed,
        erased=erased,
    )


def _erasure(tombstone: bytes, sequence: int) -> Erasure | None:
    """Return what a tombstone says, if it is one of that entry."""
    data = parse_entry(tombstone)
    if not any(first <= sequence <= last for first, last in data["erased"]):
        return None
    return Erasure(data["sequence"], from_timestamp(data["at"]), data["reason"], data["note"], data["count"])
