import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.doctor.inventory import DeployedServer
from fks_infra.operate import reports
from fks_infra.operate.unreachable import Unreachable


def server(name: str) -> DeployedServer:
    return DeployedServer(
        name=name, roles=(name,), instance_id="7", address="100.64.0.2", host_key="ssh-ed25519 AA"
    )


def test_all_servers_with_one_login_each(monkeypatch: pytest.MonkeyPatch) -> None:
    logins: list[tuple[str, str]] = []

    def output_of(server: DeployedServer, key: Path, command: str, *_: Any) -> str:
        assert key == Path("key")
        logins.append((server.name, command))
        if server.name == "auth":
            raise OSError("Host key verification failed.")
        return json.dumps({"server": server.name}) if server.name == "api" else "Welcome"

    monkeypatch.setattr(reports, "output_of", output_of)
    found = reports.read("prod", [server(name) for name in ("auth", "api", "web")], Path("key"))
    assert list(found) == ["auth", "api", "web"]
    assert found["api"] == {"server": "api"}
    assert isinstance(found["auth"], Unreachable)
    assert found["web"] == Unreachable(
        reason="SSH to 100.64.0.2: its answer is no JSON document",
        command="tailscale status; fks doctor --stack prod",
    )
    command = "sudo -n /usr/local/lib/fks/current/bin/status"
    assert sorted(logins) == [(name, command) for name in ("api", "auth", "web")]
