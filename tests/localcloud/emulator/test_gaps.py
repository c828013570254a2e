"""Each gap that gaps.py fills, as a client of AWS sees it."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError


def test_identity_is_the_one_given(emulator):
    with urllib.request.urlopen(f"http://127.0.0.1:{emulator['port']}/local-cloud/id") as answer:
        assert answer.read().decode() == emulator["id"] == "the-id"


def test_new_stream_keeps_its_tags(client):
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName="tagged", ShardCount=1, Tags={"Project": "x"})
    assert kinesis.list_tags_for_stream(StreamName="tagged")["Tags"] == [{"Key": "Project", "Value": "x"}]


def test_delete_marker_can_be_deleted_once_versioning_is_suspended(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="emptied", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="emptied", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="emptied", Key="key", Body=b"")
    marker = s3.delete_object(Bucket="emptied", Key="key")["VersionId"]
    s3.put_bucket_versioning(Bucket="emptied", VersioningConfiguration={"Status": "Suspended"})
    s3.delete_objects(Bucket="emptied", Delete={"Objects": [{"Key": "key", "VersionId": marker}]})
    s3.delete_bucket(Bucket="emptied")


@pytest.mark.parametrize("false", ["false", ["false"]])
def test_bucket_that_denies_plain_http_can_be_used_and_keeps_its_policy(client, false):
    s3 = client("s3")
    bucket = f"tls-only-{type(false).__name__}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": false}},
            }
        ],
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: s3.put_object(Bucket=bucket, Key=f"k{i}", Body=b"v"), range(50)))
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == policy


def test_bucket_that_denies_for_another_reason_denies(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="closed", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::closed/*"}],
    }
    s3.put_bucket_policy(Bucket="closed", Policy=json.dumps(policy))
    with pytest.raises(ClientError, match="403"):
        s3.put_object(Bucket="closed", Key="k", Body=b"v")


def log_policy(bucket: str, service: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": [service]},
        "Action": ["s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{bucket}/*"],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def turn_logging_on(s3, bucket: str) -> None:
    target = {"TargetBucket": bucket, "TargetPrefix": "logs/"}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": target})


def test_log_service_is_found_in_lists_of_a_policy(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="logged", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_policy(Bucket="logged", Policy=log_policy("logged", "logging.s3.amazonaws.com"))
    turn_logging_on(s3, "logged")
    assert s3.get_bucket_logging(Bucket="logged")["LoggingEnabled"]["TargetBucket"] == "logged"


def test_log_bucket_that_lets_another_service_write_is_refused(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="unlogged", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_policy(Bucket="unlogged", Policy=log_policy("unlogged", "firehose.amazonaws.com"))
    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        turn_logging_on(s3, "unlogged")


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("glue", "get_entity_records", {"EntityName": "x", "Limit": 1}),
        ("iam", "get_context_keys_for_custom_policy", {"PolicyInputList": ["{}"]}),
        ("kinesis", "list_tags_for_resource", {"ResourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/x"}),
    ],
)
def test_missing_call_is_refused_by_name_and_not_tried_again(client, service, call, arguments):
    with pytest.raises(ClientError) as refused:
        getattr(client(service), call)(**arguments)
    response = refused.value.response
    assert response["Error"]["Code"] == "NotImplementedByEmulator"
    assert call in response["Error"]["Message"]
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
