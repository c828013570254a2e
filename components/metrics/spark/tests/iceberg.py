"""Iceberg in the tests' Spark session: its jars come by the environment, as tests/localcloud has it."""

EXTENSIONS = {"spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"}


def catalog(folder: str) -> dict[str, str]:
    """The catalog warehouse, in a folder of this machine."""
    name = "spark.sql.catalog.warehouse"
    return {
        name: "org.apache.iceberg.spark.SparkCatalog",
        f"{name}.type": "hadoop",
        f"{name}.warehouse": folder,
        f"{name}.cache-enabled": "false",
    }
