"""Runs the batch, or its parsing alone, over the objects once, in a process of its own, and prints what it cost as
JSON."""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import measure
import yaml
from pyspark.sql import SparkSession
from records import START

from log_pipeline_metrics import batching, events, ranges, spec, tables
from log_pipeline_metrics.batch_arguments import BatchArguments
from log_pipeline_metrics.batching import Batch
from log_pipeline_metrics.events import Bounds
from log_pipeline_metrics.raw import HOUR, TEXT, Raw
from log_pipeline_metrics.spec import Spec

PARSE, WHOLE = "parse", "whole"
VARIANTS = (PARSE, WHOLE)

LATENESS_HOURS = 24
# All objects are of one chunk.
NOW = START + timedelta(hours=24)


@dataclass(frozen=True)
class Cost:
    """What one run took: the run alone, not Spark's start."""

    seconds: float
    cpu_seconds: float
    rows: int


def parse(spark: SparkSession, given: Spec, source: Path) -> None:
    """Parse the objects' lines and leave it at that."""
    objects = Raw(spark, f"file://{source}/").read(ranges.Range(START, NOW).hours())
    bounds = Bounds(ranges.OBJECT_SECONDS + given.skew, LATENESS_HOURS * 3600)
    parsed = events.parse_with_id(objects.lines, given, TEXT, HOUR, bounds)
    parsed.write.format("noop").mode("overwrite").save()


def make_tables(spark: SparkSession) -> None:
    """Make the tables as the warehouse does."""
    spark.sql(f"CREATE NAMESPACE warehouse.{measure.DATABASE}")
    for name in (tables.LIVE, tables.BATCH, tables.RUNS):
        columns = ", ".join(f"{column} {kind}" for column, kind in tables.COLUMNS[name].items())
        spark.sql(f"CREATE TABLE warehouse.{measure.DATABASE}.{name} ({columns}) USING iceberg")


def whole(spark: SparkSession, given: Spec, source: Path) -> None:
    """Run the batch by its schedule for the first time."""
    arguments = BatchArguments(
        "file:///spec.json", f"file://{source}/", measure.DATABASE, "0" * 16, LATENESS_HOURS, settle_seconds=0
    )
    Batch(arguments, spark, given).run(NOW)


def main() -> None:
    """Measure one variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, required=True)
    parser.add_argument("--spec", type=Path, required=True, help="metric spec")
    parser.add_argument("--source", type=Path, required=True, help="folder with the hours' objects")
    args = parser.parse_args()
    with TemporaryDirectory() as temporary:
        spark = measure.session(Path(temporary))
        for name, value in batching.SETTINGS.items():
            spark.conf.set(name, value)
        given = spec.read(yaml.safe_load(args.spec.read_text()))
        make_tables(spark)
        cpu, begun = measure.cpu_seconds(), time.monotonic()
        (parse if args.variant == PARSE else whole)(spark, given, args.source)
        seconds, cpu = time.monotonic() - begun, measure.cpu_seconds() - cpu
        rows = spark.table(f"warehouse.{measure.DATABASE}.{tables.BATCH}").count()
        print(json.dumps(asdict(Cost(seconds, cpu, rows))))


if __name__ == "__main__":
    main()
