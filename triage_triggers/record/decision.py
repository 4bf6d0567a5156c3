"""A decision or an answer on its way into the log and out of it, and what is kept of its call."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID, uuid4

from triage_triggers.assessment import RulesetRef
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.errors import LogError, RecordError
from triage_triggers.live.update import Response
from triage_triggers.record.entries import Erasure, LoggedResponse, Payload, Record, digest, parse_entry

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.assessment import Assessment
    from triage_triggers.record.contents import Content
    from triage_triggers.record.entries import TextMode

__all__ = [
    "RECORDS",
    "RESPONSES",
    "call_bytes",
    "call_from_bytes",
    "call_key",
    "erasure_of",
    "kept",
    "make_ready",
    "mask",
    "read_record",
    "record_of",
    "response_of",
    "response_payload",
]


def call_bytes(call: Call) -> bytes:
    """Return a call as canonical JSON: keys sorted, no spaces, UTF-8; lone surrogates as they are.

    An utterance is a row of text, speaker, start and end.

    >>> call_bytes(Call.from_text("Hé."))[:37].decode()
    '{"call_id":"-","code_system":null,"cu'
    """
    content = {
        "call_id": call.call_id,
        "current_code": call.current_code,
        "code_system": call.code_system,
        "metadata": call.metadata,
        # Rows and not objects: a long call has hundreds, and writing their keys would take most of the time.
        "utterances": [(part.text, part.speaker, part.start, part.end) for part in call.utterances],
    }
    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        plain = "text, finite numbers, true, false, null, lists, objects"
        raise RecordError(f"the call's metadata must be plain JSON ({plain})") from None
    return text.encode("utf-8", "surrogatepass")


def call_from_bytes(content: bytes) -> Call:
    """Return the call that :func:`call_bytes` wrote."""
    data: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return Call(
        data["call_id"],
        [Utterance(*row) for row in data["utterances"]],
        current_code=data["current_code"],
        code_system=data["code_system"],
        metadata=data["metadata"],
    )


def kept(call: Call, text: TextMode) -> Call | None:
    """Return what a log of some text mode keeps of a call; metadata, which may quote anything, only in full."""
    if text != "masked":
        return call if text == "full" else None
    ends = accumulate(len(part.text) for part in call.utterances)
    whole = mask("".join(part.text for part in call.utterances))  # much faster than each by itself
    masked = [
        replace(part, text=whole[end - len(part.text) : end]) for part, end in zip(call.utterances, ends, strict=True)
    ]
    return Call(call.call_id, masked, current_code=call.current_code, code_system=call.code_system)


def mask(text: str) -> str:
    """Return text of the same length in code points with its letters and digits hidden, so that all offsets hold.

    Spaces and punctuation stay. The lengths of words stay too: a mask hides words from a passing glance and from
    search, but is no anonymisation.

    >>> mask("He’s at 14 Mill Lane!")
    'Xx’x xx 00 Xxxx Xxxx!'
    """
    return text.translate(_SHAPES)


class _Shapes(dict[int, str]):
    def __missing__(self, point: int) -> str:
        char = chr(point)
        kind = unicodedata.category(char)
        if kind[0] in "PZ" or char.isspace():
            shape = char
        elif kind[0] == "N":
            shape = "0"
        else:
            shape = "X" if kind in {"Lu", "Lt"} else "x"
        self[point] = shape
        return shape


_SHAPES: Final = _Shapes()  # a memo, at most as long as Unicode


RECORDS: Final = (
    "SELECT entries.sequence, entries.entry, entries.hash, tombstones.entry, payloads.salt, payloads.call_id, "
    "payloads.input_digest, payloads.call, payloads.assessment FROM entries "
    "LEFT JOIN payloads ON payloads.sequence = entries.sequence "
    "LEFT JOIN entries AS tombstones ON tombstones.sequence = payloads.erased_by"
)
"""The start of a query whose rows :func:`read_record` takes."""

_AS_WRITTEN: Final = (
    *("sequence", "text", "ruleset_content", "engine", "lexicon", "ladder", "ladder_digest", "previous"),
)


class ReadyDecision(NamedTuple):
    """A decision checked and written as bytes, before anybody has to wait for the file.

    ``fields`` is what its entry says beside its place in the chain and its time; ``call`` is what is kept of the call.
    """

    fields: dict[str, Any]
    payload: Payload
    call: Call | None


def make_ready(
    call: Call, assessment: Assessment, *, text: TextMode, ruleset: Content, ladder: Content | None
) -> ReadyDecision:
    """Return a decision ready to be recorded."""
    ref = assessment.ruleset
    if ref.digest not in {"", ruleset.digest}:
        raise RecordError(
            f"the assessment was made under {ref.id} {ref.version} of digest {ref.digest}; the ruleset given has "
            f"digest {ruleset.digest}"
        )
    if assessment.call_id != call.call_id:
        raise RecordError("the assessment is of another call than the one given")
    content = call_bytes(call)
    left = kept(call, text)
    stored = content if left is call else None if left is None else call_bytes(left)
    payload = Payload(
        os.urandom(16), call_key(call.call_id), digest(content).encode(), stored, assessment.to_json().encode()
    )
    fields = {
        "decision_id": str(uuid4()),
        "ruleset": ref._replace(digest=ruleset.digest),
        "ruleset_content": ruleset.key,
        "engine": assessment.engine,
        "lexicon": assessment.lexicon,
        "ladder": assessment.ladder,
        "ladder_content": ladder.key if ladder else None,
        "ladder_digest": ladder.digest if ladder else None,
        "text": text,
    }
    return ReadyDecision(fields, payload, left)


def call_key(call_id: str) -> bytes:
    """Return a call's id as the log stores it: any text, lone surrogates too."""
    return call_id.encode("utf-8", "surrogatepass")


