"""The job as examples show it: one row for each record and metric, a window, and an append.

Compare AWS's own example (aws-solutions-constructs, kinesisstreams-gluejob) and others like it. Nothing rejects a
record here, a window is written once, when it has closed, and a restart may write it twice.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

WATERMARK = "10 minutes"
SERVER_ERRORS = 500
SCHEMA = """
  cluster string, namespace string, route_name string, start_time string, event_time string, response_code int,
  bytes_sent bigint, bytes_received bigint, duration bigint, event_type string, user_id string
"""


def aggregate(raw: DataFrame) -> DataFrame:
    """Sum five metrics of access logs and two of events by the minute."""
    record = raw.select(F.from_json("raw", SCHEMA).alias("r")).select("r.*")
    time = F.try_to_timestamp(F.coalesce("event_time", "start_time"))
    dimensions = F.to_json(F.struct("cluster", "namespace", "route_name"))
    rows = record.select(time.alias("time"), dimensions.alias("dimensions"), F.explode(_metrics()).alias("m"))
    return (
        rows.where("m.value is not null")
        .withWatermark("time", WATERMARK)
        .groupBy(F.window("time", "1 minute").alias("window"), F.col("m.metric").alias("metric"), "dimensions")
        .agg(F.sum("m.value").alias("value"))
        .select("metric", F.col("window.start").alias("window_start"), "dimensions", "value")
    )


def _metrics():
    access = F.col("response_code").isNotNull()
    values = {
        "requests": F.when(access, 1.0),
        "errors": F.when(access & ((F.col("response_code") >= SERVER_ERRORS) | (F.col("response_code") == 0)), 1.0),
        "bytes_sent": F.col("bytes_sent").cast("double"),
        "bytes_received": F.col("bytes_received").cast("double"),
        "duration": F.col("duration").cast("double"),
        "events": F.when(F.col("event_type").isNotNull(), 1.0),
        "participations": F.when(F.col("event_type") == "participate", 1.0),
    }
    return F.array(*(F.struct(F.lit(name).alias("metric"), value.alias("value")) for name, value in values.items()))
