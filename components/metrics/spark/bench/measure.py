"""Runs one variant over the records once, in a process of its own, and prints what it cost as JSON."""

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import plain
import psutil
import yaml
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import DataStreamWriter

from log_pipeline_metrics import aggregates, events, spec, tables
from log_pipeline_metrics.sink import Sink
from log_pipeline_metrics.spec import Spec

PARSE, WITHOUT_DISTINCT, WHOLE, PLAIN = "parse", "without distinct", "whole", "plain"
VARIANTS = (PARSE, WITHOUT_DISTINCT, WHOLE, PLAIN)
DATABASE = "bench"
RAW_COLUMN, ARRIVAL_COLUMN = "raw", "arrival"
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)

_COLUMNS = "metric string, window_start timestamp, dimensions string, value double"


@dataclass(frozen=True)
class Cost:
    """What one run took: the query alone, not Spark's start."""

    records: int
    seconds: float
    cpu_seconds: float
    batches: int
    state_rows: int
    files: int


def measure(spark: SparkSession, variant: str, given: Spec, source: Path, folder: Path) -> Cost:
    """Stream the files of source through the variant, a batch for each."""
    schema = f"{RAW_COLUMN} string, {ARRIVAL_COLUMN} timestamp"
    raw = spark.readStream.schema(schema).option("maxFilesPerTrigger", 1).parquet(str(source))
    writer = _writer(spark, raw, variant, given)
    writer = writer.option("checkpointLocation", str(folder / "checkpoint")).trigger(availableNow=True)
    cpu, begun = cpu_seconds(), time.monotonic()
    query = writer.start()
    query.awaitTermination()
    seconds, cpu = time.monotonic() - begun, cpu_seconds() - cpu
    progress = [batch for batch in query.recentProgress if batch.numInputRows]
    state = progress[-1].stateOperators
    return Cost(
        records=sum(batch.numInputRows for batch in progress),
        seconds=seconds,
        cpu_seconds=cpu,
        batches=len(progress),
        state_rows=state[0].numRowsTotal if state else 0,
        files=sum(1 for file in (folder / "warehouse").rglob("*.parquet")),
    )


def _writer(spark: SparkSession, raw: DataFrame, variant: str, given: Spec) -> DataStreamWriter:
    if variant == PARSE:
        parsed = events.parse(raw, given, RAW_COLUMN, ARRIVAL_COLUMN)
        return parsed.writeStream.foreachBatch(lambda batch, _: batch.write.format("noop").mode("overwrite").save())
    spark.sql(f"CREATE NAMESPACE warehouse.{DATABASE}")
    if variant == PLAIN:
        table = f"warehouse.{DATABASE}.plain"
        spark.sql(f"CREATE TABLE {table} ({_COLUMNS}) USING iceberg PARTITIONED BY (days(window_start))")
        return (
            plain.aggregate(raw)
            .writeStream.outputMode("append")
            .foreachBatch(lambda batch, _: batch.writeTo(table).append())
        )
    if variant == WITHOUT_DISTINCT:
        given = without_distinct(given)
    spark.sql(f"CREATE TABLE warehouse.{DATABASE}.{tables.LIVE} ({_COLUMNS}, updated_at timestamp) USING iceberg")
    sink = Sink(tables.evolve(spark, DATABASE, tables.LIVE), BEFORE_ALL, given)
    parsed = events.parse(raw, given, RAW_COLUMN, ARRIVAL_COLUMN)
    wide = aggregates.aggregate(parsed, given, watermark=True)
    return wide.writeStream.outputMode("update").foreachBatch(lambda batch, _: sink.write(batch))


def without_distinct(given: Spec) -> Spec:
    """The same spec, less what counts distinct values."""
    metrics = tuple(metric for metric in given.metrics if metric.aggregate != "distinct")
    names = {metric.name for metric in metrics}
    ratios = tuple(ratio for ratio in given.ratios if {ratio.numerator, ratio.denominator} <= names)
    return replace(given, metrics=metrics, ratios=ratios)


def cpu_seconds() -> float:
    """CPU time of this process and of those that it started: the JVM is one."""
    this = psutil.Process()
    times = [process.cpu_times() for process in (this, *this.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def session(folder: Path) -> SparkSession:
    """One core, and the settings of the job in Glue as far as they cost anything."""
    catalog = "spark.sql.catalog.warehouse"
    settings = {
        "spark.driver.memory": "4g",
        "spark.ui.enabled": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.type": "hadoop",
        f"{catalog}.warehouse": str(folder / "warehouse"),
        f"{catalog}.cache-enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.streaming.numRecentProgressUpdates": "1000",
    }
    builder = SparkSession.builder.master("local[1]")
    for key, value in (settings | aggregates.SETTINGS).items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def main() -> None:
    """Measure one variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, required=True)
    parser.add_argument("--spec", type=Path, required=True, help="metric spec")
    parser.add_argument("--source", type=Path, required=True, help="folder of Parquet files, a batch each")
    args = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        given = spec.read(yaml.safe_load(args.spec.read_text()))
        print(json.dumps(asdict(measure(session(folder), args.variant, given, args.source, folder))))


if __name__ == "__main__":
    main()
