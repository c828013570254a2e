"""Each gap that athena_gaps.py fills, as a client of AWS sees it."""

import pytest
from botocore.exceptions import ClientError

CONFIGURATION = {
    "EnforceWorkGroupConfiguration": True,
    "PublishCloudWatchMetricsEnabled": True,
    "RequesterPaysEnabled": False,
    "BytesScannedCutoffPerQuery": 10_485_760,
    "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
    "ResultConfiguration": {
        "OutputLocation": "s3://results/athena/",
        "EncryptionConfiguration": {
            "EncryptionOption": "SSE_KMS",
            "KmsKey": "arn:aws:kms:eu-west-1:123456789012:key/k",
        },
    },
}
QUERY = {"Database": "metrics", "QueryString": "SELECT 1", "Description": "one"}


@pytest.fixture
def athena(client):
    return client("athena")


@pytest.fixture
def work_group(athena, request):
    name = request.node.name.replace("[", "-").replace("]", "")
    athena.create_work_group(
        Name=name, Configuration=CONFIGURATION, Description="metrics", Tags=[{"Key": "Project", "Value": "x"}]
    )
    return name


def configuration(athena, name: str) -> dict:
    return athena.get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"]


def test_engine_says_what_it_is(athena, work_group):
    version = configuration(athena, work_group)["EngineVersion"]
    assert version == {
        "SelectedEngineVersion": "Athena engine version 3",
        "EffectiveEngineVersion": "Athena engine version 3",
    }
    athena.create_work_group(Name="automatic", Configuration={"EngineVersion": {"SelectedEngineVersion": "AUTO"}})
    assert configuration(athena, "automatic")["EngineVersion"] == {
        "SelectedEngineVersion": "AUTO",
        "EffectiveEngineVersion": "Athena engine version 3",
    }


def test_updated_work_group_keeps_what_is_not_named(athena, work_group):
    athena.update_work_group(
        WorkGroup=work_group,
        Description="other",
        State="DISABLED",
        ConfigurationUpdates={
            "BytesScannedCutoffPerQuery": 20_000_000,
            "EngineVersion": {"SelectedEngineVersion": "AUTO"},
            "ResultConfigurationUpdates": {"OutputLocation": "s3://results/other/"},
        },
    )
    group = athena.get_work_group(WorkGroup=work_group)["WorkGroup"]
    assert (group["Description"], group["State"]) == ("other", "DISABLED")
    want = CONFIGURATION | {
        "BytesScannedCutoffPerQuery": 20_000_000,
        "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
        "ResultConfiguration": CONFIGURATION["ResultConfiguration"] | {"OutputLocation": "s3://results/other/"},
    }
    assert group["Configuration"].items() >= want.items()


def test_update_removes_what_it_names(athena, work_group):
    athena.update_work_group(
        WorkGroup=work_group,
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"RemoveOutputLocation": True, "RemoveEncryptionConfiguration": True},
        },
    )
    got = configuration(athena, work_group)
    assert "BytesScannedCutoffPerQuery" not in got
    assert got["ResultConfiguration"] == {}
    assert athena.get_work_group(WorkGroup=work_group)["WorkGroup"]["Description"] == "metrics"


@pytest.mark.parametrize("call", ["get_work_group", "update_work_group"])
def test_missing_work_group_is_not_found(athena, call):
    with pytest.raises(ClientError, match=r"InvalidRequestException.*is not found"):
        getattr(athena, call)(WorkGroup="missing")


def test_work_group_is_deleted_with_its_queries_only_if_asked_to(athena, work_group):
    query = athena.create_named_query(Name="q", WorkGroup=work_group, **QUERY)["NamedQueryId"]
    with pytest.raises(ClientError, match=r"InvalidRequestException.*is not empty"):
        athena.delete_work_group(WorkGroup=work_group)
    athena.delete_work_group(WorkGroup=work_group, RecursiveDeleteOption=True)
    assert work_group not in [group["Name"] for group in athena.list_work_groups()["WorkGroups"]]
    with pytest.raises(ClientError, match="does not exist"):
        athena.get_named_query(NamedQueryId=query)


def test_named_query_is_deleted(athena, work_group):
    query = athena.create_named_query(Name="q", WorkGroup=work_group, **QUERY)["NamedQueryId"]
    assert athena.get_named_query(NamedQueryId=query)["NamedQuery"].items() >= QUERY.items()
    athena.delete_named_query(NamedQueryId=query)
    assert athena.list_named_queries(WorkGroup=work_group)["NamedQueryIds"] == []
    for call in (athena.get_named_query, athena.delete_named_query):
        with pytest.raises(ClientError, match=r"InvalidRequestException.*does not exist"):
            call(NamedQueryId=query)
    athena.delete_work_group(WorkGroup=work_group)


def test_tags_of_a_work_group_change(athena, work_group):
    arn = f"arn:aws:athena:eu-west-1:123456789012:workgroup/{work_group}"
    athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "Owner", "Value": "y"}])
    athena.untag_resource(ResourceARN=arn, TagKeys=["Project"])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "Owner", "Value": "y"}]


def test_work_group_may_have_no_tags(athena):
    athena.create_work_group(Name="untagged", Configuration=CONFIGURATION)
    arn = "arn:aws:athena:eu-west-1:123456789012:workgroup/untagged"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
