"""Each gap that cloudformation_gaps.py fills, as a client of AWS sees it."""

import json

import pytest
from botocore.exceptions import ClientError

from test_quicksight_gaps import ACCOUNT, READ, data_set, make_source

DASHBOARD = ACCOUNT | {"DashboardId": "dashboard"}


def template(arn: str, sheets: int) -> str:
    """The template of a dashboard on a data set."""
    definition = {
        "DataSetIdentifierDeclarations": [{"Identifier": "metrics", "DataSetArn": arn}],
        "Sheets": [{"SheetId": f"sheet-{i}"} for i in range(sheets)],
    }
    properties = ACCOUNT | {
        "DashboardId": "dashboard",
        "Name": "Metrics",
        "Permissions": READ,
        "Definition": definition,
    }
    return json.dumps(
        {
            "Resources": {"Dashboard": {"Type": "AWS::QuickSight::Dashboard", "Properties": properties}},
            "Outputs": {"DashboardArn": {"Value": {"Fn::GetAtt": ["Dashboard", "Arn"]}}},
        }
    )


def sheets_of(quicksight) -> list[str]:
    definition = quicksight.describe_dashboard_definition(**DASHBOARD)["Definition"]
    return [sheet["SheetId"] for sheet in definition["Sheets"]]


@pytest.fixture
def url(client):
    """Keep a text in the emulator's S3 as a template, and give its URL as CloudFormation takes it."""
    s3 = client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def put(key: str, text: str) -> str:
        s3.put_object(Bucket="templates", Key=key, Body=text.encode())
        return f"https://templates.s3.eu-west-1.amazonaws.com/{key}"

    return put


def test_dashboard_is_kept_updated_in_place_and_deleted_with_its_stack(client, url):
    stacks, quicksight = client("cloudformation"), client("quicksight")
    arn = quicksight.create_data_set(**data_set("of-dashboard", make_source(quicksight, "of-dashboard")["Arn"]))["Arn"]

    stacks.create_stack(StackName="stack", TemplateURL=url("a/one.json", template(arn, 1)))
    stack = stacks.describe_stacks(StackName="stack")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    dashboard = quicksight.describe_dashboard(**DASHBOARD)["Dashboard"]
    assert [o["OutputValue"] for o in stack["Outputs"]] == [dashboard["Arn"]]
    assert quicksight.describe_dashboard_permissions(**DASHBOARD)["Permissions"] == READ
    assert sheets_of(quicksight) == ["sheet-0"]

    stacks.update_stack(StackName="stack", TemplateURL=url("b/two.json", template(arn, 2)))
    updated = stacks.describe_stacks(StackName="stack")["Stacks"][0]
    assert (updated["StackId"], updated["StackStatus"]) == (stack["StackId"], "UPDATE_COMPLETE")
    assert sheets_of(quicksight) == ["sheet-0", "sheet-1"]
    resources = stacks.describe_stack_resources(StackName="stack")["StackResources"]
    assert [(r["LogicalResourceId"], r["PhysicalResourceId"]) for r in resources] == [
        ("Dashboard", "123456789012|dashboard")
    ]

    stacks.delete_stack(StackName="stack")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_dashboard(**DASHBOARD)


def test_dashboard_on_no_data_set_is_refused(client):
    missing = "arn:aws:quicksight:eu-west-1:123456789012:dataset/missing"
    with pytest.raises(ClientError, match="ValidationError"):
        client("cloudformation").create_stack(StackName="refused", TemplateBody=template(missing, 1))
