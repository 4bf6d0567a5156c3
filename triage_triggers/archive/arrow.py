"""Calls and results as Arrow: the schema of Parquet files and of Spark, and batches in, batches out."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.archive.work import each, reason_of
from triage_triggers.calls.call import Call
from triage_triggers.calls.json_lines import call_from_object
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from triage_triggers.assessment import Assessment
    from triage_triggers.engine.engine import HasEngine

__all__ = ["COLUMNS", "assess_batches", "result_row", "result_schema", "row_batch"]


def result_schema(*, with_text: bool = False) -> pa.Schema:
    """Return the schema: the keys of ``Assessment.to_dict`` in their order, findings and cues nested, and ``error``.

    A call that could not be evaluated has its reason in ``error`` and nulls in all columns but ``call_id``.
    ``end_utterance`` is always there, where JSON leaves it out if it equals ``utterance``. With ``with_text``,
    findings and cues also have ``text``, and the cast ``names``.

    Raises:
        MissingExtraError: Arrow is not installed.

    >>> result_schema().names[-3:]
    ['cast', 'tally', 'error']
    """
    pa = _arrow()

    def text(*names: str) -> list[tuple[str, object]]:
        return [(name, pa.string()) for name in names]

    def numbers(*names: str) -> list[tuple[str, object]]:
        return [(name, pa.int32()) for name in names]

    said = text("text") if with_text else []
    cue = pa.struct([*text("kind"), *numbers("utterance", "start", "end"), *said])
    person = pa.struct(numbers("person", "utterance", "start", "end"))
    finding = [
        *text("rule", "theme"),
        *numbers("utterance", "start", "end", "end_utterance"),
        *text("polarity", "temporality"),
        *(("counts", pa.bool_()), ("cue", cue)),
        *text("reason", "intent"),
        *(("agent", person), ("patient", person)),
        *(text("tie") + said),
    ]
    tie = pa.struct([*numbers("to"), *text("tie", "known_by"), *numbers("utterance", "start", "end")])
    names = [("names", pa.list_(pa.string()))] if with_text else []
    member = [*numbers("person"), *names, ("ties", pa.list_(tie))]
    line = [*text("kind"), *numbers("points"), ("findings", pa.list_(pa.int32()))]
    return pa.schema(
        [
            *text("call_id"),
            ("ruleset", pa.struct(text("id", "version", "digest"))),
            *text("engine", "lexicon", "ladder", "code_system", "current_code", "suggested_code"),
            *(("escalates", pa.bool_()), ("flagged", pa.bool_())),
            *(("advice", pa.list_(pa.string())), ("policies", pa.list_(pa.string()))),
            ("first_flag", pa.struct([*numbers("utterance", "end"), ("time", pa.float64())])),
            ("findings", pa.list_(pa.struct(finding))),
            ("cast", pa.list_(pa.struct(member))),
            ("tally", pa.struct([*numbers("points"), *text("level"), ("lines", pa.list_(pa.struct(line)))])),
            *text("error"),
        ]
    )


def result_row(call: Call | CallError, result: Assessment | Exception, *, with_text: bool = False) -> dict[str, Any]:
    """Return as a row of that schema what came of a call; of an error, what is not null."""
    read = call if isinstance(call, Call) else None
    if isinstance(result, Exception):
        return {"call_id": read and read.call_id, "error": reason_of(result)}
    row = result.to_dict(read if with_text else None)
    for finding in row["findings"]:
        finding.setdefault("end_utterance", finding["utterance"])
    return row


def row_batch(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Return rows as one record batch. Half a surrogate pair, which no column can hold, becomes U+FFFD."""
    pa = _arrow()
    try:
        return pa.RecordBatch.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        whole = json.dumps(rows, ensure_ascii=False).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return pa.RecordBatch.from_pylist(json.loads(whole), schema=schema)


def _arrow() -> Any:  # noqa: ANN401  pyarrow has no types
    try:
        return import_module("pyarrow")
    except ModuleNotFoundError:
        raise MissingExtraError("results as columns", "arrow") from None


COLUMNS: Final = ("call_id", "text", "utterances", "current_code", "code_system")
"""The columns of calls; others are not read."""
_UTTERANCE: Final = ("text", "speaker", "start", "end")
_ROWS_AT_ONCE: Final = 500
"""A batch may hold ten thousand calls, whose utterances would fill the memory as Python objects."""


def assess_batches(
    evaluator: HasEngine, batches: Iterable[pa.RecordBatch], *, current_code: str | None = None, with_text: bool = False
) -> Iterator[pa.RecordBatch]:
    """Yield the assessments of calls, a row a call and in their order, in batches that may be smaller.

    Batches have a column ``text`` or ``utterances`` (a list of structs with ``text`` and, if you like, ``speaker``,
    ``start`` and ``end``), or both, of which each row gives one; and ``call_id``, ``current_code`` and ``code_system``
    where there are any. What is yielded has the schema :func:`result_schema`. A row that holds no call, or one that
    can't be evaluated, has its reason in ``error`` and nulls elsewhere. No row raises, and no reason quotes what was
    said.

    Raises:
        MissingExtraError: Arrow is not installed.
    """
    schema = result_schema(with_text=with_text)
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
            rows = batch.slice(start, _ROWS_AT_ONCE).to_pylist()
            calls = [_call(row, current_code) for row in rows]
            found = []
            for row, call, result in zip(rows, calls, each(evaluator, calls), strict=True):
                call_id = row.get("call_id")  # whether or not a call was made of the row
                named = {"call_id": None if call_id is None else str(call_id)}
                found.append(result_row(call, result, with_text=with_text) | named)
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
