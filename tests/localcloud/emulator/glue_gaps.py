"""What moto 5.2.5 lacks of Glue; see gaps.py."""

import json
import threading

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.glue.exceptions import AlreadyExistsException, EntityNotFoundException
from moto.glue.models import GlueBackend
from moto.glue.responses import GlueResponse
from moto.s3.models import s3_backends

import iceberg


def fill_all() -> None:
    """Fill every gap of Glue."""
    write_metadata_of_new_iceberg_tables()
    refuse_updates_of_superseded_versions()
    keep_table_optimizers()


def write_metadata_of_new_iceberg_tables() -> None:
    """CreateTable with OpenTableFormatInput writes the table's metadata.

    moto's only notes that the table is one of Iceberg, so that no engine can
    open it.
    """
    create_table = GlueBackend.create_table

    def create_table_with_metadata(self, database_name, table_name, table_input, open_table_format_input=None):
        is_new = table_name not in self.get_database(database_name).tables
        if is_new and "IcebergInput" in (open_table_format_input or {}):
            table_input = with_metadata(self, table_input)
        return create_table(self, database_name, table_name, table_input, open_table_format_input)

    GlueBackend.create_table = create_table_with_metadata


def with_metadata(backend: GlueBackend, table_input: dict) -> dict:
    """Write the metadata of a table that is to be made, and point to it."""
    descriptor = table_input["StorageDescriptor"]
    bucket, _, prefix = descriptor["Location"].removeprefix("s3://").partition("/")
    buckets = s3_backends[backend.account_id][backend.partition]
    if bucket not in buckets.buckets:
        raise JsonRESTError("InvalidInputException", f"The bucket {bucket} of the table's location does not exist")
    try:
        document = iceberg.new_table(descriptor["Location"], descriptor["Columns"])
    except iceberg.UnknownTypeError as unknown:
        raise JsonRESTError("InvalidInputException", f"Cannot create Iceberg table: {unknown}") from unknown
    key = iceberg.first_metadata_key(prefix)
    buckets.put_object(bucket, key, json.dumps(document).encode())
    parameters = table_input.get("Parameters", {}) | {"metadata_location": f"s3://{bucket}/{key}"}
    return table_input | {"Parameters": parameters}


def refuse_updates_of_superseded_versions() -> None:
    """UpdateTable with a VersionId updates that version or nothing.

    moto ignores it. Iceberg's commits rest on it: of two that start from the
    same version one has to lose, or its rows are gone.
    """
    update_table = GlueResponse.update_table
    one_at_a_time = threading.Lock()

    def update_table_of_version(self):
        asked = self.parameters.get("VersionId")
        with one_at_a_time:
            table = self.glue_backend.get_table(self.parameters["DatabaseName"], self.parameters["TableInput"]["Name"])
            current = table.as_dict()["VersionId"]
            if asked not in (None, current):
                raise JsonRESTError(
                    "ConcurrentModificationException",
                    f"Update table failed due to concurrent modifications: version {asked}, current {current}",
                )
            return update_table(self)

    GlueResponse.update_table = update_table_of_version


def keep_table_optimizers() -> None:
    """moto has no optimizers of tables: keep what is said of them.

    They go with their table, and optimize nothing.
    """
    GlueResponse.create_table_optimizer = create_table_optimizer
    GlueResponse.get_table_optimizer = get_table_optimizer
    GlueResponse.update_table_optimizer = update_table_optimizer
    GlueResponse.delete_table_optimizer = delete_table_optimizer


def create_table_optimizer(self: GlueResponse) -> EmptyResult:
    optimizers, kind = _optimizers(self)
    if kind in optimizers:
        raise AlreadyExistsException("Table optimizer")
    optimizers[kind] = self.parameters["TableOptimizerConfiguration"]
    return EmptyResult()


def get_table_optimizer(self: GlueResponse) -> ActionResult:
    optimizers, kind = _existing_optimizer(self)
    names = {name: self.parameters[name] for name in ("CatalogId", "DatabaseName", "TableName")}
    return ActionResult(names | {"TableOptimizer": {"type": kind, "configuration": optimizers[kind]}})


def update_table_optimizer(self: GlueResponse) -> EmptyResult:
    optimizers, kind = _existing_optimizer(self)
    optimizers[kind] = self.parameters["TableOptimizerConfiguration"]
    return EmptyResult()


def delete_table_optimizer(self: GlueResponse) -> EmptyResult:
    optimizers, kind = _existing_optimizer(self)
    del optimizers[kind]
    return EmptyResult()


def _optimizers(response: GlueResponse) -> tuple[dict[str, dict], str]:
    """Find the configurations of the optimizers of a table, and which is meant."""
    table = response.glue_backend.get_table(response.parameters["DatabaseName"], response.parameters["TableName"])
    return table.__dict__.setdefault("optimizers", {}), response.parameters["Type"]


def _existing_optimizer(response: GlueResponse) -> tuple[dict[str, dict], str]:
    optimizers, kind = _optimizers(response)
    if kind not in optimizers:
        raise EntityNotFoundException(f"Table optimizer {kind} not found.")
    return optimizers, kind
