"""What moto 5.2.5 lacks of QuickSight; see gaps.py.

moto has data sources without permissions, data sets of a name alone, and
dashboards without content. It has no folders and no refreshes. Here everything
keeps what create and update were given, and is described by that, as botocore's
model of the API has it.
"""

import json
import time

from moto.quicksight.exceptions import InvalidParameterValueException, ResourceNotFoundException
from moto.quicksight.models import QuickSightBackend
from moto.quicksight.responses import QuickSightResponse
from moto.quicksight.urls import url_paths

from quicksight_store import all_of, answer, find, kept_of, make

# Groups that are there from the start, in the default namespace of each account and region. In AWS too, somebody else
# makes them.
GROUPS = ("analysts", "everybody")

# The kinds of members of folders, by their type.
MEMBER_KINDS = {"DATASET": "DataSet", "DATASOURCE": "DataSource", "DASHBOARD": "Dashboard"}

# The lists of the kinds that have one here: moto's own are of what it keeps itself.
LISTS = {"DataSource": "DataSources", "DataSet": "DataSetSummaries"}

# What moto has no address for.
IDENTIFIER = "(?P<identifier>[^/]+)"
PATHS = (
    f"data-sources/{IDENTIFIER}/permissions",
    f"data-sets/{IDENTIFIER}",
    f"data-sets/{IDENTIFIER}/permissions",
    f"data-sets/{IDENTIFIER}/refresh-properties",
    f"data-sets/{IDENTIFIER}/refresh-schedules",
    f"data-sets/{IDENTIFIER}/refresh-schedules/(?P<schedule>[^/]+)",
    f"folders/{IDENTIFIER}",
    f"folders/{IDENTIFIER}/permissions",
    f"folders/{IDENTIFIER}/members",
    f"folders/{IDENTIFIER}/members/(?P<kind>[^/]+)/(?P<member>[^/]+)",
    f"dashboards/{IDENTIFIER}/definition",
    f"dashboards/{IDENTIFIER}/permissions",
)


def fill_all() -> None:
    """Fill every gap of QuickSight."""
    for path in PATHS:
        url_paths["{0}/accounts/(?P<account_id>[0-9]+)/" + path + "$"] = QuickSightResponse.dispatch
    have_groups()
    for kind in ("DataSource", "DataSet", "Folder"):
        keep(kind)
    describe_dashboards()
    refresh_data_sets()
    put_into_folders()
    untag()


def have_groups() -> None:
    """moto begins without groups, and the program makes none."""
    describe_group = QuickSightBackend.describe_group

    def describe_group_that_was_there(self, aws_account_id, namespace, group_name):
        if namespace == "default" and group_name in GROUPS and not self.__dict__.get("groups_made"):
            self.groups_made = True
            for name in GROUPS:
                self.create_group(name, "", aws_account_id, namespace)
        return describe_group(self, aws_account_id, namespace, group_name)

    QuickSightBackend.describe_group = describe_group_that_was_there


def keep(kind: str) -> None:
    """Create, update, delete and describe one kind, and its permissions."""
    identifier = f"{kind}Id"

    def create(backend, given):
        refuse_what_is_missing(backend, kind, given)
        made = make(backend, kind, given[identifier], given)
        return {"Arn": made.arn, identifier: made.id, "CreationStatus": made.status}

    def update(backend, given):
        refuse_what_is_missing(backend, kind, given)
        found = find(backend, kind, given[identifier])
        found.given |= given
        found.status, found.updated = "UPDATE_SUCCESSFUL", time.time()
        return {"Arn": found.arn, identifier: found.id, "UpdateStatus": found.status}

    def delete(backend, given):
        found = find(backend, kind, given[identifier])
        del kept_of(backend)[kind, found.id]
        return {"Arn": found.arn, identifier: found.id}

    answer(f"Create{kind}", create)
    answer(f"Update{kind}", update)
    answer(f"Delete{kind}", delete)
    answer(f"Describe{kind}", lambda backend, given: {kind: find(backend, kind, given[identifier]).described()})
    if kind in LISTS:
        answer(f"List{kind}s", lambda backend, _: {LISTS[kind]: [kept.described() for kept in all_of(backend, kind)]})
    answer_permissions(kind)


def answer_permissions(kind: str) -> None:
    """Describe and update who may do what with one kind."""
    identifier = f"{kind}Id"

    def described(found):
        return {"Permissions": found.permissions, "Arn": found.arn, f"{kind}Arn": found.arn, identifier: found.id}

    def update(backend, given):
        found = find(backend, kind, given[identifier])
        actions = {p["Principal"]: set(p["Actions"]) for p in found.permissions}
        for revoked in given.get("RevokePermissions", []):
            actions[revoked["Principal"]] = actions.get(revoked["Principal"], set()) - set(revoked["Actions"])
        for granted in given.get("GrantPermissions", []):
            actions[granted["Principal"]] = actions.get(granted["Principal"], set()) | set(granted["Actions"])
        found.permissions = [{"Principal": p, "Actions": sorted(names)} for p, names in actions.items() if names]
        return described(found)

    answer(f"Describe{kind}Permissions", lambda backend, given: described(find(backend, kind, given[identifier])))
    answer(f"Update{kind}Permissions", update)


