"""What moto 5.2.5 lacks of OpenSearch Service; see gaps.py."""

import json
import os
from fnmatch import fnmatchcase

from moto.core.exceptions import JsonRESTError
from moto.es.urls import url_paths
from moto.logs.models import logs_backends
from moto.opensearch.exceptions import ResourceNotFoundException
from moto.opensearch.models import OpenSearchDomain, OpenSearchServiceBackend
from moto.opensearch.responses import OpenSearchServiceResponse

# host:port of the OpenSearch that stands in for every domain, where there is one.
ENDPOINT = "LOCAL_SEARCH_ENDPOINT"

# docs.aws.amazon.com/opensearch-service/latest/developerguide/version-migration.html: from a version to each newer one
# of its line, and to the next line from the last one before it alone.
LINES = (
    ("1.0", "1.1", "1.2", "1.3"),
    ("2.3", "2.5", "2.7", "2.9", "2.11", "2.13", "2.15", "2.17", "2.19"),
    ("3.1", "3.3", "3.5"),
)

# What OpenSearch Service has to be allowed on a log group before it publishes to it.
LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
SERVICE = "es.amazonaws.com"


def fill_all() -> None:
    """Fill every gap of OpenSearch Service."""
    keep_address_types()
    remove_access_policies()
    be_where_the_local_search_is()
    name_versions_of_the_domain()
    upgrade_domains()
    publish_logs_where_allowed()


def keep_address_types() -> None:
    """moto loses IPAddressType: the provider plans to set it for ever."""
    create_domain, update_domain_config = (
        OpenSearchServiceResponse.create_domain,
        OpenSearchServiceResponse.update_domain_config,
    )
    options = OpenSearchDomain.dct_options

    def keep(response: OpenSearchServiceResponse) -> None:
        given = response._get_param("IPAddressType")
        if given:
            _domain(response, response._get_param("DomainName")).address_type = given

    def create_with_address_type(self):
        create_domain(self)
        keep(self)
        return json.dumps({"DomainStatus": _domain(self, self._get_param("DomainName")).to_dict()})

    def update_with_address_type(self):
        keep(self)
        return update_domain_config(self)

    OpenSearchServiceResponse.create_domain = create_with_address_type
    OpenSearchServiceResponse.update_domain_config = update_with_address_type
    OpenSearchDomain.address_type = "ipv4"
    OpenSearchDomain.dct_options = lambda self: options(self) | {"IPAddressType": self.address_type}


def _domain(response: OpenSearchServiceResponse, name: str) -> OpenSearchDomain:
    return response.opensearch_backend.describe_domain(name)


def remove_access_policies() -> None:
    """An empty access policy takes away the one that there was; moto keeps that."""
    update_domain_config = OpenSearchServiceBackend.update_domain_config

    def update_and_remove(self, domain_name, *args, **given):
        domain = update_domain_config(self, domain_name, *args, **given)
        if given["access_policies"] == "":
            domain.access_policies = ""
        return domain

    OpenSearchServiceBackend.update_domain_config = update_and_remove


def be_where_the_local_search_is() -> None:
    """moto gives a domain an endpoint at which nobody listens.

    A domain in a VPC has its endpoint among Endpoints, as vpc.
    """
    options = OpenSearchDomain.dct_options

    def options_with_endpoint(self):
        endpoint = os.environ.get(ENDPOINT)
        if not endpoint:
            return options(self)
        place = {"Endpoint": endpoint} if self.vpc_options is None else {"Endpoints": {"vpc": endpoint}}
        return options(self) | place

    OpenSearchDomain.dct_options = options_with_endpoint


def name_versions_of_the_domain() -> None:
    """GetCompatibleVersions of a domain has one element, for its own version.

    moto's has all versions up to OpenSearch 2.5, whatever is asked for. The provider takes that for "no upgrade", and
    replaces the domain.
    """

    def get_compatible_versions(self, domain_name):
        if domain_name not in self.domains:
            raise ResourceNotFoundException(domain_name)
        version = self.domains[domain_name].engine_version.options
        return [{"SourceVersion": version, "TargetVersions": newer_than(version)}]

    OpenSearchServiceBackend.get_compatible_versions = get_compatible_versions


