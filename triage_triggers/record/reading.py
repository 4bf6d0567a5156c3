"""From a row of the file back to a record, checked on the way: nothing altered is ever handed out as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from triage_triggers.assessment import RulesetRef
from triage_triggers.errors import CallError, LogError
from triage_triggers.record.calls import call_from_bytes, digest
from triage_triggers.record.chain import Payload, from_timestamp, parse_entry
from triage_triggers.record.model import Erasure, Record

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
    try:
        if digest(entry) != hashed.decode():
            raise ValueError("its hash is another")  # noqa: TRY301  one way out for whatever damage does
        data = parse_entry(entry)
        if data["sequence"] != sequence:
            raise ValueError("it stood elsewhere")  # noqa: TRY301
        if tombstone is not None:
            return _record(data, hashed.decode(), None, _erasure(tombstone, sequence))
        payload = Payload(*parts)
        if payload.commitment() != data["payload"]:
            raise ValueError("its payload is another")  # noqa: TRY301
        return _record(data, hashed.decode(), payload, None)
    except (ValueError, TypeError, KeyError, AttributeError, CallError) as error:
        message = f"{path}: entry {sequence} is not what was recorded; run 'triage-triggers log verify' on the log"
        raise LogError(message) from error


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


def _erasure(tombstone: bytes, sequence: int) -> Erasure:
    data = parse_entry(tombstone)
    if not any(first <= sequence <= last for first, last in data["erased"]):
        raise ValueError("the tombstone is of other records")
    return Erasure(data["sequence"], from_timestamp(data["at"]), data["reason"], data["note"], data["count"])
