"""Input that is missing: a chunk is not counted where raw lacks what the streaming job has counted."""

from collections.abc import Container
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from log_pipeline_metrics.ranges import BUFFER, HOUR, Range, floor
from log_pipeline_metrics.rows import OWN
from log_pipeline_metrics.tables import Table

_OWN = f"metric IN {OWN}"


class MissingInputError(RuntimeError):
    """Raw lacks objects."""


def check(spark: SparkSession, live: Table, chunk: Range, hours: Container[datetime]) -> None:
    """Look for records that arrived in a chunk, by the live table, and objects of their hours. Raises
    MissingInputError.

    hours are those with an object. What arrives within a buffer's time after an hour may be in an object of that hour,
    since a key has the hour of the oldest record.
    """
    missing = {
        floor(w, HOUR) for w in _windows(spark, live, chunk) if not {floor(w, HOUR), floor(w - BUFFER, HOUR)} & hours
    }
    if missing:
        listed = ", ".join(f"{hour:%Y-%m-%dT%H:00Z}" for hour in sorted(missing))
        raise MissingInputError(
            f"raw has no object for records that the streaming job counted in the hours {listed}: "
            f"{chunk} is not counted, and the cut-over stays"
        )


def _windows(spark: SparkSession, live: Table, chunk: Range) -> list[datetime]:
    """The windows in which records arrived."""
    first, end = (live.time("window_start", time) for time in (chunk.first, chunk.end))
    rows = spark.sql(
        f"SELECT DISTINCT unix_seconds(CAST(window_start AS timestamp)) FROM {live.name}"
        f" WHERE {_OWN} AND window_start >= {first} AND window_start < {end}"
    ).collect()
    return [datetime.fromtimestamp(row[0], UTC) for row in rows]