def newer_than(version: str) -> list[str]:
    """The versions that one can be upgraded to."""
    number = version.removeprefix("OpenSearch_")
    for line, following in zip(LINES, (*LINES[1:], ()), strict=True):
        if number in line:
            newer = line[line.index(number) + 1 :] or following
            return [f"OpenSearch_{one}" for one in newer]
    return []


def upgrade_domains() -> None:
    """moto has no UpgradeDomain, and no path to it. An upgrade is done at once here."""

    def upgrade_domain(self):
        domain, target = _domain(self, self._get_param("DomainName")), self._get_param("TargetVersion")
        if target not in newer_than(domain.engine_version.options):
            raise JsonRESTError(
                "ValidationException", f"Upgrade from {domain.engine_version.options} to {target} is not supported"
            )
        domain.engine_version.options = target
        return json.dumps({"DomainName": domain.domain_name, "TargetVersion": target})

    def get_upgrade_status(self):
        _domain(self, self.path.split("/")[-2])
        return json.dumps({"UpgradeStep": "UPGRADE", "StepStatus": "SUCCEEDED", "UpgradeName": "upgrade"})

    path = "{0}/2021-01-01/opensearch/upgradeDomain"
    url_paths[f"{path}$"] = url_paths[f"{path}/(?P<domainname>[^/]+)/status$"] = OpenSearchServiceResponse.dispatch
    OpenSearchServiceResponse.upgrade_domain = upgrade_domain
    OpenSearchServiceResponse.get_upgrade_status = get_upgrade_status


def publish_logs_where_allowed() -> None:
    """A domain publishes its logs only to groups of which a resource policy lets it write.

    moto takes any: a policy that is made after the domain would not be noticed before AWS refuses the domain.
    """
    create_domain, update_domain_config = (
        OpenSearchServiceBackend.create_domain,
        OpenSearchServiceBackend.update_domain_config,
    )

    def create_where_allowed(self, *args, **given):
        _check_logs(self, given["log_publishing_options"])
        return create_domain(self, *args, **given)

    def update_where_allowed(self, *args, **given):
        _check_logs(self, given["log_publishing_options"])
        return update_domain_config(self, *args, **given)

    OpenSearchServiceBackend.create_domain = create_where_allowed
    OpenSearchServiceBackend.update_domain_config = update_where_allowed


def _check_logs(backend: OpenSearchServiceBackend, logs: dict | None) -> None:
    for log in (logs or {}).values():
        group = log["CloudWatchLogsLogGroupArn"]
        if log.get("Enabled") and not may_write(backend, group):
            raise JsonRESTError(
                "ValidationException",
                f"The Resource Access Policy specified for the CloudWatch Logs log group {_group_name(group)} does not "
                "grant sufficient permissions for Amazon OpenSearch Service to create a log stream. "
                "Please check the Resource Access Policy.",
            )


def may_write(backend: OpenSearchServiceBackend, group: str) -> bool:
    """Whether policies of the region let OpenSearch Service write to streams of the log group."""
    logs = logs_backends[backend.account_id][backend.region_name]
    if _group_name(group) not in logs.groups:
        return False
    statements = [
        statement
        for policy in list(logs.resource_policies.values())
        for statement in _listed(json.loads(policy.policy_document)["Statement"])
        if statement["Effect"] == "Allow" and SERVICE in _listed(statement["Principal"]["Service"])
    ]
    stream = f"{group.removesuffix(':*')}:log-stream:any"
    return all(
        any(_matches(s["Action"], action) and _matches(s["Resource"], stream) for s in statements)
        for action in LOG_ACTIONS
    )


def _group_name(arn: str) -> str:
    return arn.split(":")[6]


def _matches(patterns: str | list[str], value: str) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in _listed(patterns))


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
