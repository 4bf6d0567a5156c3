"""One job on a local Spark with two cores: calls from Parquet, assessments to Parquet. Run by ``benchmarks.archive``.

Prints the seconds of the job itself, without those in which Spark starts.
"""

from __future__ import annotations

import os
import sys
import time

from pyspark.sql import SparkSession

from triage_triggers import Evaluator, load_ruleset
from triage_triggers.integrations.spark import assess


def main() -> None:
    calls, output = sys.argv[1:]
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "1000")
        # Transcripts compress well, and a small file would be one task for one core.
        .config("spark.sql.files.maxPartitionBytes", "1m")
        .config("spark.sql.files.openCostInBytes", "64k")
        .getOrCreate()
    )
    spark.range(1).count()
    started = time.perf_counter()
    assess(spark.read.parquet(calls), Evaluator(load_ruleset("uk-ambulance"))).write.parquet(output)
    seconds = time.perf_counter() - started
    spark.stop()
    print(seconds)


if __name__ == "__main__":
    main()
