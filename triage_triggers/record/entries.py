"""What a decision log holds and what its verification finds, as frozen values."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

from triage_triggers.errors import RecordError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from triage_triggers.assessment import RulesetRef
    from triage_triggers.calls.call import Call
    from triage_triggers.live.update import Response

__all__ = [
    "TEXT_MODES",
    "Anchor",
    "Erasure",
    "ErasureReason",
    "FaultKind",
    "LogFault",
    "LoggedResponse",
    "Record",
    "TextMode",
    "Verification",
]

TextMode: TypeAlias = Literal["none", "masked", "full"]
TEXT_MODES: Final[tuple[TextMode, ...]] = get_args(TextMode)
ErasureReason: TypeAlias = Literal["request", "retention"]
FaultKind: TypeAlias = Literal["file", "changed", "missing", "order", "payload", "ruleset", "tail", "anchor", "clock"]


class Erasure(NamedTuple):
    """A tombstone: the entry of the log that says why and when payloads were removed.

    ``reason`` is ``"request"`` (a data subject's call was erased) or ``"retention"`` (the period ran out); ``note`` is
    what the person who erased wrote about it. ``records`` is how many it covers.
    """

    sequence: int
    at: datetime
    reason: ErasureReason
    note: str
    records: int


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, as it stands in the log.

    ``sequence`` counts the log's entries from 0, of which the first opens the log; tombstones take a number each, so
    the numbers of decisions may leave gaps. ``at`` is when the decision was made (UTC). ``input_digest`` is the SHA-256
    of the call's canonical JSON, whatever was kept of its text; ``call`` is the call as far as ``text`` allows:
    ``"none"`` keeps nothing, ``"masked"`` the shape of each word, ``"full"`` everything. ``assessment`` is the JSON
    exactly as it was recorded, byte for byte. ``ladder`` is the code ladder's id and version, ``ladder_digest`` that of
    its content where the log holds it.

    Once erased, ``call_id``, ``input_digest``, ``call`` and ``assessment`` are ``None``, and ``erased`` says why.
    """

    sequence: int
    decision_id: UUID
    at: datetime
    call_id: str | None
    input_digest: str | None
    call: Call | None
    text: TextMode
    ruleset: RulesetRef
    ruleset_content: str
    engine: str
    lexicon: str
    ladder: str
    ladder_digest: str | None
    assessment: str | None
    previous: str
    hash: str
    erased: Erasure | None = None


class LoggedResponse(NamedTuple):
    """What a person answered to a suggestion, when, and which decision was shown then."""

    sequence: int
    at: datetime
    call_id: str
    decision_id: UUID | None
    response: Response


class LogFault(NamedTuple):
    """One thing wrong with a log: at which entry (``None``: the file as a whole), of which kind, and what.

    >>> print(LogFault(7, "missing", "the entry is not there"))
    entry 7: the entry is not there
    """

    sequence: int | None
    kind: FaultKind
    message: str

    def __str__(self) -> str:
        return self.message if self.sequence is None else f"entry {self.sequence}: {self.message}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What to keep elsewhere so that nobody can cut the log's tail off, or write it anew, unseen.

    ``log`` is the log's own id; ``sequence`` and ``hash`` are those of its last entry when the anchor was taken, and
    ``at`` that entry's time. Nothing in it says anything about a call.

    >>> anchor = Anchor("7c0c3a52-3f8e-4e55-9c54-6a3b3d1f2a77", 0, "sha256:00", "2026-11-24T09:00:00.000000Z")
    >>> Anchor.from_json(anchor.to_json()) == anchor
    True
    """

    log: str
    sequence: int
    hash: str
    at: str

    def to_json(self) -> str:
        """Return the anchor as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Anchor:
        """Return the anchor that :meth:`to_json` wrote; raise a ``RecordError`` where the line is none."""
        try:
            return TypeAdapter(cls).validate_json(line, strict=True)
        except ValidationError:
            raise RecordError(
                "an anchor must be one line of JSON, as printed by 'triage-triggers log anchor'"
            ) from None


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a log found.

    ``entries`` counts all entries, ``decisions`` those that are decisions, ``erased`` the decisions among them whose
    payload was removed. ``anchor`` is the log's last entry, to compare or to keep; ``anchored`` says whether the log
    was checked against an anchor kept elsewhere. Without one, a log that somebody wrote anew from some entry on, hashes
    and all, can't be told from the true one, nor one whose newest entries were lost with its ``-wal``.

    ``notes`` are no faults: entries whose time is before that of the entry they follow, as when a clock is set back.
    """

    faults: tuple[LogFault, ...]
    entries: int
    decisions: int
    erased: int
    anchor: Anchor | None
    anchored: bool
    notes: tuple[LogFault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults
