import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.operate import reports
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.operate.reports import healthy

NAMES = ("auth", "api", "web", "single")


def server(name: str) -> DeployedServer:
    return DeployedServer(
        name=name, roles=(name,), instance_id="7", address="100.64.0.2", host_key="ssh-ed25519 AA"
    )


def test_all_servers_with_one_login_each(monkeypatch: pytest.MonkeyPatch) -> None:
    logins: list[tuple[str, str]] = []

    outputs = {
        "api": json.dumps(healthy("api")),
        "web": "Welcome",
        "single": json.dumps({"server": "single"}),
    }

    def output_of(server: DeployedServer, key: Path, command: str, *_: Any) -> str:
        assert key == Path("key")
        logins.append((server.name, command))
        if server.name == "auth":
            raise OSError("Host key verification failed.")
        return outputs[server.name]

    monkeypatch.setattr(reports, "output_of", output_of)
    found = reports.read("prod", [server(name) for name in NAMES], Path("key"))
    assert tuple(found) == NAMES
    assert found["api"] == healthy("api")
    assert isinstance(found["auth"], Unreachable)
    assert found["web"] == Unreachable(
        reason="SSH to 100.64.0.2: its answer is no JSON document",
        command="tailscale status; fks doctor --stack prod",
    )
    assert isinstance(found["single"], Unreachable)
    assert "not those of this checkout" in found["single"].reason
    command = "sudo -n /usr/local/lib/fks/current/bin/status"
    assert sorted(logins) == [(name, command) for name in sorted(NAMES)]
