"""A device of the tailnet, and which of several is a server."""

from typing import Any

from fks_infra.clouds.tailscale_device import Device, devices_of

ROW: dict[str, Any] = {
    "nodeId": "n1",
    "hostname": "auth",
    "name": "auth-1.fks.example",
    "addresses": ["fd7a::1", "100.64.0.7"],
    "tags": ["tag:a"],
    "lastSeen": "2026-01-01T00:00:00Z",
    "expires": "2026-06-01T00:00:00Z",
    "keyExpiryDisabled": True,
    "connectedToControl": True,
    "authorized": True,
}


def test_a_device_has_its_names_its_address_and_its_tags() -> None:
    found = Device.of(ROW)
    assert (found.id, found.hostname, found.name) == ("n1", "auth", "auth-1")
    assert (found.address, found.tags) == ("100.64.0.7", frozenset({"tag:a"}))
    assert (found.online, found.authorized, found.expires) == (True, True, "")
    assert found.page == "https://login.tailscale.com/admin/machines/100.64.0.7"


def test_an_address_outside_the_tailnets_range_is_none() -> None:
    assert Device.of({**ROW, "addresses": ["192.0.2.1"]}).address is None


def test_a_key_expires_only_where_that_is_not_disabled() -> None:
    assert Device.of({**ROW, "keyExpiryDisabled": False}).expires == "2026-06-01T00:00:00Z"


def test_a_device_is_named_by_its_id_and_since_when_it_is_offline() -> None:
    assert str(Device.of(ROW)) == "device auth-1 (100.64.0.7, id n1)"
    offline = Device.of({**ROW, "connectedToControl": False})
    assert str(offline).endswith("id n1, offline since 2026-01-01T00:00:00Z)")


def test_of_several_devices_the_online_ones_come_first_and_then_the_newest() -> None:
    tags = frozenset({"tag:a"})
    found = [
        Device(id="old", hostname="auth", created="2026-01", tags=tags),
        Device(id="new", hostname="auth", created="2026-02", tags=tags),
        Device(id="offline", hostname="auth", created="2026-03", tags=tags, online=False),
        Device(id="untagged", hostname="auth", created="2026-04"),
        Device(id="other", hostname="web", created="2026-04", tags=tags),
    ]
    assert [device.id for device in devices_of(found, "auth", tags)] == ["new", "old", "offline"]
