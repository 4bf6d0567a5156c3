"""The decision log: every decision recorded, durable before it is acknowledged, chained to the one before."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID
from weakref import WeakValueDictionary

import triage_triggers.record.decision as stored
from triage_triggers.errors import LogError, RecordError
from triage_triggers.record.contents import LADDER, RULESET, Contents, ladder_from, ruleset_from
from triage_triggers.record.entries import TEXT_MODES, Anchor, Payload, parse_entry, ranges, timestamp
from triage_triggers.record.file import LogFile
from triage_triggers.record.recording import RecordedEvaluator
from triage_triggers.record.storage import copy_to
from triage_triggers.record.verification import verify_log

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, MutableMapping
    from datetime import datetime

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.live.update import Response
    from triage_triggers.record.entries import Erasure, ErasureReason, LoggedResponse, Record, TextMode, Verification
    from triage_triggers.record.file import Chaining
    from triage_triggers.record.recording import RecordedCall
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["DecisionLog"]

_PAGE: Final = 200


class DecisionLog:
    """A log of decisions in one file, which several processes and threads may write at the same time.

    When ``append`` returns, the record is on the disk: neither a crash of the process nor of the machine loses it.
    Reading never holds up writing. Every entry names the hash of the one before, so ``verify`` finds what was changed,
    removed, inserted or put in another order. By default nothing that was said is kept, only its digest.

    >>> from tempfile import TemporaryDirectory
    >>> from triage_triggers import Evaluator, load_ruleset
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> with TemporaryDirectory() as folder, DecisionLog.open(f"{folder}/decisions.db") as log:
    ...     assessment = log.attach(evaluator).evaluate("My husband had his hands round my throat.", current_code="C3")
    ...     [record.assessment == assessment.to_json() for record in log.records()], log.verify().ok
    ([True], True)
    """

    def __init__(self, file: LogFile, text: TextMode) -> None:
        self.path: Final = file.path
        self.text: Final[TextMode] = text
        self._file: Final = file
        self._contents: Final = Contents(file)
        self.open_calls: MutableMapping[str, RecordedCall] = WeakValueDictionary()
        self.opening = Lock()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        text: TextMode = "none",
        create: bool = True,
        read_only: bool = False,
        timeout: float = 5.0,
    ) -> Self:
        """Open a log, on a local disk; close it with ``with``, or ``close``.

        ``text`` is what to keep of a call: ``"none"``, ``"masked"`` (word shapes, same offsets) or ``"full"``. With
        ``create``, the file is made if there is none. ``read_only`` needs no right to write the file or its folder.
        ``timeout`` is how many seconds to wait while another process writes.

        Raises:
            LogError: The file can't be opened, is no decision log, or a newer version wrote it.
            RecordError: There is no such text mode.
        """
        if text not in TEXT_MODES:
            raise RecordError(f"text must be one of {', '.join(TEXT_MODES)}")
        return cls(LogFile(Path(path), create=create, read_only=read_only, timeout=timeout), text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<DecisionLog {str(self.path)!r}, text={self.text!r}>"

    def close(self) -> None:
        """Close the file. Everything acknowledged is on the disk already."""
        self._file.close()

    def attach(
        self, evaluator: Evaluator, *, on_failure: Callable[[LogError | RecordError], object] | None = None
    ) -> RecordedEvaluator:
        """Return the evaluator with this log turned on: every assessment is recorded before it is returned.

        If one can't be recorded, the error is raised, and nobody sees the suggestion. With ``on_failure``, that
        function is told, and the assessment is returned unrecorded: for services where a suggestion that can't be
        proved later is better than none.
        """
        return RecordedEvaluator(evaluator, self, on_failure)

    def append(
        self,
        call: Call,
        assessment: Assessment,
        *,
        ruleset: Ruleset,
        ladder: Ladder | None = None,
        at: datetime | None = None,
    ) -> Record:
        """Record one decision; when this returns, it is on the disk.

        ``call`` has the current code that it was evaluated at. The content of ``ruleset`` and ``ladder`` is stored
        once. ``at`` is when the decision was made, with a time zone, by default now.

        Raises:
            LogError: It could not be written, and was not; ``LogBusyError`` if trying again may help.
            RecordError: The assessment is of another call or ruleset, the time has no zone, or the call's metadata is
                no plain JSON.
        """
        return self.append_many([(call, assessment)], ruleset=ruleset, ladder=ladder, at=at)[0]

    def append_many(
        self,
        items: Iterable[tuple[Call, Assessment]],
        *,
        ruleset: Ruleset,
        ladder: Ladder | None = None,
        at: datetime | None = None,
    ) -> tuple[Record, ...]:
        """Record calls as ``append`` does one: all, or on an error none, and the disk is waited for once."""
        given, rules = None if at is None else timestamp(at), self._contents.of(ruleset)
        codes = None if ladder is None else self._contents.of(ladder)
        decisions = [stored.make_ready(*item, text=self.text, ruleset=rules, ladder=codes) for item in items]
        if not decisions:
            return ()

        def add(chaining: Chaining) -> tuple[Record, ...]:
            moment = given or timestamp(None)
            self._contents.add(chaining.connection, rules, codes)
            records = []
            for fields, payload, kept in decisions:
                entry = chaining.add("decision", moment, payload, **fields)
                records.append(stored.record_of(entry, chaining.end.hash, payload, kept))
            return tuple(records)

        return self._file.write(add)

    def append_response(
        self, call_id: str, response: Response, *, decision: UUID | None = None, at: datetime | None = None
    ) -> LoggedResponse:
        """Record what a person answered to a suggestion, and which decision was shown then; errors as of ``append``."""
        given = None if at is None else timestamp(at)
        payload = stored.response_payload(call_id, response)
        shown = None if decision is None else str(decision)

        def add(chaining: Chaining) -> LoggedResponse:
            return stored.response_of(
                chaining.add("response", given or timestamp(None), payload, decision=shown), payload
            )

        return self._file.write(add)

    def responses(self, call_id: str | None = None) -> Iterator[LoggedResponse]:
        """Yield what people answered, in the order it was recorded, less what was erased."""
        condition, values = ("1", []) if call_id is None else ("call_id = ?", [stored.call_key(call_id)])
        with self._file.reading() as connection:
            rows = connection.execute(stored.RESPONSES.format(condition=condition), values).fetchall()
        return (stored.response_of(parse_entry(entry), Payload(*payload)) for entry, *payload in rows)

    def records(
        self, call_id: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Record]:
        """Yield the decisions in the order they were recorded, lazily; also those whose payload was erased.

        Erased ones no longer say whose they were, so ``call_id`` leaves them out. ``since`` is included, ``until`` not.

        Raises:
            LogError: The file can't be read, or a record is not what was recorded: the message names it.
            RecordError: A time has no time zone.
        """
        conditions, values = ["entries.sequence > ?", "entries.decision_id IS NOT NULL"], []
        if call_id is not None:
            conditions.append("payloads.call_id = ?")
            values.append(stored.call_key(call_id))
        for limit, comparison in ((since, ">="), (until, "<")):
            if limit is not None:
                conditions.append(f"entries.at {comparison} ?")
                values.append(timestamp(limit).encode())
        return self._pages(" AND ".join(conditions), values)

    def record(self, decision_id: UUID | str) -> Record | None:
        """Return the decision of that id, if the log holds it; errors as of ``records``."""
        try:
            wanted = decision_id if isinstance(decision_id, UUID) else UUID(decision_id)
        except ValueError:
            raise RecordError("a decision id must be a UUID, such as 6f1f4a3e-0d5b-4c37-9d0e-4c2f6a1b8e55") from None
        return next(self._pages("entries.sequence > ? AND entries.decision_id = ?", [wanted.bytes]), None)

    def ruleset(self, of: str | Record) -> Ruleset:
        """Build again the ruleset of a digest, or exactly the one that a record was made under.

        Raises:
            LogError: The log holds none, it is not what was stored, or this version can't build it.
        """
        return self._contents.built(RULESET, of if isinstance(of, str) else of.ruleset_content, ruleset_from)

    def ladder(self, of: str | Record) -> Ladder | None:
        """Build again the ladder of a digest, or of a record; ``None`` for a record that names its version only."""
        key = of if isinstance(of, str) else of.ladder_digest
        return None if key is None else self._contents.built(LADDER, key, ladder_from)

    def anchor(self) -> Anchor:
        """Return the last entry's number and hash: keep it elsewhere, out of reach of who can write the log."""
        query = "SELECT sequence, hash, at, entry FROM entries ORDER BY sequence"
        with self._file.reading() as connection:
            first = connection.execute(f"{query} LIMIT 1").fetchone()
            last = connection.execute(f"{query} DESC LIMIT 1").fetchone()
        try:
            return Anchor(parse_entry(first[3])["log"], last[0], last[1].decode(), last[2].decode())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LogError(f"{self.path}: the log is damaged; run 'triage-triggers log verify' on it") from error

    def verify(self, anchor: Anchor | Iterable[Anchor] | None = None) -> Verification:
        """Check everything; see ``verify_log``."""
        return verify_log(self.path, anchor, timeout=self._file.timeout)

    def check(self) -> None:
        """Raise a ``LogError`` unless the file can be read and is the one that was opened; ``verify`` reads all."""
        self._file.check()

    def copy(self, path: str | os.PathLike[str]) -> None:
        """Write the log as it stands to a new file, whoever writes it meanwhile: a backup, or evidence to hand over.

        Raises:
            LogError: There is a file already, or it can't be written; then nothing is left of it.
        """
        with self._file.reading() as connection:
            copy_to(connection, Path(path))

    def erase(self, call_id: str, *, note: str = "", at: datetime | None = None) -> Erasure | None:
        """Erase everything about a call (a data subject's request); the log still verifies.

        What remains of each decision is its number, time, decision id, versions, and a commitment that nobody can match
        against a guess. A tombstone with ``note`` (no names!) joins the chain. ``None`` if the log knows no such call.
        Copies elsewhere (backups, exports) are not reached.

        Raises:
            LogError: It could not be written, and nothing is erased; or it is erased, but a reader in another process
                keeps an older state of the file alive: the message says so.
        """
        return self._erase("payloads.call_id = ?", stored.call_key(call_id), "request", note, at)

    def retain(self, *, before: datetime, note: str = "", at: datetime | None = None) -> Erasure | None:
        """End the retention of decisions made before a time: erase, as ``erase`` does, what they say about calls."""
        return self._erase("entries.at < ?", timestamp(before).encode(), "retention", note, at)

    def _pages(self, condition: str, values: list[bytes]) -> Iterator[Record]:
        # Page by page, so that a slow reader never keeps SQLite from tidying up behind the writers.
        query = f"{stored.RECORDS} WHERE {condition} ORDER BY entries.sequence LIMIT {_PAGE}"
        after = -1
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(query, [after, *values]).fetchall()
            for row in rows:
                yield stored.read_record(row, self.path)
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    def _erase(
        self, condition: str, value: bytes, reason: ErasureReason, note: str, at: datetime | None
    ) -> Erasure | None:
        moment = timestamp(at)
        query = (
            "SELECT entries.sequence FROM payloads JOIN entries ON entries.sequence = payloads.sequence "  # noqa: S608
            f"WHERE erased_by IS NULL AND {condition} ORDER BY entries.sequence"
        )
        with self._file.writing() as chaining:
            sequences = [sequence for (sequence,) in chaining.connection.execute(query, (value,))]
            if not sequences:
                return None
            erased, count = ranges(sequences), len(sequences)
            tombstone = chaining.add("erasure", moment, reason=reason, note=note, erased=erased, count=count)
            chaining.connection.executemany(
                "UPDATE payloads SET erased_by = ?, salt = NULL, call_id = NULL, input_digest = NULL, call = NULL, "
                "assessment = NULL WHERE sequence = ?",
                [(tombstone["sequence"], sequence) for sequence in sequences],
            )
        self._file.tidy()
        return stored.erasure_of(tombstone)
