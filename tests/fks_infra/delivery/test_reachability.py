"""A server counts as reached when it accepts a TCP connection."""

from pathlib import Path

import pytest

from fks_infra.delivery import reachability
from fks_infra.delivery.reachability import reconnect, unreachable
from fks_infra.remote.inventory import DeployedServer

SERVERS = [
    DeployedServer(name=name, roles=(name,), instance_id="1", address=address)
    for name, address in (("auth", "100.64.0.1"), ("api", "100.64.0.2"))
]


def test_a_late_server_is_waited_for() -> None:
    answers: dict[str, list[str | None]] = {
        "100.64.0.1": [None],
        "100.64.0.2": ["timed out", "refused", None],
    }
    found = unreachable(SERVERS, 30, lambda address: answers[address].pop(0), pause=0.0)
    assert found == []
    assert answers == {"100.64.0.1": [], "100.64.0.2": []}


def test_a_server_that_never_answers_is_named_with_the_last_error() -> None:
    (sentence,) = unreachable(
        SERVERS, 0, lambda address: "refused" if address.endswith("2") else None
    )
    assert sentence.startswith("api: no TCP connection to 100.64.0.2:22 (refused). Check")
    assert "fks:tailnetOperators" in sentence


def test_a_real_connection_is_made(silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reachability, "SSH_PORT", silent_port)
    here = DeployedServer(name="web", roles=("web",), instance_id="1", address="127.0.0.1")
    assert unreachable([here], 0) == []
    monkeypatch.setattr(reachability, "SSH_PORT", 1)
    assert "Connection refused" in unreachable([here], 0)[0]


def test_the_client_goes_down_and_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n')
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert reconnect() == ""
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls == ["tailscale down", "tailscale up --timeout=50s"]


def test_a_client_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text("#!/bin/sh\necho not logged in >&2\nexit 1\n")
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert reconnect() == "sudo tailscale down: not logged in"
