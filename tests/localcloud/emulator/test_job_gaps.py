"""Each gap that job_gaps.py fills, as a client of AWS sees it."""

import pytest
from botocore.exceptions import ClientError

JOB = {
    "Role": "arn:aws:iam::123456789012:role/job",
    "Command": {"Name": "gluestreaming", "ScriptLocation": "s3://bucket/job.py", "PythonVersion": "3"},
    "GlueVersion": "6.0",
    "WorkerType": "G.1X",
    "NumberOfWorkers": 2,
    "MaintenanceWindow": "Sun:03",
    "JobRunQueuingEnabled": False,
    "DefaultArguments": {"--x": "1"},
}


def without_times(job: dict) -> dict:
    return {name: value for name, value in job.items() if name not in ("CreatedOn", "LastModifiedOn")}


def test_job_keeps_all_that_it_is_given_and_no_more(client):
    glue = client("glue")
    glue.create_job(Name="whole", **JOB)
    job = glue.get_job(JobName="whole")["Job"]
    assert job.items() >= JOB.items()
    assert "ExecutionClass" not in job


def test_updated_job_is_as_if_made_so_but_for_its_past(client):
    glue = client("glue")
    changed = JOB | {"DefaultArguments": {"--y": "2"}, "MaintenanceWindow": "Mon:04"}
    del changed["NumberOfWorkers"]
    glue.create_job(Name="made-so", **changed)
    glue.create_job(Name="updated", **JOB, Tags={"Project": "x"})
    run = glue.start_job_run(JobName="updated")["JobRunId"]
    created = glue.get_job(JobName="updated")["Job"]["CreatedOn"]

    assert glue.update_job(JobName="updated", JobUpdate=changed)["JobName"] == "updated"

    job = glue.get_job(JobName="updated")["Job"]
    made_so = glue.get_job(JobName="made-so")["Job"]
    assert without_times(job) == without_times(made_so) | {"Name": "updated"}
    assert job["CreatedOn"] == created
    assert [r["Id"] for r in glue.get_job_runs(JobName="updated")["JobRuns"]] == [run]
    arn = "arn:aws:glue:eu-west-1:123456789012:job/updated"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"Project": "x"}


def test_update_of_a_missing_job_is_refused(client):
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        client("glue").update_job(JobName="missing", JobUpdate={"Role": "r", "Command": {}})