def record_of(
    entry: dict[str, Any], hashed: str, payload: Payload | None, call: Call | None, erased: Erasure | None = None
) -> Record:
    """Return the record of an entry, with what its payload says where that is still there."""
    return Record(
        **{name: entry[name] for name in _AS_WRITTEN},
        decision_id=UUID(entry["decision_id"]),
        at=datetime.fromisoformat(entry["at"]),
        call_id=payload.call_id.decode("utf-8", "surrogatepass") if payload else None,
        input_digest=payload.input_digest.decode() if payload else None,
        call=call,
        ruleset=RulesetRef(*entry["ruleset"]),
        assessment=payload.assessment.decode() if payload else None,
        hash=hashed,
        erased=erased,
    )


def erasure_of(entry: dict[str, Any]) -> Erasure:
    """Return what a tombstone's entry says."""
    at = datetime.fromisoformat(entry["at"])
    return Erasure(entry["sequence"], at, entry["reason"], entry["note"], entry["count"])


def read_record(row: tuple[Any, ...], path: Path) -> Record:
    """Return the record of a row, checked: nothing altered is ever handed out as recorded."""
    sequence, entry, hashed, tombstone, *parts = row
    cause: Exception | None = None
    try:
        data = parse_entry(entry)
        if digest(entry).encode() == hashed and data["sequence"] == sequence:
            if tombstone is not None:
                grave = parse_entry(tombstone)
                if any(first <= sequence <= last for first, last in grave["erased"]):
                    return record_of(data, hashed.decode(), None, None, erasure_of(grave))
            elif (payload := Payload(*parts)).commitment() == data["payload"]:
                call = None if payload.call is None else call_from_bytes(payload.call)
                return record_of(data, hashed.decode(), payload, call)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:  # whatever damage does
        cause = error
    message = f"{path}: entry {sequence} is not what was recorded; run 'triage-triggers log verify' on the log"
    raise LogError(message) from cause


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
