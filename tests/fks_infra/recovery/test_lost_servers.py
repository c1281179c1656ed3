"""The servers of a lost state, found by label and host name."""

from typing import Any

import pytest

from fks_infra.clouds import http
from fks_infra.clouds.http import UnavailableError
from fks_infra.errors import OperatorError
from fks_infra.recovery import lost_servers
from fks_infra.remote.inventory import DeployedServer
from fks_infra.steps import host_key
from tests.conftest import TOKENS
from tests.in_memory_clouds import InMemoryClouds

ROLES = ("auth", "api", "web")
INSTANCE = {"id": 9, "label": "fks-dev-single", "tags": ["fks", "fks-dev"]}
DEVICE = {
    "id": "1",
    "hostname": "fks-single-9",
    "created": "2026-01-01",
    "addresses": ["100.64.0.7"],
    "tags": [f"tag:fks-{role}" for role in ROLES],
}


def scan(address: str) -> str:
    if address == "100.64.0.9":
        raise UnavailableError("port 22: refused")
    return f"ssh-ed25519 {address}"


@pytest.fixture(autouse=True)
def no_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_key, "scan", scan)


def find(
    monkeypatch: pytest.MonkeyPatch, instance: dict[str, Any], device: dict[str, Any]
) -> list[DeployedServer]:
    """With what one instance and one device have besides."""
    account = {"instances": [{**INSTANCE, **instance}], "devices": [{**DEVICE, **device}]}
    monkeypatch.setattr(http, "exchange", InMemoryClouds(account).exchange)
    return lost_servers.find("dev", "single", "tag:fks", TOKENS)


def test_a_server_is_found_with_address_and_host_key(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = find(monkeypatch, {}, {})
    assert found == DeployedServer(
        name="single",
        roles=ROLES,
        instance_id="9",
        address="100.64.0.7",
        host_key="ssh-ed25519 100.64.0.7",
    )


@pytest.mark.parametrize(
    ("instance", "device", "message"),
    [
        ({"label": "other"}, {}, "has no instance with the label fks-dev-single"),
        ({"tags": ["mine"]}, {}, "without the tags fks and fks-dev"),
        ({}, {"connectedToControl": False}, "no device fks-single-9 with the tags"),
        ({}, {"hostname": "fks-single-8"}, "start fks-dev-single in Linode's Cloud Manager"),
        ({}, {"tags": ["tag:fks-api"]}, "no device fks-single-9 with the tags"),
        ({}, {"addresses": ["100.64.0.9"]}, "single (100.64.0.9): port 22: refused"),
    ],
)
def test_a_server_that_cannot_be_read_is_an_error(
    monkeypatch: pytest.MonkeyPatch, instance: dict[str, Any], device: dict[str, Any], message: str
) -> None:
    with pytest.raises(OperatorError) as raised:
        find(monkeypatch, instance, device)
    assert message in str(raised.value)
