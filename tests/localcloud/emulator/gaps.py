"""What moto 5.2.5 lacks for this program, added when the emulator starts.

Each function fills one gap and says what upstream does. Delete it when its
test in test_gaps.py passes without it. A service with many gaps has a module
and tests of its own: glue_gaps.py, test_glue_gaps.py.
"""

import json
from types import SimpleNamespace

from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse
from moto.kinesis.responses import KinesisResponse
from moto.s3.models import FakeBucket, FakeDeleteMarker

import athena_gaps
import cloudformation_gaps
import emr_gaps
import firehose_gaps
import glue_gaps
import job_gaps
import kinesis_gaps
import lakeformation_gaps
import lambda_gaps
import opensearch_gaps
import quicksight_gaps


def fill_all() -> None:
    """Fill every gap; called once, before the first request."""
    keep_tags_of_new_streams()
    stand_in_for_tls()
    read_lists_in_log_policies()
    delete_delete_markers()
    refuse_missing_calls()
    athena_gaps.fill_all()
    cloudformation_gaps.fill_all()
    emr_gaps.fill_all()
    firehose_gaps.fill_all()
    glue_gaps.fill_all()
    job_gaps.fill_all()
    kinesis_gaps.fill_all()
    lakeformation_gaps.fill_all()
    lambda_gaps.fill_all()
    opensearch_gaps.fill_all()
    quicksight_gaps.fill_all()


def keep_tags_of_new_streams() -> None:
    """CreateStream takes Tags since 2024; moto's ignores them.

    The provider then sees its tags missing and plans an update for ever.
    """
    create_stream = KinesisResponse.create_stream

    def create_stream_with_tags(self):
        result = create_stream(self)
        tags = self._get_param("Tags")
        if tags:
            self.kinesis_backend.add_tags_to_stream(None, self._get_param("StreamName"), tags)
        return result

    KinesisResponse.create_stream = create_stream_with_tags


def stand_in_for_tls() -> None:
    """moto ignores conditions in bucket policies.

    It takes "deny all that comes without TLS" for "deny all". The emulator
    listens without TLS in place of an endpoint that has it, so such a
    statement is left out when a request is judged. The policy itself is kept
    and given back whole.
    """
    get_permission = FakeBucket.get_permission

    def get_permission_as_over_tls(self, action, resource):
        if self.policy is None:
            return get_permission(self, action, resource)
        document = json.loads(self.policy)
        document["Statement"] = [s for s in document["Statement"] if not _denies_plain_http(s)]
        # Requests come at the same time: the bucket's own policy stays as it is.
        return get_permission(SimpleNamespace(policy=json.dumps(document).encode()), action, resource)

    FakeBucket.get_permission = get_permission_as_over_tls


def _denies_plain_http(statement: dict) -> bool:
    condition = statement.get("Condition", {}).get("Bool", {})
    return (
        statement.get("Effect") == "Deny"
        and list(condition) == ["aws:SecureTransport"]
        and _bare(condition["aws:SecureTransport"]) == "false"
    )


def read_lists_in_log_policies() -> None:
    """moto looks for the log service in a bucket policy, but not in lists.

    {"Service": ["logging.s3.amazonaws.com"]} is as good as the bare name; so
    lists of one are unpacked before moto looks.
    """
    enabled = FakeBucket._log_permissions_enabled_policy

    def enabled_with_lists(target_bucket, target_prefix):
        if not target_bucket.policy:
            return False
        statements = [_unpack(s) for s in json.loads(target_bucket.policy)["Statement"]]
        readable = SimpleNamespace(
            name=target_bucket.name,
            partition=target_bucket.partition,
            policy=json.dumps({"Statement": statements}).encode(),
        )
        return enabled(readable, target_prefix)

    FakeBucket._log_permissions_enabled_policy = staticmethod(enabled_with_lists)


def _unpack(statement: dict) -> dict:
    principal = statement.get("Principal", {})
    if not isinstance(principal, dict):
        principal = {"AWS": principal}
    return {
        "Effect": statement["Effect"],
        "Principal": {kind: _bare(value) for kind, value in principal.items()},
        "Action": statement.get("Action", []),
        "Resource": _bare(statement.get("Resource")),
    }


def _bare(value):
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def delete_delete_markers() -> None:
    """moto cannot delete an object whose last version is a delete marker once versioning is suspended.

    It drops all versions then and disposes of each, which a delete marker lacks: a 500. A destroy of the program
    suspends versioning first, and so would never empty a bucket in which a job has deleted something.
    """
    FakeDeleteMarker.dispose = lambda *_: None


def refuse_missing_calls() -> None:
    """moto answers a call that it lacks with a 500, which clients try again.

    A 400 that names the call fails at once.
    """
    call_action = BaseResponse.call_action

    def call_action_or_refuse(self):
        try:
            return call_action(self)
        except NotImplementedError as missing:
            refusal = ServiceException("NotImplementedByEmulator", f"{self.service_name}: {missing}")
            return refusal_response(self, refusal)

    BaseResponse.call_action = call_action_or_refuse


def refusal_response(response: BaseResponse, refusal: ServiceException):
    """Answer in the XML of S3 and IAM or the JSON of the others."""
    body = {"__type": refusal.code, "code": refusal.code, "message": refusal.message}
    headers = {"Content-Type": "application/json", "x-amzn-errortype": refusal.code}
    if "json" in (response.headers.get("Content-Type") or ""):
        return 400, headers, json.dumps(body)
    xml = (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{refusal.code}</Code><Message>{refusal.message}</Message>"
        "</Error></ErrorResponse>"
    )
    return 400, {"Content-Type": "text/xml"}, xml
