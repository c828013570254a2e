"""Each event id once: of the events that count, those that are there again are duplicates.

A copy of a record has the same id and the same time, so all copies count towards the same window. Which object holds
them does not matter, but that it is one in which the event counts.
"""

from datetime import datetime

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from log_pipeline_metrics.events import ARRIVAL, EVENT_ID, EVENT_TIME, REASON, field_column
from log_pipeline_metrics.ranges import Range
from log_pipeline_metrics.raw import PATH
from log_pipeline_metrics.spec import Spec

DUPLICATE = "duplicate"


def of_range(events: DataFrame, chunk: Range, spec: Spec) -> DataFrame:
    """Leave the events of some windows, each id once: the others get the reason DUPLICATE. Of the fields those are left
    on which a metric depends.

    Rejected records, which need not have a time, are left where their object is of the hours that begin in the range.
    So each is of one chunk, however a range is cut.

    Two events with one id and one time that differ all the same are one, always the same of them.
    """
    count = F.col(REASON).isNull()
    is_left = F.when(count, _is_in(EVENT_TIME, chunk)).otherwise(_is_in(ARRIVAL, chunk))
    # Where a record does not count, its copy may.
    event_id = F.when(count, F.col(EVENT_ID)).alias(EVENT_ID)
    fields = sorted(set().union(*(metric.fields() for metric in spec.metrics)))
    others = [ARRIVAL, EVENT_TIME, REASON, *map(field_column, fields)]
    # What has no id is spread by its object.
    once = F.coalesce(event_id, PATH).alias("once")
    # A filter would be pushed below the parsing, and parse once more.
    left = events.select(F.inline(F.array(F.when(is_left, F.struct(*others, event_id, once)))))
    left = left.where(F.col("once").isNotNull())
    copies = Window.partitionBy("once", EVENT_TIME).orderBy(F.col(EVENT_ID).asc_nulls_last(), *others)
    is_again = (F.row_number().over(copies) > 1) & F.col(EVENT_ID).isNotNull()
    return left.withColumn(REASON, F.when(is_again, DUPLICATE).otherwise(F.col(REASON))).drop("once", EVENT_ID)


def _is_in(time: str, chunk: Range) -> Column:
    first, end = (_micros(moment) for moment in (chunk.first, chunk.end))
    micros = F.unix_micros(time)
    return (micros >= first) & (micros < end)


def _micros(time: datetime) -> int:
    return round(time.timestamp() * 1_000_000)
