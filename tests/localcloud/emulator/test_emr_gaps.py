"""Each gap that emr_gaps.py fills, as a client of AWS sees it."""

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

BATCH = Path(__file__).parents[3] / "components/metrics/testdata"
ROLE = "arn:aws:iam::123456789012:role/batch"
# What the provider sends: the type in small letters.
APPLICATION = {
    "type": "spark",
    "releaseLabel": "emr-spark-8.1.0",
    "architecture": "ARM64",
    "autoStartConfiguration": {"enabled": True},
    "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": 5},
    "maximumCapacity": {"cpu": "16 vCPU", "memory": "64 GB", "disk": "100 GB"},
    "tags": {"Project": "x"},
}


def test_application_is_created_as_given_and_not_started(client):
    emr = client("emr-serverless")
    made = emr.create_application(name="a", **APPLICATION)
    application = emr.get_application(applicationId=made["applicationId"])["application"]
    assert application.items() >= (APPLICATION | {"type": application["type"], "state": "CREATED"}).items()
    assert application["type"].lower() == "spark"
    assert application["arn"] == made["arn"]
    assert made["arn"].endswith(f":/applications/{made['applicationId']}")


def test_architecture_has_a_default(client):
    emr = client("emr-serverless")
    made = emr.create_application(name="a", type="SPARK", releaseLabel="emr-7.13.0")
    assert emr.get_application(applicationId=made["applicationId"])["application"]["architecture"] == "X86_64"


@pytest.mark.parametrize("change", [{"type": "FLINK"}, {"releaseLabel": "spark-4"}])
def test_what_there_is_not_is_refused(client, change):
    with pytest.raises(ClientError, match="ValidationException"):
        client("emr-serverless").create_application(name="a", **(APPLICATION | change))


def test_updated_application_is_as_if_made_so(client):
    emr = client("emr-serverless")
    application_id = emr.create_application(name="a", **APPLICATION)["applicationId"]
    changed = {
        "releaseLabel": "emr-spark-8.2.0",
        "architecture": "X86_64",
        "maximumCapacity": {"cpu": "32 vCPU", "memory": "128 GB", "disk": "200 GB"},
        "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": 1},
    }
    emr.update_application(applicationId=application_id, **changed)
    application = emr.get_application(applicationId=application_id)["application"]
    kept = {name: APPLICATION[name] for name in ("autoStartConfiguration", "tags")}
    assert application.items() >= (changed | kept | {"state": "CREATED"}).items()


def test_application_can_be_deleted_once_it_is_stopped_and_is_gone_then(client):
    emr = client("emr-serverless")
    application_id = emr.create_application(name="a", **APPLICATION)["applicationId"]
    emr.start_application(applicationId=application_id)
    with pytest.raises(ClientError, match="ValidationException"):
        emr.delete_application(applicationId=application_id)
    emr.stop_application(applicationId=application_id)
    emr.delete_application(applicationId=application_id)
    assert emr.get_application(applicationId=application_id)["application"]["state"] == "TERMINATED"


def test_tags_change(client):
    emr = client("emr-serverless")
    arn = emr.create_application(name="a", **APPLICATION)["arn"]
    emr.tag_resource(resourceArn=arn, tags={"Owner": "y"})
    assert emr.list_tags_for_resource(resourceArn=arn)["tags"] == {"Project": "x", "Owner": "y"}
    emr.untag_resource(resourceArn=arn, tagKeys=["Project"])
    assert emr.list_tags_for_resource(resourceArn=arn)["tags"] == {"Owner": "y"}
    application_id = arn.rpartition("/")[2]
    assert emr.get_application(applicationId=application_id)["application"]["tags"] == {"Owner": "y"}


def lower_case(value):
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: lower_case(member) for name, member in value.items()}
    return value


# What the program makes is a request that EMR Serverless takes: botocore holds it against the service's own model.
@pytest.mark.parametrize("name", ["batch-recount.json", "batch-schedule-input.json"])
def test_runs_of_the_batch_are_started_as_asked_for(client, name):
    emr = client("emr-serverless")
    application_id = emr.create_application(name="a", **APPLICATION)["applicationId"]
    asked = lower_case(json.loads((BATCH / name).read_text()))
    asked["executionRoleArn"] = ROLE
    asked["applicationId"] = application_id
    if "clientToken" in asked:
        asked["clientToken"] = asked["clientToken"].strip("<>")

    run = emr.start_job_run(**asked)

    got = emr.get_job_run(applicationId=application_id, jobRunId=run["jobRunId"])["jobRun"]
    for member in ("name", "jobDriver", "configurationOverrides", "executionTimeoutMinutes"):
        assert got[member] == asked[member], member
    assert got["executionRole"] == ROLE
    assert got["releaseLabel"] == "emr-spark-8.1.0"
    assert got["state"] == "SUCCESS"
