"""A decision made ready to be recorded: checked, and as bytes, before anybody has to wait for the file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from triage_triggers.errors import RecordError
from triage_triggers.record.calls import call_bytes, digest, kept
from triage_triggers.record.chain import Payload, from_timestamp
from triage_triggers.record.entries import Record

if TYPE_CHECKING:
    from uuid import UUID

    from triage_triggers.assessment import Assessment, RulesetRef
    from triage_triggers.calls.call import Call
    from triage_triggers.record.contents import Content
    from triage_triggers.record.entries import TextMode
    from triage_triggers.record.ledger import Head

__all__ = ["Circumstances", "Decision", "call_key", "make_ready"]


class Circumstances(NamedTuple):
    """What the decisions of one transaction have in common."""

    at: str
    text: TextMode
    ruleset: Content
    ladder: Content | None


class Decision(NamedTuple):
    """A decision, as far as it doesn't depend on what stands before it in the log."""

    decision_id: UUID
    call: Call | None
    call_id: str
    assessment: Assessment
    ruleset: RulesetRef
    payload: Payload

    def fields(self, under: Circumstances) -> dict[str, Any]:
        """Return what the entry says, beside its place in the chain, its time and its id."""
        return {
            "ruleset": self.ruleset,
            "ruleset_content": under.ruleset.key,
            "engine": self.assessment.engine,
            "lexicon": self.assessment.lexicon,
            "ladder": self.assessment.ladder,
            "ladder_content": under.ladder.key if under.ladder else None,
            "ladder_digest": under.ladder.digest if under.ladder else None,
            "text": under.text,
            "payload": self.payload.commitment(),
        }

    def record(self, under: Circumstances, previous: str, head: Head) -> Record:
        """Return the decision as a record that stands at ``head``."""
        return Record(
            sequence=head.sequence,
            decision_id=self.decision_id,
            at=from_timestamp(under.at),
            call_id=self.call_id,
            input_digest=self.payload.input_digest.decode(),
            call=self.call,
            text=under.text,
            ruleset=self.ruleset,
            ruleset_content=under.ruleset.key,
            engine=self.assessment.engine,
            lexicon=self.assessment.lexicon,
            ladder=self.assessment.ladder,
            ladder_digest=under.ladder.digest if under.ladder else None,
            assessment=self.payload.assessment.decode(),
            previous=previous,
            hash=head.hash,
        )


def make_ready(call: Call, assessment: Assessment, under: Circumstances) -> Decision:
    """Return a decision ready to be recorded.

    Raises:
        RecordError: The assessment is of another call or ruleset, or the call's metadata is no plain JSON.
    """
    ref = assessment.ruleset
    if ref.digest not in {"", under.ruleset.digest}:
        raise RecordError(
            f"the assessment was made under {ref.id} {ref.version} of digest {ref.digest}; the ruleset given has "
            f"digest {under.ruleset.digest}"
        )
    if assessment.call_id != call.call_id:
        raise RecordError("the assessment is of another call than the one given")
    content = call_bytes(call)
    left = kept(call, under.text)
    stored = content if left is call else None if left is None else call_bytes(left)
    payload = Payload(
        os.urandom(16), call_key(call.call_id), digest(content).encode(), stored, assessment.to_json().encode()
    )
    return Decision(uuid4(), left, call.call_id, assessment, ref._replace(digest=under.ruleset.digest), payload)


def call_key(call_id: str) -> bytes:
    """Return a call's id as the log stores it: any text, lone surrogates too."""
    return call_id.encode("utf-8", "surrogatepass")
