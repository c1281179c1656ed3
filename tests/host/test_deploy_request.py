import json
from typing import Any

import pytest

from host.fks_deploy import deploy_request
from host.fks_deploy.acme import ExternalAccount
from host.fks_deploy.errors import InputError

GOOD: dict[str, Any] = {
    "address": "100.64.0.7",
    "secrets": {"api": {"JWT_SECRET": "one"}, "data-store2": {}},
    "acme_dns_token": "three",
    "acme_account": {"key_id": "kid-1", "hmac_key": "four"},
    "alert_webhook": "https://five",
    "registries": [{"server": "ghcr.io", "username": "u", "password": "two"}],
    "backup": {"stack": "dev", "password": "six", "s3_key_id": "kid-2", "s3_key": "seven"},
}


def test_a_request_is_parsed_and_lists_its_secret_values() -> None:
    read = deploy_request.parse(json.dumps(GOOD))
    assert read.address == "100.64.0.7"
    assert list(read.secret_values()) == [
        *("one", "three", "four", "https://five", "six", "seven", "two", "u:two")
    ]
    words = ("one", "two", "three", "four", "five", "six", "seven")
    assert not any(secret in repr(read) for secret in words)
    assert read.acme_account == ExternalAccount("kid-1", "four")


def test_an_external_account_and_a_webhook_may_be_missing() -> None:
    optional = ("acme_account", "alert_webhook", "backup")
    without = {name: value for name, value in GOOD.items() if name not in optional}
    read = deploy_request.parse(json.dumps(without))
    assert (read.acme_account, read.alert_webhook, read.backup) == (None, "", {})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"address": None}, "address is None"),
        ({"address": "fe80::1"}, "address is 'fe80::1'"),
        ({"secrets": []}, "secrets is not an object"),
        ({"secrets": {"../api": {}}}, "'../api' must match"),
        ({"secrets": {"api": {"a/b": "canary"}}}, "'a/b' must match"),
        ({"secrets": {"api": {"NAME": ""}}}, "secrets.api.NAME is empty"),
        ({"secrets": {"api": "canary"}}, "secrets.api is not an object"),
        ({"acme_dns_token": None}, "acme_dns_token is missing"),
        ({"acme_dns_token": "canary\nline"}, "one line"),
        ({"acme_account": {"key_id": "canary"}}, "acme_account needs key_id and hmac_key"),
        ({"acme_account": {"key_id": "a\nb", "hmac_key": "canary"}}, "of one line"),
        ({"alert_webhook": ["canary"]}, "alert_webhook is not a string"),
        ({"alert_webhook": "canary\nline"}, "alert_webhook is not a string of one line"),
        ({"registries": [{"server": "ghcr.io"}]}, "server, username, password"),
        ({"backup": ["canary"]}, "backup is not an object of texts"),
        ({"backup": {"stack": 1}}, "backup is not an object of texts"),
        ({"backup": {"password": "canary"}}, "backup needs stack and password"),
    ],
)
def test_the_error_for_an_invalid_request_names_the_key(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as raised:
        deploy_request.parse(json.dumps({**GOOD, **change}))
    assert message in str(raised.value)
    assert "canary" not in str(raised.value)


def test_the_error_for_a_truncated_document_does_not_repeat_it() -> None:
    with pytest.raises(InputError, match="not JSON") as raised:
        deploy_request.parse('{"secrets": {"api": {"X": "canary')
    assert "canary" not in str(raised.value)
