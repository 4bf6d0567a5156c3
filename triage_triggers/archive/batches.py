"""Arrow batches of calls in, Arrow batches of assessments out: for Spark, Polars, DuckDB and whatever speaks Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from triage_triggers.archive.arrow import result_row, result_schema, row_batch
from triage_triggers.archive.work import each
from triage_triggers.calls.json_lines import call_from_object
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from triage_triggers.calls.call import Call
    from triage_triggers.engine.engine import HasEngine

__all__ = ["COLUMNS", "assess_batches"]

COLUMNS: Final = ("call_id", "text", "utterances", "current_code", "code_system")
"""The columns of calls; others are not read."""
_UTTERANCE: Final = ("text", "speaker", "start", "end")
_ROWS_AT_ONCE: Final = 500
"""A batch may hold ten thousand calls, whose utterances would fill the memory as Python objects."""


def assess_batches(
    evaluator: HasEngine,
    batches: Iterable[pa.RecordBatch],
    *,
    current_code: str | None = None,
    with_text: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Yield the assessments of calls, a row a call and in their order, in batches that may be smaller.

    Their schema is :func:`triage_triggers.archive.arrow.result_schema`. A row that holds no call, or one that can't be
    evaluated, has its reason in ``error`` and nulls elsewhere. No row raises, and no reason quotes what was said.

    Args:
        evaluator: The evaluator.
        batches: A column ``text`` or ``utterances`` (a list of structs with ``text`` and, if you like, ``speaker``,
            ``start`` and ``end``), or both, of which each row gives one; and ``call_id``, ``current_code`` and
            ``code_system`` where there are any.
        current_code: The code of calls that don't give their own.
        with_text: Quote the words of each finding and cue in a field ``text``.

    Raises:
        MissingExtraError: Arrow is not installed.
    """
    schema = result_schema(with_text=with_text)
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
            rows = batch.slice(start, _ROWS_AT_ONCE).to_pylist()
            calls = [_call(row, current_code) for row in rows]
            judged = zip(calls, each(evaluator, calls), strict=True)
            found = [result_row(call, result, with_text=with_text) for call, result in judged]
            named = [_id(row) for row in rows]
            yield row_batch([row | call_id for row, call_id in zip(found, named, strict=True)], schema)


def _id(row: dict[str, Any]) -> dict[str, str | None]:
    """Return a row's id as text, whether or not a call was made of the row."""
    return {"call_id": None if row.get("call_id") is None else str(row["call_id"])}


def _call(row: dict[str, Any], current_code: str | None) -> Call | CallError:
    data = {name: row[name] for name in COLUMNS if row.get(name) is not None}
    if isinstance(data.get("call_id"), int):
        data["call_id"] = str(data["call_id"])
    if isinstance(data.get("utterances"), list):
        data["utterances"] = [
            {name: said.get(name) for name in _UTTERANCE} if isinstance(said, dict) else said
            for said in data["utterances"]
        ]
    if not data.get("current_code"):
        data["current_code"] = current_code
    try:
        return call_from_object(data, "")
    except CallError as error:
        return error
