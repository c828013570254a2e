"""Specs and records that tests give, and what they get, in plain values."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from log_pipeline_metrics import spec
from log_pipeline_metrics.spec import Spec

# A moment of arrival, in microseconds since 1970.
NOON = 1_772_366_400_000_000
NOON_TEXT = "2026-03-01T12:00:00Z"
MINUTE = 60_000_000

DEFAULT_SPEC = Path(__file__).parents[4] / "internal" / "metricspec" / "default.yaml"

Record = tuple[str | None, int]
Rows = dict[tuple[str, int, str], float]


def read_spec(text: str) -> Spec:
    """A spec from YAML; version and eventTime are filled in."""
    given = {"version": 1, "eventTime": [{"field": "time", "format": "iso8601"}]} | yaml.safe_load(text)
    given["fields"] = {"time": {"type": "string"}} | given.get("fields", {})
    return spec.read(given)


def default_spec() -> Spec:
    return spec.read(yaml.safe_load(DEFAULT_SPEC.read_text()))


def frame(spark: SparkSession, records: Iterable[Record]) -> DataFrame:
    """Records as the source gives them: text, and arrival from microseconds."""
    given = spark.createDataFrame(list(records), "text string, micros bigint")
    return given.select("text", F.timestamp_micros("micros").alias("arrival"))


def collected(rows: DataFrame) -> Rows:
    """Values by metric, seconds of the window's start, and dimensions."""
    found = rows.select("metric", F.unix_seconds("window_start"), "dimensions", "value").collect()
    by_key = {(metric, window, dimensions): value for metric, window, dimensions, value in found}
    assert len(by_key) == len(found), "two rows have one key"
    return by_key


def at(micros: int) -> str:
    """ISO 8601 of microseconds since 1970."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
