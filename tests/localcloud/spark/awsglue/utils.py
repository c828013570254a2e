"""Job arguments, as Glue passes them."""

from collections.abc import Iterable


class GlueArgumentError(Exception):
    """An argument that was asked for and not given."""


# Arguments that Glue passes to every job, and gives back whoever asks (gh:awslabs/aws-glue-libs awsglue/utils.py).
GLUES_OWN = {"JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION"}


def getResolvedOptions(args: Iterable[str], options: Iterable[str]) -> dict[str, str | None]:
    """Give the values of the options, which are all required, and of Glue's own; others are ignored.

    args are a program's, its name first: --name value or --name=value.
    """
    given = _given(list(args)[1:])
    missing = [name for name in options if name not in given]
    if missing:
        raise GlueArgumentError(f"the following arguments are required: {', '.join('--' + name for name in missing)}")
    return {name: given.get(name) for name in [*options, *GLUES_OWN]}


def _given(args: list[str]) -> dict[str, str]:
    values = {}
    words = iter(args)
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if word.startswith("--"):
            values[name] = value if equals else next(words, "")
    return values
