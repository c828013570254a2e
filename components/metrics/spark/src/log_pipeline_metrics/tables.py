"""The tables that the jobs write, and how they evolve them.

Pulumi makes them with the columns that they had first: it cannot say more of an Iceberg table. Partitions, properties
and later columns are the jobs' to add. Glue's type timestamp may have made columns without a zone. The session's zone
is UTC, so a cast to such a type writes UTC.
"""

from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import SparkSession

LIVE, GAPS, BATCH, RUNS = "metrics_live", "metrics_gaps", "metrics_batch", "batch_runs"

_METRICS = {
    "metric": "string",
    "window_start": "timestamp",
    "dimensions": "string",
    "value": "double",
    "updated_at": "timestamp",
}

COLUMNS = {
    LIVE: _METRICS,
    BATCH: _METRICS,
    GAPS: {
        "checkpoint": "string",
        "batch_id": "bigint",
        "window_from": "timestamp",
        "window_to": "timestamp",
        "dropped_rows": "bigint",
        "noted_at": "timestamp",
    },
    RUNS: {
        "run": "string",
        "state": "string",
        "range_from": "timestamp",
        "range_to": "timestamp",
        "cut_over": "timestamp",
        "objects": "bigint",
        "records": "bigint",
        "duplicates": "bigint",
        "rejected": "string",
        "version": "string",
        "started_at": "timestamp",
        "updated_at": "timestamp",
    },
}

_PARTITIONS = {LIVE: "days(window_start)", GAPS: None, BATCH: "days(window_start)", RUNS: None}

# Metadata files that nobody reads any more are deleted with the commit that replaces them.
# https://iceberg.apache.org/docs/1.11.0/configuration/
_EVERY_TABLE = {
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    "commit.retry.num-retries": "10",
}

_MODES = ("write.delete.mode", "write.update.mode", "write.merge.mode")

# With a commit a minute, changed rows are written beside their files and not with them.
_OFTEN = _EVERY_TABLE | dict.fromkeys(_MODES, "merge-on-read")

# The batch commits a few times a run, and its tables are read far more often than that.
_SELDOM = _EVERY_TABLE | dict.fromkeys(_MODES, "copy-on-write")

_PROPERTIES = {LIVE: _OFTEN, GAPS: _OFTEN, BATCH: _SELDOM, RUNS: _SELDOM}


class TableError(RuntimeError):
    """A table that the job cannot write."""


@dataclass(frozen=True)
class Table:
    """A table and the types of its columns, as SQL has them."""

    name: str
    types: dict[str, str]

    def time(self, column: str, value: datetime) -> str:
        """Write a time as the column's type."""
        return f"CAST(timestamp_micros({round(value.timestamp() * 1_000_000)}) AS {self.types[column]})"

    def cast(self, column: str, expression: str) -> str:
        """Cast an expression to the column's type."""
        return f"CAST({expression} AS {self.types[column]})"


def find(spark: SparkSession, database: str, name: str) -> Table:
    """Find a table, and leave it as it is. Raises TableError."""
    table = f"warehouse.{database}.{name}"
    if not spark.catalog.tableExists(table):
        raise TableError(f"table {database}.{name} does not exist: the warehouse makes it before the job runs")
    return Table(table, {field.name: field.dataType.simpleString() for field in spark.table(table).schema})


def evolve(spark: SparkSession, database: str, name: str) -> Table:
    """Bring a table to what the job needs. What it has already is left alone, so that a start is no commit.

    Raises TableError.
    """
    table = find(spark, database, name).name
    _add_columns(spark, table, COLUMNS[name])
    if partition := _PARTITIONS[name]:
        _add_partition(spark, table, partition)
    _set_properties(spark, table, _PROPERTIES[name])
    return find(spark, database, name)


def properties(spark: SparkSession, table: str) -> dict[str, str]:
    """Give the properties of a table."""
    return {row.key: row.value for row in spark.sql(f"SHOW TBLPROPERTIES {table}").collect()}


def set_property(spark: SparkSession, table: str, key: str, value: str) -> None:
    """Set a property of a table."""
    _set_properties(spark, table, {key: value})


def _add_columns(spark: SparkSession, table: str, columns: dict[str, str]) -> None:
    present = spark.table(table).columns
    missing = [f"{name} {kind}" for name, kind in columns.items() if name not in present]
    if missing:
        spark.sql(f"ALTER TABLE {table} ADD COLUMNS ({', '.join(missing)})")


def _add_partition(spark: SparkSession, table: str, partition: str) -> None:
    parts = [
        row.data_type for row in spark.sql(f"DESCRIBE TABLE {table}").collect() if row.col_name.startswith("Part ")
    ]
    if partition not in parts:
        spark.sql(f"ALTER TABLE {table} ADD PARTITION FIELD {partition}")


def _set_properties(spark: SparkSession, table: str, wanted: dict[str, str]) -> None:
    present = properties(spark, table)
    missing = {key: value for key, value in wanted.items() if present.get(key) != value}
    if missing:
        pairs = ", ".join(f"'{key}' = '{value}'" for key, value in missing.items())
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ({pairs})")
