"""What people answered to suggestions, on its way into the log and out of it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from triage_triggers.live.update import Response
from triage_triggers.record.chain import Payload
from triage_triggers.record.decision import call_key
from triage_triggers.record.entries import LoggedResponse

__all__ = ["RESPONSES", "response_of", "response_payload"]

RESPONSES: Final = (
    "SELECT entry, salt, call_id, input_digest, call, assessment FROM payloads "
    "JOIN entries ON entries.sequence = payloads.sequence "
    "WHERE decision_id IS NULL AND erased_by IS NULL AND {condition} ORDER BY entries.sequence"
)
"""A query whose rows are an entry and the parts of its payload."""


def response_payload(call_id: str, response: Response) -> Payload:
    """Return what may be erased of a response: whose call it was about, and all that was answered."""
    answer = json.dumps(response._asdict(), sort_keys=True, separators=(",", ":")).encode("ascii")
    return Payload(os.urandom(16), call_key(call_id), b"", None, answer)


def response_of(entry: dict[str, Any], payload: Payload) -> LoggedResponse:
    """Return the response that an entry and its payload hold."""
    return LoggedResponse(
        entry["sequence"],
        datetime.fromisoformat(entry["at"]),
        payload.call_id.decode("utf-8", "surrogatepass"),
        None if entry["decision"] is None else UUID(entry["decision"]),
        Response(**json.loads(payload.assessment)),
    )
