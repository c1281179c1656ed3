"""What a server reads from tailscaled."""

import json
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import tailnet
from host.fks_deploy.errors import DeployError
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell
from tests.host.server import Server

WEB, API = "tag:fks-web", "tag:fks-api"


def device(*addresses: str, tags: list[str] | None = None) -> dict[str, Any]:
    return {"TailscaleIPs": list(addresses), **({"Tags": tags} if tags else {})}


def read(server: Server, monkeypatch: pytest.MonkeyPatch, **status: Any) -> tailnet.Tailnet:
    (server.bin / "tailscale.json").write_text(json.dumps(status))
    monkeypatch.setenv("PATH", str(server.bin), prepend=":")
    return tailnet.read(Shell(Output(Path("/dev/null"), Redactor(()))))


def test_addresses_are_those_of_the_tags(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(
        server,
        monkeypatch,
        Self=device("100.64.0.2", "fd7a:115c:a1e0::2", tags=[API]),
        Peer={
            "a": device("fd7a:115c:a1e0::9", "100.64.0.9", tags=[WEB]),
            "b": device("100.64.0.3", tags=["tag:other"]),
            "c": device("100.64.0.4"),
            "d": device("100.64.0.5", tags=["tag:other", WEB]),
        },
    )
    assert found.own.address == "100.64.0.2"
    assert found.addresses([WEB]) == ["100.64.0.5", "100.64.0.9"]
    assert found.addresses([API, WEB]) == ["100.64.0.2", "100.64.0.5", "100.64.0.9"]
    assert found.addresses([]) == []


def test_a_tailnet_without_other_devices(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(server, monkeypatch, Self=device("100.64.0.2"), Peer=None)
    assert found.devices == (found.own,)


def test_a_server_without_an_address_is_an_error(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DeployError, match="no address of this server: run tailscale up"):
        read(server, monkeypatch, Self={"TailscaleIPs": None}, Peer={})
