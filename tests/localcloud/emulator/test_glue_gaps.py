"""Each gap that glue_gaps.py fills, as a client of AWS sees it."""

import json
from urllib.parse import urlparse

import pytest
from botocore.exceptions import ClientError

COLUMNS = [
    {"Name": "metric", "Type": "string", "Comment": "Name of the metric"},
    {"Name": "window_start", "Type": "timestamp"},
    {"Name": "value", "Type": "double"},
    {"Name": "rows", "Type": "bigint"},
]


@pytest.fixture
def bucket(client, request):
    name = request.node.name.replace("_", "-")[:63].strip("-")
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client("glue").create_database(DatabaseInput={"Name": name})
    return name


def create_iceberg_table(glue, bucket: str, name: str, columns: list[dict]) -> None:
    glue.create_table(
        DatabaseName=bucket,
        TableInput={
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"kept": "yes"},
            "StorageDescriptor": {"Location": f"s3://{bucket}/metrics/{name}", "Columns": columns},
        },
        OpenTableFormatInput={"IcebergInput": {"MetadataOperation": "CREATE", "Version": "2"}},
    )


def metadata(client, table: dict) -> dict:
    place = urlparse(table["Parameters"]["metadata_location"])
    answer = client("s3").get_object(Bucket=place.netloc, Key=place.path.lstrip("/"))
    return json.loads(answer["Body"].read())


def test_iceberg_table_is_made_with_its_metadata(client, bucket):
    create_iceberg_table(client("glue"), bucket, "live", COLUMNS)
    table = client("glue").get_table(DatabaseName=bucket, Name="live")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert table["Parameters"]["kept"] == "yes"
    assert table["Parameters"]["metadata_location"].startswith(f"s3://{bucket}/metrics/live/metadata/00000-")
    document = metadata(client, table)
    assert (document["format-version"], document["location"]) == (2, f"s3://{bucket}/metrics/live")
    assert document["schemas"][0]["fields"] == [
        {"id": 1, "name": "metric", "required": False, "type": "string", "doc": "Name of the metric"},
        {"id": 2, "name": "window_start", "required": False, "type": "timestamp"},
        {"id": 3, "name": "value", "required": False, "type": "double"},
        {"id": 4, "name": "rows", "required": False, "type": "long"},
    ]


def test_column_without_counterpart_in_iceberg_is_refused(client, bucket):
    with pytest.raises(ClientError, match="column flag has the type tinyint"):
        create_iceberg_table(client("glue"), bucket, "live", [{"Name": "flag", "Type": "tinyint"}])


def test_iceberg_table_in_a_missing_bucket_is_refused(client, bucket):
    client("s3").delete_bucket(Bucket=bucket)
    with pytest.raises(ClientError, match=f"bucket {bucket} of the table's location does not exist"):
        create_iceberg_table(client("glue"), bucket, "live", COLUMNS)


def test_second_table_of_a_name_is_refused_and_leaves_no_metadata(client, bucket):
    create_iceberg_table(client("glue"), bucket, "live", COLUMNS)
    with pytest.raises(ClientError, match="AlreadyExists"):
        create_iceberg_table(client("glue"), bucket, "live", COLUMNS)
    assert client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_of_two_updates_of_a_version_the_second_is_refused(client, bucket):
    glue = client("glue")
    create_iceberg_table(glue, bucket, "live", COLUMNS)
    version = glue.get_table(DatabaseName=bucket, Name="live")["Table"]["VersionId"]

    def update(description: str) -> None:
        glue.update_table(
            DatabaseName=bucket, VersionId=version, TableInput={"Name": "live", "Description": description}
        )

    update("first")
    with pytest.raises(ClientError, match="ConcurrentModificationException"):
        update("second")
    assert glue.get_table(DatabaseName=bucket, Name="live")["Table"]["Description"] == "first"


def test_table_optimizer_is_kept_changed_and_deleted(client, bucket):
    glue = client("glue")
    create_iceberg_table(glue, bucket, "live", COLUMNS)
    optimizer = {"CatalogId": "123456789012", "DatabaseName": bucket, "TableName": "live", "Type": "retention"}
    role = "arn:aws:iam::123456789012:role/optimizer"

    def configured(days: int) -> dict:
        retention = {"snapshotRetentionPeriodInDays": days, "numberOfSnapshotsToRetain": 1, "cleanExpiredFiles": True}
        return {"roleArn": role, "enabled": True, "retentionConfiguration": {"icebergConfiguration": retention}}

    glue.create_table_optimizer(**optimizer, TableOptimizerConfiguration=configured(1))
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_table_optimizer(**optimizer, TableOptimizerConfiguration=configured(1))
    glue.update_table_optimizer(**optimizer, TableOptimizerConfiguration=configured(5))
    kept = glue.get_table_optimizer(**optimizer)
    assert kept["TableOptimizer"] == {"type": "retention", "configuration": configured(5)}
    glue.delete_table_optimizer(**optimizer)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_table_optimizer(**optimizer)


def test_optimizer_of_a_missing_table_is_refused(client, bucket):
    with pytest.raises(ClientError, match="Table missing not found"):
        client("glue").get_table_optimizer(
            CatalogId="123456789012", DatabaseName=bucket, TableName="missing", Type="compaction"
        )
