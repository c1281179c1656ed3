from pathlib import Path
from typing import Any

import pytest

from fks_infra.config import pulumi_cli
from fks_infra.drift import repairs
from fks_infra.errors import OperatorError
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.drift.findings import PORT, RECORD, SYSCTL, URN, USER


def server(name: str) -> DeployedServer:
    return DeployedServer(name=name, roles=(name,), instance_id="7", address="100.64.0.2")


def test_each_repair_once_and_none_by_hand() -> None:
    assert repairs.plan([SYSCTL, SYSCTL, USER, PORT, RECORD]) == {
        "api": ["step 34-kernel", "remove user mallory"],
        "clouds": [URN],
    }


def test_servers_run_their_own_repairs(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: dict[str, str] = {}

    def output_of(server: DeployedServer, key: Path, command: str, *_: Any) -> str:
        assert key == Path("key")
        commands[server.name] = command
        if server.name == "web":
            raise OSError("Connection closed")
        return "done: step 34-kernel\nfailed: edge: no\n"

    monkeypatch.setattr(repairs, "output_of", output_of)
    chosen = {"api": ["step 34-kernel", "remove file /a b"], "web": ["edge"], "clouds": [URN]}
    servers = [server(name) for name in ("auth", "api", "web")]
    assert list(repairs.on_servers(chosen, servers, Path("key"))) == [
        "api: done: step 34-kernel",
        "api: failed: edge: no",
        "web: not known whether it was repaired: Connection closed",
    ]
    program = "sudo -n /usr/local/lib/fks/current/bin/repair"
    assert commands == {
        "api": f"{program} 'step 34-kernel' 'remove file /a b' || test $? = 1",
        "web": f"{program} edge || test $? = 1",
    }


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands of pulumi; `up` fails for the stack `dev`."""
    made: list[tuple[str, ...]] = []

    def pulumi(*arguments: str, **_: Any) -> str:
        made.append(arguments)
        if arguments[0] == "up" and "dev" in arguments:
            raise OperatorError("error: 401")
        return "{}"

    monkeypatch.setattr(pulumi_cli, "pulumi", pulumi)
    return made


def test_clouds_get_an_update_of_these_resources_only(calls: list[tuple[str, ...]]) -> None:
    assert list(repairs.in_clouds({"clouds": [URN]}, "prod")) == ["clouds: done: dns-web"]
    assert calls[-1] == (
        *("up", "--refresh", "--yes", "--skip-preview", "--stack", "prod"),
        *("--target", URN),
    )


def test_an_update_that_fails_is_a_line(calls: list[tuple[str, ...]]) -> None:
    found = list(repairs.in_clouds({"clouds": [URN]}, "dev"))
    assert found == ["clouds: failed: dns-web: error: 401"]
    assert len(calls) == 2


def test_without_a_cloud_resource_pulumi_does_not_run(calls: list[tuple[str, ...]]) -> None:
    assert list(repairs.in_clouds({"api": ["edge"]}, "prod")) == []
    assert calls == []
