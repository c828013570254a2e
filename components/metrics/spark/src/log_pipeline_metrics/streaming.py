"""The streaming job: counts a stream's records minute by minute, until another version is published or the job is
paused."""

import json
import logging
import sys
from datetime import UTC, datetime, timedelta

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark import SparkContext
from pyspark.sql import DataFrame

from log_pipeline_metrics import aggregates, arguments, events, gaps, published, runs, sink, source, spec, tables
from log_pipeline_metrics.arguments import Arguments
from log_pipeline_metrics.checkpoint import NONE, Checkpoint
from log_pipeline_metrics.history import History
from log_pipeline_metrics.metrics import Metrics
from log_pipeline_metrics.objects import Objects
from log_pipeline_metrics.progress import Account, Listener
from log_pipeline_metrics.query import Query
from log_pipeline_metrics.runs import Run
from log_pipeline_metrics.sink import Sink
from log_pipeline_metrics.spec import Spec
from log_pipeline_metrics.tables import Table

_log = logging.getLogger(__name__)


def main() -> None:
    """Run the job that the program's arguments describe."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    resolved = getResolvedOptions(sys.argv, arguments.names(sys.argv))
    given = arguments.parse(resolved)
    objects = Objects(boto3.client("s3", region_name=given.region))
    reason = published.reason_to_end(objects.read_if_there(given.published), given.version)
    if reason:
        _log.info("Does not start: %s", reason)
        return
    glue = GlueContext(SparkContext.getOrCreate())
    # Glue adds arguments of its own to ours, its security configuration among them: without them and this call it
    # encrypts nothing that Spark writes to S3 (docs.aws.amazon.com/glue/latest/dg/set-up-encryption.html).
    Job(glue).init(given.job_name, resolved)
    Streaming(given, glue, objects, spec.read(json.loads(objects.read(given.spec)))).run()


class Streaming:
    """The job of one version."""

    def __init__(self, given: Arguments, glue: GlueContext, objects: Objects, counted: Spec):
        self._arguments = given
        self._objects = objects
        self._spec = counted
        self._retention = timedelta(hours=given.retention_hours)
        self._glue = glue
        self._spark = self._glue.spark_session
        for name, value in aggregates.SETTINGS.items():
            self._spark.conf.set(name, value)

    def run(self) -> None:
        """Count until there is a reason to end."""
        for name, value in aggregates.SETTINGS.items():
            self._spark.conf.set(name, value)
        live = tables.evolve(self._spark, self._arguments.database, tables.LIVE)
        history = History(self._spark, live, tables.evolve(self._spark, self._arguments.database, tables.GAPS))
        run = self._run(history)
        checkpoint = Checkpoint(self._objects, run.checkpoint)
        account = Account(run, checkpoint, history, self._retention, self._spec)
        last = checkpoint.last_commit()
        if last == NONE:
            sink.clear(self._spark, live, run.first_window)
        account.miss_to(last)
        self._count(run, live, checkpoint, account)

    def _run(self, history: History) -> Run:
        """Go on with the table's run, or begin one."""
        now, retention = datetime.now(UTC), self._retention
        run = history.run()
        if runs.goes_on(run, self._arguments.checkpoint, lambda: history.read_to(now, retention), now, retention):
            _log.info("Goes on: %s", run)
            return run
        read_to = history.read_to(now, retention)
        beginning = runs.begin(self._arguments.checkpoint, read_to, now, retention, self._spec)
        _log.info("Begins: %s", beginning)
        # Noted first: once the run is the table's, nobody looks at what was before it again.
        if beginning.lost_from:
            history.note(gaps.before(beginning.run, beginning.lost_from))
        history.take(beginning.run)
        return beginning.run

    def _count(self, run: Run, live: Table, checkpoint: Checkpoint, account: Account) -> None:
        listener = Listener()
        self._spark.streams.addListener(listener)
        query = Query(Sink(live, run.first_window, self._spec).write, checkpoint, account, listener)
        running = (
            self._aggregated(run)
            .writeStream.outputMode("update")
            .option("checkpointLocation", run.checkpoint)
            .trigger(processingTime=f"{self._arguments.trigger_seconds} seconds")
            .foreachBatch(query.process)
            .start()
        )
        cloudwatch = boto3.client("cloudwatch", region_name=self._arguments.region)
        metrics = Metrics(cloudwatch, self._arguments.metric_namespace, self._arguments.job_name)
        watch = published.Watch(lambda: self._objects.read_if_there(self._arguments.published), self._arguments.version)
        query.follow(running, watch.reason_to_end, metrics.put)

    def _aggregated(self, run: Run) -> DataFrame:
        records = self._glue.create_data_frame.from_options(
            connection_type="kinesis", connection_options=source.options(self._arguments, run.start)
        )
        parsed = events.parse(source.with_arrival(records), self._spec, source.raw_column(records), source.ARRIVAL)
        return aggregates.aggregate(parsed, self._spec, watermark=True)
