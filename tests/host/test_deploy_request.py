import json
from typing import Any

import pytest

from host.fks_deploy import order
from host.fks_deploy.errors import InputError

GOOD: dict[str, Any] = {
    "address": "100.64.0.7",
    "secrets": {"api": {"JWT_SECRET": "one"}, "web": {}},
    "dns_token": "three",
    "registries": [{"server": "ghcr.io", "username": "u", "password": "two"}],
}


def test_an_order_is_read_and_knows_its_secret_values() -> None:
    read = order.parse(json.dumps(GOOD))
    assert read.address == "100.64.0.7"
    assert list(read.secret_values()) == ["one", "three", "two", "u:two"]
    assert not any(secret in repr(read) for secret in ("one", "two", "three"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": None}, "address is None"),
        ({"address": "fe80::1"}, "address is 'fe80::1'"),
        ({"secrets": []}, "secrets is no object"),
        ({"secrets": {"../api": {}}}, "'../api' must match"),
        ({"secrets": {"api": {"a/b": "canary"}}}, "'a/b' must match"),
        ({"secrets": {"api": {"NAME": ""}}}, "secrets.api.NAME is empty"),
        ({"secrets": {"api": "canary"}}, "secrets.api is no object"),
        ({"dns_token": None}, "dns_token is missing"),
        ({"dns_token": "canary\nline"}, "one line"),
        ({"registries": [{"server": "ghcr.io"}]}, "server, username, password"),
    ],
)
def test_a_wrong_order_is_refused_by_key(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        order.parse(json.dumps({**GOOD, **change}))
    assert said in str(refused.value)
    assert "canary" not in str(refused.value)


def test_a_cut_off_document_is_not_repeated() -> None:
    with pytest.raises(InputError, match="not JSON") as refused:
        order.parse('{"secrets": {"api": {"X": "canary')
    assert "canary" not in str(refused.value)
