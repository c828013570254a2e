"""One Spark session for all tests."""

import iceberg
import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark():
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config(map=iceberg.EXTENSIONS)
        # Nothing may depend on the session's zone.
        .config("spark.sql.session.timeZone", "America/St_Johns")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
