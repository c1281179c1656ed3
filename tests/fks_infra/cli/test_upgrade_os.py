"""`fks upgrade-os`: what would change, then one server after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli import upgrade_os
from fks_infra.operate import reports
from fks_infra.operate.reports import STATUS, Program, Reports
from fks_infra.operate.streaming import Ended
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import run
from tests.fks_infra.operate.reports import DISK, GONE, healthy

CURL = {"package": "curl", "installed": "8.14.1-2", "candidate": "8.14.1-3"}
ENGINE = {"package": "docker.io", "installed": "26.1.5", "candidate": "27.0.1"}


def plan(*packages: dict[str, str], **changes: Any) -> dict[str, Any]:
    engine = any(one["package"] == "docker.io" for one in packages)
    base = {"packages": list(packages), "engine": engine, "unconfigured": [], "reboot": []}
    return {**base, "time": "2026-11-27T10:00:00Z", **changes}


class Upgrading:
    """`plans` by server; an upgrade empties that of its server, or ends with `failing`'s error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans: dict[str, dict[str, Any] | Unreachable] = {}
        self.problems: dict[str, list[dict[str, Any]]] = {}
        self.failing: dict[str, str] = {}
        self.upgraded: list[str] = []
        self.reboot: dict[str, list[str]] = {}
        self.checks = 0
        servers.install(monkeypatch)
        monkeypatch.setattr(reports, "read", self.read)
        monkeypatch.setattr(upgrade_os, "command_line", lambda server, *_: [server.name])
        monkeypatch.setattr(upgrade_os, "stream", self.stream)

    def read(
        self, _: str, chosen: Sequence[DeployedServer], __: Path, program: Program = STATUS
    ) -> Reports:
        if program.command == STATUS.command:
            name = chosen[0].name
            reboot = self.reboot.get(name, [])
            return {name: healthy(name, problems=self.problems.get(name, []), reboot=reboot)}
        assert program.command.endswith("upgrade-os check")
        self.checks += 1
        return {server.name: self.plans[server.name] for server in chosen}

    def stream(
        self, command: Sequence[str], report: Callable[[str], None], seconds: float
    ) -> Ended:
        assert seconds > 600
        (name,) = command
        self.upgraded.append(name)
        report("upgrade 1 packages: curl")
        if error := self.failing.get(name):
            return Ended(code=1, error=error)
        self.plans[name] = plan()
        return Ended(code=0)


@pytest.fixture
def upgrading(monkeypatch: pytest.MonkeyPatch) -> Upgrading:
    found = Upgrading(monkeypatch)
    found.plans = {"auth": plan(CURL), "api": plan(CURL, ENGINE), "web": plan()}
    return found


def test_a_check_shows_it_and_changes_nothing(upgrading: Upgrading) -> None:
    result = run("upgrade-os", "--check", columns=80)
    assert (result.exit_code, upgrading.upgraded) == (0, [])
    assert "docker.io 26.1.5 -> 27.0.1" in result.stdout
    assert "up to date" in result.stdout


def test_those_that_are_due_are_upgraded_one_after_the_other(upgrading: Upgrading) -> None:
    result = run("upgrade-os", text="y\n")
    assert (result.exit_code, upgrading.upgraded) == (0, ["api", "auth"])
    question = "Upgrade api, then auth? The containers of api may restart."
    assert question in " ".join(result.stdout.split())
    assert "api: upgrade 1 packages: curl" in result.stdout
    assert "auth: upgraded and healthy" in result.stdout


def test_a_reboot_that_the_upgrade_makes_necessary_is_known_without_a_second_check(
    upgrading: Upgrading,
) -> None:
    upgrading.reboot["api"] = ["another kernel is installed"]
    result = run("upgrade-os", "api", "--yes", "--no-reboot", columns=100)
    assert (result.exit_code, upgrading.checks) == (0, 1)
    assert "upgraded and healthy, a reboot is pending: another kernel is installed" in result.stdout


def test_a_failure_leaves_the_rest_alone(upgrading: Upgrading) -> None:
    upgrading.failing["api"] = "upgrade-os: apt-get exited with 100"
    result = run("upgrade-os", "--yes")
    assert (result.exit_code, upgrading.upgraded) == (1, ["api"])
    assert "api: the upgrade failed: upgrade-os: apt-get exited with 100" in result.stderr
    assert "nothing was changed on auth" in result.stderr


def test_a_server_that_is_not_healthy_is_not_upgraded(upgrading: Upgrading) -> None:
    upgrading.problems["api"] = [DISK]
    result = run("upgrade-os", "--yes")
    assert (result.exit_code, upgrading.upgraded) == (1, [])
    assert "api is not healthy, and nothing was changed" in result.stderr


def test_a_pending_reboot_is_left_on_request(upgrading: Upgrading) -> None:
    upgrading.plans["web"] = plan(reboot=["linux-image"])
    result = run("upgrade-os", "web", "--no-reboot")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "nothing to do")


def test_one_that_is_not_reached_keeps_all_from_being_changed(upgrading: Upgrading) -> None:
    upgrading.plans["auth"] = GONE
    result = run("upgrade-os", "--yes")
    assert (result.exit_code, upgrading.upgraded) == (1, [])
    assert "auth: not reached: " in result.stderr


def test_without_a_yes_nothing_is_changed(upgrading: Upgrading) -> None:
    result = run("upgrade-os", text="n\n")
    assert (result.exit_code, upgrading.upgraded) == (2, [])
