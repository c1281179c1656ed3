import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.config import pulumi_cli
from fks_infra.drift import servers
from fks_infra.drift.findings import Deviation, Unknown
from fks_infra.operate import reports
from fks_infra.remote.inventory import DeployedServer

PUBLIC = "ssh-ed25519 AAAA fks prod"
SYSCTL = {
    "kind": "sysctl",
    "name": "net.a",
    "expected": "1",
    "found": "2",
    "repair": "step 34-kernel",
}


def server(name: str) -> DeployedServer:
    return DeployedServer(
        name=name, roles=(name,), instance_id="7", address="100.64.0.2", host_key="ssh-ed25519 AA"
    )


def document(name: str, **changes: Any) -> str:
    return json.dumps({"server": name, "time": "", "deviations": [], "unknown": [], **changes})


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each server prints; one without an answer is not reached."""
    given: dict[str, str] = {}

    def output_of(server: DeployedServer, key: Path, command: str, *_: Any) -> str:
        expected = "sudo -n /usr/local/lib/fks/current/bin/drift 'ssh-ed25519 AAAA fks prod'"
        assert (key, command) == (Path("key"), expected)
        if server.name not in given:
            raise OSError("ssh: connect to host 100.64.0.2 port 22: No route to host")
        return given[server.name]

    monkeypatch.setattr(reports, "output_of", output_of)
    printed = lambda command: f"{PUBLIC}\n" if "-y" in command else ""  # noqa: E731
    monkeypatch.setattr(pulumi_cli, "run", printed)
    return given


def read(*names: str) -> list[Deviation | Unknown]:
    return list(servers.read("prod", [server(name) for name in names], Path("key")))


def test_a_server_without_drift_has_no_findings(answers: dict[str, str]) -> None:
    answers["api"] = document("api")
    assert read("api") == []


def test_deviations_and_unknown_parts_are_of_their_server(answers: dict[str, str]) -> None:
    unknown = [{"part": "containers", "reason": "a deploy by ops runs"}]
    answers["api"] = document("api", deviations=[SYSCTL], unknown=unknown)
    assert read("api") == [
        Deviation(place="api", **SYSCTL),
        Unknown(place="api", part="containers", reason="a deploy by ops runs"),
    ]


def test_a_server_that_is_not_reached_leaves_the_others(answers: dict[str, str]) -> None:
    answers["web"] = document("web", deviations=[SYSCTL])
    first, second = read("auth", "web")
    assert first == Unknown(
        place="auth",
        part="server",
        reason="SSH to 100.64.0.2: No route to host",
        command="tailscale status; fks doctor --stack prod",
    )
    assert second == Deviation(place="web", **SYSCTL)


def test_host_scripts_without_the_program_are_named(answers: dict[str, str]) -> None:
    answers["api"] = json.dumps({"server": "api"})
    (found,) = read("api")
    assert isinstance(found, Unknown)
    assert "not those of this checkout" in found.reason


def test_a_server_that_has_another_name_is_unknown(answers: dict[str, str]) -> None:
    answers["api"] = document("web")
    (found,) = read("api")
    assert isinstance(found, Unknown)
    assert found.reason == "/etc/fks/role says that it is the server 'web'"
