"""One Spark session for all tests, and a lake for those of the batch."""

import iceberg
import pytest
from lake import Lake
from pyspark.sql import SparkSession

from log_pipeline_metrics import aggregates


@pytest.fixture(scope="session")
def spark():
    builder = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config(map=iceberg.EXTENSIONS)
        # No result may depend on the session's zone.
        .config("spark.sql.session.timeZone", "America/St_Johns")
        # Code that runs once is not worth compiling well.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
    )
    for name, value in aggregates.SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def warehouse(spark, tmp_path_factory):
    """The session with an empty warehouse, in the zone that the jobs run in."""
    zone = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    for key, value in iceberg.catalog(str(tmp_path_factory.mktemp("warehouse"))).items():
        spark.conf.set(key, value)
    yield spark
    spark.conf.set("spark.sql.session.timeZone", zone)


@pytest.fixture
def lake(warehouse, tmp_path, request) -> Lake:
    name = "".join(c if c.isalnum() else "_" for c in request.node.name.lower())
    return Lake(warehouse, tmp_path / "raw", name, getattr(request, "param", "timestamp_ntz"))
