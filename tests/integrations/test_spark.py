from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers import Call, CallError, Evaluator, MissingExtraError, Utterance
from triage_triggers.archive.arrow import result_row
from triage_triggers.integrations import spark as integration
from triage_triggers.integrations.spark import assess, assessment_struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame, SparkSession

pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
needs_java = pytest.mark.skipif(
    shutil.which("java") is None and "JAVA_HOME" not in os.environ,
    reason="Spark needs Java, and there is none: install a Java 17 runtime, or set JAVA_HOME",
)
pytestmark = [
    needs_java,
    pytest.mark.filterwarnings("default"),  # PySpark's own
]

CALLS = [
    Call("C-1", [Utterance("He hit me.", "caller", 1.0, 2.0)], current_code="C4"),
    Call("C-2", [Utterance("Has he got a knife?", "call_taker"), Utterance("No.", "caller"), Utterance("I fell.")]),
    Call("C-3", [Utterance("He's got his hands"), Utterance("round my throat.")], code_system="nhs-arp"),
    Call("C-4", []),
]
UTTERANCES = "utterances array<struct<text: string, speaker: string, start: double, end: double>>"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Spark on this computer: two tasks at a time, each with a Python of its own."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  an extra

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = (  # what it does is little: it must start quickly
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .getOrCreate()
        )
        yield session
        session.stop()


def frame(spark: SparkSession, calls: list[Call]) -> DataFrame:
    rows = [
        (
            call.call_id,
            [(said.text, said.speaker, said.start, said.end) for said in call.utterances],
            call.current_code,
            call.code_system,
        )
        for call in calls
    ]
    return spark.createDataFrame(rows, f"call_id string, {UTTERANCES}, current_code string, code_system string")


def plain(found: DataFrame) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in found.collect()]


@pytest.mark.parametrize("with_text", [False, True])
def test_rows_are_what_one_process_says_of_each_call(
    spark: SparkSession, evaluator: Evaluator, *, with_text: bool
) -> None:
    found = assess(frame(spark, CALLS * 25).repartition(2), evaluator, current_code="C3", with_text=with_text)
    assert found.schema == assessment_struct(with_text=with_text)
    expected = {
        call.call_id: {"error": None}
        | result_row(call, evaluator.evaluate(call, current_code=call.current_code or "C3"), with_text=with_text)
        for call in CALLS
    }
    rows = plain(found)
    assert len(rows) == 100
    assert all(row == expected[row["call_id"]] for row in rows)


def test_a_bad_row_has_its_reason_and_costs_no_other(spark: SparkSession, evaluator: Evaluator) -> None:
    good = {"text": "He hit me."}
    bad: list[tuple[dict[str, Any], str]] = [
        ({}, "neither 'text' nor 'utterances'"),
        ({"text": "He hit me.", "utterances": [("x", None, None, None)]}, "both 'text' and 'utterances'"),
        ({"utterances": [None]}, "utterances[0] must be"),
        ({"utterances": [(None, None, None, None)]}, "utterances[0] has no 'text'"),
        ({"utterances": [("He hit me.", "a stranger", None, None)]}, "a speaker must be one of"),
        ({"utterances": [("He hit me.", None, float("nan"), None)]}, "a finite number of seconds"),
        (good | {"current_code": "A1"}, "A1"),
        (good | {"code_system": "scotland"}, "scotland"),
    ]
    names = ("call_id", "text", "utterances", "current_code", "code_system")
    rows = [row for part, _ in bad for row in (part, good)]
    numbered = [tuple((row | {"call_id": number}).get(name) for name in names) for number, row in enumerate(rows)]
    schema = f"call_id int, text string, {UTTERANCES}, current_code string, code_system string"
    found = plain(assess(spark.createDataFrame(numbered, schema).coalesce(1), evaluator))
    assert [row["call_id"] for row in found] == [str(number) for number in range(len(rows))]
    for row, (_, reason) in zip(found[::2], bad, strict=True):
        assert reason in row["error"]
        assert "hit me" not in row["error"]
        assert {name for name, value in row.items() if value is not None} == {"call_id", "error"}
    for row in found[1::2]:
        assert (row["error"], row["flagged"]) == (None, True)


def test_any_columns_will_do_as_long_as_there_is_something_said(spark: SparkSession, evaluator: Evaluator) -> None:
    notes = spark.createDataFrame([("He hit me.", float("nan"), None)], "text string, area double, call_id string")
    (row,) = plain(assess(notes, evaluator, current_code=""))
    assert (row["call_id"], row["current_code"], row["flagged"], row["error"]) == (None, None, True, None)
    with pytest.raises(CallError, match="neither a column 'text'"):
        assess(notes.drop("text"), evaluator)


def test_the_ruleset_is_compiled_once_in_a_worker_process(spark: SparkSession, evaluator: Evaluator) -> None:
    def compiled(_: Any) -> Iterator[Any]:  # noqa: ANN401  Spark's batches
        import pyarrow as pa  # noqa: PLC0415  in the worker

        seen = integration._evaluator.cache_info()
        yield pa.RecordBatch.from_pylist([{"pid": os.getpid(), "misses": seen.misses, "hits": seen.hits}])

    assert assess(frame(spark, CALLS).repartition(4), evaluator).count() == len(CALLS)
    counts = plain(spark.range(2).repartition(2).mapInArrow(compiled, "pid long, misses long, hits long"))
    assert max(row["hits"] for row in counts) > 0
    assert {row["misses"] for row in counts} <= {0, 1}


def test_the_recipe_in_the_documentation_runs(spark: SparkSession, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "archives.md").read_text(encoding="utf-8")
    (recipe,) = (code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "pyspark" in code)
    said = Call("C-1", [Utterance("He strangled me.")], current_code="C3")
    frame(spark, [said, *CALLS[3:]]).coalesce(1).write.parquet(str(tmp_path / "calls.parquet"))
    for name in ("calls.parquet", "flagged_by_spark"):  # the JVM stays in the folder where it started
        recipe = recipe.replace(f'"{name}"', repr(str(tmp_path / name)))
    exec(recipe, {})  # noqa: S102  our own
    (row,) = plain(spark.read.parquet(str(tmp_path / "flagged_by_spark")))
    assert row == {"call_id": "C-1", "suggested_code": "C2"}


def test_without_pyspark_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql.pandas.types", None)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[spark\]"):
        assessment_struct()
