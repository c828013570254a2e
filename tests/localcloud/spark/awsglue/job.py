"""A job as Glue follows it."""

from awsglue.context import GlueContext
from awsglue.utils import GLUES_OWN


class Job:
    """What a script tells Glue of itself: here nobody listens."""

    def __init__(self, glue_context: GlueContext):
        self.glue_context = glue_context

    def init(self, job_name: str, args: dict[str, str | None]) -> None:
        """Say that the job begins. args must be those of getResolvedOptions, which have Glue's own among them."""
        missing = GLUES_OWN - args.keys()
        if missing:
            raise ValueError(f"args lack Glue's own: {', '.join(sorted(missing))}")
