"""What a decision log holds and its verification finds, as frozen values; its entries as bytes, and how they chain.

An entry is one line of canonical JSON (keys sorted, no spaces, ASCII) that holds its own number and the hash of the
entry before; its hash is the SHA-256 of exactly those bytes. What tells something about a person (call id, digest of
the input, text, assessment) is not in the entry but in its payload. The entry holds only a commitment to it: a hash
over the payload and 16 random bytes kept with it. So a payload can be removed and the chain still verifies, and what
remains can't be matched against a guessed text.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

from triage_triggers.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from triage_triggers.assessment import RulesetRef
    from triage_triggers.calls.call import Call
    from triage_triggers.live.update import Response

__all__ = [
    "BEFORE_THE_FIRST",
    "ENTRY_FORMAT",
    "TEXT_MODES",
    "Anchor",
    "Erasure",
    "ErasureReason",
    "FaultKind",
    "LogFault",
    "LoggedResponse",
    "Payload",
    "Record",
    "TextMode",
    "Verification",
    "digest",
    "entry_bytes",
    "parse_entry",
    "ranges",
    "timestamp",
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
    runs = groupby(enumerate(numbers), key=lambda numbered: numbered[1] - numbered[0])
    found = ([number for _, number in run] for _, run in runs)
    return [(run[0], run[-1]) for run in found]
