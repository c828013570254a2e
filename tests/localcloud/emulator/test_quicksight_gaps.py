"""Each gap that quicksight_gaps.py fills, as a client of AWS sees it."""

import pytest
from botocore.exceptions import ClientError

ACCOUNT = {"AwsAccountId": "123456789012"}
GROUP = "arn:aws:quicksight:eu-west-1:123456789012:group/default/analysts"
READ = [{"Principal": GROUP, "Actions": ["quicksight:DescribeDataSet"]}]


@pytest.fixture
def quicksight(client):
    return client("quicksight")


def make_source(quicksight, name: str) -> dict:
    """A data source, as CreateDataSource takes it."""
    source = {
        "DataSourceId": name,
        "Name": "Metrics",
        "Type": "ATHENA",
        "DataSourceParameters": {"AthenaParameters": {"WorkGroup": "metrics"}},
    }
    source["Arn"] = quicksight.create_data_source(**ACCOUNT, **source)["Arn"]
    return source


def data_set(name: str, source: str, **more) -> dict:
    """A data set, as CreateDataSet and UpdateDataSet take it."""
    columns = [{"Name": "window_start", "Type": "DATETIME"}, {"Name": "value", "Type": "DECIMAL"}]
    table = {"CustomSql": {"DataSourceArn": source, "Name": "metrics", "SqlQuery": "SELECT 1", "Columns": columns}}
    given = {"DataSetId": name, "Name": "Metrics", "ImportMode": "DIRECT_QUERY", "PhysicalTableMap": {"metrics": table}}
    return ACCOUNT | given | more


def described(quicksight, name: str) -> dict:
    return quicksight.describe_data_set(**ACCOUNT, DataSetId=name)["DataSet"]


def test_data_source_is_described_as_given(quicksight):
    source = make_source(quicksight, "source")
    found = quicksight.describe_data_source(**ACCOUNT, DataSourceId="source")["DataSource"]
    assert found.items() >= (source | {"Status": "CREATION_SUCCESSFUL"}).items()
    quicksight.update_data_source(**ACCOUNT, DataSourceId="source", Name="Other")
    found = quicksight.describe_data_source(**ACCOUNT, DataSourceId="source")["DataSource"]
    assert (found["Name"], found["Status"]) == ("Other", "UPDATE_SUCCESSFUL")
    assert found["DataSourceParameters"] == source["DataSourceParameters"]
    quicksight.delete_data_source(**ACCOUNT, DataSourceId="source")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_data_source(**ACCOUNT, DataSourceId="source")


def test_data_set_is_described_as_given_and_updated(quicksight):
    given = data_set("set", make_source(quicksight, "of-set")["Arn"])
    quicksight.create_data_set(**given)
    found = described(quicksight, "set")
    assert found["PhysicalTableMap"] == given["PhysicalTableMap"]
    assert found["OutputColumns"] == given["PhysicalTableMap"]["metrics"]["CustomSql"]["Columns"]
    quicksight.update_data_set(**given | {"Name": "Other"})
    assert described(quicksight, "set")["Name"] == "Other"
    quicksight.delete_data_set(**ACCOUNT, DataSetId="set")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        described(quicksight, "set")


def test_what_is_there_is_listed_until_it_is_deleted(quicksight):
    source = make_source(quicksight, "listed")
    quicksight.create_data_set(**data_set("listed", source["Arn"]))
    assert "listed" in [s["DataSourceId"] for s in quicksight.list_data_sources(**ACCOUNT)["DataSources"]]
    assert "listed" in [s["DataSetId"] for s in quicksight.list_data_sets(**ACCOUNT)["DataSetSummaries"]]
    quicksight.delete_data_set(**ACCOUNT, DataSetId="listed")
    quicksight.delete_data_source(**ACCOUNT, DataSourceId="listed")
    assert "listed" not in [s["DataSourceId"] for s in quicksight.list_data_sources(**ACCOUNT)["DataSources"]]
    assert "listed" not in [s["DataSetId"] for s in quicksight.list_data_sets(**ACCOUNT)["DataSetSummaries"]]


def test_data_set_on_no_data_source_is_refused(quicksight):
    missing = "arn:aws:quicksight:eu-west-1:123456789012:datasource/missing"
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        quicksight.create_data_set(**data_set("on-nothing", missing))


