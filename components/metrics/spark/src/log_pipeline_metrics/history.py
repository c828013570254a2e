"""What the tables say of the runs before."""

from datetime import UTC, datetime, timedelta

from pyspark.sql import SparkSession

from log_pipeline_metrics import tables
from log_pipeline_metrics.commits import commit
from log_pipeline_metrics.gaps import Gap
from log_pipeline_metrics.runs import PROPERTY, Run
from log_pipeline_metrics.tables import Table

# Each shard that is read has records in the batches of this time.
RECENT = timedelta(minutes=10)

_OWN = "metric IN ('records_accepted', 'records_rejected')"


class History:
    """Reads and writes what outlasts a run: whose the table is, how far the stream was read, and the gaps."""

    def __init__(self, spark: SparkSession, live: Table, gaps: Table):
        self._spark = spark
        self._live = live
        self._gaps = gaps

    def run(self) -> Run | None:
        """Give the run whose the table is."""
        text = tables.properties(self._spark, self._live.name).get(PROPERTY)
        return Run.from_json(text) if text else None

    def take(self, run: Run) -> None:
        """Make the table a run's."""
        tables.set_property(self._spark, self._live.name, PROPERTY, run.to_json())

    def read_to(self, now: datetime, retention: timedelta) -> datetime | None:
        """Give the arrival up to which every shard was read, None if nothing was.

        The last batches tell it by their earliest records, those among them that were dropped. What is older than the
        stream's retention is not looked at closely.
        """
        oldest = self._live.time("window_start", now - retention)
        latest = self._time(f"SELECT max(updated_at) FROM {self._live.name} WHERE {_OWN} AND window_start >= {oldest}")
        if latest is None:
            return self._time(f"SELECT max(window_start) FROM {self._live.name} WHERE {_OWN}")
        counted = self._time(
            f"SELECT min(window_start) FROM {self._live.name} WHERE {_OWN} AND window_start >= {oldest}"
            f" AND updated_at >= {self._live.time('updated_at', latest - RECENT)}"
        )
        dropped = self._time(
            f"SELECT min(window_from) FROM {self._gaps.name}"
            f" WHERE dropped_rows > 0 AND noted_at >= {self._gaps.time('noted_at', latest - RECENT)}"
        )
        return min(time for time in (counted, dropped) if time)

    def note(self, gap: Gap) -> None:
        """Note a gap, unless its batch has one: of a gap that was noted before a crash, more was known."""
        dropped = "NULL" if gap.dropped_rows is None else gap.dropped_rows
        table = self._gaps
        statement = f"""
            MERGE INTO {table.name} AS target
            USING (SELECT '{gap.checkpoint}' AS checkpoint, CAST({gap.batch} AS bigint) AS batch_id) AS source
            ON target.checkpoint = source.checkpoint AND target.batch_id = source.batch_id
            WHEN NOT MATCHED THEN
              INSERT (checkpoint, batch_id, window_from, window_to, dropped_rows, noted_at)
              VALUES (source.checkpoint, source.batch_id, {table.time("window_from", gap.window_from)},
                {table.time("window_to", gap.window_to)}, {table.cast("dropped_rows", str(dropped))},
                {table.time("noted_at", datetime.now(UTC))})
        """
        commit(lambda: self._spark.sql(statement))

    def _time(self, query: str) -> datetime | None:
        """Give the time that a query has as its only value. A microsecond count has no zone to go wrong."""
        value = self._spark.sql(f"SELECT unix_micros(CAST(({query}) AS timestamp))").first()[0]
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)
