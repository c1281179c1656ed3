"""Tailscale's API with headscale behind it: the calls, and the translation of the answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rehearsal.clouds.tailscale.headscale import HeadscaleAccess
from tests.background_server import running
from tests.rehearsal.clouds.client import CloudClients, cloud_clients
from tests.tls import certify

Json = dict[str, Any]
KEYS, DEVICES = "/api/v2/tailnet/-/keys", "/api/v2/tailnet/-/devices"
NODE = {
    "id": "7",
    "machineKey": "mkey:a",
    "nodeKey": "nodekey:b",
    "ipAddresses": ["100.64.0.9", "fd7a:115c:a1e0::9"],
    "name": "fks-api-1001",
    "givenName": "fks-api-1001",
    "lastSeen": "2026-11-23T15:04:05.123456789Z",
    "createdAt": "2026-11-23T15:00:00.5Z",
    "preAuthKey": {"ephemeral": False},
    "online": True,
    "tags": ["tag:fks-api"],
}


@dataclass
class FakeHeadscale:
    """Answers as headscale 0.29 does; `calls` are the requests."""

    access: HeadscaleAccess
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    nodes: list[Json] = field(default_factory=lambda: [dict(NODE)])
    used: bool = False
    down: bool = False

    def answer(self, method: str, path: str, body: Any) -> Json:
        self.calls.append((method, path, body))
        if path == "policy":
            return {"policy": '{"grants": []}', "updatedAt": "2026-11-23T15:00:00Z"}
        if path == "user":
            return {"users": [{"id": "1", "name": "fks"}]}
        if (method, path) == ("POST", "preauthkey"):
            return {"preAuthKey": {"id": "5", "key": "hskey-auth-canary", **body}}
        if path == "preauthkey":
            return {"preAuthKeys": [{"id": "5", "used": self.used}]}
        if path == "node":
            return {"nodes": self.nodes}
        if method == "DELETE":
            self.nodes = [node for node in self.nodes if path != f"node/{node['id']}"]
        return {}


@pytest.fixture
def headscale(tmp_path: Path) -> Iterator[FakeHeadscale]:
    """A server on loopback with a certificate."""
    fake = FakeHeadscale(HeadscaleAccess(url="", api_key="", ca=""))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.removeprefix("/api/v1/")
            right = self.headers["Authorization"] == "Bearer canary-api-key"
            reply = fake.answer(self.command, path, json.loads(text) if text else None)
            self.send_response(500 if fake.down else 200 if right else 401)
            self.end_headers()
            self.wfile.write(json.dumps(reply).encode())

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 (the server's names)

        def log_message(self, format: str, *args: Any) -> None:
            """Silence the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    certify(server, tmp_path, "localhost")
    fake.access = HeadscaleAccess(
        url=f"https://localhost:{server.server_port}",
        api_key="canary-api-key",
        ca=str(tmp_path / "ca.crt"),
    )
    with running(server):
        yield fake


@pytest.fixture
def here(headscale: FakeHeadscale) -> CloudClients:
    """The clouds with this control server."""
    return cloud_clients(headscale=headscale.access)


def key(here: CloudClients) -> Json:
    create = {"preauthorized": True, "tags": ["tag:fks-api"]}
    body = {"capabilities": {"devices": {"create": create}}, "expirySeconds": 3600}
    made: Json = here.tailscale.post(KEYS, json=body).json()
    return made


def test_a_key_is_headscales_with_the_same_tags_and_expiry(
    here: CloudClients, headscale: FakeHeadscale
) -> None:
    made = key(here)
    assert made["key"] == "hskey-auth-canary"
    _, _, sent = headscale.calls[-1]
    assert (sent["user"], sent["aclTags"], sent["reusable"]) == ("1", ["tag:fks-api"], False)
    assert sent["expiration"] == made["expires"]
    assert "canary" not in str(here.clouds.dump())


def test_a_key_is_invalid_when_headscale_reports_it_as_used(
    here: CloudClients, headscale: FakeHeadscale
) -> None:
    made = key(here)
    assert here.tailscale.get(f"{KEYS}/{made['id']}").json()["invalid"] is False
    headscale.used = True
    assert here.tailscale.get(f"{KEYS}/{made['id']}").json()["invalid"] is True


def test_a_key_that_expired_by_the_clouds_clock_is_expired_in_headscale_once(
    here: CloudClients, headscale: FakeHeadscale
) -> None:
    key(here)
    here.clouds.advance(3601)
    here.clouds.advance(1)
    expired = [call for call in headscale.calls if call[1] == "preauthkey/expire"]
    assert expired == [("POST", "preauthkey/expire", {"id": "5"})]


def test_a_deleted_key_is_expired(here: CloudClients, headscale: FakeHeadscale) -> None:
    here.tailscale.delete(f"{KEYS}/{key(here)['id']}")
    assert headscale.calls[-1] == ("POST", "preauthkey/expire", {"id": "5"})


def test_a_node_is_shown_in_tailscales_shape(here: CloudClients) -> None:
    (device,) = here.tailscale.get(DEVICES).json()["devices"]
    assert (device["id"], device["nodeId"]) == ("7", "n7CNTRL")
    assert (device["hostname"], device["addresses"][0]) == ("fks-api-1001", "100.64.0.9")
    assert (device["created"], device["lastSeen"]) == (
        "2026-11-23T15:00:00Z",
        "2026-11-23T15:04:05Z",
    )
    assert device["tags"] == ["tag:fks-api"]
    assert device["connectedToControl"] is device["keyExpiryDisabled"] is True


def test_the_policy_is_headscales(here: CloudClients) -> None:
    assert here.tailscale.get("/api/v2/tailnet/-/acl").json() == {"grants": []}


def test_a_removed_device_is_removed_from_headscale(
    here: CloudClients, headscale: FakeHeadscale
) -> None:
    assert here.tailscale.delete("/api/v2/device/n7CNTRL").status_code == 200
    assert headscale.calls[-1][:2] == ("DELETE", "node/7")
    assert here.tailscale.delete("/api/v2/device/n7CNTRL").status_code == 404


def test_a_control_server_that_is_down_is_tailscales_502(
    here: CloudClients, headscale: FakeHeadscale
) -> None:
    headscale.down = True
    answer = here.tailscale.get(DEVICES)
    assert answer.status_code == 502
    assert "canary" not in answer.text


def test_the_access_does_not_print_the_api_key(headscale: FakeHeadscale) -> None:
    assert "canary" not in repr(headscale.access)
