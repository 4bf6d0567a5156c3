"""A log's decisions in formats that other tools read: JSON Lines and Parquet."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.json_lines import call_to_json
from triage_triggers.errors import MissingExtraError
from triage_triggers.privacy.private_file import unfinished_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from triage_triggers.record.entries import LoggedResponse, Record

__all__ = ["json_lines", "response_lines", "write_parquet"]

_ROW_GROUP: Final = 10_000
_SHOWN: Final = (
    *("sequence", "decision_id", "at", "call_id", "input_digest", "text", "call", "ruleset", "engine", "lexicon"),
    *("ladder", "assessment", "previous", "hash", "erased"),
)


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield each record as one line of ASCII JSON, with its call, if kept, and its assessment as objects in it.

    Erased records are there too, with ``erased`` in place of what was erased.
    """
    for record in records:
        row = _row(record)
        row |= {name: None if row[name] is None else json.loads(row[name]) for name in ("call", "assessment")}
        yield json.dumps(row)


def response_lines(responses: Iterable[LoggedResponse]) -> Iterator[str]:
    """Yield what people answered to suggestions, each as one line of ASCII JSON."""
    for sequence, at, call_id, decision, response in responses:
        shown = None if decision is None else str(decision)
        row = {"sequence": sequence, "at": at.isoformat(), "call_id": call_id, "decision_id": shown}
        yield json.dumps({**row, "response": response._asdict()})


def write_parquet(records: Iterable[Record], path: str | os.PathLike[str]) -> int:
    """Write records to a Parquet file, one row each, and return how many; an existing file is replaced at the end.

    ``call`` and ``assessment`` are columns of JSON text; what is asked for most often (current and suggested code,
    whether the call was flagged) stands in columns of its own beside them.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
        import pyarrow.parquet as pq  # noqa: PLC0415  an extra
    except ImportError:
        raise MissingExtraError("Writing Parquet", "arrow") from None
    texts = ("decision_id", "call_id", "input_digest", "text", "call", "ruleset_id", "ruleset_version")
    more = ("ruleset_digest", "engine", "lexicon", "ladder", "current_code", "suggested_code", "assessment")
    schema = pa.schema(
        [
            pa.field("sequence", pa.int64(), nullable=False),
            pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),
            *(pa.field(name, pa.string()) for name in (*texts, *more, "previous", "hash", "erased")),
            pa.field("escalates", pa.bool_()),
            pa.field("flagged", pa.bool_()),
        ]
    )
    count = 0
    with unfinished_file(Path(path)) as unfinished, pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        flat = map(_flat, records)
        while rows := list(islice(flat, _ROW_GROUP)):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _row(record: Record) -> dict[str, Any]:
    """Return a record as plain data, call and assessment as the JSON that ``evaluate`` reads and writes."""
    return {name: getattr(record, name) for name in _SHOWN} | {
        "decision_id": str(record.decision_id),
        "at": record.at.isoformat(),
        "call": None if record.call is None else call_to_json(record.call),
        "ruleset": record.ruleset._asdict(),
        "erased": None if record.erased is None else {**record.erased._asdict(), "at": record.erased.at.isoformat()},
    }


def _flat(record: Record) -> dict[str, Any]:
    row = _row(record)
    assessment = {} if record.assessment is None else json.loads(record.assessment)
    row |= {f"ruleset_{key}": value for key, value in row.pop("ruleset").items()}
    row |= {key: assessment.get(key) for key in ("current_code", "suggested_code", "escalates", "flagged")}
    row["at"] = record.at
    row["erased"] = None if record.erased is None else record.erased.reason
    if record.call_id is not None:  # Parquet's text is UTF-8, which has no lone surrogates
        row["call_id"] = record.call_id.encode("utf-8", "replace").decode()
    return row
