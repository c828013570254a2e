"""What the aggregation holds, as rows of the tables metrics_live and metrics_batch."""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from log_pipeline_metrics import layout
from log_pipeline_metrics.layout import BOOKKEEPING, FIRST_COUNT, SET, WINDOW_START, DimensionSet, Layout
from log_pipeline_metrics.model import Spec

ACCEPTED, REJECTED = OWN = ("records_accepted", "records_rejected")

_JSON_TYPES = {"string": "string", "integer": "bigint", "boolean": "boolean"}


def rows(aggregated: DataFrame, spec: Spec, *, distinct: Callable[[str], Column] = F.hll_sketch_estimate) -> DataFrame:
    """Make rows (metric, window_start, dimensions, value) of what aggregate() made, which is a batch.

    distinct gives a distinct count of its column: live ones are sketches.

    A count and a distinct count have a row for each window and values of the dimensions where any metric with the same
    dimensions counted an event: 0 where this one counted none. A sum, min or max has a row where there was a value, and
    a ratio where its numerator has one and its denominator is not 0.
    """
    plan = layout.of(spec)
    dimensions, values = _own_dimensions(), _own_values()
    for part in plan.sets:
        here = F.col(SET) == part.number
        dimensions = dimensions.when(here, _dimensions(part, plan, spec))
        values = values.when(here, F.array(*_values(part, spec, distinct)))
    listed = aggregated.select(WINDOW_START, dimensions.alias("dimensions"), F.inline(values))
    return listed.where(F.col("value").isNotNull()).select("metric", WINDOW_START, "dimensions", "value")


def _own_dimensions() -> Column:
    """The reason, or no key where there is none."""
    return F.when(F.col(SET) == BOOKKEEPING, F.to_json(F.struct(F.col("dim_0").alias("reason"))))


def _own_values() -> Column:
    accepted = F.when(F.col("dim_0").isNull(), ACCEPTED).otherwise(REJECTED)
    return F.when(F.col(SET) == BOOKKEEPING, F.array(_value(accepted, F.col(FIRST_COUNT.name))))


def _dimensions(part: DimensionSet, plan: Layout, spec: Spec) -> Column:
    if not part.dimensions:
        return F.lit("{}")
    values = [
        F.col(column).cast(_JSON_TYPES[spec.fields[name].type]).alias(name)
        for column, name in zip(plan.dimensions, part.dimensions, strict=False)
    ]
    return F.to_json(F.struct(*values), {"ignoreNullFields": "false"})


def _values(part: DimensionSet, spec: Spec, distinct: Callable[[str], Column]) -> list[Column]:
    by_name = {
        metric.name: distinct(slot.name) if metric.aggregate == "distinct" else F.col(slot.name)
        for metric, slot in part.metrics
    }
    values = [_value(F.lit(name), value) for name, value in by_name.items()]
    for ratio in spec.ratios:
        if ratio.numerator in by_name:
            # try_divide gives null where the divisor is 0.
            quotient = F.try_divide(*(by_name[name].cast("double") for name in (ratio.numerator, ratio.denominator)))
            values.append(_value(F.lit(ratio.name), quotient))
    return values


def _value(name: Column, value: Column) -> Column:
    return F.struct(name.alias("metric"), value.cast("double").alias("value"))
