"""A job as Glue follows it."""

from awsglue.context import GlueContext


class Job:
    """What a script tells Glue of itself: here nobody listens."""

    def __init__(self, glue_context: GlueContext):
        self.glue_context = glue_context

    def init(self, job_name: str, args: dict[str, str]) -> None:
        """Say that the job begins."""
