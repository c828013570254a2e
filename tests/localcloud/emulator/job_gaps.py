"""What moto 5.2.5 lacks of Glue's jobs; see gaps.py."""

import json

from moto.glue.models import FakeJob
from moto.glue.responses import GlueResponse

# Members of a job that moto's CreateJob does not keep, or makes up.
UNKEPT = ("ExecutionClass", "JobMode", "JobRunQueuingEnabled", "MaintenanceWindow")


def fill_all() -> None:
    """Fill every gap of Glue's jobs."""
    keep_all_that_a_job_is_given()
    update_jobs()


def keep_all_that_a_job_is_given() -> None:
    """moto loses members that Glue got in 2023 and later, and makes one up.

    The provider then sees the maintenance window missing, or an execution
    class that nobody asked for, and plans an update for ever.
    """
    create_job = GlueResponse.create_job
    as_dict = FakeJob.as_dict

    def create_whole_job(self):
        result = create_job(self)
        job = self.glue_backend.get_job(self.parameters["Name"])
        job.kept = {member: self.parameters.get(member) for member in UNKEPT}
        return result

    GlueResponse.create_job = create_whole_job
    FakeJob.as_dict = lambda self: as_dict(self) | self.kept


def update_jobs() -> None:
    """moto has no UpdateJob.

    Glue's removes or resets what it is not given, and keeps the job's tags,
    runs and creation time.
    """

    def update_job(self):
        name = self.parameters["JobName"]
        before = self.glue_backend.get_job(name)
        self.body = json.dumps(self.parameters["JobUpdate"] | {"Name": name})
        self.create_job()
        after = self.glue_backend.get_job(name)
        after.created_on, after.job_runs = before.created_on, before.job_runs
        return json.dumps({"JobName": name})

    GlueResponse.update_job = update_job
