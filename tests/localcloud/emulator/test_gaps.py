"""Each gap that gaps.py fills, as a client of AWS sees it."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

HERE = Path(__file__).parent
START_SECONDS = 60


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    ready = tmp_path_factory.mktemp("emulator") / "ready.json"
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    command = [sys.executable, HERE / "server.py", "--id", "the-id", "--ready", ready]
    process = subprocess.Popen(command, env=os.environ | keys, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        yield json.loads(ready.read_text())
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def client(emulator):
    def make(service: str):
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{emulator['port']}",
            region_name="eu-west-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3}),
        )

    return make


def test_identity_is_the_one_given(emulator):
    with urllib.request.urlopen(f"http://127.0.0.1:{emulator['port']}/local-cloud/id") as answer:
        assert answer.read().decode() == emulator["id"] == "the-id"


def test_new_stream_keeps_its_tags(client):
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName="tagged", ShardCount=1, Tags={"Project": "x"})
    assert kinesis.list_tags_for_stream(StreamName="tagged")["Tags"] == [{"Key": "Project", "Value": "x"}]


def test_bucket_that_denies_plain_http_can_be_used_and_keeps_its_policy(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps(policy))
    s3.put_object(Bucket="tls-only", Key="k", Body=b"v")
    assert json.loads(s3.get_bucket_policy(Bucket="tls-only")["Policy"]) == policy


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
