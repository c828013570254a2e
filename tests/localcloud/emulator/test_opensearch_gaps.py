"""Each gap that opensearch_gaps.py fills, as a client of AWS sees it."""

import json

import pytest
from botocore.exceptions import ClientError

import opensearch_gaps
from conftest import SEARCH_ENDPOINT

GROUP = "/aws/opensearch/errors"
STREAMS = f"arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}:log-stream:*"


@pytest.fixture
def opensearch(client):
    domains = client("opensearch")
    yield domains
    for domain in domains.list_domain_names()["DomainNames"]:
        domains.delete_domain(DomainName=domain["DomainName"])


@pytest.fixture
def group(client):
    """A log group of which no policy speaks yet."""
    logs = client("logs")
    logs.create_log_group(logGroupName=GROUP)
    [found] = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    yield found["arn"]
    logs.delete_log_group(logGroupName=GROUP)
    for policy in logs.describe_resource_policies()["resourcePolicies"]:
        logs.delete_resource_policy(policyName=policy["policyName"])


def allow(client, service: str = "es.amazonaws.com", resource: str = STREAMS, actions=opensearch_gaps.LOG_ACTIONS):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Resource": resource,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("logs").put_resource_policy(policyName="search", policyDocument=document)


def logging_to(group: str, enabled: bool = True) -> dict:
    return {"ES_APPLICATION_LOGS": {"CloudWatchLogsLogGroupArn": group, "Enabled": enabled}}


def test_address_type_is_kept_and_changes(opensearch):
    made = opensearch.create_domain(DomainName="search", IPAddressType="dualstack")
    assert made["DomainStatus"]["IPAddressType"] == "dualstack"
    opensearch.update_domain_config(DomainName="search", IPAddressType="ipv4")
    assert opensearch.describe_domain(DomainName="search")["DomainStatus"]["IPAddressType"] == "ipv4"
    opensearch.update_domain_config(DomainName="search", SnapshotOptions={"AutomatedSnapshotStartHour": 3})
    assert opensearch.describe_domain(DomainName="search")["DomainStatus"]["IPAddressType"] == "ipv4"


def test_access_policy_is_taken_away(opensearch):
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    opensearch.create_domain(DomainName="search", AccessPolicies=policy)
    opensearch.update_domain_config(DomainName="search", SnapshotOptions={"AutomatedSnapshotStartHour": 3})
    assert opensearch.describe_domain(DomainName="search")["DomainStatus"]["AccessPolicies"] == policy
    opensearch.update_domain_config(DomainName="search", AccessPolicies="")
    assert opensearch.describe_domain(DomainName="search")["DomainStatus"]["AccessPolicies"] == ""


def test_domain_is_where_the_local_search_is(opensearch):
    opensearch.create_domain(DomainName="open")
    opensearch.create_domain(DomainName="closed", VPCOptions={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]})
    outside = opensearch.describe_domain(DomainName="open")["DomainStatus"]
    inside = opensearch.describe_domain(DomainName="closed")["DomainStatus"]
    assert (outside["Endpoint"], inside["Endpoints"]) == (SEARCH_ENDPOINT, {"vpc": SEARCH_ENDPOINT})
    assert "Endpoints" not in outside
    assert "Endpoint" not in inside


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ("OpenSearch_2.15", ["OpenSearch_2.17", "OpenSearch_2.19"]),
        ("OpenSearch_2.19", ["OpenSearch_3.1", "OpenSearch_3.3", "OpenSearch_3.5"]),
        ("OpenSearch_3.5", []),
        ("Elasticsearch_7.10", []),
    ],
)
def test_versions_are_those_of_the_domain(opensearch, version, newer):
    opensearch.create_domain(DomainName="search", EngineVersion=version)
    [compatible] = opensearch.get_compatible_versions(DomainName="search")["CompatibleVersions"]
    assert compatible == {"SourceVersion": version, "TargetVersions": newer}


def test_versions_of_no_domain_are_not_found(opensearch):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        opensearch.get_compatible_versions(DomainName="none")


def test_domain_is_upgraded_in_place(opensearch):
    opensearch.create_domain(DomainName="search", EngineVersion="OpenSearch_2.17")
    opensearch.upgrade_domain(DomainName="search", TargetVersion="OpenSearch_2.19")
    assert opensearch.get_upgrade_status(DomainName="search")["StepStatus"] == "SUCCEEDED"
    assert opensearch.describe_domain(DomainName="search")["DomainStatus"]["EngineVersion"] == "OpenSearch_2.19"
    with pytest.raises(ClientError, match=r"from OpenSearch_2.19 to OpenSearch_2.17 is not supported"):
        opensearch.upgrade_domain(DomainName="search", TargetVersion="OpenSearch_2.17")


def test_domain_logs_where_it_is_allowed(client, opensearch, group):
    allow(client)
    opensearch.create_domain(DomainName="search", LogPublishingOptions=logging_to(group))
    assert opensearch.describe_domain(DomainName="search")["DomainStatus"]["LogPublishingOptions"] == logging_to(group)


def test_domain_that_does_not_log_needs_no_policy(opensearch, group):
    opensearch.create_domain(DomainName="search", LogPublishingOptions=logging_to(group, enabled=False))
    with pytest.raises(ClientError, match="does not grant sufficient permissions"):
        opensearch.update_domain_config(DomainName="search", LogPublishingOptions=logging_to(group))


@pytest.mark.parametrize(
    "allowed",
    [
        None,
        {"service": "delivery.logs.amazonaws.com"},
        {"resource": STREAMS.replace("errors", "others")},
        {"actions": ["logs:PutLogEvents"]},
    ],
)
def test_domain_is_refused_where_it_may_not_log(client, opensearch, group, allowed):
    if allowed:
        allow(client, **allowed)
    with pytest.raises(ClientError, match=f"log group {GROUP} does not grant sufficient permissions"):
        opensearch.create_domain(DomainName="search", LogPublishingOptions=logging_to(group))
    assert opensearch.list_domain_names()["DomainNames"] == []


def test_domain_is_refused_where_there_is_no_log_group(client, opensearch, group):
    allow(client, resource="arn:aws:logs:eu-west-1:123456789012:*")
    with pytest.raises(ClientError, match="does not grant sufficient permissions"):
        opensearch.create_domain(DomainName="search", LogPublishingOptions=logging_to(group.replace("errors", "none")))
