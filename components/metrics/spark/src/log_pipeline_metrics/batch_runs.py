"""The runs of the batch, in the table batch_runs: one at a time, and how far exact numbers reach.

A run begins by one MERGE that finds no other running. Iceberg commits the second of two such only if no file was added
meanwhile that it would have matched, so one of them is tried again and finds the other's row.

A run says again and again that it is alive. One that has not for DEAD_AFTER has died, and whoever comes next ends it.
Should it come back to life, it finds its row ended before it writes.
"""

import json
import logging
import threading
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pyspark.sql import SparkSession

from log_pipeline_metrics.commits import commit
from log_pipeline_metrics.ranges import Range
from log_pipeline_metrics.tables import Table

RUNNING, DONE, FAILED = "running", "done", "failed"

DEAD_AFTER = timedelta(minutes=30)

_log = logging.getLogger(__name__)


class BusyError(RuntimeError):
    """Another run runs."""


class EndedError(RuntimeError):
    """A run that another has ended, since it seemed dead."""


@dataclass(frozen=True)
class Counts:
    """What was counted: objects of the range's hours; records, which are the events with a time in the range, copies
    among them, and the rejected ones of these objects; duplicates, which are the copies; and rejected by reason."""

    objects: int = 0
    records: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.objects + other.objects,
            self.records + other.records,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
        )

    def rejected_json(self) -> str:
        """The number of rejected records by reason, as JSON."""
        return json.dumps(self.rejected, sort_keys=True, separators=(",", ":"))


class BatchRuns:
    """Reads and writes the table. Threads may share it."""

    def __init__(self, spark: SparkSession, table: Table):
        self._spark = spark
        self._table = table
        self._lock = threading.Lock()

    def cut_over(self) -> datetime | None:
        """Give the start of the first window that is not exact yet, None before the first cut-over."""
        return self._time("max(cut_over)", "true")

    def beginning(self) -> datetime | None:
        """Give the first window that the batch has ever counted, None before the first cut-over."""
        return self._time("min(range_from)", "cut_over IS NOT NULL")

    def begin(self, counted: Range, version: str) -> "BatchRun":
        """Begin a run. Raises BusyError where another runs."""
        now = datetime.now(UTC)
        run = f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
        while True:
            self._refuse_beside_another()
            commit(lambda: self._spark.sql(self._beginning(run, counted, version)))
            if self._is_running(run):
                return BatchRun(self, run)

    def update(self, run: str, assignments: Mapping[str, str]) -> None:
        """Set columns of a run that is running. Raises EndedError."""
        values = assignments | {"updated_at": self._table.time("updated_at", datetime.now(UTC))}
        columns = ", ".join(f"{name} = {self._table.cast(name, value)}" for name, value in values.items())
        where = f"run = '{run}' AND state = '{RUNNING}'"
        with self._lock:
            self.hold(run)
            commit(lambda: self._spark.sql(f"UPDATE {self._table.name} SET {columns} WHERE {where}"))

    def hold(self, run: str) -> None:
        """Make sure that a run is running. Raises EndedError."""
        if not self._is_running(run):
            raise EndedError(f"run {run} said nothing for {_minutes(DEAD_AFTER)} and another has ended it")

    def time(self, column: str, value: datetime) -> str:
        """Write a time as the column's type."""
        return self._table.time(column, value)

    def _is_running(self, run: str) -> bool:
        return bool(self._rows(f"run = '{run}' AND state = '{RUNNING}'"))

    def _refuse_beside_another(self) -> None:
        alive_since = datetime.now(UTC) - DEAD_AFTER
        for other in self._rows(f"state = '{RUNNING}'"):
            began, alive = (datetime.fromtimestamp(micros / 1e6, UTC) for micros in (other.began, other.alive))
            if alive >= alive_since:
                raise BusyError(
                    f"run {other.run} is running since {began:%Y-%m-%dT%H:%M:%SZ}; it is taken for dead at "
                    f"{alive + DEAD_AFTER:%Y-%m-%dT%H:%M:%SZ} if it says nothing until then: start again later"
                )
            _log.warning("Run %s has said nothing for %s and is taken for dead", other.run, _minutes(DEAD_AFTER))

    def _rows(self, where: str) -> list:
        return self._spark.sql(
            f"SELECT run, unix_micros(CAST(started_at AS timestamp)) AS began,"
            f" unix_micros(CAST(updated_at AS timestamp)) AS alive FROM {self._table.name} WHERE {where}"
        ).collect()

    def _beginning(self, run: str, counted: Range, version: str) -> str:
        """Write the MERGE that inserts a run where no other runs, and ends those that died: then it is to be done
        again."""
        table, now = self._table, datetime.now(UTC)
        values = {
            "run": f"'{run}'",
            "state": f"'{RUNNING}'",
            "range_from": table.time("range_from", counted.first),
            "range_to": table.time("range_to", counted.end),
            "cut_over": table.cast("cut_over", "NULL"),
            "objects": "0",
            "records": "0",
            "duplicates": "0",
            "rejected": "'{}'",
            "version": f"'{version}'",
            "started_at": table.time("started_at", now),
            "updated_at": table.time("updated_at", now),
        }
        return f"""
            MERGE INTO {table.name} AS target USING (SELECT '{run}' AS run) AS source
            ON target.state = '{RUNNING}'
            WHEN MATCHED AND target.updated_at < {table.time("updated_at", now - DEAD_AFTER)}
              THEN UPDATE SET state = '{FAILED}'
            WHEN NOT MATCHED THEN INSERT ({", ".join(values)}) VALUES ({", ".join(values.values())})
        """

    def _time(self, expression: str, where: str) -> datetime | None:
        query = f"SELECT unix_micros(CAST({expression} AS timestamp)) FROM {self._table.name} WHERE {where}"
        micros = self._spark.sql(query).first()[0]
        return None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC)


class BatchRun:
    """A run that is running."""

    def __init__(self, runs: BatchRuns, name: str):
        self._runs = runs
        self.name = name

    def hold(self) -> None:
        """Make sure that no other has ended it. Raises EndedError."""
        self._runs.hold(self.name)

    def beat(self) -> None:
        """Say that it is alive. Raises EndedError."""
        self._runs.update(self.name, {})

    def note(self, counts: Counts, cut_over: datetime | None) -> None:
        """Note what has been counted so far and, unless it is None, the new cut-over. Raises EndedError."""
        assignments = {
            "objects": str(counts.objects),
            "records": str(counts.records),
            "duplicates": str(counts.duplicates),
            "rejected": f"'{counts.rejected_json()}'",
        }
        if cut_over is not None:
            assignments["cut_over"] = self._runs.time("cut_over", cut_over)
        self._runs.update(self.name, assignments)

    def end(self, state: str) -> None:
        """End it. Raises EndedError."""
        self._runs.update(self.name, {"state": f"'{state}'"})


def _minutes(time: timedelta) -> str:
    return f"{time.total_seconds() / 60:.0f} minutes"
