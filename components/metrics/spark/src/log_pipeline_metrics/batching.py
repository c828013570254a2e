"""The batch: counts a range of windows exactly, from the objects in raw, and moves the cut-over.

counting.py says which events count. Each event id counts once (once.py), distinct counts are of the values themselves,
and sums of decimals have no order (exact.py).

A range is counted in chunks of a day at most, each with one MERGE (changes.py), and then the cut-over moves to its end:
never beyond what is counted, and never back. A run that is killed leaves chunks that it had finished, and one at most
whose rows are not shown yet or are the same as before; the next run counts it again.

What the table cannot have: records that were never delivered to raw, events that came later than lateness_hours, and
records_accepted and records_rejected, which are by arrival, a time that raw does not have.
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime, timedelta

from pyspark.sql import DataFrame, SparkSession

from log_pipeline_metrics import aggregates, batch_arguments, counting, missing, ranges, spec, tables
from log_pipeline_metrics.arguments import ArgumentsError
from log_pipeline_metrics.batch_arguments import BatchArguments
from log_pipeline_metrics.batch_runs import DONE, FAILED, BatchRun, BatchRuns, Counts, EndedError
from log_pipeline_metrics.changes import Changes
from log_pipeline_metrics.heartbeat import Heartbeat
from log_pipeline_metrics.ranges import Range
from log_pipeline_metrics.raw import Objects, Raw
from log_pipeline_metrics.spec import Spec

HEARTBEAT_POOL = "heartbeat"

SETTINGS = aggregates.SETTINGS | {
    "spark.sql.session.timeZone": "UTC",
    # GZIP cannot be split: an object is read by one task, and small ones together by one.
    "spark.sql.files.maxPartitionBytes": str(32 * 1024 * 1024),
}

# Spark's messages have a stack of Java's behind them.
_MOST_OF_A_MESSAGE = 1000

_log = logging.getLogger(__name__)


class NothingError(RuntimeError):
    """A range that was asked for, and of which raw has nothing."""


def main() -> None:
    """Run the batch that the program's arguments describe. The last line on stderr says why it failed."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    try:
        arguments = batch_arguments.parse(sys.argv[1:])
        # With the default, FIFO, a heartbeat would wait until the tasks of the chunk have all begun.
        spark = SparkSession.builder.config("spark.scheduler.mode", "FAIR").getOrCreate()
    except ArgumentsError as error:
        sys.exit(str(error))
    try:
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)
        Batch(arguments, spark, read_spec(spark, arguments.spec)).run(datetime.now(UTC))
    except Exception as error:
        _log.exception("The batch failed")
        message = f"The batch failed: {error}".replace("\n", "; ")[:_MOST_OF_A_MESSAGE]
    else:
        message = None
    spark.stop()
    sys.exit(message)


def read_spec(spark: SparkSession, uri: str) -> Spec:
    """Read the spec from its URI."""
    return spec.read(json.loads(spark.read.text(uri, wholetext=True).first().value))


