"""Each gap that lakeformation_gaps.py fills, as a client of AWS sees it."""

import pytest
from botocore.exceptions import ClientError


def test_what_is_granted_is_revoked_once(client):
    lakeformation = client("lakeformation")
    grant = {
        "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
        "Resource": {"Database": {"Name": "metrics"}},
        "Permissions": ["ALL"],
    }
    lakeformation.grant_permissions(**grant)
    lakeformation.revoke_permissions(**grant)
    with pytest.raises(ClientError, match=r"No permissions revoked\. Grantee"):
        lakeformation.revoke_permissions(**grant)
    assert lakeformation.list_permissions()["PrincipalResourcePermissions"] == []
