"""Objects that are not there, and those that cannot be read."""

import io

import pytest
from botocore.exceptions import ClientError

from log_pipeline_metrics.objects import ObjectError, Objects


class Bucket:
    """Answers as S3 does."""

    def __init__(self, code: str | None = None):
        self.code = code

    def get_object(self, **_):
        if self.code:
            raise ClientError({"Error": {"Code": self.code}}, "GetObject")
        return {"Body": io.BytesIO(b"content")}


def test_object_that_is_there_is_read():
    assert Objects(Bucket()).read_if_there("s3://bucket/key") == b"content"


def test_object_that_is_not_there_is_none():
    assert Objects(Bucket("NoSuchKey")).read_if_there("s3://bucket/key") is None


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "NoSuchBucket"])
def test_object_that_cannot_be_read_is_told_from_one_that_is_not_there(code):
    with pytest.raises(ObjectError, match=code):
        Objects(Bucket(code)).read_if_there("s3://bucket/key")