class Batch:
    """One run."""

    def __init__(self, arguments: BatchArguments, spark: SparkSession, counted: Spec):
        if arguments.lateness_hours * 3600 < counted.lateness:
            raise ArgumentsError(
                f"--lateness_hours is {arguments.lateness_hours}, must be at least the spec's lateness, which is "
                f"{counted.lateness} seconds: else the batch would count fewer events than the streaming job"
            )
        self._arguments = arguments
        self._spark = spark
        self._spec = counted
        self._raw = Raw(spark, arguments.raw)
        # The streaming job's own: the batch only reads it.
        self._live = tables.find(spark, arguments.database, tables.LIVE)
        self._changes = Changes(spark, tables.evolve(spark, arguments.database, tables.BATCH), counted)
        self._runs = BatchRuns(spark, tables.evolve(spark, arguments.database, tables.RUNS))

    def run(self, now: datetime) -> None:
        """Count the range. Nothing that is later than now is counted."""
        counted = self._range(now)
        if counted is None:
            return
        _log.info("Counts %s, version %s", counted, self._arguments.version)
        run = self._runs.begin(counted, self._arguments.version)
        try:
            with Heartbeat(lambda: self._beat(run)):
                self._count(run, counted, now)
        except EndedError:
            raise
        except Exception:
            _end_failed(run)
            raise
        run.end(DONE)

    def _beat(self, run: BatchRun) -> None:
        self._spark.sparkContext.setLocalProperty("spark.scheduler.pool", HEARTBEAT_POOL)
        run.beat()

    def _range(self, now: datetime) -> Range | None:
        """The range that was asked for, or that of the schedule if there is anything to count."""
        if self._arguments.first:
            asked = ranges.requested(self._arguments, self._spec, now)
            if not self._has_objects(asked, now):
                raise NothingError(f"raw has no object that may hold an event of {asked}: nothing is counted")
            return asked
        beginning = self._runs.beginning() or self._first_window()
        if beginning is None:
            _log.info("Nothing to count: raw has no object yet")
            return None
        found = ranges.scheduled(self._arguments, self._spec, now, self._runs.cut_over(), beginning)
        if found is None or not self._has_objects(found, now):
            _log.info("Nothing to count: %s", "no window has settled yet" if found is None else f"no object of {found}")
            return None
        return found

    def _first_window(self) -> datetime | None:
        """The first window that the first hour of raw may have an event of."""
        hour = self._raw.first_hour()
        return hour and hour - timedelta(hours=self._arguments.lateness_hours)

    def _has_objects(self, counted: Range, now: datetime) -> bool:
        return any(self._objects(chunk, now) for chunk in counted.chunks())

    def _objects(self, chunk: Range, now: datetime) -> Objects | None:
        return self._raw.read(ranges.hours_of_events(chunk, self._arguments.lateness_hours, self._spec, now))

    def _count(self, run: BatchRun, counted: Range, now: datetime) -> None:
        # Nobody else moves it while this run runs.
        before = self._runs.cut_over()
        moves, counts, cut_over = self._moves(counted, before), Counts(), None
        began = time.monotonic()
        for chunk in counted.chunks():
            counts += self._count_chunk(run, chunk, now)
            if moves and (before is None or chunk.end > before):
                cut_over = chunk.end
            run.note(counts, cut_over)
        _log.info(
            "Counted %s in %.0f s: %d objects, %d records, %d duplicates, rejected %s; the cut-over %s",
            counted,
            time.monotonic() - began,
            counts.objects,
            counts.records,
            counts.duplicates,
            counts.rejected_json(),
            f"moved to {cut_over:%Y-%m-%dT%H:%M:%SZ}" if cut_over else "stays",
        )

    def _moves(self, counted: Range, cut_over: datetime | None) -> bool:
        """Tell whether exact numbers reach the range, so that they may reach to its end."""
        if cut_over is None:
            return self._arguments.first is None
        return counted.first <= cut_over < counted.end

    def _count_chunk(self, run: BatchRun, chunk: Range, now: datetime) -> Counts:
        began = time.monotonic()
        objects = self._objects(chunk, now)
        if not self._arguments.accepts_missing:
            missing.check(self._spark, self._live, chunk, set(objects.hours) if objects else set())
        if objects is None:
            if self._changes.has_rows(chunk):
                raise missing.MissingInputError(f"raw has no object any more for {chunk}, which was counted before")
            _log.info("Nothing in %s", chunk)
            return Counts()
        # Read three times, and again when a commit is lost.
        counted = counting.rows_of(objects.lines, chunk, self._spec, self._arguments.lateness_hours).persist()
        try:
            counts = counting.counts(counted, objects, chunk)
            changed = self._write(run, counted, chunk)
        finally:
            counted.unpersist()
        _log.info(
            "Counted chunk %s in %.0f s: %d objects read, %d rows changed, %d records, %d duplicates, rejected %s",
            chunk,
            time.monotonic() - began,
            objects.hours.total(),
            changed,
            counts.records,
            counts.duplicates,
            counts.rejected_json(),
        )
        return counts

    def _write(self, run: BatchRun, counted: DataFrame, chunk: Range) -> int:
        """Bring the table to what was counted, and give the number of rows that changed."""
        counted = counting.metrics(counted)
        changed = self._changes.number(counted, chunk)
        run.hold()
        if changed:
            self._changes.merge(counted, chunk)
        return changed


def _end_failed(run: BatchRun) -> None:
    """End a run that failed. Where even that fails, the first error is the one to tell."""
    try:
        run.end(FAILED)
    except Exception:
        _log.warning("Cannot note that run %s failed", run.name, exc_info=True)
