"""Events to metrics: one aggregation for all sets of dimensions. exact.py has that of the batch."""

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import conditions, layout
from log_pipeline_metrics.events import ARRIVAL, EVENT_TIME, REASON, field_column
from log_pipeline_metrics.layout import BOOKKEEPING, FIRST_COUNT, SET, WINDOW_START, DimensionSet, Layout, Slot
from log_pipeline_metrics.model import Metric, Spec
from log_pipeline_metrics.rows import rows

__all__ = ["DISTINCT_ERROR", "SET", "SETTINGS", "SHARD_SLACK", "WINDOW_START", "aggregate", "rows", "with_watermark"]

# Seconds by which the arrivals of two shards may lie apart in a batch without loss. After a stop each shard is read
# from where it was left, the busy ones longer than the quiet ones: they lie apart by as much as the job stood still, at
# most. So a stop of a quarter of an hour, in which the Scheduler has started the job again, loses nothing. After a
# longer one the engine drops what lies further behind, and counts it. The state is kept for so many seconds more.
SHARD_SLACK = 900

# log2 of a sketch's buckets. A full sketch has 4 KiB in the state, one of few values a few bytes for each.
_SKETCH_SIZE = 12

# Relative standard error of a live distinct count, HyperLogLog's 1.04 / sqrt(buckets), which is 1.6 %: two of three
# counts lie within it, and 19 of 20 within twice as much.
DISTINCT_ERROR = 1.04 / (2**_SKETCH_SIZE) ** 0.5

# Settings of the session with which the aggregation is fast; its values do not depend on them. Where there is a sketch,
# Spark by default sorts the records of a batch with more than 128 groups. And the JVM does not compile methods of more
# than 8,000 bytes, which Spark makes of some 50 metrics.
SETTINGS = {
    "spark.sql.objectHashAggregate.sortBased.fallbackThreshold": "10000",
    "spark.sql.codegen.hugeMethodLimit": "8000",
}

# What aggregates take. A sum is of doubles, which overflow to infinity and not to an error, and is exact up to 2**53.
_INPUTS = {"count": "int", "sum": "double", "min": "double", "max": "double", "distinct": "bigint"}


def aggregate(events: DataFrame, spec: Spec, *, watermark: bool) -> DataFrame:
    """Aggregate events by window, set of dimensions, and values of the dimensions.

    The columns are window_start, set, and those of the layout: rows() says what they mean. With watermark, which a
    stream needs, the state is forgotten of windows towards which no event counts any more. What is late for it all the
    same is dropped: the progress has the number of groups, not of events, as numRowsDroppedByWatermark.
    """
    plan = layout.of(spec)
    inputs = _inputs(events, spec, plan)
    if watermark:
        inputs = with_watermark(inputs, spec)
    aggregated = (_aggregated(slot) for slot in plan.slots)
    return inputs.groupBy(WINDOW_START, SET, *plan.dimensions).agg(*aggregated)


def with_watermark(inputs: DataFrame, spec: Spec) -> DataFrame:
    """Set the watermark by the start of the windows.

    An event that arrived at a has a time of a - lateness or later, and so a window that starts after a - lateness -
    window. The latest window of the batches before starts at A + skew at most, where A is the latest arrival. Nothing
    is dropped while a is at least A - SHARD_SLACK.
    """
    delay = spec.lateness + spec.window + spec.skew + SHARD_SLACK
    return inputs.withWatermark(WINDOW_START, f"{delay} seconds")


def _inputs(events: DataFrame, spec: Spec, plan: Layout) -> DataFrame:
    """One row for each event and set of dimensions with a metric that it counts towards, and one for the bookkeeping.

    A set that the event does not count towards is a null in the list. The filter after it cannot be pushed below the
    list, so that the parsing, which lies below, is not copied into a filter.
    """
    events, passes = tested(events, spec)
    sets = [_bookkeeping(plan, spec), *(_set_row(part, plan, spec, passes) for part in plan.sets)]
    return events.select(F.inline(F.array(*sets))).where(F.col(SET).isNotNull())


def tested(events: DataFrame, spec: Spec) -> tuple[DataFrame, dict[Metric, Column]]:
    """Add to events whether they pass each filter, and give the column that says so for each metric."""
    trees = {metric.filter: f"passes_{index}" for index, metric in enumerate(spec.metrics) if metric.filter}

    def value_of(name: str) -> Column:
        return F.col(field_column(name))

    with_tests = events.select("*", *(conditions.column(tree, value_of).alias(name) for tree, name in trees.items()))
    return with_tests, {m: F.col(trees[m.filter]) if m.filter else F.lit(True) for m in spec.metrics}


def any_passes(part: DimensionSet, passes: dict[Metric, Column]) -> Column:
    """Tell whether an event counts towards any metric of a set."""
    return reduce(or_, (passes[metric] for metric, _ in part.metrics), F.lit(False))


def _bookkeeping(plan: Layout, spec: Spec) -> Column:
    return _row(plan, window(ARRIVAL, spec), BOOKKEEPING, [F.col(REASON)], {FIRST_COUNT: F.lit(1)})


def _set_row(part: DimensionSet, plan: Layout, spec: Spec, passes: dict[Metric, Column]) -> Column:
    dimensions = [F.col(field_column(name)).cast("string") for name in part.dimensions]
    inputs = {slot: F.when(passes[metric], _input(metric)) for metric, slot in part.metrics}
    row = _row(plan, window(EVENT_TIME, spec), part.number, dimensions, inputs)
    return F.when(F.col(REASON).isNull() & any_passes(part, passes), row)


def _row(plan: Layout, window: Column, number: int, dimensions: list[Column], inputs: dict[Slot, Column]) -> Column:
    values = [*dimensions, *[F.lit(None)] * (len(plan.dimensions) - len(dimensions))]
    named = zip(plan.dimensions, values, strict=True)
    return F.struct(
        window.alias(WINDOW_START),
        F.lit(number).alias(SET),
        *(value.cast("string").alias(name) for name, value in named),
        *(inputs.get(slot, F.lit(None)).cast(_INPUTS[slot.aggregate]).alias(slot.name) for slot in plan.slots),
    )


def _input(metric: Metric) -> Column:
    if metric.field is None:
        return F.lit(1)
    value = F.col(field_column(metric.field))
    if metric.aggregate == "distinct":
        # A hash in place of the text keeps rows short. It is never null.
        return F.when(value.isNotNull(), F.xxhash64(value))
    return value


def window(time: str, spec: Spec) -> Column:
    """The start of the window in which a time lies."""
    seconds = F.unix_seconds(time)
    return F.timestamp_seconds(seconds - F.pmod(seconds, F.lit(spec.window)))


def _aggregated(slot: Slot) -> Column:
    functions = {"count": F.count, "sum": F.sum, "min": F.min, "max": F.max, "distinct": _sketch}
    return functions[slot.aggregate](F.col(slot.name)).alias(slot.name)


def _sketch(column: Column) -> Column:
    return F.hll_sketch_agg(column, F.lit(_SKETCH_SIZE))
