"""Whose access key it is, as what stands before the local OpenSearch asks."""

import json
import urllib.error
import urllib.request

import pytest

NOT_FOUND = 404
OTHER_ACCOUNT = "222222222222"


def caller(emulator, access_key: str) -> str:
    url = f"http://127.0.0.1:{emulator['port']}/_local/caller?access_key={access_key}"
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)["arn"]


@pytest.mark.parametrize("account", ["123456789012", OTHER_ACCOUNT])
def test_key_of_a_role_is_the_roles(emulator, client, account):
    role = f"arn:aws:iam::{account}:role/reader"
    given = client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    assert caller(emulator, given["AccessKeyId"]) == role


@pytest.mark.parametrize("key", ["local", ""])
def test_any_other_key_is_nobodys(emulator, key):
    with pytest.raises(urllib.error.HTTPError) as unknown:
        caller(emulator, key)
    assert unknown.value.code == NOT_FOUND
