"""The stream as a data frame, by Glue's connection to Kinesis.

Its options: docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-kinesis-home.html, and
aws-glue-programming-etl-connect-kinesis-efo.html for the fan-out consumer.
"""

from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from log_pipeline_metrics.arguments import Arguments

ARRIVAL = "arrival"

_GLUES_ARRIVAL = "__src_timestamp"
# Numbers above are milliseconds since 1970: seconds of that size lie beyond the year 5000.
_MOST_SECONDS = 100_000_000_000


# A shard takes 1,000 records a second, and a fan-out consumer gets twice the bytes that it takes: so a backlog shrinks.
# docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
_RECORDS_OF_A_SECOND = 2000


class SourceError(ValueError):
    """A stream whose columns are not those of Glue's connection."""


def options(arguments: Arguments, start: datetime) -> dict[str, str]:
    """Give the connection's options for a stream that is read from an arrival on."""
    given = {
        "streamARN": arguments.stream_arn,
        "startingPosition": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "classification": "json",
        "inferSchema": "false",
        "fanoutConsumerARN": arguments.consumer_arn,
        "addRecordTimestamp": "true",
        "emitConsumerLagMetrics": "true",
        # Glue's own default; how often it looks for new shards.
        "describeShardInterval": "1s",
        # A batch reads a shard to its end or for so long. By default that is a second, or 100,000 records: with a
        # trigger of a minute a fraction of what a shard takes
        # (docs.aws.amazon.com/glue/latest/webapi/API_KinesisStreamingSourceOptions.html).
        "maxFetchTimeInMs": str(arguments.trigger_seconds * 1000),
        "maxFetchRecordsPerShard": str(arguments.trigger_seconds * _RECORDS_OF_A_SECOND),
    }
    if arguments.role_arn:
        given |= {"awsSTSRoleARN": arguments.role_arn, "awsSTSSessionName": arguments.job_name[:64]}
    return given


def raw_column(frame: DataFrame) -> str:
    """Give the name of the column with the records, which depends on Glue's version: it is the one beside the
    arrival."""
    others = [name for name in frame.columns if name != _GLUES_ARRIVAL]
    if len(others) != 1 or _GLUES_ARRIVAL not in frame.columns:
        raise SourceError(f"the stream has the columns {frame.columns}, must have {_GLUES_ARRIVAL} and one more")
    return others[0]


def with_arrival(frame: DataFrame) -> DataFrame:
    """Add the arrival as a timestamp. Glue does not say which type its own column has."""
    return frame.withColumn(ARRIVAL, _timestamp(F.col(_GLUES_ARRIVAL), frame.schema[_GLUES_ARRIVAL].dataType))


def _timestamp(column: Column, kind: T.DataType) -> Column:
    if isinstance(kind, T.NumericType):
        seconds = F.when(column > _MOST_SECONDS, column / 1000).otherwise(column)
        return F.timestamp_micros((seconds * 1_000_000).cast("bigint"))
    if isinstance(kind, T.StringType):
        return F.try_to_timestamp(column)
    return column.cast("timestamp")
