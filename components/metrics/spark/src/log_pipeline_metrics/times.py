"""Text of a record to its event time. A text that cannot be read gives null and never an error."""

from pyspark.sql import Column
from pyspark.sql import functions as F

# Java's regular expressions; \z is the very end of the text.
_LOCAL = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?"
_WITHOUT_OFFSET = _LOCAL + r"\z"
_WITH_OFFSET = _LOCAL + r"(Z|[+-]\d\d(:?\d\d)?)\z"

# Twelve digits of seconds before the point, until the year 33658, and what is left of nanoseconds after it.
_EPOCH = {1: "decimal(21,9)", 1_000: "decimal(21,6)"}
_MICROSECONDS = 1_000_000


def iso8601(text: Column, zone: str) -> Column:
    """Read yyyy-mm-ddThh:mm:ss, with up to nine digits of a fraction and an offset, and a space for the T if need be.

    An offset is Z, +hh:mm, +hhmm or +hh. A time without one is of the zone: where clocks are set back, the earlier of
    the two that it may be; where they are set forward and skip it, as much later as they skip (as
    java.time.ZonedDateTime.of has it). Digits after the microseconds are cut.
    """
    zoned = F.when(text.rlike(_WITH_OFFSET), text).when(text.rlike(_WITHOUT_OFFSET), F.concat(text, F.lit(zone)))
    return zoned.try_cast("timestamp")


def epoch(text: Column, per_second: int) -> Column:
    """Read a number of seconds since 1970-01-01T00:00:00Z, or of milliseconds where 1,000 of them are a second.

    It may have a fraction, of which digits after the microseconds are cut. Of seconds it has 12 digits at most, of
    milliseconds 15.
    """
    micros = F.floor(text.try_cast(_EPOCH[per_second]) * F.lit(_MICROSECONDS // per_second))
    return F.timestamp_micros(micros.cast("bigint"))
