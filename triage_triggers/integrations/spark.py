"""Calls in a Spark DataFrame, assessed where they are: the ruleset travels to the data."""

from __future__ import annotations

import pickle
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from triage_triggers.archive.arrow import COLUMNS, assess_batches, result_schema
from triage_triggers.errors import CallError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from triage_triggers.evaluator import Evaluator

__all__ = ["assess", "assessment_struct"]

_EVALUATORS_KEPT: Final = 4


def assess(
    calls: DataFrame, evaluator: Evaluator, *, current_code: str | None = None, with_text: bool = False
) -> DataFrame:
    """Return a DataFrame with the assessment of every call, one row each, in the order of each partition.

    The columns are those of :func:`assessment_struct`. A row that holds no call, or one that can't be evaluated, has
    its reason in ``error`` and nulls elsewhere; no row fails the job, and no reason quotes what was said. Join the
    result to your own columns by ``call_id``.

    The evaluator's ruleset and code ladder travel to the executors by content, and each worker process compiles them
    once. The executors need triage-triggers with the extra ``spark``, of the version that the driver has.

    Args:
        calls: Columns ``text``, or ``utterances`` (a list of structs with ``text`` and, if you like, ``speaker``,
            ``start`` and ``end``), or both, of which each row gives one; ``call_id`` (numbers become text),
            ``current_code`` and ``code_system`` where there are any. Other columns are not read.
        evaluator: The evaluator.
        current_code: The code of calls that don't give their own.
        with_text: Quote the words of each finding and cue in a field ``text``.

    Raises:
        CallError: There is neither a column ``text`` nor a column ``utterances``.
        MissingExtraError: PySpark or Arrow is not installed.
    """
    schema = assessment_struct(with_text=with_text)
    if not {"text", "utterances"} & set(calls.columns):
        raise CallError("the DataFrame has neither a column 'text' nor a column 'utterances'; rename the one that fits")
    known = [
        calls[name].cast("string").alias(name) if name == "call_id" else calls[name]
        for name in COLUMNS
        if name in calls.columns
    ]
    work = partial(_assess, pickle.dumps(evaluator), current_code, with_text=with_text)
    return calls.select(*known).mapInArrow(work, schema)


def assessment_struct(*, with_text: bool = False) -> StructType:
    """Return the schema of :func:`assess`: the keys of ``Assessment.to_dict``, findings nested, and ``error``.

    Raises:
        MissingExtraError: PySpark or Arrow is not installed.
    """
    try:
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError:
        raise MissingExtraError("assessing a Spark DataFrame", "spark") from None
    return from_arrow_schema(result_schema(with_text=with_text))


def _assess(
    pickled: bytes, current_code: str | None, batches: Iterable[pa.RecordBatch], *, with_text: bool
) -> Iterator[pa.RecordBatch]:
    """Assess a partition; what Spark sends to its workers."""
    return assess_batches(_evaluator(pickled), batches, current_code=current_code, with_text=with_text)


@lru_cache(maxsize=_EVALUATORS_KEPT)
def _evaluator(pickled: bytes) -> Evaluator:
    """Return the evaluator of a ruleset and a ladder, compiled once a process; Spark's workers outlive their tasks.

    The bytes come from the driver, as the code that runs here does.
    """
    evaluator: Evaluator = pickle.loads(pickled)  # noqa: S301
    return evaluator
