"""The metadata document of a new Iceberg v2 table, as its specification has it.

iceberg.apache.org/spec/#table-metadata
"""

import time
import uuid

# Glue's names of types on the left. Hive's timestamp has no zone, and neither
# has Iceberg's type of that name.
ICEBERG_TYPES = {
    "boolean": "boolean",
    "int": "int",
    "bigint": "long",
    "float": "float",
    "double": "double",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "string": "string",
    "binary": "binary",
}

# Partition fields are numbered from 1000: before the first, the last is 999.
LAST_PARTITION_ID_OF_NONE = 999


class UnknownTypeError(ValueError):
    """A column whose Glue type has no counterpart here."""


def new_table(location: str, columns: list[dict]) -> dict:
    """Describe a table without snapshots, partitions and sort order."""
    return {
        "format-version": 2,
        "table-uuid": str(uuid.uuid4()),
        "location": location,
        "last-sequence-number": 0,
        "last-updated-ms": int(time.time() * 1000),
        "last-column-id": len(columns),
        "current-schema-id": 0,
        "schemas": [{"type": "struct", "schema-id": 0, "fields": _fields(columns)}],
        "default-spec-id": 0,
        "partition-specs": [{"spec-id": 0, "fields": []}],
        "last-partition-id": LAST_PARTITION_ID_OF_NONE,
        "default-sort-order-id": 0,
        "sort-orders": [{"order-id": 0, "fields": []}],
        "properties": {"write.parquet.compression-codec": "zstd"},
        "current-snapshot-id": -1,
        "refs": {},
        "snapshots": [],
        "statistics": [],
        "snapshot-log": [],
        "metadata-log": [],
    }


def first_metadata_key(prefix: str) -> str:
    """Name the first metadata document of a table under the prefix."""
    return f"{prefix.rstrip('/')}/metadata/00000-{uuid.uuid4()}.metadata.json"


def _fields(columns: list[dict]) -> list[dict]:
    return [_field(number, column) for number, column in enumerate(columns, start=1)]


def _field(number: int, column: dict) -> dict:
    try:
        kind = ICEBERG_TYPES[column["Type"]]
    except KeyError:
        raise UnknownTypeError(f"column {column['Name']} has the type {column['Type']}") from None
    field = {"id": number, "name": column["Name"], "required": False, "type": kind}
    if column.get("Comment"):
        field["doc"] = column["Comment"]
    return field
