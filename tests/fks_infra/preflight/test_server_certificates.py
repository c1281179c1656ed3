"""The servers are asked at the addresses and with the host keys that the join found."""

import json
from pathlib import Path

import pytest

from fks_infra.preflight import server_certificates
from fks_infra.preflight.server_certificates import read_certificates
from fks_infra.preflight.state import StateSnapshot
from fks_infra.remote.certificates import Certificate
from fks_infra.remote.inventory import DeployedServer


def test_all_servers_are_asked_and_an_error_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def read(server: DeployedServer, key: Path) -> dict[str, Certificate]:
        asked[server.name] = (server.address, server.host_key, key.read_text())
        if server.name == "auth":
            raise OSError("No route to host")
        return {"api": Certificate(age=1.0)}

    monkeypatch.setattr(server_certificates, "read", read)
    joined = json.dumps({"address": "100.64.0.9", "host_key": "ssh-ed25519 AAAA"})
    state = StateSnapshot(stdout={"api-join-wait": joined})
    found = read_certificates(["api", "auth"], state, "the key")
    assert found["api"] == {"api": Certificate(age=1.0)}
    assert str(found["auth"]) == "No route to host"
    assert asked == {
        "api": ("100.64.0.9", "ssh-ed25519 AAAA", "the key\n"),
        "auth": ("", "", "the key\n"),
    }


def test_a_server_that_never_joined_has_no_host_key() -> None:
    (error,) = read_certificates(["api"], StateSnapshot(), "the key").values()
    assert "no host key" in str(error)
