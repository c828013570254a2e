"""Text of a record to its event time. A text that cannot be read gives null and never an error."""

from pyspark.sql import Column
from pyspark.sql import functions as F

# Java's regular expressions; \z is the very end of the text.
_LOCAL = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?"
_WITHOUT_OFFSET = _LOCAL + r"\z"
_WITH_OFFSET = _LOCAL + r"(Z|[+-]\d\d(:?\d\d)?)\z"

# The times of the years 0001 to 9999, which every program that reads the tables can hold.
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
_MICROSECONDS = 1_000_000
# Nanoseconds after the point, and room for every epoch time that is no nonsense.
_EPOCH = "decimal(28,9)"


def iso8601(text: Column, zone: str) -> Column:
    """Read yyyy-mm-ddThh:mm:ss with up to nine digits of a fraction and an offset, or a space in place of the T.

    A time without an offset is of the zone. Where clocks are set back it is the earlier of the two times; where they
    are set forward and skip it, it is as much later as they skip (java.time.ZonedDateTime.of). Digits of a fraction after the sixth are cut.
    """
    zoned = F.when(text.rlike(_WITH_OFFSET), text).when(text.rlike(_WITHOUT_OFFSET), F.concat(text, F.lit(zone)))
    return zoned.try_cast("timestamp")


def epoch(text: Column, per_second: int) -> Column:
    """Read the number of seconds, or of milliseconds, since 1970-01-01T00:00:00Z; it may have a fraction."""
    number = text.try_cast(_EPOCH)
    in_range = number.between(F.lit(_FIRST_SECOND * per_second), F.lit(_LAST_SECOND * per_second))
    return F.timestamp_micros(F.floor(F.when(in_range, number) * F.lit(_MICROSECONDS // per_second)))