def test_permissions_are_granted_and_revoked(quicksight):
    source = make_source(quicksight, "of-permissions")["Arn"]
    quicksight.create_data_set(**data_set("permissions", source, Permissions=READ))
    which = ACCOUNT | {"DataSetId": "permissions"}
    assert quicksight.describe_data_set_permissions(**which)["Permissions"] == READ
    more = [{"Principal": GROUP, "Actions": ["quicksight:DescribeDataSet", "quicksight:PassDataSet"]}]
    quicksight.update_data_set_permissions(**which, GrantPermissions=more)
    assert quicksight.describe_data_set_permissions(**which)["Permissions"] == more
    quicksight.update_data_set_permissions(**which, RevokePermissions=more)
    assert quicksight.describe_data_set_permissions(**which)["Permissions"] == []


def test_tags_of_all_kinds_are_kept_and_removed(quicksight):
    source = make_source(quicksight, "of-tags")["Arn"]
    tags = [{"Key": "Stack", "Value": "local"}, {"Key": "Other", "Value": "x"}]
    arn = quicksight.create_data_set(**data_set("tags", source, Tags=tags))["Arn"]
    assert quicksight.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags
    quicksight.untag_resource(ResourceArn=arn, TagKeys=["Other"])
    assert quicksight.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags[:1]


def test_refresh_of_a_data_set_in_spice(quicksight):
    source = make_source(quicksight, "of-refresh")["Arn"]
    which = ACCOUNT | {"DataSetId": "refresh"}
    quicksight.create_data_set(**data_set("refresh", source, ImportMode="SPICE"))
    schedule = {
        "ScheduleId": "hourly",
        "RefreshType": "INCREMENTAL_REFRESH",
        "ScheduleFrequency": {"Interval": "HOURLY"},
    }
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_data_set_refresh_properties(**which)
    with pytest.raises(ClientError, match="needs refresh properties"):
        quicksight.create_refresh_schedule(**which, Schedule=schedule)

    window = {"ColumnName": "window_start", "Size": 72, "SizeUnit": "HOUR"}
    properties = {"RefreshConfiguration": {"IncrementalRefresh": {"LookbackWindow": window}}}
    quicksight.put_data_set_refresh_properties(**which, DataSetRefreshProperties=properties)
    assert quicksight.describe_data_set_refresh_properties(**which)["DataSetRefreshProperties"] == properties
    quicksight.create_refresh_schedule(**which, Schedule=schedule)
    before = quicksight.describe_refresh_schedule(**which, ScheduleId="hourly")["RefreshSchedule"]
    assert before.items() >= schedule.items()
    quicksight.update_refresh_schedule(**which, Schedule=schedule | {"ScheduleFrequency": {"Interval": "MINUTE15"}})
    after = quicksight.describe_refresh_schedule(**which, ScheduleId="hourly")["RefreshSchedule"]
    assert after == before | {"ScheduleFrequency": {"Interval": "MINUTE15"}}
    quicksight.delete_refresh_schedule(**which, ScheduleId="hourly")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_refresh_schedule(**which, ScheduleId="hourly")


def test_refresh_properties_are_for_spice_alone(quicksight):
    source = make_source(quicksight, "of-direct")["Arn"]
    quicksight.create_data_set(**data_set("direct", source))
    window = {"ColumnName": "window_start", "Size": 72, "SizeUnit": "HOUR"}
    properties = {"RefreshConfiguration": {"IncrementalRefresh": {"LookbackWindow": window}}}
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        quicksight.put_data_set_refresh_properties(**ACCOUNT, DataSetId="direct", DataSetRefreshProperties=properties)


def test_folder_and_its_members(quicksight):
    source = make_source(quicksight, "of-folder")["Arn"]
    quicksight.create_data_set(**data_set("in-folder", source))
    folder = ACCOUNT | {"FolderId": "folder"}
    quicksight.create_folder(**folder, Name="Metrics", FolderType="SHARED")
    found = quicksight.describe_folder(**folder)["Folder"]
    assert (found["Name"], found["FolderType"], found["FolderPath"]) == ("Metrics", "SHARED", [])
    member = folder | {"MemberType": "DATASET", "MemberId": "in-folder"}
    quicksight.create_folder_membership(**member)
    assert [m["MemberId"] for m in quicksight.list_folder_members(**folder)["FolderMemberList"]] == ["in-folder"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.create_folder_membership(**member | {"MemberId": "missing"})
    quicksight.delete_folder_membership(**member)
    assert quicksight.list_folder_members(**folder)["FolderMemberList"] == []
    quicksight.delete_folder(**folder)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_folder(**folder)


def test_groups_are_there_from_the_start_in_each_region(quicksight):
    group = ACCOUNT | {"Namespace": "default"}
    assert quicksight.describe_group(**group, GroupName="analysts")["Group"]["Arn"] == GROUP
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_group(**group, GroupName="missing")
