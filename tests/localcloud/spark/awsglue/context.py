"""The context through which a job reads its stream."""

from typing import Any

from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession

from awsglue.kinesis import KinesisSource


class GlueContext:
    """A Spark session, and data frames of connections."""

    def __init__(self, spark_context: SparkContext):
        self.spark_session = SparkSession(spark_context)

    @property
    def create_data_frame(self) -> "DataFrameReader":
        return DataFrameReader(self.spark_session)


class DataFrameReader:
    """Makes data frames of connections. There is one type: kinesis."""

    def __init__(self, spark: SparkSession):
        self._spark = spark

    def from_options(self, connection_type: str, connection_options: dict[str, Any]) -> DataFrame:
        """Make a streaming data frame of a stream's records."""
        if connection_type != "kinesis":
            raise ValueError(f"connection_type is {connection_type!r}, must be 'kinesis'")
        self._spark.dataSource.register(KinesisSource)
        return self._spark.readStream.format(KinesisSource.name()).options(**connection_options).load()
