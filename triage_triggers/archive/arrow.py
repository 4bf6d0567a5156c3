"""Results as Arrow columns: the declared schema of Parquet files and of Spark's DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triage_triggers.archive.work import reason_of
from triage_triggers.calls.call import Call
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa

    from triage_triggers.assessment import Assessment

__all__ = ["result_row", "result_schema", "row_batch"]


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
    """Return as a row of that schema what came of a call; of an error, what is not null.

    >>> result_row(Call("C-1", []), CallError("the call is empty"))
    {'call_id': 'C-1', 'error': 'the call is empty'}
    """
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
        return pa.RecordBatch.from_pylist(_encodable(rows), schema=schema)


def _encodable(part: Any) -> Any:  # noqa: ANN401  whatever a row holds
    if isinstance(part, str):
        return part.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(part, dict):
        return {key: _encodable(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_encodable(value) for value in part]
    return part


def _arrow() -> Any:  # noqa: ANN401  pyarrow has no types
    try:
        import pyarrow as pa  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError:
        raise MissingExtraError("results as columns", "arrow") from None
    return pa
