"""Writes what the tables hold to a file, as JSON: SNAPSHOT-OR-0 TABLE FILE, three words for each."""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def main() -> None:
    spark = SparkSession.builder.getOrCreate()
    words = sys.argv[1:]
    for snapshot, table, file in zip(words[::3], words[1::3], words[2::3], strict=True):
        version = f" VERSION AS OF {snapshot}" if snapshot != "0" else ""
        frame = spark.sql(f"SELECT * FROM {table}{version}")
        seconds = [
            f"unix_seconds(CAST({name} AS timestamp)) AS {name}" if kind.startswith("timestamp") else name
            for name, kind in frame.dtypes
        ]
        Path(file).write_text(json.dumps([row.asDict() for row in frame.selectExpr(*seconds).collect()]))


main()
