"""What QuickSight's resources are kept in: see quicksight_gaps.py.

One store holds all kinds. It keeps what create and update were given, and gives back the members that botocore's
model of the API has for the kind.
"""

import json
import re
import time
from dataclasses import dataclass, field

import botocore.session
from moto.quicksight.exceptions import ResourceNotFoundException
from moto.quicksight.models import QuickSightBackend
from moto.quicksight.responses import QuickSightResponse
from moto.utilities.utils import get_partition

# What is described by itself, and the word in its ARN.
ARN_WORDS = {"DataSource": "datasource", "DataSet": "dataset", "Folder": "folder", "Dashboard": "dashboard"}

MODEL = botocore.session.get_session().get_service_model("quicksight")


@dataclass
class Kept:
    """Something of QuickSight's: what it was given, and what belongs to it."""

    kind: str
    id: str
    arn: str
    given: dict
    status: str
    permissions: list = field(default_factory=list)
    refresh_properties: dict | None = None
    schedules: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)

    def described(self) -> dict:
        """The members that its shape has, of those that are known."""
        known = self.given | {
            "Arn": self.arn,
            f"{self.kind}Id": self.id,
            "Status": self.status,
            "CreatedTime": self.created,
            "LastUpdatedTime": self.updated,
        }
        if self.kind == "DataSet":
            known["OutputColumns"] = output_columns(self.given["PhysicalTableMap"])
        if self.kind == "Folder":
            known["FolderPath"] = []
        return {name: known[name] for name in MODEL.shape_for(self.kind).members if name in known}


def output_columns(tables: dict) -> list[dict]:
    """The columns of a data set, which are those of its tables."""
    tables = [table for kinds in tables.values() for table in kinds.values()]
    return [column for table in tables for column in table.get("Columns", table.get("InputColumns", []))]


def kept_of(backend: QuickSightBackend) -> dict[tuple[str, str], Kept]:
    """All that an account has in a region, by kind and id."""
    return backend.__dict__.setdefault("kept", {})


def find(backend: QuickSightBackend, kind: str, identifier: str) -> Kept:
    """What has the id; QuickSight says of what it lacks that it is not found."""
    try:
        return kept_of(backend)[kind, identifier]
    except KeyError:
        raise ResourceNotFoundException(f"{kind} {identifier} is not found") from None


def all_of(backend: QuickSightBackend, kind: str) -> list[Kept]:
    """All of one kind."""
    return [kept for kept in kept_of(backend).values() if kept.kind == kind]


def make(backend: QuickSightBackend, kind: str, identifier: str, given: dict) -> Kept:
    """Keep something new, with its permissions and tags."""
    region = backend.region_name
    arn = f"arn:{get_partition(region)}:quicksight:{region}:{backend.account_id}:{ARN_WORDS[kind]}/{identifier}"
    made = Kept(kind, identifier, arn, given, "CREATION_SUCCESSFUL", given.get("Permissions", []))
    backend.tagger.tag_resource(arn, given.get("Tags", []))
    kept_of(backend)[kind, identifier] = made
    return made


def answer(operation: str, call) -> None:
    """Have an operation answer what the call returns of a backend and the input."""

    def respond(self):
        given = json.loads(self.body or "{}") | self.uri_match
        result = {"RequestId": "local", "Status": 200} | call(self.quicksight_backend, given)
        return json.dumps(result)

    setattr(QuickSightResponse, re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower(), respond)
