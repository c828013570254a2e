"""Batches to the table metrics_live: one MERGE of whole windows by their key.

A batch holds the value of each window that it changed, all events so far counted. So a batch that comes again changes
nothing.

It may come again with fewer records, where the connector reads by time. Then the next batch has the others, and with
them their windows.
"""

from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from log_pipeline_metrics import aggregates
from log_pipeline_metrics.commits import commit
from log_pipeline_metrics.spec import Spec
from log_pipeline_metrics.tables import Table


class Sink:
    """Writes aggregated batches, but for windows before the first."""

    def __init__(self, table: Table, first_window: datetime, spec: Spec):
        self._table = table
        self._first_window = first_window
        self._spec = spec

    def write(self, aggregated: DataFrame) -> None:
        """Merge a batch. Raises CommitError."""
        rows = aggregates.rows(aggregated, self._spec)
        rows = rows.where(F.unix_seconds("window_start") >= int(self._first_window.timestamp()))
        # Read twice, and again when a commit is lost.
        rows = rows.persist()
        try:
            bounds = rows.agg(F.unix_seconds(F.min("window_start")), F.unix_seconds(F.max("window_start"))).first()
            if bounds[0] is not None:
                first, last = (datetime.fromtimestamp(seconds, UTC) for seconds in bounds)
                statement = merge(self._table, first, last, datetime.now(UTC))
                commit(lambda: rows.sparkSession.sql(statement, batch=rows))
        finally:
            rows.unpersist()


def merge(table: Table, first: datetime, last: datetime, now: datetime, source: str = "{batch}") -> str:
    """Write the MERGE of rows, whose windows start from first to last: no other file of the table is read.

    A row of the source whose value is null is one that is no longer; a batch of the stream has none. Spark puts a view
    of its own in place of {batch}, so that two writers in one session do not share one.
    """
    window = table.cast("window_start", "source.window_start")
    updated = table.time("updated_at", now)
    return f"""
        MERGE INTO {table.name} AS target USING {source} AS source
        ON target.window_start BETWEEN {table.time("window_start", first)} AND {table.time("window_start", last)}
          AND target.window_start = {window}
          AND target.metric = source.metric
          AND target.dimensions = source.dimensions
        WHEN MATCHED AND source.value IS NULL THEN DELETE
        WHEN MATCHED AND target.value IS DISTINCT FROM source.value
          THEN UPDATE SET value = source.value, updated_at = {updated}
        WHEN NOT MATCHED
          THEN INSERT (metric, window_start, dimensions, value, updated_at)
          VALUES (source.metric, {window}, source.dimensions, source.value, {updated})
    """


def clear(spark: SparkSession, table: Table, first_window: datetime) -> None:
    """Delete the windows from the first on: a run that has emitted none finds those of the run before it.

    They may have rows that this run does not emit, such as of dimensions that the spec no longer has: rows that
    nothing would ever replace, and a sum over them counts events twice.
    """
    first = table.time("window_start", first_window)
    commit(lambda: spark.sql(f"DELETE FROM {table.name} WHERE window_start >= {first}"))
