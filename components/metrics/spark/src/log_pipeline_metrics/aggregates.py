"""Events to metrics: one aggregation for all sets of dimensions, and its rows as rows of the table metrics_live."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import conditions, layout
from log_pipeline_metrics.events import ARRIVAL, EVENT_TIME, REASON, field_column
from log_pipeline_metrics.layout import BOOKKEEPING, DimensionSet, Layout, Slot
from log_pipeline_metrics.spec import Metric, Spec

WINDOW_START, SET = "window_start", "set"

# Seconds that the arrivals of one shard's records may lie behind another's, in one batch, without records being dropped by the watermark.
SHARD_SLACK = 900

# Relative standard error of a live distinct count.
DISTINCT_ERROR = 0.02


def aggregate(events: DataFrame, spec: Spec, *, watermark: bool) -> DataFrame:
    """Aggregate events by window, set of dimensions and their values."""
    plan = layout.of(spec)
    records = _explode(events, spec, plan)
    if watermark:
        records = with_watermark(records, spec)
    keys = [WINDOW_START, SET, *plan.dimensions]
    return records.groupBy(*keys).agg(*(_aggregated(slot) for slot in plan.slots))


def with_watermark(records: DataFrame, spec: Spec) -> DataFrame:
    """Let Spark forget windows that no event can count towards any more."""
    delay = spec.lateness + spec.skew + spec.window + SHARD_SLACK
    return records.withWatermark(WINDOW_START, f"{delay} seconds")


def rows(aggregated: DataFrame, spec: Spec) -> DataFrame:
    """Make rows (metric, window_start, dimensions, value) of aggregated events."""
    plan = layout.of(spec)
    dimensions, values = F.when(F.lit(False), F.lit("")), F.when(F.lit(False), F.array(_value("", F.lit(0.0))))
    for part in plan.sets:
        here = F.col(SET) == part.number
        dimensions = dimensions.when(here, _json(part, spec))
        values = values.when(here, F.array(*_values(part, spec)))
    rejected = F.col("dim_0").isNotNull()
    own = F.col(SET) == BOOKKEEPING
    dimensions = dimensions.when(own, F.to_json(F.struct(F.col("dim_0").alias("reason"))))
    name = F.when(rejected, "records_rejected").otherwise("records_accepted")
    values = values.when(own, F.array(_value(name, F.col("count_0"))))
    exploded = aggregated.select(WINDOW_START, dimensions.alias("dimensions"), F.inline(values))
    return exploded.where(F.col("value").isNotNull()).select("metric", WINDOW_START, "dimensions", "value")


def _explode(events: DataFrame, spec: Spec, plan: Layout) -> DataFrame:
    """One row for each record and set of dimensions with a metric that the record counts towards."""

    def value_of(name: str) -> Column:
        return F.col(field_column(spec, name))

    filters = {repr(metric.filter): metric.filter for metric in spec.metrics if metric.filter}
    passes = {key: f"passes_{index}" for index, key in enumerate(filters)}
    tested = events.select(
        "*", *(conditions.column(tree, value_of).alias(passes[key]) for key, tree in filters.items())
    )
    parts = [_own_row(plan, spec)]
    for part in plan.sets:
        tests = [passes[repr(metric.filter)] if metric.filter else None for metric, _ in part.metrics]
        counts = F.col(REASON).isNull()
        if None not in tests:
            any_test = F.lit(False)
            for test in dict.fromkeys(tests):
                any_test = any_test | F.col(test)
            counts = counts & any_test
        parts.append(F.when(counts, _row(part, plan, spec, tests)))
    return tested.select(F.inline(F.array(*parts))).where(F.col(SET).isNotNull())


def _own_row(plan: Layout, spec: Spec) -> Column:
    columns = [_window(F.col(ARRIVAL), spec).alias(WINDOW_START), F.lit(BOOKKEEPING).alias(SET)]
    columns += [
        (F.col(REASON) if name == "dim_0" else F.lit(None).cast("string")).alias(name) for name in plan.dimensions
    ]
    columns += [(F.lit(1) if slot == Slot("count", 0) else _nothing(slot)).alias(slot.name) for slot in plan.slots]
    return F.struct(*columns)


def _row(part: DimensionSet, plan: Layout, spec: Spec, tests: list[str | None]) -> Column:
    columns = [_window(F.col(EVENT_TIME), spec).alias(WINDOW_START), F.lit(part.number).alias(SET)]
    for index, name in enumerate(plan.dimensions):
        value = F.col(field_column(spec, part.dimensions[index])) if index < len(part.dimensions) else F.lit(None)
        columns.append(value.cast("string").alias(name))
    inputs = {slot: _input(metric, spec, test) for (metric, slot), test in zip(part.metrics, tests, strict=True)}
    columns += [inputs.get(slot, _nothing(slot)).alias(slot.name) for slot in plan.slots]
    return F.struct(*columns)


_INPUT_TYPES = {"count": "int", "sum": "double", "min": "double", "max": "double", "distinct": "bigint"}


def _input(metric: Metric, spec: Spec, test: str | None) -> Column:
    if metric.aggregate == "count":
        value = F.lit(1)
    else:
        field = F.col(field_column(spec, metric.field))
        value = F.when(field.isNotNull(), F.xxhash64(field)) if metric.aggregate == "distinct" else field.cast("double")
    return F.when(F.col(test), value) if test else value


def _nothing(slot: Slot) -> Column:
    return F.lit(None).cast(_INPUT_TYPES[slot.aggregate])


def _window(time: Column, spec: Spec) -> Column:
    seconds = F.unix_seconds(time)
    return F.timestamp_seconds(seconds - F.pmod(seconds, F.lit(spec.window)))


def _aggregated(slot: Slot) -> Column:
    column = F.col(slot.name)
    if slot.aggregate == "distinct":
        return F.approx_count_distinct(column, DISTINCT_ERROR).alias(slot.name)
    return {"count": F.count, "sum": F.sum, "min": F.min, "max": F.max}[slot.aggregate](column).alias(slot.name)


_JSON_TYPES = {"string": "string", "integer": "bigint", "boolean": "boolean"}


def _json(part: DimensionSet, spec: Spec) -> Column:
    if not part.dimensions:
        return F.lit("{}")
    values = [
        F.col(f"dim_{index}").cast(_JSON_TYPES[spec.fields[name].type]).alias(name)
        for index, name in enumerate(part.dimensions)
    ]
    return F.to_json(F.struct(*values), {"ignoreNullFields": "false"})


def _values(part: DimensionSet, spec: Spec) -> list[Column]:
    slots = {metric.name: slot.name for metric, slot in part.metrics}
    values = [_value(F.lit(name), F.col(slot)) for name, slot in slots.items()]
    for ratio in spec.ratios:
        if ratio.numerator in slots:
            quotient = F.try_divide(F.col(slots[ratio.numerator]), F.col(slots[ratio.denominator]))
            values.append(_value(F.lit(ratio.name), quotient))
    return values


def _value(name: Column | str, value: Column) -> Column:
    name = F.lit(name) if isinstance(name, str) else name
    return F.struct(name.alias("metric"), value.cast("double").alias("value"))
