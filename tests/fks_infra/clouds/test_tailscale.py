"""Tailscale's client: devices, auth keys, and the tailnet they belong to."""

from typing import Any

import pytest

from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.tailscale import Tailscale
from fks_infra.clouds.tailscale_device import Device
from tests.fks_infra.conftest import ScriptedApi

TAILNET = "/api/v2/tailnet/fks.example"


@pytest.fixture
def tailscale(api: ScriptedApi) -> Tailscale:
    return Tailscale.from_environ(environment(api))


def environment(api: ScriptedApi) -> dict[str, str]:
    return {
        "TAILSCALE_BASE_URL": api.base,
        "TAILSCALE_TAILNET": "fks.example",
        "TAILSCALE_API_KEY": "tskey-canary",
    }


def device(identifier: str, hostname: str, created: str = "2026-01-01", **more: Any) -> Any:
    addresses = ["fd7a::1", "100.64.0.7"]
    return {"nodeId": identifier, "hostname": hostname, "created": created} | {
        "addresses": addresses,
        "name": f"{hostname}-1.fks.example",
        **more,
    }


def test_the_devices_of_the_tailnet_are_listed(api: ScriptedApi, tailscale: Tailscale) -> None:
    rows = [device("n1", "auth"), device("n2", "web")]
    api.respond("GET", f"{TAILNET}/devices", (200, {"devices": rows}))
    assert [found.id for found in tailscale.devices()] == ["n1", "n2"]


def test_a_device_is_deleted_by_its_id(api: ScriptedApi, tailscale: Tailscale) -> None:
    tailscale.delete_device(Device(id="n1", hostname="auth"))
    assert [(r.method, r.path) for r in api.requests] == [("DELETE", "/api/v2/device/n1")]


def test_only_auth_keys_with_the_description_are_listed(
    api: ScriptedApi, tailscale: Tailscale
) -> None:
    keys: dict[str, dict[str, Any]] = {
        "k1": {"description": "fks-prod-api"},
        "k2": {"description": "fks-prod-web"},
        "k3": {"description": "fks-prod-api", "keyType": "client"},
        "k4": {"description": "fks-prod-api", "keyType": "auth"},
    }
    listed = {"keys": [{"id": key} for key in [*keys, "deleted"]]}
    api.respond("GET", f"{TAILNET}/keys?all=true", (200, listed))
    for key, row in keys.items():
        api.respond("GET", f"{TAILNET}/keys/{key}", (200, row))
    assert tailscale.auth_keys("fks-prod-api") == ["k1", "k4"]


def test_an_unknown_tailnet_is_named_with_the_remedy(tailscale: Tailscale) -> None:
    with pytest.raises(RejectedError, match=r"TAILSCALE_TAILNET is 'fks\.example'") as raised:
        tailscale.devices()
    assert "unset TAILSCALE_TAILNET" in raised.value.remedy


def test_without_a_tailnet_the_credentials_own_one_is_used(api: ScriptedApi) -> None:
    api.respond("GET", "/api/v2/tailnet/-/devices", (200, {"devices": []}))
    environ = {**environment(api), "TAILSCALE_TAILNET": ""}
    assert Tailscale.from_environ(environ).devices() == []
