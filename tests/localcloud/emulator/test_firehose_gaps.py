"""Each gap that firehose_gaps.py fills, as a client of AWS sees it."""

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/delivery"
DOMAIN = "arn:aws:es:eu-west-1:123456789012:domain/search"
BACKUP = {
    "RoleARN": ROLE,
    "BucketARN": "arn:aws:s3:::failed",
    "Prefix": "search/",
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "CompressionFormat": "GZIP",
}
VPC = {"RoleARN": ROLE, "SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
# What it is given and gives back under the same name.
SAME = {
    "RoleARN": ROLE,
    "DomainARN": DOMAIN,
    "IndexName": "logs",
    "IndexRotationPeriod": "OneDay",
    "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 5},
    "RetryOptions": {"DurationInSeconds": 300},
    "S3BackupMode": "FailedDocumentsOnly",
    "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": "g", "LogStreamName": "s"},
    "DocumentIdOptions": {"DefaultDocumentIdFormat": "FIREHOSE_DEFAULT"},
}


@pytest.fixture
def search(client):
    firehose = client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="search",
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={
            "KinesisStreamARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/s",
            "RoleARN": ROLE,
        },
        AmazonopensearchserviceDestinationConfiguration=SAME | {"S3Configuration": BACKUP, "VpcConfiguration": VPC},
        Tags=[{"Key": "Project", "Value": "x"}],
    )
    yield firehose
    firehose.delete_delivery_stream(DeliveryStreamName="search")


def described(firehose) -> dict:
    return firehose.describe_delivery_stream(DeliveryStreamName="search")["DeliveryStreamDescription"]


def test_delivery_to_opensearch_is_described_as_given(search):
    stream = described(search)
    [destination] = stream["Destinations"]
    assert list(destination) == ["DestinationId", "AmazonopensearchserviceDestinationDescription"]
    delivery = destination["AmazonopensearchserviceDestinationDescription"]
    vpc = delivery["VpcConfigurationDescription"]
    assert delivery == SAME | {"S3DestinationDescription": BACKUP, "VpcConfigurationDescription": vpc}
    assert vpc == VPC | {"VpcId": vpc["VpcId"]}
    assert stream["DeliveryStreamStatus"] == "ACTIVE"
    assert search.list_tags_for_delivery_stream(DeliveryStreamName="search")["Tags"] == [
        {"Key": "Project", "Value": "x"}
    ]


def test_update_changes_what_it_is_given(search):
    stream = described(search)
    before = stream["Destinations"][0]["AmazonopensearchserviceDestinationDescription"]
    buffer, prefix = {"IntervalInSeconds": 120, "SizeInMBs": 10}, "elsewhere/"
    search.update_destination(
        DeliveryStreamName="search",
        CurrentDeliveryStreamVersionId=stream["VersionId"],
        DestinationId=stream["Destinations"][0]["DestinationId"],
        AmazonopensearchserviceDestinationUpdate={"BufferingHints": buffer, "S3Update": BACKUP | {"Prefix": prefix}},
    )
    after = described(search)
    assert after["Destinations"][0]["AmazonopensearchserviceDestinationDescription"] == before | {
        "BufferingHints": buffer,
        "S3DestinationDescription": BACKUP | {"Prefix": prefix},
    }
    assert after["VersionId"] != stream["VersionId"]


def test_update_of_another_version_is_refused(search):
    stream = described(search)
    with pytest.raises(ClientError, match="ConcurrentModificationException"):
        search.update_destination(
            DeliveryStreamName="search",
            CurrentDeliveryStreamVersionId="9",
            DestinationId=stream["Destinations"][0]["DestinationId"],
            AmazonopensearchserviceDestinationUpdate={"IndexName": "others"},
        )
    assert described(search) == stream


def test_other_destinations_are_as_before(client):
    firehose = client("firehose")
    with pytest.raises(ClientError, match="Exactly one destination"):
        firehose.create_delivery_stream(DeliveryStreamName="none")
    given = SAME | {"S3Configuration": BACKUP, "S3BackupMode": "AllDocuments"}
    firehose.create_delivery_stream(DeliveryStreamName="old", ElasticsearchDestinationConfiguration=given)
    stream = firehose.describe_delivery_stream(DeliveryStreamName="old")["DeliveryStreamDescription"]
    assert "ElasticsearchDestinationDescription" in stream["Destinations"][0]