def refuse_what_is_missing(backend: QuickSightBackend, kind: str, given: dict) -> None:
    """A data set is on data sources that are there."""
    if kind != "DataSet":
        return
    sources = {kept.arn for kept in all_of(backend, "DataSource")}
    for table in given["PhysicalTableMap"].values():
        for source in table.values():
            if source["DataSourceArn"] not in sources:
                raise InvalidParameterValueException(f"Data source {source['DataSourceArn']} is not found")


def describe_dashboards() -> None:
    """moto's have no content; those here are made by CloudFormation, see cloudformation_gaps.py."""

    def describe(backend, given):
        found = find(backend, "Dashboard", given["DashboardId"])
        declared = found.given["Definition"]["DataSetIdentifierDeclarations"]
        version = {"VersionNumber": 1, "Status": found.status, "DataSetArns": [d["DataSetArn"] for d in declared]}
        return {"Dashboard": found.described() | {"Version": version}}

    def describe_definition(backend, given):
        found = find(backend, "Dashboard", given["DashboardId"])
        return {"DashboardId": found.id, "ResourceStatus": found.status} | {
            name: found.given[name] for name in ("Name", "Definition", "DashboardPublishOptions") if name in found.given
        }

    answer("DescribeDashboard", describe)
    answer("DescribeDashboardDefinition", describe_definition)
    answer_permissions("Dashboard")


def refresh_data_sets() -> None:
    """moto has no refresh properties and no schedules. Nothing is refreshed here: there are no rows."""

    def found(backend, given):
        return find(backend, "DataSet", given["DataSetId"])

    def put_properties(backend, given):
        if found(backend, given).given["ImportMode"] != "SPICE":
            raise InvalidParameterValueException("Only a data set in SPICE has refresh properties")
        found(backend, given).refresh_properties = given["DataSetRefreshProperties"]
        return {}

    def describe_properties(backend, given):
        if found(backend, given).refresh_properties is None:
            raise ResourceNotFoundException("The data set has no refresh properties")
        return {"DataSetRefreshProperties": found(backend, given).refresh_properties}

    def delete_properties(backend, given):
        found(backend, given).refresh_properties = None
        return {}

    def schedule_of(backend, given):
        try:
            return found(backend, given).schedules[given["ScheduleId"]]
        except KeyError:
            raise ResourceNotFoundException(f"Schedule {given['ScheduleId']} is not found") from None

    def put_schedule(backend, given):
        schedule, data_set = given["Schedule"], found(backend, given)
        if schedule["RefreshType"] == "INCREMENTAL_REFRESH" and data_set.refresh_properties is None:
            raise InvalidParameterValueException("An incremental refresh needs refresh properties")
        before = data_set.schedules.get(schedule["ScheduleId"], {"StartAfterDateTime": int(time.time())})
        schedule |= {"Arn": f"{data_set.arn}/refresh-schedule/{schedule['ScheduleId']}"}
        schedule.setdefault("StartAfterDateTime", before["StartAfterDateTime"])
        data_set.schedules[schedule["ScheduleId"]] = schedule
        return {"ScheduleId": schedule["ScheduleId"], "Arn": schedule["Arn"]}

    def describe_schedule(backend, given):
        schedule = schedule_of(backend, given)
        return {"RefreshSchedule": schedule, "Arn": schedule["Arn"]}

    def delete_schedule(backend, given):
        schedule = schedule_of(backend, given)
        del found(backend, given).schedules[given["ScheduleId"]]
        return {"ScheduleId": given["ScheduleId"], "Arn": schedule["Arn"]}

    answer("PutDataSetRefreshProperties", put_properties)
    answer("DescribeDataSetRefreshProperties", describe_properties)
    answer("DeleteDataSetRefreshProperties", delete_properties)
    answer("CreateRefreshSchedule", put_schedule)
    answer("UpdateRefreshSchedule", put_schedule)
    answer("DescribeRefreshSchedule", describe_schedule)
    answer("DeleteRefreshSchedule", delete_schedule)
    answer(
        "ListRefreshSchedules",
        lambda backend, given: {"RefreshSchedules": list(found(backend, given).schedules.values())},
    )


def put_into_folders() -> None:
    """moto has no folders, and so no members of them."""

    def folder(backend, given):
        return find(backend, "Folder", given["FolderId"])

    def create(backend, given):
        member = find(backend, MEMBER_KINDS[given["MemberType"]], given["MemberId"])
        folder(backend, given).members[member.kind, member.id] = member.arn
        return {"FolderMember": {"MemberId": member.id, "MemberType": given["MemberType"]}}

    def delete(backend, given):
        if folder(backend, given).members.pop((MEMBER_KINDS[given["MemberType"]], given["MemberId"]), None) is None:
            raise ResourceNotFoundException(f"{given['MemberId']} is not in the folder")
        return {}

    def members(backend, given):
        listed = folder(backend, given).members.items()
        return {"FolderMemberList": [{"MemberId": identifier, "MemberArn": arn} for (_, identifier), arn in listed]}

    answer("CreateFolderMembership", create)
    answer("DeleteFolderMembership", delete)
    answer("ListFolderMembers", members)


def untag() -> None:
    """moto takes the keys to remove from the query by a name of its own."""

    def untag_resource(self):
        self.quicksight_backend.untag_resource(self.uri_match["ResourceArn"], self.querystring.get("keys", []))
        return json.dumps({"RequestId": "local", "Status": 200})

    QuickSightResponse.untag_resource = untag_resource
