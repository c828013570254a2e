"""Exact rows to the table metrics_batch: what differs from the table, in one MERGE.

Rows of the spec's metrics that are no longer are deleted with it, such as those of an event that has been removed from
raw. Where nothing differs there is no commit: a range that is counted again leaves the table as it was.

MERGE has a clause of its own for rows without a source, WHEN NOT MATCHED BY SOURCE. With it Spark reads the whole
table, since it joins it fully. Here it reads the files of the chunk.
"""

from datetime import UTC, datetime, timedelta

from pyspark.sql import DataFrame, SparkSession

from log_pipeline_metrics import sink
from log_pipeline_metrics.commits import commit
from log_pipeline_metrics.ranges import Range
from log_pipeline_metrics.spec import Spec
from log_pipeline_metrics.tables import Table

_MICROSECOND = timedelta(microseconds=1)


class Changes:
    """Brings the table to the rows that were counted. Nobody else writes to it meanwhile, but to compact it."""

    def __init__(self, spark: SparkSession, table: Table, spec: Spec):
        self._spark = spark
        self._table = table
        self._names = ", ".join(f"'{named.name}'" for named in (*spec.metrics, *spec.ratios))

    def has_rows(self, chunk: Range) -> bool:
        """Tell whether the table has rows of a chunk and the spec's metrics."""
        return not self._spark.sql(self._before(chunk)).isEmpty()

    def number(self, counted: DataFrame, chunk: Range) -> int:
        """Give the number of rows in which the table differs from what was counted of a chunk."""
        return self._spark.sql(f"SELECT count(*) FROM ({self._different(chunk)})", batch=counted).first()[0]

    def merge(self, counted: DataFrame, chunk: Range) -> None:
        """Commit what was counted of a chunk. Raises CommitError."""
        source = f"({self._different(chunk)})"
        statement = sink.merge(self._table, chunk.first, chunk.end - _MICROSECOND, datetime.now(UTC), source)
        commit(lambda: self._spark.sql(statement, batch=counted))

    def _before(self, chunk: Range) -> str:
        first, end = (self._table.time("window_start", time) for time in (chunk.first, chunk.end))
        return f"""
            SELECT metric, CAST(window_start AS timestamp) AS window_start, dimensions, value FROM {self._table.name}
            WHERE window_start >= {first} AND window_start < {end} AND metric IN ({self._names})
        """

    def _different(self, chunk: Range) -> str:
        """Select the rows of {batch} that differ from the table's, and with a null for their value those that are no
        longer."""
        return f"""
            SELECT metric, window_start, dimensions, counted.value AS value
            FROM ({self._before(chunk)}) AS before FULL JOIN {{batch}} AS counted
            USING (metric, window_start, dimensions)
            WHERE before.value IS DISTINCT FROM counted.value
        """
