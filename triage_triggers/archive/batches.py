"""Arrow batches of calls in, Arrow batches of assessments out: for Spark, Polars, DuckDB and whatever speaks Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from triage_triggers.archive.arrow import assessment_row, assessment_schema, row_batch
from triage_triggers.archive.many import each
from triage_triggers.calls.json_lines import call_from_object
from triage_triggers.errors import CallError, TriageTriggersError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator

__all__ = ["COLUMNS", "assess_batches", "batch_schema"]

COLUMNS: Final = ("call_id", "text", "utterances", "current_code", "code_system")
"""The columns of calls; others are not read."""
_UTTERANCE: Final = ("text", "speaker", "start", "end")
_ROWS_AT_ONCE: Final = 500
"""A batch may hold ten thousand calls, whose utterances would fill the memory as Python objects."""


def batch_schema(*, with_text: bool = False) -> pa.Schema:
    """Return the schema of what :func:`assess_batches` yields: that of assessments, and ``error``.

    Raises:
        MissingExtraError: Arrow is not installed.

    >>> batch_schema().names[-2:]
    ['findings', 'error']
    """
    schema = assessment_schema(with_text=with_text)
    return schema.append(schema.field("call_id").with_name("error"))


def assess_batches(
    evaluator: Evaluator,
    batches: Iterable[pa.RecordBatch],
    *,
    current_code: str | None = None,
    with_text: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Yield the assessments of calls, a row a call and in their order, in batches that may be smaller.

    A row that holds no call, or one that can't be evaluated, has its reason in ``error`` and nulls elsewhere. No row
    raises, and no reason quotes what was said.

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
    schema = batch_schema(with_text=with_text)
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
            rows = batch.slice(start, _ROWS_AT_ONCE).to_pylist()
            calls = [_call(row, current_code) for row in rows]
            results = iter(_each(evaluator, [call for call in calls if not isinstance(call, CallError)]))
            found = [
                _row(row, call, call if isinstance(call, CallError) else next(results), with_text=with_text)
                for row, call in zip(rows, calls, strict=True)
            ]
            yield row_batch(found, schema)


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


def _each(evaluator: Evaluator, calls: list[Call]) -> list[Assessment | Exception]:
    """Evaluate calls; a fault of ours in one of them must not cost a job of millions, but its own row only."""
    try:
        return [*each(evaluator, calls)]
    except Exception as error:  # noqa: BLE001
        if len(calls) == 1:
            return [error]
        return [result for call in calls for result in _each(evaluator, [call])]


def _row(
    row: dict[str, Any], call: Call | CallError, result: Assessment | Exception, *, with_text: bool
) -> dict[str, Any]:
    call_id = row.get("call_id")
    named = {"call_id": None if call_id is None else str(call_id)}
    if isinstance(call, CallError) or isinstance(result, Exception):
        reason = str(result) if isinstance(result, TriageTriggersError) else f"unexpected: {type(result).__name__}"
        return named | {"error": reason}
    return assessment_row(result, call if with_text else None) | named
