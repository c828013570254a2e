"""Objects to rows: what the batch counts of a chunk.

An event counts if its record is in an object of an hour that begins no more than lateness_hours after the event's time,
and its time is no later than skew after what such an object can hold: an hour, a buffer's time, and an hour of slack in
all. So the record and its object alone say whether it counts, and a range that is counted again, alone or within a
longer one, gets the same values. All other reasons of rejection are those of the streaming job.
"""

import json
from collections import Counter

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import events, exact, once
from log_pipeline_metrics.batch_runs import Counts
from log_pipeline_metrics.events import Bounds
from log_pipeline_metrics.ranges import OBJECT_SECONDS, Range
from log_pipeline_metrics.raw import HOUR, TEXT, Objects
from log_pipeline_metrics.rows import OWN, rows
from log_pipeline_metrics.spec import Spec


def rows_of(lines: DataFrame, chunk: Range, spec: Spec, lateness_hours: int) -> DataFrame:
    """Count the lines of objects: rows of a chunk, and those of the bookkeeping, which counts() and metrics() tell
    apart."""
    bounds = Bounds(OBJECT_SECONDS + spec.skew, lateness_hours * 3600)
    parsed = events.parse_with_id(lines, spec, TEXT, HOUR, bounds)
    return rows(exact.aggregate(once.of_range(parsed, chunk, spec), spec), spec, distinct=F.col)


def metrics(counted: DataFrame) -> DataFrame:
    """The rows of the spec's metrics and ratios."""
    return counted.where(~F.col("metric").isin(*OWN))


def counts(counted: DataFrame, objects: Objects, chunk: Range) -> Counts:
    """What the bookkeeping says."""
    own = counted.where(F.col("metric").isin(*OWN)).groupBy("dimensions").agg(F.sum("value"))
    by_reason = Counter({json.loads(dimensions).get("reason"): int(number) for dimensions, number in own.collect()})
    records, duplicates = by_reason.total(), by_reason.pop(once.DUPLICATE, 0)
    by_reason.pop(None, None)
    of_chunk = sum(number for hour, number in objects.hours.items() if chunk.first <= hour < chunk.end)
    return Counts(of_chunk, records, duplicates, by_reason)
