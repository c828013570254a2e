"""Raw and the tables, in folders of this machine, for tests of the batch."""

import dataclasses
import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duck
from given import NOON, at, collected, read_spec
from pyspark.sql import DataFrame, SparkSession

from log_pipeline_metrics.batch_arguments import BatchArguments
from log_pipeline_metrics.batching import Batch
from log_pipeline_metrics.spec import Spec
from log_pipeline_metrics.tables import BATCH, LIVE, RUNS

HOUR = 3_600_000_000
LATENESS_HOURS = 5
# What an object of an hour can hold: that hour, its buffer, and the slack.
OBJECT_SECONDS = 7200


def moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, UTC)


SPEC = read_spec("""
fields:
  kind: {type: string}
  who: {type: string}
metrics:
  - {name: events, unit: events, aggregate: count, dimensions: [kind]}
  - {name: whos, unit: people, aggregate: distinct, field: who, dimensions: [kind]}
ratios:
  - {name: whos_an_event, numerator: whos, denominator: events}
""")
SECOND = 1_000_000
# Counts the windows of NOON until two hours later.
NOW = moment(NOON + 3 * HOUR)

_METRICS = "metric string, window_start {time}, dimensions string, value double, updated_at {time}"
_RUNS = (
    "run string, state string, range_from {time}, range_to {time}, cut_over {time}, objects bigint, records bigint,"
    " duplicates bigint, rejected string, version string, started_at {time}, updated_at {time}"
)


class Lake:
    """Objects, each with an hour and lines, and a database with tables as Glue makes them."""

    def __init__(self, spark: SparkSession, folder: Path, database: str, time: str = "timestamp_ntz"):
        self.spark = spark
        self.raw = folder
        self.database = database
        self.objects: list[tuple[int, list[str]]] = []
        spark.sql(f"CREATE NAMESPACE warehouse.{database}")
        for name, columns in ((LIVE, _METRICS), (BATCH, _METRICS), (RUNS, _RUNS)):
            spark.sql(f"CREATE TABLE {self.table(name)} ({columns.format(time=time)}) USING iceberg")

    def table(self, name: str) -> str:
        return f"warehouse.{self.database}.{name}"

    def put(self, hour: int, lines: Iterable[str]) -> Path:
        """Put an object. hour is microseconds since 1970."""
        lines = list(lines)
        key = datetime.fromtimestamp(hour / 1e6, UTC).strftime("dt=%Y-%m-%d/hour=%H")
        path = self.raw / key / f"events-1-2026-{len(self.objects):05}.json.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
        self.objects.append((hour, lines))
        return path

    def partitions(self, name: str) -> list[str]:
        """The partitions of a table."""
        described = self.spark.sql(f"DESCRIBE TABLE {self.table(name)}").collect()
        return [row.data_type for row in described if row.col_name.startswith("Part ")]

    def live(self, window: int, metric: str = "records_accepted", value: float = 1) -> None:
        """Write a row of the streaming job."""
        self.spark.sql(
            f"INSERT INTO {self.table(LIVE)} VALUES ('{metric}', timestamp_micros({window}), '{{}}', {value}, now())"
        )

    def batch(self, spec: Spec, first: int | None = None, end: int | None = None, **more) -> Batch:
        """A run over windows, or by the schedule."""
        return Batch(self.arguments(first, end, **more), self.spark, spec)

    def arguments(
        self, first: int | None = None, end: int | None = None, settle: int = 3600, accepts_missing: bool = False
    ) -> BatchArguments:
        """The arguments of a run. Those of the program are in S3."""
        return BatchArguments(
            spec="file:///spec.json",
            raw=f"file://{self.raw}/",
            database=self.database,
            version="0123456789abcdef",
            lateness_hours=LATENESS_HOURS,
            settle_seconds=settle,
            first=moment(first) if first else None,
            end=moment(end) if end else None,
            accepts_missing=accepts_missing,
        )

    def folder(self) -> str:
        """The warehouse's folder."""
        return self.spark.conf.get("spark.sql.catalog.warehouse.warehouse")

    def rows(self) -> duck.Rows:
        return collected(self.frame(BATCH))

    def frame(self, name: str) -> DataFrame:
        table = self.spark.table(self.table(name))
        times = [field.name for field in table.schema if field.dataType.typeName().startswith("timestamp")]
        return table.withColumns({time: table[time].cast("timestamp") for time in times})

    def snapshots(self, name: str = BATCH) -> int:
        return self.spark.sql(f"SELECT * FROM {self.table(name)}.snapshots").count()

    def runs(self) -> list:
        """The runs in their order."""
        query = (
            f"SELECT *, unix_seconds(CAST(cut_over AS timestamp)) AS cut FROM {self.table(RUNS)} ORDER BY started_at"
        )
        return self.spark.sql(query).collect()

    def cut_over(self) -> int | None:
        """The cut-over in microseconds since 1970, as the views have it."""
        query = f"SELECT unix_micros(CAST(max(cut_over) AS timestamp)) FROM {self.table(RUNS)}"
        return self.spark.sql(query).first()[0]

    def grow_old(self) -> None:
        """Have what runs say be longer ago than a run says nothing."""
        self.spark.sql(f"UPDATE {self.table(RUNS)} SET updated_at = updated_at - INTERVAL 31 MINUTES")

    def truth(self, spec: Spec, first: int, end: int) -> duck.Rows:
        """What the table must have of some windows."""
        return truth(self.objects, spec, first, end)


def truth(objects: Iterable[tuple[int, list[str]]], spec: Spec, first: int, end: int) -> duck.Rows:
    """The rows of some windows by DuckDB."""
    judged = dataclasses.replace(spec, skew=spec.skew + OBJECT_SECONDS, lateness=LATENESS_HOURS * 3600)
    found = duck.rows([(line, hour) for hour, lines in objects for line in lines], judged, once=True)
    of_range = {key: value for key, value in found.items() if first <= key[1] * 1_000_000 < end}
    return {key: value for key, value in of_range.items() if not key[0].startswith("records_")}


def record(time: int, event_id: str, kind: str = "a") -> str:
    return json.dumps({"time": at(time), "event_id": event_id, "kind": kind, "who": event_id[-1]})


def some(time: int, number: int, kind: str = "a") -> list[str]:
    return [record(time + i * SECOND, f"{time}-{kind}-{i}", kind) for i in range(number)]
