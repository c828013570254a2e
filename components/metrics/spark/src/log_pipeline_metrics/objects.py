"""Objects in S3 by their URI."""

from botocore.exceptions import ClientError


class ObjectError(RuntimeError):
    """An object that cannot be read."""


def split(uri: str) -> tuple[str, str]:
    """Give bucket and key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


class Objects:
    """Reads and writes whole objects. s3 is a client of boto3."""

    def __init__(self, s3):
        self._s3 = s3

    def read(self, uri: str) -> bytes:
        """Give an object's content. Raises ObjectError."""
        bucket, key = split(uri)
        try:
            return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise ObjectError(f"cannot read {uri}: {error}") from error

    def read_if_there(self, uri: str) -> bytes | None:
        """Give an object's content, None where there is no such object. Raises ObjectError."""
        try:
            return self.read(uri)
        except ObjectError as error:
            # So S3 answers whoever may list the bucket.
            if error.__cause__.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise

    def write(self, uri: str, content: bytes) -> None:
        """Make an object, or replace it: nobody reads half of it."""
        bucket, key = split(uri)
        self._s3.put_object(Bucket=bucket, Key=key, Body=content)

    def names(self, folder: str) -> list[str]:
        """Give the names of the objects in a folder, whose URI ends with a slash, but not of those in folders below."""
        bucket, prefix = split(folder)
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
        return [found["Key"].removeprefix(prefix) for page in pages for found in page.get("Contents", [])]
