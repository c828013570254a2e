"""The objects of raw, by the hours of their keys: dt=YYYY-MM-DD/hour=HH/, the hour in which an object's oldest record
arrived.

A line is a record; an empty one is none.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

TEXT, HOUR, PATH = "text", "hour", "path"

_KEY = r"/dt=(\d{4}-\d\d-\d\d)/hour=(\d\d)/[^/]*$"


@dataclass(frozen=True)
class Objects:
    """Objects: their lines as a data frame (TEXT, HOUR as a timestamp, PATH), and how many each hour has."""

    lines: DataFrame
    hours: Counter[datetime]


class Raw:
    """Reads the folder with the hours, whose URI ends with a slash."""

    def __init__(self, spark: SparkSession, folder: str):
        self._spark = spark
        self._folder = folder

    def first_hour(self) -> datetime | None:
        """Give the first hour that has an object, None if there is none. This lists all objects."""
        found = self._at("dt=*/hour=*")
        return min(found.hours) if found else None

    def read(self, hours: Iterable[datetime]) -> Objects | None:
        """Give the objects of some hours, None if there are none. No other hours are listed."""
        return self._at("{" + ",".join(f"{hour:dt=%Y-%m-%d/hour=%H}" for hour in hours) + "}")

    def _at(self, pattern: str) -> Objects | None:
        try:
            text = self._spark.read.text(self._folder + pattern, lineSep="\n")
        except AnalysisException as error:
            if error.getCondition() == "PATH_NOT_FOUND":
                return None
            raise
        hours = Counter(map(_hour, text.inputFiles()))
        return Objects(_lines(text), hours) if hours else None


def _hour(path: str) -> datetime:
    return datetime.strptime(" ".join(re.search(_KEY, path).groups()), "%Y-%m-%d %H").replace(tzinfo=UTC)


def _lines(text: DataFrame) -> DataFrame:
    path = F.col("_metadata.file_path")
    # For every line anew, so without a regular expression: YYYY-MM-DD/hour=HH/ and the name.
    key = F.substring_index(path, "/dt=", -1)
    hour = F.concat(F.substring(key, 1, 10), F.lit(" "), F.substring(key, 17, 2), F.lit(":00:00Z"))
    lines = text.select(F.col("value").alias(TEXT), hour.cast("timestamp").alias(HOUR), path.alias(PATH))
    return lines.where(F.col(TEXT) != "")
